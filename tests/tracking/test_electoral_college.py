"""Electors are added up over states, pledged and cast."""

from tallyproof.tracking.electoral_college import MAJORITY, Electors, electors

from .tables import row, table


def test_electors_are_added_up_by_person() -> None:
    """Most pledged first; electors cast for somebody who had none pledged are shown too."""
    leaves = table(
        row("", "Adams", 10, measure="electors"),
        row("", "Adams", 16, measure="electors", state="MI"),
        row("", "Baker", 20, measure="electors", state="PA"),
        row("", "Adams", 25, measure="electors_cast"),
        row("", "Baker", 20, measure="electors_cast", state="PA"),
        row("", "Cole", 1, measure="electors_cast"),
    )
    expected = [Electors("Adams", 26, 25), Electors("Baker", 20, 20), Electors("Cole", 0, 1)]
    assert electors(leaves) == expected


def test_without_electors_there_are_none() -> None:
    """Votes alone give no electors, and pledged ones alone are not cast."""
    assert electors(table(row("P", "Adams", 5))) == []
    assert electors(table(row("", "Adams", 3, measure="electors"))) == [Electors("Adams", 3, None)]
    assert MAJORITY == 538 // 2 + 1
