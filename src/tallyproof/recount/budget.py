"""A plan for recounts in one or several states: the question, its answer, and what asking costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.errors import RequestError
from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import (
    CAUTION,
    CostAnswer,
    DeadlineAnswer,
    RecountOptions,
    RecountOptionsAnswer,
    TierAnswer,
    Verdict,
    Votes,
)
from tallyproof.recount.prices import dollars

Ask = Callable[[RecountOptions], RecountOptionsAnswer]
Dollars = Annotated[
    str, Meta(pattern=r"^([0-9]{1,12}(\.[0-9]{1,4})?)?$", description="US dollars, 3500000.50")
]
UNITS = ("precincts", "ballots", "areas")


class Jurisdiction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the state with what is to be recounted there, and how."""

    name: str
    precincts: Votes | None = None
    ballots: Votes | None = None
    areas: Votes | None = None
    method: str = ""


class StatedPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A price that somebody stated: an amount for the whole, or amounts per unit; ``source`` says who."""

    source: str
    amount: Dollars = ""
    per_precinct: Dollars = ""
    per_ballot: Dollars = ""
    per_area: Dollars = ""


class PlannedContest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A contest to be recounted: jurisdictions, a stated price, the price chosen where payers may choose."""

    contest: RecountOptions
    jurisdictions: tuple[Jurisdiction, ...] = ()
    stated: StatedPrice | None = None
    choose: str = ""


class RecountPlan(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recount_plan",
    kw_only=True,
):
    """Contests of one or several states, planned together as of the time ``on`` (now where absent)."""

    contests: Annotated[tuple[PlannedContest, ...], Meta(min_length=1)]
    on: dt.datetime | None = None


class BudgetLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one jurisdiction, or one choice of price, costs; ``amount`` is decimal text."""

    jurisdiction: str
    method: str
    words: str
    precincts: int | None
    ballots: int | None
    amount: str | None


class StateBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What asking costs in one state: between ``low`` and ``high``, None where unknown.

    ``basis`` is law, stated, memory (not checked: look it up), free, automatic or unknown.
    """

    state: str
    state_name: str
    office: str
    verdict: Verdict
    sentence: str
    cost: str
    low: str | None
    high: str | None
    basis: str
    source: str
    look_up: str
    form: str
    refund: str
    needs: tuple[str, ...]
    lines: tuple[BudgetLine, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One act with the time until which it is in time, in the order of the times."""

    state: str
    state_name: str
    office: str
    election: dt.date
    deadline: DeadlineAnswer


class RecountPlanAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="recount_plan", kw_only=True):
    """The budget and the checklist; sums of prices that were checked or stated, and of those from memory."""

    sentence: str
    states: tuple[StateBudget, ...]
    low: str
    high: str
    memory_low: str
    memory_high: str
    checklist: tuple[Task, ...]
    caution: str = CAUTION


def plan(problem: RecountPlan, asks: Sequence[Ask]) -> RecountPlanAnswer:
    """Budget and checklist of all contests; ``asks`` answers a question for each of them, in order.

    Raises RequestError for impossible numbers.
    """
    states, tasks = [], []
    for planned, ask in zip(problem.contests, asks, strict=True):
        whole = _whole(planned)
        found = ask(whole)
        states.append(_budget(planned, whole, found, ask))
        tasks += tasks_of(found)
    checked = [each for each in states if each.basis in {"law", "stated"}]
    memory = [each for each in states if each.basis == "memory"]
    return RecountPlanAnswer(
        sentence=_sentence(states),
        states=tuple(states),
        low=_sum(each.low for each in checked),
        high=_sum(each.high for each in checked),
        memory_low=_sum(each.low for each in memory),
        memory_high=_sum(each.high for each in memory),
        checklist=tuple(sorted(tasks, key=_due)),
    )


def tasks_of(found: RecountOptionsAnswer) -> list[Task]:
    """The deadlines of a contest as tasks."""
    return [
        Task(
            state=found.state,
            state_name=found.state_name,
            office=found.office,
            election=found.date,
            deadline=each,
        )
        for each in acts_ahead(found)
    ]


def acts_ahead(found: RecountOptionsAnswer) -> list[DeadlineAnswer]:
    """The deadlines of a contest, without that of a waiver where there is nothing to waive."""
    automatic = found.verdict in {Verdict.AUTOMATIC, Verdict.CANNOT_BE_DECIDED}
    return [each for each in found.deadlines if each.act != "waiver" or automatic]


def _due(task: Task) -> tuple[int, float, str]:
    """Times first, then what lacks the day of an act, then what has to be looked up."""
    deadline = task.deadline
    end = deadline.earliest or deadline.closes
    if end is not None:
        return 0, end.timestamp(), task.state
    return (2 if deadline.look_up else 1), 0.0, task.state


def _whole(planned: PlannedContest) -> RecountOptions:
    """The contest with the units of all its jurisdictions."""
    numbers = dict(planned.contest.numbers)
    for unit in UNITS:
        counts = [getattr(each, unit) for each in planned.jurisdictions]
        if not counts or None in counts:
            continue
        if numbers.get(unit, sum(counts)) != sum(counts):
            raise RequestError(
                f"{planned.contest.state}: {numbers[unit]:,} {unit} are given, but its jurisdictions have "
                f"{sum(counts):,}. Give one of them."
            )
        numbers[unit] = sum(counts)
    return msgspec.structs.replace(planned.contest, numbers=numbers)


_NO_PRICE = {
    Verdict.NOT_AVAILABLE: "no recount can be asked for, so there is no price",
    Verdict.NO_RULE_KNOWN: "no rule known for that day",
}


def _budget(
    planned: PlannedContest, whole: RecountOptions, found: RecountOptionsAnswer, ask: Ask
) -> StateBudget:
    if found.verdict in _NO_PRICE:
        return _state(found, _NO_PRICE[found.verdict], basis="unknown")
    if found.verdict is Verdict.AUTOMATIC:
        return _state(found, "automatic, so nobody has to ask and pay for it", "0", "0", "automatic")
    if planned.stated is not None:
        return _stated(planned, planned.stated, whole, found)
    if found.free:
        return _state(found, "free of charge for the one who asks", "0", "0", "free")
    costs = [each for each in found.costs if each.form != "none"]
    if not costs:
        said = " ".join(each.words for each in found.costs)
        return _state(found, said or "what it costs is not in our rules", basis="unknown")
    return _by_law(planned, whole, found, costs, ask)


def _state(
    found: RecountOptionsAnswer,
    cost: str,
    low: str | None = None,
    high: str | None = None,
    basis: str = "law",
    **more: object,
) -> StateBudget:
    told = {
        "source": "", "look_up": "", "form": "", "refund": "", "needs": (), "lines": (), **more,
    }  # fmt: skip
    return StateBudget(
        state=found.state,
        state_name=found.state_name,
        office=found.office,
        verdict=found.verdict,
        sentence=found.sentence,
        cost=cost,
        low=low,
        high=high,
        basis=basis,
        **told,  # type: ignore[arg-type]
    )


def _stated(
    planned: PlannedContest, price: StatedPrice, whole: RecountOptions, found: RecountOptionsAnswer
) -> StateBudget:
    """What somebody stated, per unit where that is how they stated it."""
    rates = {unit: Fraction(getattr(price, f"per_{unit[:-1]}") or 0) for unit in UNITS}
    if price.amount and any(rates.values()):
        raise RequestError(f"{found.state}: state an amount for the whole or amounts per unit, not both.")
    if not price.amount and not any(rates.values()):
        raise RequestError(f"{found.state}: state an amount, or an amount per precinct, ballot or area.")
    form, refund = _form(found.costs), _refund(found.costs)
    lines = (
        tuple(_line(each, rates, Fraction(0)) for each in planned.jurisdictions) if not price.amount else ()
    )
    missing = tuple(f"the number of {unit}" for unit in UNITS if rates[unit] and unit not in whole.numbers)
    if missing:
        return _state(
            found, "stated per unit", basis="unknown", needs=missing, source=price.source, lines=lines
        )
    units = sum((rates[unit] * whole.numbers.get(unit, 0) for unit in UNITS), Fraction(0))
    amount = dollars(Fraction(price.amount) if price.amount else units)
    return _state(
        found, "as stated", amount, amount, "stated",
        source=price.source, form=form, refund=refund, lines=lines,
    )  # fmt: skip


def _by_law(
    planned: PlannedContest,
    whole: RecountOptions,
    found: RecountOptionsAnswer,
    costs: Sequence[CostAnswer],
    ask: Ask,
) -> StateBudget:
    """What the tiers of the law say; a range where the payer chooses or the tier is not decided."""
    picked = [
        (cost_at, tier_at, cost, tier)
        for cost_at, cost in enumerate(found.costs)
        if cost in costs
        for tier_at, tier in enumerate(cost.tiers)
        if tier.applies is not False and planned.choose.casefold() in f"{tier.name} {tier.words}".casefold()
    ]
    if planned.choose and not picked:
        names = [tier.name for cost in costs for tier in cost.tiers]
        raise RequestError(f"{found.state}: no price fits '{planned.choose}': {', '.join(names)}.")
    needs = _needs(found, [tier for _, _, _, tier in picked])
    amounts = [_capped(tier.amount, cost) for _, _, cost, tier in picked if tier.amount is not None]
    memory = not all(cost.has_checked_price for cost in costs)
    words = "; or ".join(dict.fromkeys(tier.words for _, _, _, tier in picked)) or costs[0].words
    known = not needs and amounts
    lines: list[BudgetLine] = []
    for cost_at, tier_at, _, tier in picked:
        lines += _lines(planned, whole, tier, _rates(whole, ask, cost_at, tier_at))
    return _state(
        found,
        words,
        dollars(min(amounts)) if known else None,
        dollars(max(amounts)) if known else None,
        ("memory" if memory else "law") if known else "unknown",
        source=costs[0].known.citation,
        look_up=f"The price is from memory. Look it up in {costs[0].known.citation}." if memory else "",
        form=_form(costs),
        refund=_refund(costs),
        needs=needs,
        lines=tuple(lines),
    )


def _needs(found: RecountOptionsAnswer, tiers: Sequence[TierAnswer]) -> tuple[str, ...]:
    names = dict.fromkeys(f"the number of {name}" for tier in tiers for name in tier.missing)
    if any(tier.amount is None and not tier.missing for tier in tiers):
        names["an estimate of the actual cost"] = None
    if not tiers:
        names[f"the price in {in_sentence(found.state_name)}"] = None
    return tuple(names)


def _rates(whole: RecountOptions, ask: Ask, cost_at: int, tier_at: int) -> dict[str, Fraction] | None:
    """What one more unit costs, and "fixed"; None where prices do not grow evenly with the units."""

    def amount(**units: int) -> Fraction | None:
        numbers = {**whole.numbers, **dict.fromkeys(UNITS, 0), **units}
        tier = ask(msgspec.structs.replace(whole, numbers=numbers)).costs[cost_at].tiers[tier_at]
        return None if tier.amount is None else Fraction(tier.amount)

    fixed = amount()
    if fixed is None:
        return None
    rates = {unit: (amount(**{unit: 100}) or fixed) - fixed for unit in UNITS}
    even = fixed + sum(rate * whole.numbers.get(unit, 0) / 100 for unit, rate in rates.items())
    given = {unit: whole.numbers.get(unit, 0) for unit in UNITS}
    if even != amount(**given):
        return None
    return {"fixed": fixed, **{unit: rate / 100 for unit, rate in rates.items()}}


def _lines(
    planned: PlannedContest, whole: RecountOptions, tier: TierAnswer, rates: dict[str, Fraction] | None
) -> list[BudgetLine]:
    if rates is None or not planned.jurisdictions or tier.amount is None:
        return [
            BudgetLine(
                jurisdiction="",
                method="",
                words=tier.words if tier.words == tier.name else f"{tier.name}: {tier.words}",
                precincts=whole.numbers.get("precincts"),
                ballots=whole.numbers.get("ballots"),
                amount=tier.amount,
            )
        ]
    once = _line(Jurisdiction(name="once, for the whole"), rates, rates["fixed"], tier.words)
    parts = [_line(each, rates, Fraction(0), tier.words) for each in planned.jurisdictions]
    return [once, *parts] if rates["fixed"] else parts


def _line(
    part: Jurisdiction, rates: dict[str, Fraction], fixed: Fraction, words: str = "as stated"
) -> BudgetLine:
    known = all(getattr(part, unit) is not None for unit in UNITS if rates[unit]) or fixed > 0
    amount = fixed + sum(rates[unit] * (getattr(part, unit) or 0) for unit in UNITS)
    return BudgetLine(
        jurisdiction=part.name,
        method=part.method,
        words=words,
        precincts=part.precincts,
        ballots=part.ballots,
        amount=dollars(amount) if known else None,
    )


def _capped(amount: str | None, cost: CostAnswer) -> Fraction:
    value = Fraction(amount or 0)
    return min(value, Fraction(cost.cap)) if cost.cap else value


def _form(costs: Sequence[CostAnswer]) -> str:
    return next((each.form for each in costs if each.form != "none"), "")


def _refund(costs: Sequence[CostAnswer]) -> str:
    """When the money comes back; what is from memory says so."""
    for each in costs:
        if each.refund:
            unchecked = f" (from memory: look it up in {each.known.citation})"
            return each.refund if each.known.is_checked("refund") else f"{each.refund}{unchecked}"
    return ""


def _sum(amounts: object) -> str:
    return dollars(sum((Fraction(each) for each in amounts if each is not None), Fraction(0)))  # type: ignore[attr-defined]


def _thousands(amount: str) -> str:
    whole, dot, cents = amount.partition(".")
    return f"{int(whole):,}{dot}{cents}"


def between(low: str, high: str) -> str:
    """An amount or a range as people read it: "$973,250", "$457,900 to $915,800"."""
    return f"${_thousands(low)}" if low == high else f"${_thousands(low)} to ${_thousands(high)}"


def _sentence(states: Sequence[StateBudget]) -> str:
    """What asking costs altogether, then what is left out of that sum and why."""
    checked = [each for each in states if each.basis in {"law", "stated", "free", "automatic"}]
    parts = []
    if checked:
        total = between(_sum(each.low for each in checked), _sum(each.high for each in checked))
        parts.append(f"Asking in {_names(checked)} costs {total}.")
    for each in states:
        if each.basis == "memory" and each.low is not None and each.high is not None:
            parts.append(
                f"{each.state_name} would add {between(each.low, each.high)} by amounts from memory: "
                f"look them up in {each.source}."
            )
        if each.basis == "unknown":
            needs = f"needs {' and '.join(each.needs)}" if each.needs else each.cost
            parts.append(f"{each.state_name} is not in the sum: {needs}.")
    return " ".join(parts)


def _names(states: Sequence[StateBudget]) -> str:
    names = list(dict.fromkeys(each.state_name for each in states))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
