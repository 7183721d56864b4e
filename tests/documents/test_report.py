"""Reports of a recount and of a plan: every unit to be named is in them."""

from __future__ import annotations

import datetime as dt

from tallyproof.documents import report
from tallyproof.recount.compared import solve_recount_comparison
from tallyproof.recount.comparison import RecountComparison, UnitCount

from .papers import pages

MADE = dt.datetime(2016, 12, 12, 18, tzinfo=dt.UTC)


def test_a_recount_with_units_of_every_state() -> None:
    """Recounted, left, beyond recounting and only in the recount: the unit names stand in the report."""
    units = (
        UnitCount("Ward 1", {"A": 50, "B": 40}, {"A": 52, "B": 39}, labels={"equipment": "DS200"}),
        UnitCount("Ward #2 $x$", {"A": 30, "B": 31}, None),
        UnitCount("Ward 3", {"A": 10, "B": 11}, None, cannot="seal broken"),
        UnitCount("Ward 4", None, {"A": 5, "B": 6}),
    )
    found = solve_recount_comparison(RecountComparison(units=units))
    words = " ".join(pages(report.comparison(found, "Mayor *x*", MADE)))
    for each in ("Mayor *x*", "Ward #2 $x$", "seal broken", "Ward 4", "DS200", "+2", "−1", found.sentence):
        assert each in words


def test_thousands_of_units_left() -> None:
    """All of them are listed."""
    units = [UnitCount(f"Ward {n}", {"A": n, "B": 1}, None) for n in range(1, 2_001)]
    units[0] = UnitCount("Ward 1", {"A": 1, "B": 1}, {"A": 1, "B": 2})
    found = solve_recount_comparison(RecountComparison(units=tuple(units)))
    words = " ".join(pages(report.comparison(found, "Mayor", MADE)))
    assert "Left (1,999)" in words
    assert "Ward 2000" in words
