"""Compare a recount with the count before it: the answer put together, and said in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tallyproof.errors import RequestError
from tallyproof.recount import changes, projection
from tallyproof.recount.changes import Held, State
from tallyproof.recount.comparison import (
    Bound,
    ChoiceChange,
    Lead,
    Progress,
    Projection,
    RecountComparison,
    RecountComparisonAnswer,
    UnitState,
)


def solve_recount_comparison(problem: RecountComparison) -> RecountComparisonAnswer:
    """What changed, how far the recount is, and what it can still change.

    Raises RequestError where a unit is named twice, a choice is named that no unit has, or a unit changed by
    more than ``largest_change``.
    """
    _require_sensible(problem)
    units = changes.held(problem.units)
    _require_distinct(units)
    choices = changes.choices_of(units)
    can_win = _named(problem.choices, choices, "choices") or choices
    listed = _named(problem.listed, choices, "listed") or can_win
    now = projection.running(units, can_win)
    lead = projection.lead(units, now, problem.seats)
    by_choice = tuple(changes.choice_change(units, name, name in can_win, name in listed) for name in choices)
    two = (lead.winner, lead.loser) if lead else None
    limit = projection.bound(units, now, problem.seats)
    order = np.random.default_rng(problem.seed)
    projected = projection.project(units, lead, problem.largest_change, problem.confidence, order)
    far = changes.progress(units)
    net, gross = sum(each.net for each in by_choice), sum(each.gross for each in by_choice)
    cannot = changes.named(units, State.CANNOT)
    only_after = changes.named(units, State.ONLY_AFTER, "the first count has no such unit")
    sentences = [
        _progress(far, cannot),
        *_lead(lead, far),
        *_gross(by_choice, gross, far),
        *_bound(limit, lead, far),
        *_projection(projected, far),
        *_only_after(only_after),
    ]
    return RecountComparisonAnswer(
        sentence=" ".join(sentences[:2]),
        sentences=tuple(sentences),
        progress=far,
        choices=by_choice,
        net=net,
        gross=gross,
        units_changed=sum(_is_changed(each, choices) for each in units),
        groups=tuple(changes.groups(units, choices, two)),
        lead=lead,
        bound=limit,
        projection=projected,
        cannot=cannot,
        partly=changes.named(units, State.PARTLY, "numbers of the recount are missing"),
        left=changes.named(units, State.LEFT, "not recounted yet"),
        only_after=only_after,
        anyway=tuple(
            UnitState(each.unit.unit, each.unit.cannot, each.votes)
            for each in units
            if each.unit.cannot and each.state is State.RECOUNTED
        ),
    )


def _require_sensible(problem: RecountComparison) -> None:
    if problem.largest_change is not None and problem.largest_change < 1:
        raise RequestError(f"The largest change is {problem.largest_change:,}; it must be 1 vote or more.")
    if not 0.5 <= problem.confidence < 1:
        raise RequestError(f"The confidence is {problem.confidence:g}; it must be from 0.5 to below 1.")
    if problem.seed < 0:
        raise RequestError("The seed must be 0 or more.")


def _require_distinct(units: Sequence[Held]) -> None:
    seen: set[str] = set()
    for each in units:
        if each.unit.unit in seen:
            raise RequestError(f"'units' names {each.unit.unit} twice. Add its parts up, or name them apart.")
        seen.add(each.unit.unit)


def _named(given: Sequence[str], choices: Sequence[str], field: str) -> list[str]:
    """The choices named in this field, in the order of the count."""
    if unknown := [name for name in given if name not in choices]:
        known = ", ".join(choices)
        raise RequestError(f"'{field}' names {unknown[0]}, which no unit has. They have: {known}.")
    return [name for name in choices if name in given]


def _is_changed(each: Held, choices: Sequence[str]) -> bool:
    return each.state is State.RECOUNTED and any(changes.change(each, name) for name in choices)


# ---- sentences


def _progress(far: Progress, cannot: Sequence[UnitState]) -> str:
    done, whole = far.recounted, far.all
    text = f"{done.units:,} of {whole.units:,} units are recounted, with {_votes(done.votes)}"
    rest = [
        f"{part.units:,} {word} ({_votes(part.votes)})"
        for part, word in (
            (far.partly, "recounted in part"),
            (far.cannot, "cannot be recounted"),
            (far.left, "left" if far.left.units != 1 else "is left"),
        )
        if part.units
    ]
    end = f"; {', '.join(rest)}" if rest else ""
    if not cannot:
        return f"{text}{end}."
    return f"{text}{end}. The first count stands there, unchecked: {_reasons(cannot)}."


def _reasons(units: Sequence[UnitState]) -> str:
    """Each reason with its number of units, most frequent first."""
    counted: dict[str, int] = {}
    for each in units:
        counted[each.why] = counted.get(each.why, 0) + 1
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{why} ({number:,})" for why, number in ordered[:6]]
    return ", ".join([*shown, *(["other reasons"] if len(ordered) > 6 else [])])


def _lead(lead: Lead | None, far: Progress) -> list[str]:
    if lead is None:
        return ["There are no more choices than seats, so there is no margin."]
    if lead.now == 0:
        return [f"{lead.winner} and {lead.loser} are now tied; before, the margin was {abs(lead.before):,}."]
    before = f"{lead.before:,}" if lead.before >= 0 else f"{-lead.before:,} the other way"
    done = "" if far.recounted.units == far.all.units else " with what is recounted so far"
    return [
        f"{lead.winner} leads {lead.loser} by {lead.now:,} votes{done}; before the recount it was {before} "
        f"({lead.now - lead.before:+,})."
    ]


def _gross(by_choice: Sequence[ChoiceChange], gross: int, far: Progress) -> list[str]:
    if not far.recounted.units:
        return []
    votes = far.recounted.votes
    share = f", {100 * gross / votes:.3f} % of {_votes(votes)}" if votes > 0 else ""
    sentences = [f"Changes of all choices, up and down, add up to {gross:,}{share}."]
    own = [each for each in by_choice if each.listed]
    if len(own) < len(by_choice):
        moved, base = sum(each.gross for each in own), sum(each.before for each in own)
        of = f", {100 * moved / base:.4f} % of their own {_votes(base)}" if base > 0 else ""
        sentences.append(f"Those of the {len(own):,} listed choices add up to {moved:,}{of}.")
    unknown = sum(each.unknown for each in by_choice)
    if unknown:
        sentences.append(f"{unknown:,} changes are not known, because the first count is not known there.")
    return sentences


def _bound(limit: Bound | None, lead: Lead | None, far: Progress) -> list[str]:
    if limit is None:
        return []
    if limit.can_change is None:
        return ["Whether the outcome can still change cannot be said: votes are unknown."]
    if not limit.left:
        return ["Nothing is left to be recounted, so the outcome cannot change by this recount."]
    first, second = (limit.winner, limit.loser) if limit.lead >= 0 else (limit.loser, limit.winner)
    ahead = f"{first} leads {second} by {abs(limit.lead):,} in the units that are finished"
    if not limit.can_change:
        return [
            f"The outcome can no longer change: {ahead}, and the others hold at most {_votes(limit.left)}."
        ]
    return [
        f"The outcome can still change: {ahead}, and the others hold up to {_votes(limit.left)}.",
        *_rates(lead, far),
    ]


def _rates(lead: Lead | None, far: Progress) -> list[str]:
    """What the margin would have to lose per 1,000 votes left, beside what it changed so far."""
    rest = far.left.votes + far.partly.votes
    if lead is None or rest <= 0 or far.recounted.votes <= 0:
        return []
    needed, seen = 1000 * lead.now / rest, 1000 * (lead.now - lead.before) / far.recounted.votes
    return [
        f"For a tie the margin would have to fall by {needed:,.2f} votes for every 1,000 that are left; "
        f"so far it changed by {seen:+,.2f} for every 1,000 recounted."
    ]


def _projection(found: Projection, far: Progress) -> list[str]:
    if found.cannot:
        return [f"The final margin cannot be projected: {_lowered(found.cannot)}"]
    if not (far.left.units or far.partly.units):
        return []
    assumed = (
        f"that no unit's margin changes by more than the {found.largest_change:,} votes you assume"
        if found.is_assumed
        else f"that no unit holds more votes than it has ballots (so none changes by more than "
        f"{found.largest_change:,} votes)"
    )
    text = (
        f"Projected final margin: {found.expected:,.0f}, between {found.low:,} and {found.high:,} with "
        f"{100 * found.confidence:g} % confidence, provided that the units recounted so far are as a random "
        f"sample of all, and {assumed}."
    )
    if found.unlike.units:
        unlike = f"{found.unlike.units:,} units left ({_votes(found.unlike.votes)})"
        text += f" {unlike} are unlike any recounted one; the interval allows them everything."
    return [text, _tie(found)]


def _tie(found: Projection) -> str:
    if found.low is not None and found.low > 0:
        return "A tie or another outcome lies outside this interval."
    return "This interval does not settle the outcome."


def _lowered(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}" if first in {"No", "Nobody", "What"} else text


def _only_after(units: Sequence[UnitState]) -> list[str]:
    if not units:
        return []
    verb = "unit of the recount matches" if len(units) == 1 else "units of the recount match"
    votes = _votes(sum(each.votes for each in units))
    return [f"{len(units):,} {verb} none of the first count; {votes} there are in no number above."]


def _votes(number: int) -> str:
    return f"{number:,} vote" if number == 1 else f"{number:,} votes"
