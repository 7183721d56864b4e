"""What a recount changed, added up: by choice, by label, by unit; and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tallyproof.recount.comparison import (
    ChoiceChange,
    GroupChange,
    Progress,
    Share,
    UnitCount,
    UnitState,
    Votes,
)


class State(StrEnum):
    """Where a unit stands in a recount."""

    RECOUNTED = "recounted"
    PARTLY = "partly"
    CANNOT = "cannot"
    LEFT = "left"
    ONLY_AFTER = "only-after"


@dataclass(frozen=True, slots=True)
class Held:
    """A unit with the state it is in and its known votes before."""

    unit: UnitCount
    state: State
    votes: int

    @property
    def before(self) -> Votes:
        """Votes before the recount, nothing where the unit had none."""
        return self.unit.before or {}

    @property
    def after(self) -> Votes:
        """Votes of the recount, nothing where it has not reached the unit."""
        return self.unit.after or {}


def held(units: Iterable[UnitCount]) -> list[Held]:
    """Each unit in its one state."""
    return [Held(each, _state(each), known_sum(each.before or each.after or {})) for each in units]


def _state(unit: UnitCount) -> State:
    if unit.before is None:
        return State.ONLY_AFTER
    if unit.after is not None and unit.after and None not in unit.after.values():
        return State.RECOUNTED
    if unit.cannot:
        return State.CANNOT
    return State.LEFT if not unit.after else State.PARTLY


def known_sum(votes: Votes) -> int:
    """The sum of the votes that are known."""
    return sum(number for number in votes.values() if number is not None)


def choices_of(units: Iterable[Held]) -> list[str]:
    """Every choice that either count names, in the order in which they first appear."""
    return list(dict.fromkeys(name for each in units for name in (*each.before, *each.after)))


def progress(units: Sequence[Held]) -> Progress:
    """How many units are in which state, and the votes they had before."""

    def share(*states: State) -> Share:
        chosen = [each.votes for each in units if each.state in states]
        return Share(len(chosen), sum(chosen))

    return Progress(
        all=share(State.RECOUNTED, State.PARTLY, State.CANNOT, State.LEFT),
        recounted=share(State.RECOUNTED),
        partly=share(State.PARTLY),
        cannot=share(State.CANNOT),
        left=share(State.LEFT),
    )


def named(units: Iterable[Held], state: State, why: str = "") -> tuple[UnitState, ...]:
    """The units in this state, each with the reason given for it."""
    return tuple(
        UnitState(each.unit.unit, each.unit.cannot or why, each.votes)
        for each in units
        if each.state is state
    )


def change(each: Held, choice: str) -> int | None:
    """Votes after less votes before; a choice that one count does not list has 0 there.

    None where the number before is given as unknown.
    """
    before, after = each.before.get(choice, 0), each.after.get(choice, 0)
    return None if before is None or after is None else after - before


def choice_change(units: Sequence[Held], choice: str, can_win: bool, listed: bool) -> ChoiceChange:
    """One choice over all units and over the recounted ones."""
    done = [each for each in units if each.state is State.RECOUNTED]
    changes = [change(each, choice) for each in done]
    known = [by for by in changes if by is not None]
    kept = [each for each, by in zip(done, changes, strict=True) if by is not None]
    before = sum(each.before.get(choice) or 0 for each in kept)
    whole = [each for each in units if each.state is not State.ONLY_AFTER]
    added, removed = sum(by for by in known if by > 0), -sum(by for by in known if by < 0)
    return ChoiceChange(
        choice=choice,
        can_win=can_win,
        listed=listed,
        whole_before=sum(each.before.get(choice) or 0 for each in whole),
        before=before,
        after=before + sum(known),
        net=added - removed,
        added=added,
        removed=removed,
        gross=added + removed,
        units_changed=sum(by != 0 for by in known),
        unknown=len(changes) - len(known),
    )


@dataclass(slots=True)
class _Sum:
    """What one value of a label adds up to so far."""

    units: int = 0
    changed: int = 0
    votes: int = 0
    net: int = 0
    gross: int = 0
    two_votes: int = 0
    two_gross: int = 0
    margin: int = 0
    left: int = 0


NOT_STATED = "not stated"


def groups(units: Sequence[Held], choices: Sequence[str], two: tuple[str, str] | None) -> list[GroupChange]:
    """Changes by each value of each label, most votes first; units without the label are "not stated"."""
    labels = dict.fromkeys(name for each in units for name in each.unit.labels)
    found = []
    for label in labels:
        sums: dict[str, _Sum] = {}
        for each in units:
            if each.state is not State.ONLY_AFTER:
                _add(sums.setdefault(each.unit.labels.get(label) or NOT_STATED, _Sum()), each, choices, two)
        ordered = sorted(sums.items(), key=lambda item: (-item[1].votes, -item[1].left, item[0]))
        found += [_group(label, value, of) for value, of in ordered]
    return found


def _add(sums: _Sum, each: Held, choices: Sequence[str], two: tuple[str, str] | None) -> None:
    if each.state is not State.RECOUNTED:
        sums.left += 1
        return
    changes = {name: change(each, name) or 0 for name in choices}
    sums.units += 1
    sums.changed += any(changes.values())
    sums.votes += each.votes
    sums.net += sum(changes.values())
    sums.gross += sum(map(abs, changes.values()))
    if two:
        first, second = two
        sums.two_votes += (each.before.get(first) or 0) + (each.before.get(second) or 0)
        sums.two_gross += abs(changes[first]) + abs(changes[second])
        sums.margin += changes[first] - changes[second]


def _group(label: str, value: str, of: _Sum) -> GroupChange:
    return GroupChange(
        label=label,
        value=value,
        units=of.units,
        units_changed=of.changed,
        votes=of.votes,
        net=of.net,
        gross=of.gross,
        two_votes=of.two_votes,
        two_gross=of.two_gross,
        margin_change=of.margin,
        left=of.left,
    )
