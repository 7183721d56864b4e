"""Anybody can check a published chain, and one altered field is found where it is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.store.chain import Event, Fault, Head, fold, next_event, verify_events

bodies = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5), max_size=3)


def chain(case: str, contents: list[dict[str, Any]]) -> list[Event]:
    """Events with these bodies, rightly linked."""
    events: list[Event] = []
    head = Head()
    for body in contents:
        event = next_event(head, case, "2016-11-23T17:00:00.000000Z", "clerk", "noted", body)
        head = Head(event.sequence, event.hash)
        events.append(event)
    return events


@given(st.lists(bodies, max_size=6))
def test_a_rightly_linked_chain_holds(contents: list[dict[str, Any]]) -> None:
    """Whatever the bodies, and its head is the last event."""
    events = chain("wi", contents)
    verification = verify_events(events)
    assert verification.holds and verification.first_broken is None
    assert verification.events == len(events)


@given(st.lists(bodies, min_size=1, max_size=6), st.data())
def test_one_altered_field_breaks_the_chain_there(
    contents: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Any field of any event, altered without a new hash, is named by the event's number."""
    events = chain("wi", contents)
    place = data.draw(st.integers(0, len(events) - 1))
    field, value, fault = data.draw(
        st.sampled_from(
            [
                ("at", "2016-11-24T17:00:00.000000Z", Fault.CONTENT),
                ("actor", "someone else", Fault.CONTENT),
                ("kind", "resolved", Fault.CONTENT),
                ("body", {"altered": True}, Fault.CONTENT),
                ("hash", "f" * 64, Fault.CONTENT),
                ("previous", "f" * 64, Fault.PREVIOUS),
                ("sequence", place + 9, Fault.GAP),
            ]
        )
    )
    altered: dict[str, Any] = {field: value}
    events[place] = replace(events[place], **altered)
    link = verify_events(events).first_broken
    assert link is not None and (link.sequence, link.what) == (place + 1, fault)


@given(st.lists(bodies, min_size=2, max_size=6), st.data())
def test_a_missing_event_is_a_gap(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    """The broken link names the number that is missing."""
    events = chain("wi", contents)
    place = data.draw(st.integers(0, len(events) - 2))
    del events[place]
    link = verify_events(events).first_broken
    assert link is not None and (link.sequence, link.what) == (place + 1, Fault.GAP)


def test_an_event_rewritten_with_a_right_hash_is_betrayed_by_the_next() -> None:
    """Whoever rewrites one event would have to rewrite all that follow."""
    events = chain("wi", [{"votes": 44}, {"votes": 484}, {"votes": 1}])
    events[1] = next_event(Head(1, events[0].hash), "wi", events[1].at, "clerk", "noted", {"votes": 999})
    assert [str(link) for link in verify_events(events).broken] == ["wi, event 3: previous does not match"]


def test_cases_are_checked_apart() -> None:
    """One broken case leaves the other's verdict alone, whatever the order of the record."""
    wisconsin, michigan = chain("wi", [{}, {}, {}]), chain("mi", [{}, {}])
    wisconsin[1] = replace(wisconsin[1], actor="someone else")
    mixed = [wisconsin[0], michigan[0], wisconsin[1], michigan[1], wisconsin[2]]
    verification = verify_events(mixed)
    assert [link.case for link in verification.broken] == ["wi"]
    assert verification.heads == {"wi": Head(1, wisconsin[0].hash), "mi": Head(2, michigan[1].hash)}


def test_an_event_moved_to_another_case_is_found() -> None:
    """The name of the case is part of what is hashed."""
    moved = [replace(event, case="pa") for event in chain("wi", [{}])]
    assert [link.what for link in verify_events(moved).broken] == [Fault.CONTENT]


@pytest.mark.parametrize("body", [{"x": float("nan")}, {"x": 2**60}, {"x": b"bytes"}])
def test_content_that_has_no_canonical_form_is_a_broken_link(body: Any) -> None:
    """A record made by another program is judged, never raised at."""
    event = replace(chain("wi", [{}])[0], body=body)
    assert [link.what for link in verify_events([event]).broken] == [Fault.CONTENT]


def test_a_fold_takes_the_events_in_order() -> None:
    """State is what the events add up to."""
    events = chain("wi", [{"votes": 44}, {"votes": 484}])
    votes: list[object] = fold(events, lambda seen, event: [*seen, event.body["votes"]], list[object]())
    assert votes == [44, 484]
