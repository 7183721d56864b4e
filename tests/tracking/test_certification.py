"""How far states are certified follows from the snapshots that their contests rely on."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.tracking.certification import certified


def snapshot(status: Status, day: int = 1) -> Snapshot:
    return Snapshot(f"s{day}", "State board", status, datetime(2016, 12, day, tzinfo=UTC), None, (), day)


def test_a_state_is_whole_where_every_contest_is_certified() -> None:
    """Two of three is not whole; a recount or a correction comes after certification."""
    done, open_ = snapshot(Status.CERTIFIED), snapshot(Status.CANVASSED, 3)
    (mi, wi) = certified([("WI", done), ("WI", open_), ("WI", done), ("MI", snapshot(Status.RECOUNT))])
    assert (wi.contests, wi.certified, wi.is_whole, wi.last) == (3, 2, False, open_)
    assert mi.is_whole


@given(st.lists(st.tuples(st.sampled_from(["WI", "MI", "PA"]), st.sampled_from(Status))))
def test_every_contest_is_counted_once(pairs: list[tuple[str, Status]]) -> None:
    """Whatever the sources say: the states' numbers add up to the contests."""
    found = certified([(state, snapshot(status)) for state, status in pairs])
    assert sum(each.contests for each in found) == len(pairs)
    assert sum(each.certified for each in found) == sum(status.is_final for _state, status in pairs)
    assert [each.state for each in found] == sorted({state for state, _status in pairs})
