"""Cases: opened once under a fit name, folded from their events."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tallyproof.errors import AccessError, RequestError
from tallyproof.services import cases
from tallyproof.services.access import READER, Actor
from tallyproof.services.importing import import_returns
from tallyproof.services.workspace import Workspace

from .county import asked, written


def test_a_case_says_what_it_is(workspace: Workspace, clerk: Actor) -> None:
    """Title, election and summary come back from the event."""
    opened = cases.open_case(
        workspace, clerk, "rock-2016", title="Rock County", election=date(2016, 11, 8), summary="All contests"
    )
    assert (opened.title, opened.election, opened.summary) == (
        "Rock County",
        date(2016, 11, 8),
        "All contests",
    )
    assert (opened.sequence, opened.active) == (1, ())


@pytest.mark.parametrize("name", ["", "Rock County", "rock_2016", "rock/2016", " rock", "rock\n"])
def test_an_unfit_name_is_refused_with_a_fit_one(workspace: Workspace, clerk: Actor, name: str) -> None:
    """The sentence proposes a name that would do."""
    with pytest.raises(RequestError, match="cannot name a case: use lower-case letters"):
        cases.open_case(workspace, clerk, name)


def test_a_name_is_taken_once(workspace: Workspace, clerk: Actor) -> None:
    """A second case of the same name is refused, also when several are opened at once."""

    def one(_: int) -> bool:
        try:
            cases.open_case(workspace, clerk, "rock")
        except RequestError as fault:
            assert "already" in str(fault)
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [False, False, False, True]


def test_a_reader_opens_nothing(workspace: Workspace) -> None:
    """Opening a case needs the right to import; looking needs the right to read."""
    with pytest.raises(AccessError):
        cases.open_case(workspace, READER, "rock")
    with pytest.raises(AccessError):
        cases.cases(workspace, Actor("nobody", frozenset()))


def test_cases_are_listed_newest_election_first(workspace: Workspace, clerk: Actor) -> None:
    """Cases without an election day come last."""
    cases.open_case(workspace, clerk, "old", election=date(2012, 11, 6))
    cases.open_case(workspace, clerk, "undated")
    cases.open_case(workspace, clerk, "new", election=date(2016, 11, 8))
    assert [case.id for case in cases.cases(workspace, READER)] == ["new", "old", "undated"]


def test_a_case_can_be_seen_as_it_was(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Folding only the first events shows the case as they left it."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    assert len(cases.state(workspace, READER, "demo").imports) == 1
    assert cases.state(workspace, READER, "demo", upto=1).imports == ()


def test_an_event_of_a_later_program_is_passed_over(workspace: Workspace, clerk: Actor) -> None:
    """A kind of event that this program does not know changes nothing but the head."""
    cases.open_case(workspace, clerk, "rock", title="Rock")
    event = workspace.ledger.append("rock", "somebody", "card drawn", {"card": 7})
    state = cases.state(workspace, READER, "rock")
    assert (state.title, state.sequence, state.head) == ("Rock", 2, event.hash)
