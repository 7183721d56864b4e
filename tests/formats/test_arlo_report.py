"""Arlo's audit report: rows are named as the spreadsheet numbers them, and what is no report is refused."""

from collections.abc import Sequence

import pytest

from tallyproof.errors import UnreadableError
from tallyproof.formats.arlo_report import is_report, read_report

REPORT = (
    ("######## ELECTION INFO ########",),
    ("Organization", "Election Name", "State"),
    ("Town", "Small", "XX"),
    ("######## CONTESTS ########",),
    ("Contest Name", "Targeted?", "Total Ballots Cast", "Vote Totals"),
    ("Mayor", "Targeted", "290", "Ann: 180; Bob: 80"),
    ("######## AUDIT SETTINGS ########",),
    ("Audit Type", "Risk Limit"),
    ("BATCH_COMPARISON", "10%"),
    ("######## ROUNDS ########",),
    ("Round Number", "Contest Name"),
    ("1", "Mayor"),
    ("######## SAMPLED BATCHES ########",),
    ("Jurisdiction Name", "Batch Name", "Ballots in Batch"),
    ("Ash", "A", "100"),
    ("Elm", "C", "90"),
)


def altered(old: str, new: str) -> list[Sequence[str]]:
    return [[new if cell == old else cell for cell in row] for row in REPORT]


@pytest.mark.parametrize("blank", [(), ("", "")])
def test_blank_lines_inside_a_section_move_no_row_number(blank: tuple[str, ...]) -> None:
    """Two blank lines after the column names, which are row 14, and one between the batches."""
    found = read_report("report.csv", [*REPORT[:14], blank, blank, REPORT[14], blank, REPORT[15]])
    assert [(each.name, each.row) for each in found.batches] == [("A", 17), ("C", 19)]
    assert (found.contests[0].row, found.rounds[0].row) == (6, 12)


@pytest.mark.parametrize("limit", ["NaN", "sNaN%", "ten", "", "0", "100%", "-5%", "Infinity"])
def test_what_is_no_risk_limit_is_refused_with_its_row(limit: str) -> None:
    assert read_report("report.csv", REPORT).risk_limit == 0.1
    with pytest.raises(UnreadableError, match="risk limit") as fault:
        read_report("report.csv", altered("10%", limit))
    assert fault.value.row == 9


def test_a_report_whose_headings_were_cut_has_no_sections() -> None:
    """The first line says what it is, yet no heading is whole: the missing section is named."""
    rows = [("######## ELECTION INFO",), ("Organization",), ("Town",)]
    assert is_report(rows)
    with pytest.raises(UnreadableError, match="has no section 'ELECTION INFO'"):
        read_report("report.csv", rows)
