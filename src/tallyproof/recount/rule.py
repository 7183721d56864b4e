"""What a state's rule file says: dated recount law, deadlines, costs, certification, audits, paper."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class Basis(StrEnum):
    """Where a statement comes from: a source that was read, or memory that nobody has checked."""

    SOURCE = "source"
    MEMORY = "memory"


class Confidence(StrEnum):
    """How sure those who wrote the file are."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Then(StrEnum):
    """What follows where a test holds."""

    AUTOMATIC = "automatic"
    REQUESTABLE = "requestable"
    FREE = "free"
    DISCRETIONARY = "discretionary"


class Act(StrEnum):
    """What a deadline is for."""

    REQUEST = "request"
    WAIVER = "waiver"
    COURT_CONTEST = "court-contest"
    START = "start"
    COMPLETION = "completion"
    APPEAL = "appeal"


class Unit(StrEnum):
    """Units that deadlines are counted in; business days skip Saturdays, Sundays and legal holidays."""

    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business-days"


class Weekday(StrEnum):
    """Days of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Skipped(StrEnum):
    """Days that do not count."""

    SATURDAYS = "saturdays"
    SUNDAYS = "sundays"
    HOLIDAYS = "holidays"


EVENTS = {
    "election": "election day",
    "unofficial_returns": "the first unofficial returns",
    "county_computation": "the county's computation of all its returns",
    "county_canvass": "the canvass of the county",
    "last_county_canvass": "the canvass of the last county",
    "last_county_statement": "the state's receipt of the last county statement",
    "state_canvass": "the canvass of the state",
    "certification": "certification of the results",
    "declaration": "declaration of the results",
    "recount_determination": "the end of the recount",
    "recount_order": "the order for a recount",
    "court_adjournment": "adjournment of the board of canvass",
    "post_canvass_audit": "the end of a risk-limiting audit",
    "request": "the request",
    "november_end": "the last day of November",
    "december_wednesday": "the second Wednesday in December",
    "electors_meeting": "the meeting of the electors",
    "year_end": "the last day of the year",
}
"""Official acts that deadlines are counted from; when each happened is given or stands under ``[[act]]``.

The last four are days of the federal calendar, which follow from the election's year.
"""

Event = Annotated[str, Meta(pattern=r"^[a-z_]+$")]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every statement carries: the clause, and how it is known.

    ``memory`` names fields of this statement that nobody has checked while the rest is sourced.
    ``confidence`` and ``as_of`` are those of the file where absent.
    """

    citation: str
    basis: Basis
    memory: tuple[str, ...] = ()
    confidence: Confidence | None = None
    as_of: str = ""
    note: str = ""


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time counted from an act: "17:00 on the third business day after the last county statement".

    Either ``count`` and ``unit``, or ``ordinal`` and ``weekday`` ("second Wednesday after"), or neither
    (until the act itself), each ``after`` or ``before`` an event. ``at`` is the time of day, the end of
    the day where absent (hours: to the minute). ``skips`` are days that do not count; ``rolls`` moves a
    time that falls on a Saturday, Sunday or holiday to the next business day; ``rolls_from`` moves it from
    the days named alone. ``later_of`` and ``earlier_of`` choose among other moments instead.
    """

    count: int | None = None
    unit: Unit | None = None
    ordinal: int | None = None
    weekday: Weekday | None = None
    after: Event | None = None
    before: Event | None = None
    at: time | None = None
    skips: tuple[Skipped, ...] = ()
    rolls: bool = False
    rolls_from: tuple[Skipped, ...] = ()
    later_of: tuple[Moment, ...] = ()
    earlier_of: tuple[Moment, ...] = ()


class Scoped(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement for some contests: those with one of the words of ``scope`` and none of ``excluding``.

    The words are those of ``recount.office``: any, candidate, question, president, statewide, county …
    """

    scope: tuple[str, ...] = ("any",)
    excluding: tuple[str, ...] = ()


class Test(Scoped, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition by name and what follows where it holds; without ``when`` it always does.

    ``returns`` says which returns it reads, ``stage`` orders tests that follow one another, ``waivable_by``
    who may give it up (with a deadline of act ``waiver``), ``method`` how the recount is made.
    """

    name: str
    then: Then
    when: str = ""
    stage: Annotated[int, Meta(ge=1)] = 1
    returns: str = ""
    waivable_by: str = ""
    method: str = ""


class Requester(Scoped, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may ask. ``when`` is a further test on the one who asks (``margin_petitioner``).

    ``number`` people together, ``per`` area; ``partial`` where parts of the office may be named.
    ``discretionary`` where somebody weighs an allegation, such as a chance of winning.
    """

    who: str
    words: str
    kind: Annotated[str, Meta(pattern=r"^(candidate|party|voter|voters|official|winner)$")]
    when: str = ""
    number: Annotated[int, Meta(ge=1)] = 1
    per: str = ""
    discretionary: str = ""


class Deadline(Scoped, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Until when an act is in time, in the law's words and as a moment; and from when, where it opens.

    ``automatic`` where it is for automatic recounts only.
    """

    act: Act
    words: str
    automatic: bool = False
    closes: Moment | None = None
    opens: Moment | None = None


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A price: amounts in US dollars as decimal text, for the first tier whose ``when`` holds.

    ``per`` names other units than precincts and ballots, such as "house district". ``included`` units are
    free. ``actual`` where the actual cost is charged.
    """

    name: str = ""
    when: str = ""
    fixed: str = "0"
    per_precinct: str = "0"
    per_ballot: str = "0"
    per_area: str = "0"
    area: str = ""
    included: Annotated[int, Meta(ge=0)] = 0
    actual: bool = False


class Cost(Scoped, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who pays, what, in which form, and when it is returned.

    ``form`` is fee, deposit, bond, estimate (prepaid, settled by actual cost) or none. ``choices`` where
    the payer chooses among the tiers (method, area), else the first that holds applies. ``refund`` is in
    words; ``refund_when`` as a test of what the recount shows, where the law gives one.
    """

    payer: str
    words: str
    form: Annotated[str, Meta(pattern=r"^(fee|deposit|bond|estimate|none)$")] = "none"
    tiers: tuple[Tier, ...] = ()
    choices: bool = False
    cap: str = ""
    refund: str = ""
    refund_when: str = ""


class Law(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version of a state's recount law, for elections from a day to a day.

    ``effective_from`` is the first election day for which it is known to hold, not always its first;
    ``file_with``, ``method`` and ``area`` (what may be recounted) are in words.
    """

    effective_from: date
    effective_to: date | None = None
    tests: Annotated[tuple[Test, ...], Meta()] = msgspec.field(name="test", default=())
    requesters: tuple[Requester, ...] = msgspec.field(name="requester", default=())
    deadlines: tuple[Deadline, ...] = msgspec.field(name="deadline", default=())
    costs: tuple[Cost, ...] = msgspec.field(name="cost", default=())
    no_request: str = ""
    file_with: str = ""
    method: str = ""
    area: str = ""


class Certification(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a level certifies: the rule in words and as a moment, for elections from a day to a day."""

    level: Annotated[str, Meta(pattern=r"^(county|state)$")]
    words: str
    by: Moment | None = None
    effective_from: date | None = None
    effective_to: date | None = None


class KnownAct(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An act with its day, for one election."""

    election: date
    event: Event
    on: date
    at: time | None = None


class AuditLaw(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The audit that a state makes: type, scope, timing, whether it binds the result."""

    type: str
    scope: str = ""
    timing: str = ""
    binding: bool | None = None
    effective_from: date | None = None
    effective_to: date | None = None


class Paper(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether votes have a paper record that the voter could see, in an election year or from one on."""

    category: str
    detail: str = ""
    year: int | None = None


class StateRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file: one of the 50 states or DC."""

    state: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
    name: str
    as_of: str
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""
    laws: tuple[Law, ...] = msgspec.field(name="law", default=())
    certifications: tuple[Certification, ...] = msgspec.field(name="certification", default=())
    acts: tuple[KnownAct, ...] = msgspec.field(name="act", default=())
    audits: tuple[AuditLaw, ...] = msgspec.field(name="audit", default=())
    papers: tuple[Paper, ...] = msgspec.field(name="paper", default=())
