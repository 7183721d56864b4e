"""Published card audits reproduced: Colorado 2024; altered copies differ where they were altered."""

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tallyproof.services.reproducing import reproduce
from tallyproof.services.reproduction import Reproduction, Result

REPORT = "round3/ResultsReport3.xlsx"
PRESIDENT, REGENT = "Presidential Electors", "Regent of the University of Colorado - At Large"


@pytest.fixture(scope="module")
def colorado(shared_data: Path) -> Path:
    folder = shared_data / "audits" / "colorado2024"
    if not folder.is_dir():
        pytest.skip(f"needs Colorado's records of 2024 (looked in {folder})")
    return folder


@pytest.fixture(scope="module")
def found(colorado: Path) -> Reproduction:
    return reproduce(colorado)


Copy = Callable[..., Path]


@pytest.fixture
def copy(colorado: Path, tmp_path: Path) -> Copy:
    """The files of the last round, without those named; one of them may have a text replaced in one row."""

    def made(*leave_out: str, file: str = "seed.csv", row: int = 1, old: str = "", new: str = "") -> Path:
        wanted = ["seed.csv", "contestsByCounty.csv", "tabulate.csv", "round3/contest.csv", REPORT]
        wanted += [f"manifests/{path.name}" for path in (colorado / "manifests").iterdir()]
        for name in set(wanted) - set(leave_out):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(colorado / name, tmp_path / name)
        if (tmp_path / file).suffix == ".csv" and (tmp_path / file).exists():
            lines = (tmp_path / file).read_text(encoding="utf-8").split("\n")
            assert old in lines[row - 1]
            lines[row - 1] = lines[row - 1].replace(old, new, 1)
            (tmp_path / file).write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return made


def altered_report(folder: Path, sheet: str, row: int, column: int, old: str, new: str) -> None:
    """Write the report again with one cell changed; rows as in a spreadsheet, columns from 0."""
    book = CalamineWorkbook.from_filelike(io.BytesIO((folder / REPORT).read_bytes()))
    with xlsxwriter.Workbook(os.fspath(folder / REPORT)) as written:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if name == sheet:
                assert rows[row - 1][column] == old
                rows[row - 1][column] = new
            page = written.add_worksheet(name)
            for place, cells in enumerate(rows):
                page.write_row(place, 0, cells)


def differing(found: Reproduction) -> list[tuple[str, str, int | None]]:
    return [(each.question, each.file, each.row) for each in found.lines if each.result is Result.DIFFERS]


@pytest.mark.parametrize(
    ("file", "question", "agree"),
    [
        (REPORT, "measured risk %", 725),
        (REPORT, "risk limit met", 725),
        (REPORT, "diluted margin %", 725),
        (REPORT, "discrepancies", 65),
        (REPORT, "cards drawn", 65),
        ("round3/contest.csv", "cards", 725),
        ("round3/contest.csv", "smallest margin", 725),
        ("round3/contest.csv", "samples to audit", 613),
        ("batchCountComparison.csv", "cards of a county", 63),
        ("batchCountComparison.csv", "records of a county", 63),
    ],
)
def test_colorado_2024_is_reproduced(found: Reproduction, file: str, question: str, agree: int) -> None:
    """All published risks, selections, margins and sizes follow from the other files."""
    assert found.tallies[file, question] == {Result.AGREES: agree, Result.DIFFERS: 0, Result.UNKNOWN: 0}


def test_selections_of_62_counties_agree(found: Reproduction, colorado: Path) -> None:
    """62 contests drew from one county each, two from the whole state, one from two counties."""
    drawn = [line for line in found.lines if (line.file, line.question) == (REPORT, "cards drawn")]
    table = (colorado / "contestsByCounty.csv").read_text(encoding="utf-8")
    counties = [table.count(f",{line.contest},") for line in drawn if line.result is Result.AGREES]
    assert sorted(counties)[-3:] == [2, 63, 63]
    assert counties.count(1) == 62


@pytest.mark.parametrize(("contest", "planned", "drawn"), [(PRESIDENT, "99", 100), (REGENT, "301", 302)])
def test_the_statewide_contests_agree(found: Reproduction, contest: str, planned: str, drawn: int) -> None:
    """Planned samples of 99 and 301; one card more was drawn, and all of them are those of the seed."""
    lines = {(line.file, line.question): line for line in found.lines if line.contest == contest}
    size, cards = lines["round3/contest.csv", "samples to audit"], lines[REPORT, "cards drawn"]
    assert (size.published, size.recomputed) == (planned, planned)
    assert (cards.published, cards.result) == (f"{drawn} draws", Result.AGREES)
    assert "of 4,746,866" in cards.remark


def test_every_contest_has_its_claims(found: Reproduction) -> None:
    """65 contests; the president's winner leads 13 others; questions carry the remark on larger shares."""
    claims = {each.contest: each for each in found.claims}
    assert len(claims) == 65
    assert len(claims[PRESIDENT].tested.claims) == 13
    assert "larger share than half" in claims["Amendment 80 (CONSTITUTIONAL) - Rio Blanco"].remark


def test_an_altered_risk_differs_at_its_row(copy: Copy) -> None:
    """The first contest's 2.8 % printed as 2.9 %: that line differs and no other."""
    folder = copy()
    altered_report(folder, "Summary", 3, 4, "2.8", "2.9")
    found = reproduce(folder)
    assert differing(found) == [("measured risk %", REPORT, 3)]
    (line,) = (each for each in found.lines if each.result is Result.DIFFERS)
    assert (line.published, line.recomputed[:3]) == ("2.9", "2.8")


def test_an_altered_card_differs_at_its_row(copy: Copy) -> None:
    """A card of Adams County that the seed did not draw, and the one that it did."""
    folder = copy()
    altered_report(folder, "Adams County Commissioner - Di", 4, 1, "109-176-83", "109-176-84")
    found = reproduce(folder)
    assert differing(found) == [("cards drawn", REPORT, 4)]
    (line,) = (each for each in found.lines if each.result is Result.DIFFERS)
    assert "109-176-84" in line.published


def test_an_altered_seed_draws_other_cards(copy: Copy) -> None:
    """With one digit changed no contest drew the cards of the seed; risks do not depend on it."""
    found = reproduce(copy(row=2, old="90826", new="90827"))
    assert found.tallies[REPORT, "cards drawn"][Result.DIFFERS] == 65
    assert found.tallies[REPORT, "measured risk %"][Result.AGREES] == 725


def test_an_altered_margin_differs_at_its_row(copy: Copy) -> None:
    """One vote less in contest.csv, and the margin of the votes is another."""
    found = reproduce(copy(file="round3/contest.csv", row=2, old=",37549,", new=",37548,"))
    assert differing(found) == [("smallest margin", "round3/contest.csv", 2)]


def test_an_altered_manifest_moves_the_cards_of_its_contests(copy: Copy) -> None:
    """One card more in Logan's first batch: its contests and those of the state have another frame."""
    found = reproduce(copy(file="manifests/LoganBallotManifest.csv", row=2, old=",22,", new=",23,"))
    states = {line.contest: line.result for line in found.lines if line.question == "cards drawn"}
    assert (states[PRESIDENT], states[REGENT]) == (Result.DIFFERS, Result.DIFFERS)
    assert list(states.values()).count(Result.DIFFERS) == 3


@pytest.mark.parametrize(
    ("missing", "question", "needs", "times"),
    [
        ("seed.csv", "cards drawn", "needs seed.csv", 65),
        ("contestsByCounty.csv", "cards drawn", "needs contestsByCounty.csv", 65),
        ("manifests/LoganBallotManifest.csv", "cards drawn", "needs the ballot manifests of Logan", 3),
        ("tabulate.csv", "smallest margin", "needs tabulate.csv", 725),
    ],
)
def test_a_missing_file_is_named(copy: Copy, missing: str, question: str, needs: str, times: int) -> None:
    """What depends on it cannot be checked and says so; nothing differs."""
    found = reproduce(copy(missing, file=""))
    lines = [line for line in found.lines if line.question == question and line.result is Result.UNKNOWN]
    assert len(lines) == times
    assert all(line.remark.startswith(needs) for line in lines)
    assert not found.differs


def test_a_manifest_of_all_counties_is_split_by_its_rows(copy: Copy) -> None:
    """One file with the rows of 63 counties does what 63 files do."""
    folder = copy()
    rows = ["County,Tabulator,Batch,Cards"]
    for path in sorted((folder / "manifests").iterdir()):
        lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]
        rows += [",".join(line.split(",")[:4]) for line in lines]
        path.unlink()
    (folder / "manifests" / "all.csv").write_text("\n".join(rows))
    found = reproduce(folder)
    assert found.tallies[REPORT, "cards drawn"][Result.AGREES] == 65
    assert not found.differs and not found.is_incomplete


def test_two_manifests_of_one_county_are_told_and_neither_is_used(copy: Copy) -> None:
    """An older list of Logan in a folder below: both files are named; other counties are checked."""
    folder = copy()
    first = folder / "manifests" / "LoganBallotManifest.csv"
    (folder / "manifests" / "old").mkdir()
    older = folder / "manifests" / "old" / "Logan.csv"
    older.write_text(first.read_text().replace(",22,", ",23,", 1))
    found = reproduce(folder)
    (line,) = (each for each in found.lines if each.question == "ballot manifest")
    assert line.remark == (
        "needs one ballot manifest of Logan: manifests/LoganBallotManifest.csv and manifests/old/Logan.csv "
        "differ, so neither is used"
    )
    states = [line.result for line in found.lines if line.question == "cards drawn"]
    assert (states.count(Result.AGREES), states.count(Result.UNKNOWN)) == (62, 3)
    older.write_text(first.read_text())
    assert not reproduce(folder).is_incomplete


def test_a_bad_cell_of_a_county_leaves_the_others(copy: Copy) -> None:
    """A word for a count in Logan's manifest: its three contests are open, 62 agree."""
    found = reproduce(copy(file="manifests/LoganBallotManifest.csv", row=2, old=",22,", new=",x,"))
    states = [line.result for line in found.lines if line.question == "cards drawn"]
    assert (states.count(Result.AGREES), states.count(Result.UNKNOWN)) == (62, 3)
    first = found.lines[0]
    assert (first.question, first.file, first.row) == ("cell", "manifests/LoganBallotManifest.csv", 2)
    assert not found.differs


def test_a_bad_cell_of_a_contest_leaves_the_others(copy: Copy) -> None:
    """A word for a margin in contest.csv: that row is told, 724 others are recomputed."""
    found = reproduce(copy(file="round3/contest.csv", row=2, old=",37549,", new=",some,"))
    assert found.tallies["round3/contest.csv", "smallest margin"][Result.AGREES] == 724
    assert [(each.question, each.row) for each in found.lines if each.result is Result.UNKNOWN] == [
        ("cell", 2)
    ]


def test_two_seeds_are_told_and_none_is_drawn_from(copy: Copy) -> None:
    """Another seed beside the published one: no draw can be checked, and both files are named."""
    folder = copy()
    (folder / "other").mkdir()
    (folder / "other" / "seed.csv").write_text("seed\n12345678901234567890\n")
    found = reproduce(folder)
    assert found.tallies[REPORT, "cards drawn"][Result.UNKNOWN] == 65
    assert any("other/seed.csv and seed.csv differ" in line.remark for line in found.lines)
