"""What the law allows in one contest: the question and its answer."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

CAUTION = "Research, not legal advice: read the clause, and ask a lawyer of the state."

Votes = Annotated[int, Meta(ge=0, le=2**53 - 1, description="a whole number of votes")]


class Verdict(StrEnum):
    """What can be said of a recount, strongest first."""

    AUTOMATIC = "automatic"
    REQUESTABLE = "requestable"
    DISCRETIONARY = "discretionary"
    NOT_AVAILABLE = "not-available"
    CANNOT_BE_DECIDED = "cannot-be-decided"
    NO_RULE_KNOWN = "no-rule-known"


class Standing(StrEnum):
    """Where a deadline stands at the time of asking."""

    OPEN = "open"
    PAST = "past"
    NOT_YET_RUNNING = "not-yet-running"
    UNKNOWN = "unknown"


class RecountOptions(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recount_options",
    kw_only=True,
):
    """A contest of a state on an election day, and who asks, when.

    Give ``votes`` by choice, or ``margin`` with ``total``. ``acts`` holds days or times of official acts by
    the words of ``rule.EVENTS``, such as "2016-11-28T16:00". ``stages`` holds later margins by stage
    where the law reads other returns the second time. ``numbers`` holds further variables of the tests.
    """

    state: str
    date: dt.date
    office: str
    election: str = "general"
    votes: dict[str, Votes] = {}
    margin: Votes | None = None
    total: Votes | None = None
    seats: Annotated[int, Meta(ge=1)] = 1
    requester: str = ""
    on: dt.datetime | None = None
    acts: dict[str, str] = {}
    stages: dict[str, Votes] = {}
    numbers: dict[str, Votes] = {}
    only_two: bool = False


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """How a statement is known: shown beside every one."""

    citation: str
    basis: str
    memory: tuple[str, ...]
    confidence: str
    as_of: str
    note: str

    def is_checked(self, *fields: str) -> bool:
        """True where the statement, and each of these fields of it, has been read in a source."""
        return self.basis == "source" and not set(fields) & set(self.memory)


class ComparedAnswer(msgspec.Struct, frozen=True):
    """One comparison with exact sides such as "3/2", None where unknown."""

    text: str
    left: str | None
    sign: str
    right: str | None
    holds: bool | None


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A named test with its numbers; ``holds`` is None where it lacks the numbers named in ``missing``."""

    name: str
    then: str
    when: str
    stage: int
    returns: str
    holds: bool | None
    compared: tuple[ComparedAnswer, ...]
    missing: tuple[str, ...]
    waivable_by: str
    method: str
    sentence: str
    known: Knowledge


class RequesterAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may ask; ``qualifies`` is None where it cannot be said of the one who asks.

    ``kind`` is candidate, party, voter, voters, official or winner.
    """

    who: str
    kind: str
    words: str
    number: int
    per: str
    qualifies: bool | None
    because: str
    discretionary: str
    known: Knowledge


class DeadlineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline in the law's words; ``closes`` and ``opens`` with zone, None where unknown or from memory.

    ``earliest`` is given where ``closes`` is but the latest time, for the hour of an act is not known.
    ``starts`` is when time begins to run, None where it is counted back from an act; ``chain`` is how it
    was counted; ``needs`` the acts whose day is not known; ``look_up`` what to do where the rule itself is
    known from memory only.
    """

    act: str
    words: str
    closes: dt.datetime | None
    earliest: dt.datetime | None = None
    opens: dt.datetime | None
    starts: dt.datetime | None = None
    chain: tuple[str, ...]
    needs: tuple[str, ...]
    standing: Standing
    sentence: str
    look_up: str
    known: Knowledge


class TierAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A price that applies (or may be chosen): amounts in US dollars as decimal text.

    ``amount`` is worked out where the numbers for it are known.
    """

    name: str
    words: str
    applies: bool | None
    amount: str | None
    missing: tuple[str, ...]


class CostAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What it costs this requester; ``free`` is None where it cannot be decided."""

    payer: str
    words: str
    form: str
    free: bool | None
    tiers: tuple[TierAnswer, ...]
    cap: str
    refund: str
    known: Knowledge

    @property
    def has_checked_price(self) -> bool:
        """Whether amounts by this price may be stated: all that makes them has been read in a source."""
        return self.known.is_checked("tiers", "words", "cap")


class RecountOptionsAnswer(
    msgspec.Struct, frozen=True, tag_field="kind", tag="recount_options", kw_only=True
):
    """What the law allows: ``sentence`` first, then every condition, deadline and price behind it.

    ``law_from`` and ``law_to`` are the election days for which this version is known to hold.
    """

    state: str
    state_name: str
    office: str
    date: dt.date
    verdict: Verdict
    free: bool | None
    sentence: str
    requester: str
    numbers: dict[str, int]
    conditions: tuple[Condition, ...]
    requesters: tuple[RequesterAnswer, ...]
    deadlines: tuple[DeadlineAnswer, ...]
    costs: tuple[CostAnswer, ...]
    file_with: str
    method: str
    area: str
    note: str
    law_from: dt.date | None
    law_to: dt.date | None
    known: Knowledge | None
    sources: tuple[str, ...]
    caution: str = CAUTION
