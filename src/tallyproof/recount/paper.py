"""What can be checked at all: how much of a contest has a paper record that the voter could verify."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.election.jurisdiction import STATES
from tallyproof.errors import RequestError

MOST = 2**53 - 1
Count = Annotated[int, Meta(ge=0, le=MOST)]


class PaperRecord(StrEnum):
    """Whether ballots leave a paper record that the voter could verify."""

    PAPER = "paper"
    PART = "part"
    NONE = "none"
    NOT_STATED = "not-stated"


class PlaceEquipment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place and the equipment that it votes on, in the words of the source; several where it differs.

    ``number`` is how many votes, ballots or voters it has; ``votes`` those by choice, where known.
    """

    place: str
    state: str = ""
    equipment: tuple[str, ...] = ()
    number: Count | None = None
    votes: dict[str, int] = {}


class PaperTrail(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="paper_trail", kw_only=True
):
    """Places with their equipment; ``counted`` says what their numbers count, ``noun`` what they are."""

    places: Annotated[tuple[PlaceEquipment, ...], Meta(min_length=1)]
    counted: Annotated[str, Meta(min_length=1)] = "votes"
    noun: Annotated[str, Meta(min_length=1)] = "places"


class PlacePaper(msgspec.Struct, frozen=True):
    """A place's record, and its number."""

    place: str
    state: str
    record: PaperRecord
    number: int | None
    equipment: str


class Amount(msgspec.Struct, frozen=True):
    """Places, their numbers added up, and how many of them give no number."""

    places: int
    number: int
    without_number: int


class StatePaper(msgspec.Struct, frozen=True, kw_only=True):
    """One state: how much has a paper record; the margin where votes by choice are known.

    ``part`` are places with both kinds of equipment, where the data do not say how much goes on which.
    """

    state: str
    all: Amount
    paper: Amount
    part: Amount
    none: Amount
    not_stated: Amount
    leader: str = ""
    runner_up: str = ""
    margin: int | None = None
    sentence: str = ""


class PaperTrailAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="paper_trail"):
    """What can be checked, by state and by place, places without paper first."""

    sentence: str
    counted: str
    states: tuple[StatePaper, ...]
    places: tuple[PlacePaper, ...]


def solve_paper_trail(problem: PaperTrail) -> PaperTrailAnswer:
    """Add up places by their paper record. Raises RequestError where a place is named twice."""
    _require_distinct(problem.places)
    places = [
        PlacePaper(each.place, each.state, record_of(each.equipment), each.number, "; ".join(each.equipment))
        for each in problem.places
    ]
    by_state: dict[str, list[PlacePaper]] = {}
    for place in places:
        by_state.setdefault(place.state, []).append(place)
    votes = _votes(problem.places)
    states = [
        _state(state, own, votes.get(state, {}), problem)
        for state, own in sorted(by_state.items(), key=lambda item: item[0])
    ]
    order = list(_ORDER)
    listed = sorted(
        places, key=lambda each: (each.state, order.index(each.record), -(each.number or 0), each.place)
    )
    return PaperTrailAnswer(_sentence(states, problem), problem.counted, tuple(states), tuple(listed))


_ORDER = (PaperRecord.NONE, PaperRecord.PART, PaperRecord.NOT_STATED, PaperRecord.PAPER)


def record_of(equipment: Iterable[str]) -> PaperRecord:
    """The paper record of a place by the words for its equipment; different kinds make a part.

    >>> record_of(["DRE without VVPAT"]).value, record_of(["mixed paper + DRE without VVPAT"]).value
    ('none', 'part')
    """
    found = {_record(words) for words in equipment if words.strip()}
    if not found or PaperRecord.NOT_STATED in found:
        return PaperRecord.NOT_STATED
    return found.pop() if len(found) == 1 else PaperRecord.PART


_PAPERLESS = re.compile(r"\b((without|w/o|lacking|lacks?|non?)[ -]*(an? )?vvpats?|paperless)\b")
_ON_PAPER = re.compile(
    r"paper ballot|mixed paper|optical|opscan|hand(?!icap|[ -]?held)|vvpat|marking|bmd|punch"
)


def _record(words: str) -> PaperRecord:
    """VVPAT is a voter-verified paper audit trail: a printed record of what a machine took down (DRE)."""
    plain = " ".join(words.casefold().replace("_", " ").split())
    if plain in {each.value for each in PaperRecord}:
        return PaperRecord(plain)
    rest = _PAPERLESS.sub("", plain)
    has_paper = _ON_PAPER.search(rest) is not None
    if rest != plain:
        return PaperRecord.PART if has_paper else PaperRecord.NONE
    return PaperRecord.PAPER if has_paper else PaperRecord.NOT_STATED


def _require_distinct(places: Sequence[PlaceEquipment]) -> None:
    seen: set[tuple[str, str]] = set()
    for each in places:
        key = each.state, each.place
        if key in seen:
            named = ", ".join(part for part in key if part)
            raise RequestError(f"'places' names {named} twice. Name its equipment once, in a list.")
        seen.add(key)


def _votes(places: Iterable[PlaceEquipment]) -> dict[str, dict[str, int]]:
    """Votes by choice, by state."""
    found: dict[str, dict[str, int]] = {}
    for each in places:
        own = found.setdefault(each.state, {})
        for choice, votes in each.votes.items():
            own[choice] = own.get(choice, 0) + votes
    return found


def _state(
    state: str, places: Sequence[PlacePaper], votes: Mapping[str, int], problem: PaperTrail
) -> StatePaper:
    def amount(*records: PaperRecord) -> Amount:
        own = [each.number for each in places if each.record in records]
        known = [number for number in own if number is not None]
        return Amount(len(own), sum(known), len(own) - len(known))

    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    leader, runner_up = (ordered[0][0], ordered[1][0]) if len(ordered) > 1 else ("", "")
    found = StatePaper(
        state=state,
        all=amount(*PaperRecord),
        paper=amount(PaperRecord.PAPER),
        part=amount(PaperRecord.PART),
        none=amount(PaperRecord.NONE),
        not_stated=amount(PaperRecord.NOT_STATED),
        leader=leader,
        runner_up=runner_up,
        margin=ordered[0][1] - ordered[1][1] if leader else None,
    )
    return msgspec.structs.replace(found, sentence=_state_sentence(found, problem))


# ---- sentences


def _state_sentence(found: StatePaper, problem: PaperTrail) -> str:
    """Whether the state can be checked, what cannot, and the margin beside it."""
    begin = f"{STATES.get(found.state, found.state)}: " if found.state else ""
    none, part, unknown = found.none, found.part, found.not_stated
    parts = [
        f"{_places(amount, found.all, problem)} {_verb(amount, one, many)} ({_number(amount, problem)})"
        for amount, one, many in (
            (none, "votes on machines without paper", "vote on machines without paper"),
            (part, "votes partly on machines without paper", "vote partly on machines without paper"),
            (unknown, "does not state its equipment", "do not state their equipment"),
        )
        if amount.places
    ]
    if none.places or part.places:
        full = "" if none.places == found.all.places else " in full"
        verdict = f"cannot be checked{full}: {'; '.join(parts)}"
    elif unknown.places:
        verdict = f"not known whether it can be checked: {'; '.join(parts)}"
    else:
        all_ = f"all {found.all.places:,} {problem.noun} vote" if found.all.places > 1 else "it votes"
        verdict = f"can be checked: {all_} with a paper record ({_number(found.all, problem)})"
    return f"{begin}{verdict}.{_margin(found)}"


def _places(amount: Amount, whole: Amount, problem: PaperTrail) -> str:
    return f"{amount.places:,} of {whole.places:,} {problem.noun}"


def _verb(amount: Amount, one: str, many: str) -> str:
    return one if amount.places == 1 else many


def _number(amount: Amount, problem: PaperTrail) -> str:
    if amount.without_number == amount.places:
        return f"{problem.counted} not known"
    missing = f", {amount.without_number:,} not known" if amount.without_number else ""
    return f"{amount.number:,} {problem.counted}{missing}"


def _margin(found: StatePaper) -> str:
    if found.margin is None:
        return ""
    if found.margin == 0:
        return f" {found.leader} and {found.runner_up} are tied."
    return f" The margin is {found.margin:,} votes ({found.leader} over {found.runner_up})."


def _sentence(states: Sequence[StatePaper], problem: PaperTrail) -> str:
    if len(states) == 1:
        return states[0].sentence
    paperless = [each for each in states if each.none.places or each.part.places]
    none = sum(each.none.number for each in states)
    part = sum(each.part.number for each in states)
    return (
        f"In {len(paperless):,} of {len(states):,} states something cannot be checked: {none:,} "
        f"{problem.counted} in places without paper, {part:,} in places that vote partly without it."
    )
