"""A recount held against the count before it: the question, and the answer."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

MOST = 2**53 - 1

Number = Annotated[int, Meta(ge=-MOST, le=MOST)]
Votes = dict[str, Number | None]
"""Votes by choice; None where not known. Adjustments in returns may be below zero."""


class UnitCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reporting unit before and after.

    ``before`` is None for a unit that only the recount has, ``after`` for one that it has not reached.
    ``most`` is how many votes the unit can hold (its ballots), by default its votes before. ``labels`` say
    what is known of it, such as "model": "ES&S DS200". ``cannot`` is why it cannot be recounted.
    """

    unit: str
    before: Votes | None = None
    after: Votes | None = None
    most: Annotated[int, Meta(ge=0, le=MOST)] | None = None
    labels: dict[str, str] = {}
    cannot: str = ""


class RecountComparison(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recount_comparison",
    kw_only=True,
):
    """A contest's units before and after a recount, finished or not.

    ``choices`` are those that can win, all where none is named; ``listed`` those to add up apart, such as the
    choices printed on the ballot, by default the same. ``largest_change`` is the most by which the
    margin of one unit may change, an assumption that whoever asks answers for.
    """

    units: Annotated[tuple[UnitCount, ...], Meta(min_length=1)]
    choices: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    seats: Annotated[int, Meta(ge=1)] = 1
    largest_change: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    confidence: Annotated[float, Meta(ge=0.5, lt=1)] = 0.95
    seed: Annotated[int, Meta(ge=0, le=MOST)] = 1


class Share(msgspec.Struct, frozen=True):
    """Units and the votes that they had before."""

    units: int
    votes: int


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the recount is: all units, and each in one of four states."""

    all: Share
    recounted: Share
    partly: Share
    cannot: Share
    left: Share


class ChoiceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A choice's votes in the recounted units; ``whole_before`` is that of all units.

    ``gross`` = ``added`` + ``removed`` is the sum of the sizes of all changes, ``net`` their sum.
    """

    choice: str
    can_win: bool
    listed: bool
    whole_before: int
    before: int
    after: int
    net: int
    added: int
    removed: int
    gross: int
    units_changed: int
    unknown: int


class GroupChange(msgspec.Struct, frozen=True, kw_only=True):
    """Changes in the recounted units that one label says the same of.

    ``two_votes`` and ``two_gross`` are those of the two leading choices alone, ``margin_change`` is that of
    the first over the second. ``left`` are units of this label that are not recounted.
    """

    label: str
    value: str
    units: int
    units_changed: int
    votes: int
    net: int
    gross: int
    two_votes: int
    two_gross: int
    margin_change: int
    left: int

    @property
    def percent(self) -> float | None:
        """Gross change as a share of the votes before."""
        return 100 * self.gross / self.votes if self.votes else None

    @property
    def two_percent(self) -> float | None:
        """Gross change of the two leading choices as a share of their votes before."""
        return 100 * self.two_gross / self.two_votes if self.two_votes else None


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """The last winner over the first loser: before, and now with recounted numbers where there are any."""

    winner: str
    loser: str
    before: int
    now: int


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the outcome can still change, by arithmetic alone.

    ``lead`` is that of ``winner`` over ``loser`` in the units that are finished, ``left`` the most votes that
    the others can hold; all of them for the loser is the worst that can come. ``can_change`` is None where
    a number is unknown.
    """

    winner: str
    loser: str
    lead: int
    left: int
    can_change: bool | None


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """The final margin to expect, between ``low`` and ``high`` at the stated confidence.

    ``largest_change`` bounds what one unit can do, as given or (where ``is_assumed`` is false) as its ballots
    allow. ``unlike`` are units left that no recounted unit is like: of them the interval allows everything.
    ``cannot`` says why nothing can be said; the numbers are then None.
    """

    expected: float | None = None
    low: int | None = None
    high: int | None = None
    confidence: float = 0.95
    largest_change: int | None = None
    is_assumed: bool = False
    unlike: Share = Share(0, 0)
    cannot: str = ""


class UnitState(msgspec.Struct, frozen=True):
    """A unit to be named: why, and the votes it has."""

    unit: str
    why: str
    votes: int


class RecountComparisonAnswer(
    msgspec.Struct, frozen=True, tag_field="kind", tag="recount_comparison", kw_only=True
):
    """What a recount changed, how far it is and what it can still change.

    ``cannot`` are units that cannot be recounted, with the reason; ``partly`` those with numbers missing;
    ``left`` those that the recount has not reached; ``only_after`` those that only the recount has, whose
    votes are in no other number here. ``anyway`` were said to be beyond recounting and were recounted.
    """

    sentence: str
    sentences: tuple[str, ...]
    progress: Progress
    choices: tuple[ChoiceChange, ...]
    net: int
    gross: int
    units_changed: int
    groups: tuple[GroupChange, ...]
    lead: Lead | None
    bound: Bound | None
    projection: Projection
    cannot: tuple[UnitState, ...]
    partly: tuple[UnitState, ...]
    left: tuple[UnitState, ...]
    only_after: tuple[UnitState, ...]
    anyway: tuple[UnitState, ...]
