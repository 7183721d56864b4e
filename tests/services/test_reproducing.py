"""Published audits reproduced: Georgia's batches of 2026; altered copies differ where they were altered."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof.errors import RequestError
from tallyproof.services.reproducing import reproduce
from tallyproof.services.reproduction import Line, Reproduction, Result

REPORT = "final_audit_report.csv"
SENATE, GOVERNOR = "US Senate - Rep", "Governor - Dem"


@pytest.fixture(scope="module")
def georgia(shared_data: Path) -> Path:
    folder = shared_data / "audits" / "georgia2026"
    if not folder.is_dir():
        pytest.skip(f"needs Georgia's records of 2026 (looked in {folder})")
    return folder


@pytest.fixture(scope="module")
def found(georgia: Path) -> Reproduction:
    return reproduce(georgia)


Copy = Callable[..., Path]


@pytest.fixture
def copy(georgia: Path, tmp_path: Path) -> Copy:
    """A copy of Georgia's files with one text of the report replaced in one spreadsheet row."""

    def made(row: int, old: str, new: str, *leave_out: str) -> Path:
        for file in georgia.iterdir():
            if file.name not in leave_out:
                shutil.copyfile(file, tmp_path / file.name)
        lines = (tmp_path / REPORT).read_text(encoding="utf-8-sig").splitlines()
        assert lines[row - 1].count(old) >= 1
        lines[row - 1] = lines[row - 1].replace(old, new, 1)
        (tmp_path / REPORT).write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return made


def sides(found: Reproduction, question: str, contest: str) -> list[tuple[str, str]]:
    return [
        (line.published, line.recomputed)
        for line in found.lines
        if (line.question, line.contest) == (question, contest)
    ]


def differing(found: Reproduction) -> list[tuple[str, int | None]]:
    return [(line.question, line.row) for line in found.lines if line.result is Result.DIFFERS]


@pytest.mark.parametrize(
    ("contest", "draws", "batches", "p", "bound"),
    [(SENATE, "138", "134", "0.049083729", 45.952834), (GOVERNOR, "18", "18", "0.041726014", 6.178976)],
)
def test_georgia_2026_is_reproduced(
    found: Reproduction, contest: str, draws: str, batches: str, p: str, bound: float
) -> None:
    """Draws, batches, P to nine digits and U are those that were published."""
    assert sides(found, "first round", contest) == [(draws, draws)]
    assert sides(found, "draws listed", contest) == [(draws, draws)]
    assert sides(found, "batches drawn", contest) == [(batches, batches)]
    assert sides(found, "P-value", contest) == [(p, p)]
    (claims,) = (each for each in found.claims if each.contest == contest)
    assert claims.tested.bound == pytest.approx(bound, abs=5e-7)


def test_everything_that_georgia_printed_agrees(found: Reproduction, georgia: Path) -> None:
    """Each of the 706 sampled rows stands twice, once for each contest, and nothing differs."""
    with (georgia / REPORT).open(encoding="utf-8-sig", newline="") as lines:
        tickets = sum("Round 1: 0." in cell for row in csv.reader(lines) for cell in row)
    counts = {question: results for (_, question), results in found.tallies.items()}
    assert {line.result for line in found.lines} == {Result.AGREES}
    assert counts["tickets"][Result.AGREES] == tickets == 152
    assert counts["batch votes"][Result.AGREES] == counts["change in margin"][Result.AGREES] == 2 * 706


def test_a_majority_claim_was_needed_and_not_tested(found: Reproduction) -> None:
    """Governor: 18 draws tested the pairs; with the majority U is 16.464187 and 49 draws are planned."""
    (claims,) = (each for each in found.claims if each.contest == GOVERNOR)
    more = set(claims.needed.claims) - set(claims.tested.claims)
    assert more == {"Keisha Lance Bottoms has more than 1/2 of the valid votes."}
    assert (claims.tested.draws, claims.needed.draws) == (18, 49)
    assert claims.needed.bound == pytest.approx(16.464187, abs=5e-7)
    assert "49 draws, not 18" in claims.remark


def test_a_tested_runoff_needs_nothing_more(found: Reproduction) -> None:
    """Senate: two lead the three others and neither has a majority, eight claims, all tested."""
    (claims,) = (each for each in found.claims if each.contest == SENATE)
    assert claims.tested == claims.needed
    assert len(claims.tested.claims) == 8


@pytest.mark.parametrize(
    ("row", "old", "new", "expected"),
    [
        (16, "0.049083729", "0.049083720", [("P-value", 16)]),
        (7, "Mike Collins: 369638", "Mike Collins: 369639", [("votes", 7)]),
        (30, "0.427297706310130710", "0.427297706310130711", [("tickets", 30)]),
        (
            26,
            '"Jonathan ""Jon"" McColumn: +1",1,',
            '"Jonathan ""Jon"" McColumn: +1",2,',
            [("change in margin", 26)],
        ),
    ],
)
def test_an_altered_number_differs_at_its_row(
    copy: Copy, row: int, old: str, new: str, expected: list[tuple[str, int]]
) -> None:
    """One number changed in the report, and just its line differs."""
    found = reproduce(copy(row, old, new))
    assert set(expected) <= set(differing(found))
    assert {place for _, place in differing(found)} <= {row, 16}


def test_an_altered_batch_size_differs_at_its_row(copy: Copy) -> None:
    """The report's ballots of a batch are no longer those of the manifest, nor the sum of the last row."""
    assert ("batch ballots", 26) in differing(reproduce(copy(26, ",422,", ",423,")))


def test_another_seed_draws_other_batches(copy: Copy) -> None:
    """With one digit of the seed changed no ticket is the printed one; P does not depend on it."""
    lines = reproduce(copy(12, "06712221796172622814", "06712221796172622815")).lines
    tickets = [line.result for line in lines if line.question == "tickets"]
    assert set(tickets) == {Result.DIFFERS}
    assert {line.result for line in lines if line.question == "P-value"} == {Result.AGREES}


@pytest.mark.parametrize(
    ("file", "word"), [("manifests.zip", "manifests"), ("candidate_totals.zip", "totals")]
)
def test_a_missing_file_is_named(copy: Copy, file: str, word: str) -> None:
    """Without manifests or totals, draws and risk cannot be checked; sums of the report still are."""
    found = reproduce(copy(1, "ELECTION", "ELECTION", file))
    needed = [line for line in found.lines if line.question == "draws and risk"]
    assert [line.result for line in needed] == [Result.UNKNOWN] * 2
    assert all(line.remark.startswith("needs ") and word in line.remark for line in needed)
    assert not found.differs
    assert found.tallies[REPORT, "sum of audited votes"][Result.AGREES] == 4


def test_a_cell_that_is_no_number_names_its_row(copy: Copy) -> None:
    """A word for a count: row 26 is told, what needs that cell is not checked, and all else is recomputed."""
    found = reproduce(copy(26, ",422,", ",many,"))
    open_lines = [line for line in found.lines if line.result is Result.UNKNOWN]
    first = open_lines[0]
    assert (first.question, first.file, first.row) == ("cell", REPORT, 26)
    assert all("'many' stands where a count belongs" in line.remark for line in open_lines)
    assert {line.question for line in open_lines[1:]} == {"batch ballots", "ballots in the Totals row"}
    assert sides(found, "P-value", SENATE) == [("0.049083729", "0.049083729")]
    assert not found.differs and found.is_incomplete


@pytest.mark.parametrize("bad", ["Mike Collins 243", "Mike Collins: 24x3"])
def test_an_unreadable_result_of_a_drawn_batch_leaves_p_open(copy: Copy, bad: str) -> None:
    """Row 30 was drawn for the Senate: its P needs those votes, and that of the Governor does not."""
    found = reproduce(copy(30, "Mike Collins: 243", bad))
    states = {line.contest: line.result for line in found.lines if line.question == "P-value"}
    assert states == {SENATE: Result.UNKNOWN, GOVERNOR: Result.AGREES}
    assert {line.question for line in found.lines if line.result is Result.UNKNOWN} == {
        "cell", "P-value", "risk limit met", "batch votes", "change in results", "sum of reported votes",
        }  # fmt: skip
    assert not found.differs


def test_an_unreadable_contest_leaves_the_other_to_be_checked(copy: Copy) -> None:
    """A bad cell among the votes of the Governor: the Senate's draws and P still agree."""
    found = reproduce(copy(8, "Olu Brown: 12328", "Olu Brown: 12x328"))
    assert [line.row for line in found.lines if line.result is Result.UNKNOWN] == [8]
    assert sides(found, "P-value", SENATE) == [("0.049083729", "0.049083729")]
    assert not sides(found, "P-value", GOVERNOR) and not found.differs


def test_a_drawn_batch_that_says_it_was_not_audited_is_told(copy: Copy) -> None:
    """Row 30 was drawn and has audit results, but its column Audited? now says No."""
    found = reproduce(copy(30, ",Yes,", ",No,"))
    assert differing(found) == [("audited", 30)]
    (line,) = (each for each in found.lines if each.result is Result.DIFFERS)
    assert (line.published, line.recomputed) == ("No", "Yes")
    assert "drawn" in line.remark


def test_a_folder_without_an_audit_is_refused(tmp_path: Path) -> None:
    """An empty folder, other tables, manifests alone, no folder: each is refused in its own words."""
    with pytest.raises(RequestError, match="no CSV or Excel file"):
        reproduce(tmp_path)
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    with pytest.raises(RequestError, match=r"its only table is not in a format .* \(other.csv\)"):
        reproduce(tmp_path)
    (tmp_path / "manifest.csv").write_text("Batch Name,Number of Ballots\nA,2\n")
    with pytest.raises(RequestError, match="holds 1 file that an audit is made from, and no report"):
        reproduce(tmp_path)
    with pytest.raises(RequestError, match="is no folder"):
        reproduce(tmp_path / "nowhere")


def test_lines_name_their_place() -> None:
    """File and row, or only the file where there is none."""
    assert Line("P", "", Result.AGREES, "1", "1", "a.csv", 1200).place == "a.csv, row 1,200"
    assert Line("P", "", Result.UNKNOWN, "", "", "a.csv").place == "a.csv"
