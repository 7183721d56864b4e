"""The electoral calendar of a state: certification, federal days and audits, as they stand when asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from tallyproof.recount.calendar import Happened, Office, Reckoned, days_of, reckon
from tallyproof.recount.deadlines import said
from tallyproof.recount.evaluate import known_acts, words_for
from tallyproof.recount.federal import FederalRule, FederalRules, is_presidential
from tallyproof.recount.knowing import is_checked, known_of
from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import CAUTION, Knowledge, RecountOptions
from tallyproof.recount.rule import EVENTS, AuditLaw, Certification, Moment, Paper, StateRules, Told

NEAR = dt.timedelta(days=7)
"""A day is near from a week before."""

_DONE_BY = {
    "county": ("last_county_canvass", "county_canvass"),
    "state": ("certification", "state_canvass"),
}
"""The acts with which a level has certified, by their words in ``rule.EVENTS``."""

_TITLES = {"county": "the counties certify", "state": "the state certifies"}


class Stand(StrEnum):
    """Where an act stands at the time of asking."""

    DONE = "done"
    DONE_LATE = "done-late"
    AHEAD = "ahead"
    NEAR = "near"
    PASSED = "passed"
    UNKNOWN = "unknown"


class ElectoralCalendar(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="electoral_calendar",
    kw_only=True,
):  # fmt: skip
    """The acts that follow an election in a state; ``acts`` holds days known of them.

    Acts go by the words of ``rule.EVENTS``, such as "certification": "2016-12-01".
    """

    state: str
    date: dt.date
    office: str = "president"
    election: str = "general"
    on: dt.datetime | None = None
    acts: dict[str, str] = {}


class DueAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An act with the day it is due, and the day it took or takes place where that is known.

    ``by`` is None where the law sets no day that can be counted, or it is from memory: see ``look_up``.
    ``sentence`` says where it stands; ``warning`` is that sentence where the day is near, has passed
    without the act being known, or was missed, else empty.
    """

    level: str
    event: str
    title: str
    words: str
    by: dt.datetime | None
    happens: dt.date | None
    stand: Stand
    chain: tuple[str, ...]
    needs: tuple[str, ...]
    look_up: str
    sentence: str
    warning: str
    known: Knowledge


class AuditAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The audit that the law asks for; ``binding`` where it can change the result, None where not known."""

    type: str
    scope: str
    timing: str
    binding: bool | None
    known: Knowledge


class PaperAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether votes of that year have a paper record."""

    category: str
    detail: str
    known: Knowledge


class ElectoralCalendarAnswer(
    msgspec.Struct, frozen=True, tag_field="kind", tag="electoral_calendar", kw_only=True
):
    """Every act in the order of its day; ``missing`` are levels for whose certification no rule is known."""

    state: str
    state_name: str
    date: dt.date
    on: dt.datetime
    sentence: str
    warnings: tuple[str, ...]
    dues: tuple[DueAnswer, ...]
    missing: tuple[str, ...]
    audits: tuple[AuditAnswer, ...]
    papers: tuple[PaperAnswer, ...]
    sources: tuple[str, ...]
    caution: str = CAUTION


def calendar_of(
    problem: ElectoralCalendar,
    rules: StateRules,
    federal: FederalRules,
    offices: Mapping[str, Office],
    on: dt.datetime,
) -> ElectoralCalendarAnswer:
    """The calendar as it stands at ``on``; ``offices`` holds the clocks of "state" and "washington".

    Raises RequestError for an unknown office, type of election or act.
    """
    contest = RecountOptions(
        state=rules.state,
        date=problem.date,
        office=problem.office,
        election=problem.election,
        acts=problem.acts,
    )
    words_for(contest)
    acts = known_acts(contest, rules)
    certifications = [each for each in rules.certifications if _holds(each, problem.date)]
    dues = [_certified(each, acts, offices["state"], on, rules) for each in certifications]
    if problem.office == "president" and problem.election == "general":
        dues += _federal(problem.date, federal, offices, on)
    ordered = tuple(sorted(_settled(dues), key=_order))
    levels = {each.level for each in certifications}
    return ElectoralCalendarAnswer(
        state=rules.state,
        state_name=rules.name,
        date=problem.date,
        on=on,
        sentence=_sentence(in_sentence(rules.name), ordered, on),
        warnings=tuple(each.warning for each in ordered if each.warning),
        dues=ordered,
        missing=tuple(level for level in _TITLES if level not in levels),
        audits=tuple(_audit(each, rules) for each in rules.audits if _holds(each, problem.date)),
        papers=tuple(_paper(each, rules) for each in _papers(rules.papers, problem.date.year)),
        sources=(*rules.sources, *(federal.sources if any(each.level == "federal" for each in dues) else ())),
    )


def _settled(dues: list[DueAnswer]) -> list[DueAnswer]:
    """No warning of the counties where the state has certified, for which it needs theirs."""
    is_done = any(each.level == "state" and each.stand in (Stand.DONE, Stand.DONE_LATE) for each in dues)
    return [
        msgspec.structs.replace(each, warning="") if is_done and each.level == "county" else each
        for each in dues
    ]


def _order(due: DueAnswer) -> tuple[bool, float]:
    return due.by is None, due.by.timestamp() if due.by else 0.0


def _holds(rule: Certification | AuditLaw | FederalRule, day: dt.date) -> bool:
    """Whether this version is for elections of that day."""
    begun = rule.effective_from is None or rule.effective_from <= day
    return begun and (rule.effective_to is None or day <= rule.effective_to)


def _certified(
    rule: Certification, acts: Mapping[str, Happened], office: Office, on: dt.datetime, rules: StateRules
) -> DueAnswer:
    event = next((name for name in _DONE_BY[rule.level] if name in acts), _DONE_BY[rule.level][0])
    reckoned = _counted(rule, rule.by, acts, office)
    act = acts.get(event)
    if act and act.on > on.date() and act.known != "given":  # nobody knew of it when asked
        act = None
    return _due(rule, rule.level, event, _TITLES[rule.level], rule.words, reckoned, act, on,
                known_of(rule, rules))  # fmt: skip


def _federal(
    day: dt.date, federal: FederalRules, offices: Mapping[str, Office], on: dt.datetime
) -> list[DueAnswer]:
    """The days of a presidential election, each counted from those before; none for other elections."""
    if not is_presidential(day):
        return []
    acts = {"election": Happened(day), **days_of(day.year)}
    found = []
    for rule in (each for each in federal.rules if _holds(each, day)):
        reckoned = _counted(rule, rule.by, acts, offices[rule.place])
        if reckoned.at:
            acts[rule.event] = Happened(reckoned.at.date(), None, rule.citation)
        if rule.title:
            known = known_of(rule, federal)
            found.append(_due(rule, "federal", rule.event, rule.title, rule.words, reckoned, None, on, known))
    return found


def _counted(rule: Told, by: Moment | None, acts: Mapping[str, Happened], office: Office) -> Reckoned:
    """The day, unless nobody has checked the rule against its source."""
    if by is None or not is_checked(rule, "by", "words"):
        return Reckoned(None, ())
    return reckon(by, acts, office)


def _due(
    rule: Told, level: str, event: str, title: str, words: str, reckoned: Reckoned,
    act: Happened | None, on: dt.datetime, known: Knowledge,
) -> DueAnswer:  # fmt: skip
    stand = _stand(reckoned, act, on, is_act=level != "federal")
    checked = is_checked(rule, "by", "words")
    look_up = (
        ""
        if checked
        else f"Not checked against its source, so no day is counted: look it up in {rule.citation}."
    )
    sentence = f"{_upper(title)}: {_said(words, reckoned, act, stand, look_up)}"
    return DueAnswer(
        level=level,
        event=event,
        title=title,
        words=words,
        by=reckoned.at,
        happens=act.on if act else None,
        stand=stand,
        chain=reckoned.chain,
        needs=reckoned.needs,
        look_up=look_up,
        sentence=sentence,
        warning=sentence if stand in _WARNED else "",
        known=known,
    )


_WARNED = (Stand.NEAR, Stand.PASSED, Stand.DONE_LATE)


def _stand(reckoned: Reckoned, act: Happened | None, on: dt.datetime, *, is_act: bool) -> Stand:
    """Whether it is done or due; a day of the federal calendar is done by being there."""
    if act is not None and act.on <= on.date():
        is_late = reckoned.at is not None and act.on > reckoned.at.date()
        return Stand.DONE_LATE if is_late else Stand.DONE
    if reckoned.at is None:
        return Stand.UNKNOWN
    if on > reckoned.at:
        return Stand.PASSED if is_act else Stand.DONE
    return Stand.NEAR if reckoned.at - on <= NEAR else Stand.AHEAD


def _said(words: str, reckoned: Reckoned, act: Happened | None, stand: Stand, look_up: str) -> str:
    when = day_said(reckoned.at) if reckoned.at else ""
    known = f"{act.on:%a} {act.on.day} {act.on:%b %Y}" if act else ""
    match stand:
        case Stand.DONE if not act:
            return f"{when}; that day has passed."
        case Stand.DONE:
            return f"done {known}{f', due {when}' if when else ''}."
        case Stand.DONE_LATE:
            moved = "a recount or a court may have moved it"
            return f"done {known}, after the day that it was due, {when}; {moved}."
        case Stand.AHEAD | Stand.NEAR:
            return f"due {when}{f'; known for {known}' if known else ''}."
        case Stand.PASSED:
            return f"was due {when}; whether it was done is not known here."
    if look_up:
        return f"{words}. {look_up}"
    acts = ", ".join(EVENTS[event] for event in reckoned.needs)
    return f"{words}." + (f" It is not known when this was: {acts}." if acts else "")


def day_said(at: dt.datetime) -> str:
    """A day, with the time of day and its zone where the law sets one: "Tue 13 Dec 2016"."""
    if at.time() == dt.time(23, 59):
        return f"{at:%a} {at.day} {at:%b %Y}"
    return said(at)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(state: str, dues: Iterable[DueAnswer], on: dt.datetime) -> str:
    known = [each for each in dues if each.by]
    to_come = [each for each in known if each.by and each.by >= on and each.stand is not Stand.DONE]
    if not known:
        return f"No day of the calendar of {state} can be counted from what is known."
    if not to_come:
        return f"Every day of the calendar of {state} that we know lies before this time."
    first = to_come[0]
    assert first.by is not None  # those without a day were left out above
    return f"The next day for {state} is {day_said(first.by)}: {first.title}."


def _audit(rule: AuditLaw, rules: StateRules) -> AuditAnswer:
    return AuditAnswer(
        type=rule.type,
        scope=rule.scope,
        timing=rule.timing,
        binding=rule.binding,
        known=known_of(rule, rules),
    )


def _papers(papers: Iterable[Paper], year: int) -> list[Paper]:
    """What is said of that very year; else what is said of every year."""
    told = list(papers)
    return [each for each in told if each.year == year] or [each for each in told if each.year is None]


def _paper(paper: Paper, rules: StateRules) -> PaperAnswer:
    return PaperAnswer(category=paper.category, detail=paper.detail, known=known_of(paper, rules))
