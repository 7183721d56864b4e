"""What pages are made from: the case as of a time, units, changes between versions, formulas filled in."""

from datetime import UTC, datetime

import pytest

from tallyproof.election.evidence import Number
from tallyproof.errors import RequestError
from tallyproof.services import access, example, pages, worked
from tallyproof.services.workspace import Workspace

CASE, WI = example.CASE, "wi-president"
READER = access.READER


def test_a_case_is_shown_as_its_sources_stood(example_home: Workspace) -> None:
    """On 28 November the margin was the one first posted, now it is the one after the recount."""
    then = pages.look(example_home, READER, CASE, datetime(2016, 11, 28, 23, 59, tzinfo=UTC)).contest(WI)
    now = pages.look(example_home, READER, CASE).contest(WI)
    assert then is not None
    assert now is not None
    assert (then.standing.margin, now.standing.margin) == (22_177, 22_748)


def test_before_the_first_report_there_is_nothing(example_home: Workspace) -> None:
    """A time before every source gives an empty count, not a fault."""
    seen = pages.look(example_home, READER, CASE, datetime(2000, 1, 1, tzinfo=UTC))
    assert (seen.count.contests, seen.imports, seen.checked.findings) == ((), (), ())


def test_units_add_up_to_the_contest(example_home: Workspace) -> None:
    """72 counties, whose votes by choice and in all are those of the contest."""
    page = pages.contest_page(example_home, READER, CASE, WI)
    rows = page.units.rows
    assert len(rows) == 72
    assert sum(row.total or 0 for row in rows) == page.count.standing.total == 2_976_150
    assert sum(row.votes[0] or 0 for row in rows) == 1_405_284
    assert sum(row.lead or 0 for row in rows) == page.count.standing.margin


def test_in_every_unit_the_choices_add_up_to_all_votes(huge_home: Workspace) -> None:
    """Named choices and others leave nothing out, in each of 3,636 units."""
    units = pages.contest_page(huge_home, READER, "large-example", WI).units
    assert len(units.rows) == 3_636
    assert all(sum(v or 0 for v in row.votes) + (row.others or 0) == row.total for row in units.rows)


def test_between_two_versions_exactly_oneida_changed(example_home: Workspace) -> None:
    """The correction of Hazelhurst: 440 votes in one county, and the margin that follows."""
    step = pages.version_step(example_home, READER, CASE, WI, 5, 6)
    assert step.units == ("Oneida",)
    assert (step.changes[0].choice, step.changes[0].by) == ("Donald Trump", 440)
    assert step.margin is not None
    assert (step.margin.margin_before, step.margin.margin_after) == (22_177, 22_617)


def test_only_versions_of_one_source_are_compared(example_home: Workspace) -> None:
    """Wisconsin's three reports give two steps; the press and the atlas are no versions of it."""
    steps = pages.contest_page(example_home, READER, CASE, WI).steps
    assert [(step.before.sequence, step.after.sequence) for step in steps] == [(5, 6), (6, 7)]


@pytest.mark.parametrize(("before", "after"), [(1, 6), (5, 99), (0, 0)])
def test_events_that_are_no_imports_cannot_be_compared(
    example_home: Workspace, before: int, after: int
) -> None:
    """The first event opened the case; the 99th does not exist."""
    with pytest.raises(RequestError, match="no imports numbered"):
        pages.version_step(example_home, READER, CASE, WI, before, after)


def test_the_finding_of_sauk_carries_both_source_rows(example_home: Workspace) -> None:
    """The row with the votes and the row with the ballots, as they stand in the file."""
    page = pages.finding_page(example_home, READER, CASE, "B2/wi-president/sauk")
    cells = [dict(zip(row.header, row.cells, strict=True))["votes"] for row in page.rows]
    assert cells == ["34323", "31838"]
    assert page.worked == "x = 34,323 − 1 × 31,838 = 2,485"


@pytest.mark.parametrize("finding", ["B2/wi-president/dane", "Z9/wi-president/sauk", "nonsense"])
def test_a_finding_that_never_was_is_refused(example_home: Workspace, finding: str) -> None:
    """Unknown units, unknown checks and other texts."""
    with pytest.raises(RequestError, match="has no finding"):
        pages.finding_page(example_home, READER, CASE, finding)


def test_a_finding_is_not_there_before_its_source_was(example_home: Workspace) -> None:
    """In 2012 nobody had reported Sauk yet; its history of later is still told."""
    then = datetime(2012, 12, 31, tzinfo=UTC)
    page = pages.finding_page(example_home, READER, CASE, "B2/wi-president/sauk", then)
    assert page.finding is None
    assert page.life.state == "resolved"


def test_the_record_names_every_import_and_holds(example_home: Workspace) -> None:
    """All imports and events, and a chain that was checked just now."""
    page = pages.record_page(example_home, READER, CASE)
    assert page.broken is None
    assert [each.record.sequence for each in page.imports] == [10, 9, 8, 7, 6, 5, 4, 3, 2]
    assert [event.sequence for event in page.events] == list(range(page.state.sequence, 0, -1))


def test_every_formula_speaks_of_numbers_that_its_findings_have(
    example_home: Workspace, huge_home: Workspace
) -> None:
    """No finding that has the result of its check's formula is left without the formula."""
    looks = [pages.look(example_home, READER, CASE), pages.look(huge_home, READER, "large-example")]
    found = [
        each
        for seen in looks
        for each in seen.checked.findings
        if any(formula.result in each.numbers for formula in worked.FORMULAS.get(each.check, ()))
    ]
    assert {"B2", "B5"} <= {each.check for each in found}
    assert not [each.id for each in found if not worked.filled_in(each.check, each.numbers)]


def test_a_formula_with_an_unknown_number_is_not_shown_half_filled() -> None:
    """Unknown is not 0, so nothing is worked out."""
    assert worked.filled_in("B2", {"votes": 5, "vote_for": 1, "ballots": None, "x": None}) == ""
    assert worked.filled_in("no such check", {"votes": 5}) == ""


def test_a_formula_that_comes_out_otherwise_is_not_shown() -> None:
    """The page never shows a sum that is wrong, whatever reading the check took."""
    assert worked.filled_in("B2", {"votes": 5, "vote_for": 2, "ballots": 1, "x": 3}) == "x = 5 − 2 × 1 = 3"
    assert worked.filled_in("B2", {"votes": 5, "vote_for": 2, "ballots": 1, "x": 4}) == ""


@pytest.mark.parametrize(
    ("check", "numbers", "shown"),
    [
        ("B1", {"votes": 90, "undervotes": 5, "overvotes": 2, "ballots": 50, "vote_for": 2, "d": -1},
         "d = 90 + 5 + 2 × 2 − 2 × 50 = −1"),
        ("B3", {"votes": 153_710, "ballots": None, "voters": None, "registered": 20_000, "x": 133_710},
         "x = 153,710 − 20,000 = 133,710"),
        ("B8", {"votes": 9, "vote_for": 1, "provisional_counted": 7, "x": 2}, "x = 9 − 1 × 7 = 2"),
        ("E4", {"margin_now": 20.11, "margin_before": -0.11, "swing": 20.21, "z": 20.0},
         "x = 20.11 − (−0.11) = 20.21; z = 20.0"),
    ],
)  # fmt: skip
def test_the_reading_that_comes_out_is_the_one_shown(
    check: str, numbers: dict[str, Number], shown: str
) -> None:
    """A check with several readings shows the one by which its result was found."""
    assert worked.filled_in(check, numbers) == shown
