"""Certification on the count pages: what the sources say beside the day that the law sets."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallyproof.services import access, cases, certifying, example, importing, pages
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

COUNT = f"/{example.CASE}/"


def test_as_of_a_day_the_next_act_is_named_and_warned_of(example_pages: Visitor) -> None:
    """On 28 November 2016 Michigan had certified, and Wisconsin's day was three days away."""
    text = example_pages.get(f"{COUNT}?as_of=2016-11-28").text
    assert "1 of 3 states are wholly certified" in text
    assert "Wisconsin: The state certifies: due Thu 1 Dec 2016." in text
    assert (
        "Michigan | certified, 2016-11-28 | was due Tue 22 Nov 2016 | done 2016-11-28, due Sun 18 Dec" in text
    )
    assert "the electors meet and vote | due Mon 19 Dec 2016" in text


def test_nothing_of_later_days_is_told(example_pages: Visitor) -> None:
    """Wisconsin's certification of 12 December was not known on 28 November; today it is."""
    contest = f"{COUNT}contests/wi-president/"
    assert "2016-12-12" not in example_pages.get(f"{contest}?as_of=2016-11-28").text
    assert "done 2016-12-12, after Thu 1 Dec 2016; a recount" in example_pages.get(contest).text


def test_what_the_sources_settle_gives_no_warning(example_home: Workspace) -> None:
    """Every state is certified in the last source, so no day that has passed is warned of."""
    seen = pages.look(example_home, access.READER, example.CASE)
    found = certifying.certification(seen, datetime(2026, 1, 2, tzinfo=UTC))
    assert all(each.by_sources.is_whole for each in found.states)
    assert found.warnings == []


def test_a_contest_s_options_have_its_calendar_and_audit_law(example_pages: Visitor) -> None:
    """Certification and federal days with their clauses; which audit; whether votes are on paper."""
    text = example_pages.get(f"{COUNT}options/mi-president/?on=2016-12-10").text
    assert "Safe harbor for the state's electors: due Tue 13 Dec 2016." in text.replace("&#x27;", "'")
    assert "3 U.S.C. 7 (until 2022)" in text
    assert "It does not bind the result." in text


@pytest.fixture
def live(home: Workspace, tmp_path: Path) -> Workspace:
    """A county's unofficial count of 2024, with a place that is no state with rules."""
    path = tmp_path / "some.csv"
    rows = "".join(f"{state},A,President,1,{name},,choice,{votes}\n" for state in ("GA", "PR")
                   for name, votes in (("Ann", 60), ("Bo", 50)))  # fmt: skip
    path.write_text(f"state,county,office,vote_for,choice,party,measure,votes\n{rows}")
    actor = access.terminal()
    cases.open_case(home, actor, "live", election=datetime(2024, 11, 5, tzinfo=UTC).date())
    importing.import_returns(
        home, actor, "live", Request((path,), "Office", as_of=datetime(2024, 11, 6, tzinfo=UTC))
    )
    return home


def test_a_day_that_passed_unsettled_is_warned_of(
    live: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """Georgia's counties were due on 12 November 2024 and the source says nothing; no word of blame."""
    text = visit(live).get("/live/?as_of=2024-11-13").text
    assert (
        "Georgia: The counties certify: was due Tue 12 Nov 2024, 17:00 EST; whether it was done is not"
        in text
    )


def test_places_without_rules_and_cases_without_a_day_are_shown(
    live: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """Puerto Rico has no rule file: its row says so."""
    assert "no rule known | no rule known" in visit(live).get("/live/").text
