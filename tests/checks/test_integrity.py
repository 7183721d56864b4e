"""Files as they were read: encoding, headers, numbers, test data."""

from pathlib import Path

import pytest

from tallyproof.checks.material import Material
from tallyproof.election.evidence import Remark, Severity

from .county import findings, material, material_of

HEAD = "county,precinct,office,district,party,candidate,votes\n"
CLEAN = HEAD + "Demo,P-1,President,,DEM,Ann Adams,260\nDemo,P-1,President,,REP,Bob Baker,225\n"


@pytest.mark.parametrize("check", ["A1", "A2", "A3", "A9"])
def test_a_clean_file_stays_silent(check: str) -> None:
    """Plain UTF-8 with known columns, whole numbers and real names has no finding."""
    assert findings(check, material(CLEAN)) == []


def written(folder: Path, data: bytes, name: str = "demo.csv") -> Material:
    """Bytes as a file, read."""
    path = folder / name
    path.write_bytes(data)
    return material_of(path, state="WI")


def test_a_byte_order_mark_is_information(tmp_path: Path) -> None:
    """What Excel puts before the first letter is told of the file, with no votes at stake."""
    (found,) = findings("A1", written(tmp_path, b"\xef\xbb\xbf" + CLEAN.encode()))
    assert (found.severity, found.source.file, found.votes_at_stake) == (Severity.INFO, "demo.csv", None)
    assert "byte order mark" in found.message


def test_a_file_with_two_oddities_has_one_finding() -> None:
    """All that is to be told of one file's bytes stands in one sentence."""
    remarks = (
        Remark("a.csv", "encoding", "contains NUL bytes"),
        Remark("a.csv", "encoding", "is cp1252 text"),
    )
    (found,) = findings("A1", Material(material(CLEAN).returns, {}, remarks=remarks))
    assert found.message == "a.csv: contains NUL bytes; is cp1252 text."


def test_a_column_under_another_name_is_told() -> None:
    """A header 'candidates' is read as candidate, and says so."""
    found = findings("A2", material(CLEAN.replace("candidate,", "candidates,")))
    assert [finding.severity for finding in found] == [Severity.INFO]
    assert "'candidates' read as candidate" in found[0].message


def test_rows_that_do_not_fit_the_header_are_one_warning_at_the_first() -> None:
    """Rows with too many or too few cells are counted together and found at the first of them."""
    text = (
        CLEAN
        + "Demo,P-2,President,,REP,Baker, Bob,7\nDemo,P-2,President\nDemo,P-3,President,,DEM,Ann Adams,9\n"
    )
    warnings = [each for each in findings("A2", material(text)) if each.severity is Severity.WARNING]
    assert [(each.source.row, each.numbers["rows"]) for each in warnings] == [(4, 2)]
    assert "has 8 cells where the header has 7" in warnings[0].message
    assert [source.row for source in warnings[0].also] == [5]


def test_a_row_without_an_office_is_told() -> None:
    """A note below the table that names no office is left out, and said so."""
    found = findings("A2", material(CLEAN + "Demo,P-1,,,,Ann Adams,4\n"))
    assert [(each.severity, each.source.row) for each in found] == [(Severity.WARNING, 4)]


def test_numbers_in_a_second_column_of_one_name_are_told() -> None:
    """Two columns called 'mail' are not one: the numbers of the second are pointed at."""
    text = "county,precinct,office,district,party,candidate,votes,mail,mail\n" + "".join(
        f"Demo,P-{n},President,,DEM,Ann Adams,9,4,5\n" for n in range(4)
    )
    warnings = [each for each in findings("A2", material(text)) if each.severity is Severity.WARNING]
    assert [each.source.column for each in warnings] == ["mail (2)"]


def odd(cell: str) -> str:
    """A file of which the cell in row 3 is not a plain number."""
    return HEAD + f"Demo,P-1,President,,DEM,Ann Adams,260\nDemo,P-1,President,,REP,Bob Baker,{cell}\n"


@pytest.mark.parametrize(
    ("cell", "severity"),
    [
        ("", Severity.WARNING),
        ("*", Severity.INFO),
        ('"1,225"', Severity.INFO),
        ("225.0", Severity.INFO),
        ("li", Severity.ERROR),
    ],
)
def test_a_cell_that_is_no_plain_number_is_found_at_its_row(cell: str, severity: Severity) -> None:
    """Blank, withheld, with comma, with decimals, text: each weighs as it should and names row 3."""
    (found,) = findings("A3", material(odd(cell)))
    assert (found.severity, found.source.file, found.source.row) == (severity, "file-1.csv", 3)


@pytest.mark.parametrize("cell", ["", "*"])
def test_an_unknown_number_is_never_zero(cell: str) -> None:
    """A blank or withheld cell leaves the choice's votes unknown, and its contest without a sum."""
    given = material(odd(cell))
    assert given.totals.filter(choice_id="baker")["votes"].to_list() == [None]
    assert given.sums["votes"].to_list() == []


def test_an_unreadable_cell_in_a_good_row_is_a_warning() -> None:
    """Where another column of the row can be read, the row is kept and the cell unknown."""
    text = (
        "county,precinct,office,district,party,candidate,votes,mail\n"
        + "".join(f"Demo,P-{n},President,,DEM,Ann Adams,260,80\n" for n in range(20))
        + "Demo,P-99,President,,DEM,Ann Adams,260,§2\n"
    )
    found = [each for each in findings("A3", material(text)) if each.severity is Severity.WARNING]
    assert [(each.source.row, each.source.column) for each in found] == [(22, "mail")]


def test_many_cells_of_one_kind_are_one_finding() -> None:
    """Fifty cells with commas are one finding that counts them and lists twenty beside the first."""
    rows = "".join(f'Demo,P-{n},President,,DEM,Ann Adams,"1,{n + 100}"\n' for n in range(50))
    (found,) = findings("A3", material(HEAD + rows))
    assert (found.numbers["cells"], found.numbers["first_row"], len(found.also)) == (50, 2, 20)


def test_a_file_named_test_is_an_error(tmp_path: Path) -> None:
    """A tally exported in test mode is not taken for returns in silence; "contest" is no test."""
    (found,) = findings("A9", written(tmp_path, CLEAN.encode(), "TEST-tally-report.csv"))
    assert (found.severity, found.source.file) == (Severity.ERROR, "TEST-tally-report.csv")
    assert findings("A9", written(tmp_path, CLEAN.encode(), "contest-latest.csv")) == []


def test_a_test_deck_among_the_units_is_an_error_with_its_votes() -> None:
    """Test ballots left in the count are found with the votes they add to the largest contest."""
    deck = "Demo,Test Deck,U.S. Senate,,DEM,Cy Clay,20\nDemo,Test Deck,President,,DEM,Ann Adams,135000\n"
    (found,) = findings("A9", material(CLEAN + deck))
    assert (found.severity, found.contest, found.unit) == (Severity.ERROR, "wi-president", "Test Deck")
    assert (found.votes_at_stake, found.source.row, found.numbers["cells"]) == (135_000, 5, 2)


@pytest.mark.parametrize("name", ["Testa Township", "Contest Hall", "Latest Ward", "Greatest Test"])
def test_a_place_that_only_sounds_like_a_test_is_none(name: str) -> None:
    """The word has to stand as a test would be named."""
    assert findings("A9", material(CLEAN.replace("P-1", name))) == []
