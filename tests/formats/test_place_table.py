"""Tables on places: found by their names or by a mapping, every row kept or rejected, faults told."""

from pathlib import Path

import pytest

from tallyproof.election.places import PlaceRow, place_table
from tallyproof.errors import RequestError
from tallyproof.formats.place_table import read_places


def written(folder: Path, name: str, text: str) -> Path:
    """A file of this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_usual_names_need_no_mapping(tmp_path: Path) -> None:
    """county, municipality, model and registration are known; the label wanted is taken."""
    path = written(tmp_path, "eq.csv", 'County,Municipality,Model,Registration\nAdams,Ash,DS200,"1,204"\n')
    found = read_places(path, wanted=("model",), state="WI")
    (row,) = found.rows
    assert (row.state, row.county, row.place, row.labels, row.weight) == (
        "WI", "Adams", "Ash", {"model": "DS200"}, 1204,
    )  # fmt: skip


def test_a_mapping_names_columns_and_words(tmp_path: Path) -> None:
    """[labels] under the names shown, [words] for cells to be read as another word."""
    path = written(tmp_path, "m.csv", "cty,how\nAdams,machine only\nBrown,hand\n")
    mapping = written(
        tmp_path,
        "m.toml",
        '[columns]\ncounty = "cty"\n[labels]\nmethod = "how"\n[words]\n"machine only" = "machine"\n',
    )
    assert [row.labels["method"] for row in read_places(path, mapping).rows] == ["machine", "hand"]


def test_rows_without_a_place_are_rejected_with_their_row(tmp_path: Path) -> None:
    """read = kept + rejected."""
    path = written(tmp_path, "m.csv", "county,method\nAdams,hand\n,machine\n")
    found = read_places(path)
    assert (found.read, len(found.rows), [each.row for each in found.rejections]) == (2, 1, [3])


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (
            '[labels]\nmodel = "how"\n[colums]\n',
            r"m.toml, line 3: colums: is not a key of a mapping of places",
        ),
        ('[columns]\ncounty = "cty"\n', r"\[labels\] names no column"),
        (
            '[labels]\nmethod = "hwo"\n',
            r"line 2: labels.method: m.csv has no column 'hwo'. Did you mean 'how'\?",
        ),
        ("[labels]\nmethod = 3\n", r"line 2: labels.method: is not a text"),
        ('[table]\nheader_row = "x"\n[labels]\nmethod = "how"\n', r"header_row: is not a row number"),
        ("[labels\n", r"m.toml is not TOML"),
    ],
)
def test_faults_of_a_mapping_are_told_with_their_line(tmp_path: Path, mapping: str, words: str) -> None:
    """File, line, what is wrong."""
    path = written(tmp_path, "m.csv", "cty,how\nAdams,hand\n")
    with pytest.raises(RequestError, match=words):
        read_places(path, written(tmp_path, "m.toml", mapping))


def test_a_table_without_the_wanted_column_is_refused(tmp_path: Path) -> None:
    """The sentence names what it looked for."""
    path = written(tmp_path, "m.csv", "county,votes\nAdams,3\n")
    with pytest.raises(RequestError, match="has no column called method or method_reported"):
        read_places(path, wanted=("method",))


# ---- units find their places

ROWS = place_table(
    [
        PlaceRow(2, "WI", "ADAMS", "TOWN OF ASH"),
        PlaceRow(3, "WI", "ADAMS", "TOWN OF ASH GROVE"),
        PlaceRow(4, "WI", "ADAMS"),
        PlaceRow(5, "WI", "BROWN", "CITY OF ELM", "E-1"),
        PlaceRow(6, "WI", "BROWN", "TOWN OF FIR"),
    ]
)


@pytest.mark.parametrize(
    ("county", "unit", "unit_id", "found"),
    [
        ("Adams", "Town of Ash Wards 1-3", "", (0,)),
        ("Adams County", "TOWN OF ASH GROVE Ward 1", "", (1,)),
        ("Adams", "Town of Ashland Ward 1", "", (2,)),
        ("Adams", "", "", (2,)),
        ("Brown", "anything", "E-1", (3,)),
        ("Brown", "Town of Gum Ward 1", "", ()),
        ("Brown", "", "", (3, 4)),
        ("Clark", "Town of Ash Ward 1", "", ()),
    ],
)
def test_a_unit_finds_its_place(county: str, unit: str, unit_id: str, found: tuple[int, ...]) -> None:
    """By id, by the longest place that begins its name, by the county; else nothing."""
    assert ROWS.find("WI", county, unit, unit_id) == found


def test_rows_that_spoke_of_no_unit_are_known() -> None:
    """They are listed, never dropped."""
    assert [row.row for row in ROWS.unused({0, 1, 2})] == [5, 6]
