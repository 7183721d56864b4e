"""Deadlines alone, or costs alone: parts of the answer for those who need no more."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.errors import RequestError
from tallyproof.recount import deadlines
from tallyproof.recount.calendar import Office, reckon
from tallyproof.recount.evaluate import evaluate, known_acts, law_on, within, words_for
from tallyproof.recount.loading import moment_faults
from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import (
    CAUTION,
    CostAnswer,
    DeadlineAnswer,
    Knowledge,
    RecountOptions,
    Standing,
    Verdict,
    Votes,
)
from tallyproof.recount.rule import EVENTS, Moment, StateRules

_ANY = Office(dt.UTC, lambda day: False)
"""Costs depend on no clock."""


class RecountDeadline(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recount_deadline",
    kw_only=True,
):
    """The deadlines of a contest, or one moment counted by the clock and holidays of a state.

    ``acts`` holds days or times of official acts by the words of ``rule.EVENTS``.
    """

    state: str
    date: dt.date
    office: str = "president"
    election: str = "general"
    seats: Annotated[int, Meta(ge=1)] = 1
    on: dt.datetime | None = None
    acts: dict[str, str] = {}
    moment: Moment | None = None


class MomentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One moment counted: the time with its zone, None where an act in ``needs`` has no known day.

    ``earliest`` is given where ``at`` is but the latest time, for the hour of an act is not known.
    """

    at: dt.datetime | None
    earliest: dt.datetime | None = None
    starts: dt.datetime | None
    chain: tuple[str, ...]
    needs: tuple[str, ...]
    standing: Standing


class RecountDeadlineAnswer(
    msgspec.Struct, frozen=True, tag_field="kind", tag="recount_deadline", kw_only=True
):
    """Deadlines of the law that holds for the election day, or the one moment that was asked for."""

    state: str
    state_name: str
    on: dt.datetime
    sentence: str
    deadlines: tuple[DeadlineAnswer, ...]
    moment: MomentAnswer | None
    caution: str = CAUTION


class RecountCost(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recount_cost",
    kw_only=True,
):
    """What a recount costs the one who asks: votes by choice, or margin and total.

    ``numbers`` holds precincts, ballots and areas to be recounted, where the price is per one of them.
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
    numbers: dict[str, Votes] = {}
    only_two: bool = False


class RecountCostAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="recount_cost", kw_only=True):
    """The costs of the law that holds for the election day; ``free`` is None where it cannot be decided."""

    state: str
    state_name: str
    verdict: Verdict
    free: bool | None
    sentence: str
    costs: tuple[CostAnswer, ...]
    known: Knowledge | None
    caution: str = CAUTION


def deadlines_of(
    problem: RecountDeadline, rules: StateRules, office: Office, on: dt.datetime
) -> RecountDeadlineAnswer:
    """Count the deadlines of a contest, or the one moment given. Raises RequestError."""
    contest = RecountOptions(
        state=rules.state,
        date=problem.date,
        office=problem.office,
        election=problem.election,
        seats=problem.seats,
        acts=problem.acts,
    )
    words = words_for(contest)
    acts = known_acts(contest, rules)
    if problem.moment is not None:
        _require(problem.moment)
        reckoned = reckon(problem.moment, acts, office)
        standing = deadlines.standing_of(reckoned, on)
        needed = ", ".join(EVENTS[event] for event in reckoned.needs)
        said = (
            deadlines.said_between(reckoned.earliest, reckoned.at)
            if reckoned.at
            else f"It is not known when this was: {needed}"
        )
        found = MomentAnswer(
            at=reckoned.at,
            earliest=reckoned.earliest,
            starts=reckoned.starts,
            chain=reckoned.chain,
            needs=reckoned.needs,
            standing=standing,
        )
        return _answer(rules, on, f"{said}.", (), found)
    law = law_on(rules, problem.date)
    if law is None:
        return _answer(
            rules, on, f"No rule known for {in_sentence(rules.name)} on {problem.date:%Y-%m-%d}.", (), None
        )
    times = tuple(deadlines.stand(each, acts, office, on, rules) for each in within(law.deadlines, words))
    asking = [each.sentence for each in times if each.act == "request"]
    none = f"We know of no deadline to ask for a recount in {in_sentence(rules.name)}."
    return _answer(rules, on, " ".join(asking) or none, times, None)


def _require(moment: Moment) -> None:
    """Raise RequestError for a moment that no rule file could hold."""
    for _, problem in moment_faults(moment, ""):
        raise RequestError(f"moment: {problem}.")
    for each in (*moment.later_of, *moment.earlier_of):
        _require(each)


def _answer(
    rules: StateRules,
    on: dt.datetime,
    sentence: str,
    times: tuple[DeadlineAnswer, ...],
    moment: MomentAnswer | None,
) -> RecountDeadlineAnswer:
    return RecountDeadlineAnswer(
        state=rules.state,
        state_name=rules.name,
        on=on,
        sentence=sentence,
        deadlines=times,
        moment=moment,
    )


def cost_of(problem: RecountOptions, rules: StateRules) -> RecountCostAnswer:
    """What the law charges the one who asks. Raises RequestError for impossible numbers."""
    now = dt.datetime.combine(problem.date, dt.time(0), _ANY.zone)
    found = evaluate(problem, rules, _ANY, now)
    return RecountCostAnswer(
        state=found.state,
        state_name=found.state_name,
        verdict=found.verdict,
        free=found.free,
        sentence=cost_sentence(found.costs, found.free, found.verdict, in_sentence(rules.name)),
        costs=found.costs,
        known=found.known,
    )


def cost_sentence(costs: tuple[CostAnswer, ...], free: bool | None, verdict: Verdict, name: str) -> str:
    """What the one who asks pays, in a sentence."""
    if verdict is Verdict.NO_RULE_KNOWN:
        return f"No rule known for {name} on that day."
    if verdict is Verdict.AUTOMATIC:
        return "The recount is automatic, so nobody has to ask and pay for it."
    if free:
        return "Free of charge for the one who asks."
    priced = [(each, tier) for each in costs if each.form != "none" for tier in each.tiers if tier.applies]
    if not priced:
        return " ".join(f"{each.words[:1].upper()}{each.words[1:]}." for each in costs) or (
            f"What it costs in {name} is not in our rules."
        )
    parts = [
        f"{tier.words} (${float(tier.amount):,.2f})".replace(".00)", ")") if tier.amount else tier.words
        for _, tier in priced
    ]
    unchecked = dict.fromkeys(each.known.citation for each, _ in priced if not each.has_checked_price)
    memory = f" The price is from memory: look it up in {' and '.join(unchecked)}." if unchecked else ""
    return f"For {priced[0][0].payer}: {'; or '.join(dict.fromkeys(parts))}.{memory}"
