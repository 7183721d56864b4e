"""Audits of several contests from one draw: each contest's risk and verdict, and how far the next round goes.

Every card has one ticket. A contest's sample is the ``size`` lowest tickets among the cards that bear it, in
the order of their tickets: cards beyond, drawn for other contests, say nothing of it, since cards of this
contest before them were skipped (Glazer, Spertus and Stark 2020). A later round raises the size; what was
drawn stays at the beginning of the sample, so the risk may be looked at after each round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from tallyproof.audit.card_audit import (
    AssertionRisk,
    CardAudit,
    CardAuditAnswer,
    Sampled,
    samples,
    solve_card_audit,
)
from tallyproof.audit.contest import Contest, Count, RiskLimit, claims_of
from tallyproof.audit.contests_size import (
    ContestSize,
    Quantile,
    Replications,
    Seed,
    Simulation,
    Span,
    StyleCards,
    Styles,
    expected_cards,
    largest,
    merged,
    over_spans,
    planned,
    span_of,
    with_phantoms,
)
from tallyproof.audit.drawn_cards import Design, DrawnCards, PoolTotals, Shown, design_of
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.methods import OneBet, bet_of
from tallyproof.errors import RequestError

Ticket = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="as a contest draw gives it")]


class ContestSample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A contest, how many cards its sample has so far, and how it is judged.

    ``size`` is that of the draw; it is not asked where cards are drawn alike. The rest is as in a card audit.
    """

    contest: Contest
    size: Count = 0
    pools: dict[str, PoolTotals] = {}
    method: OneBet | None = None
    hand_count: dict[str, Count] | None = None
    hand_count_rankings: tuple[EqualBallots, ...] = ()
    not_found: Count = 0


class SampledCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card that was drawn: the contests on it by its style, its own record or its pool, and its paper.

    ``record`` and ``paper`` say by contest what is shown; a contest of the style that the record or paper
    does not name is not on it. Where cards are drawn alike styles are not asked. A card that nobody found has
    ``found`` false and no paper.
    """

    id: Annotated[str, Meta(min_length=1)]
    ticket: Ticket
    contests: tuple[str, ...] = ()
    paper: dict[str, Shown] = {}
    record: dict[str, Shown] | None = None
    pool: str | None = None
    found: bool = True


class ContestsAudit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="contests_audit"
):
    """Several contests and all cards drawn so far, each once.

    ``styles`` are those of all cards; they are needed where cards are drawn alike ("uniform"), and for the
    number of cards that the next round is expected to add.
    """

    contests: Annotated[dict[str, ContestSample], Meta(min_length=1)]
    cards: tuple[SampledCard, ...]
    styles: Styles = ()
    draw: Literal["by style", "uniform"] = "by style"
    risk_limit: RiskLimit = 0.05
    quantile: Quantile = 0.8
    replications: Replications = 400
    seed: Seed = 1


class ContestVerdict(msgspec.Struct, frozen=True):
    """A contest's verdict, why, its risks, and where the audit goes on the size that its next round needs.

    ``next`` supposes that the cards left are like those drawn; its ``cards`` count those already drawn, and
    are null where all cards are counted by hand.
    """

    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    design: Design
    cards: int
    assertions: tuple[AssertionRisk, ...]
    next: ContestSize | None = None


class ContestsAuditAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="contests_audit"):
    """Every contest's verdict; ``finished`` where no contest goes on.

    ``new_cards`` is the number that the next round is expected to add to the ``drawn`` ones, rounded up;
    null without styles. Its ``low`` and ``high`` are that number if every next size is at its own low or
    high end, null where none was simulated.
    """

    contests: dict[str, ContestVerdict]
    finished: bool
    drawn: int
    new_cards: int | None
    new_cards_low: int | None
    new_cards_high: int | None


def solve_contests_audit(problem: ContestsAudit) -> ContestsAuditAnswer:
    """Risk, verdict and next size of each contest.

    Raises RequestError for an id or ticket that stands twice, unknown contests, records of another style,
    pools whose cards do not all bear the same contests, and for fewer cards than a contest's size.
    """
    _check_pools(problem)
    in_order = _in_order(problem)
    audits = {name: _audit(problem, name, in_order) for name in problem.contests}
    found = {name: _judged(problem, audit) for name, audit in audits.items()}
    finished = not any(_is_open(audits[name], each) for name, each in found.items())
    drawn = len(in_order)
    if not problem.styles:
        return ContestsAuditAnswer(found, finished, drawn, None, None, None)
    more = _new_cards(problem, audits, found)
    low, high = more.ends
    return ContestsAuditAnswer(found, finished, drawn, more.cards, low, high)


def _in_order(problem: ContestsAudit) -> list[SampledCard]:
    """All cards by ticket."""
    ids, tickets = [card.id for card in problem.cards], [card.ticket for card in problem.cards]
    for what, values in (("an id", ids), ("a ticket", tickets)):
        twice = [value for value, times in Counter(values).items() if times > 1]
        if twice:
            raise RequestError(f"'cards' must each have {what} of its own; {twice[0]} stands more than once.")
    for card in problem.cards:
        _check(card, problem)
    return sorted(problem.cards, key=lambda card: card.ticket)


def _check(card: SampledCard, problem: ContestsAudit) -> None:
    unknown = {*card.contests, *card.paper, *(card.record or ())} - set(problem.contests)
    if unknown:
        raise RequestError(
            f"'cards': {card.id} names {', '.join(sorted(unknown))}, not a contest of this audit."
        )
    other = card.record is not None and set(card.record) != set(card.contests)
    if other and problem.draw == "by style":
        raise RequestError(f"'cards': the record of {card.id} must show the contests of its style, no other.")
    if not card.found and card.paper:
        raise RequestError(f"'cards': {card.id} was not found and has a paper.")


def _check_pools(problem: ContestsAudit) -> None:
    """Refuse a pool that is not of the same cards for all its contests.

    All its cards must count for the same contests (Stark 2023): its mean in a contest is over all of them, so
    a card left out of that contest's sample would leave the mean without its part.
    """
    found: dict[str, dict[str, int]] = {}
    for name, given in problem.contests.items():
        for pool, totals in given.pools.items():
            found.setdefault(pool, {})[name] = totals.cards
    for pool, sizes in found.items():
        if len(set(sizes.values())) > 1:
            told = ", ".join(f"{cards:,} in {name}" for name, cards in sizes.items())
            raise RequestError(
                f"'pools': {pool} must have as many cards in each of its contests; it has {told}."
            )
    for card in problem.cards if problem.draw == "by style" else ():
        contests = found.get(card.pool or "")
        if contests is not None and set(card.contests) != set(contests):
            raise RequestError(
                f"'cards': {card.id} is of pool {card.pool}, whose cards count for {', '.join(contests)}; "
                f"its 'contests' are {', '.join(card.contests) or 'none'}. All cards of a pool must have the "
                "same."
            )


def _audit(problem: ContestsAudit, name: str, in_order: Sequence[SampledCard]) -> CardAudit:
    """The audit of one contest, with the cards that speak for it in the order of their tickets."""
    given, alike = problem.contests[name], problem.draw == "uniform"
    bearing = [card for card in in_order if alike or name in card.contests]
    contest = given.contest
    if alike:
        contest = msgspec.structs.replace(contest, cards=_all_cards(problem))
    elif len(bearing) < given.size:
        raise RequestError(
            f"'cards' hold {len(bearing):,} with {name}, fewer than its 'size', {given.size:,}. List also "
            "a card that was not found."
        )
    drawn = tuple(_of_contest(card, name) for card in (bearing if alike else bearing[: given.size]))
    return CardAudit(
        contest,
        drawn,
        given.pools,
        styles=not alike,
        method=given.method,
        risk_limit=problem.risk_limit,
        hand_count=given.hand_count,
        hand_count_rankings=given.hand_count_rankings,
        not_found=given.not_found,
    )


def _of_contest(card: SampledCard, name: str) -> DrawnCards:
    absent = Shown(state="contest not on card")
    paper = card.paper.get(name, absent) if card.found else Shown(state="not found")
    record = None if card.record is None else card.record.get(name, absent)
    return DrawnCards(paper, record, card.pool)


def _all_cards(problem: ContestsAudit) -> int:
    cards = sum(style.cards for style in _frame(problem))
    if cards < len(problem.cards):
        raise RequestError(f"'styles' hold {cards:,} cards, fewer than the {len(problem.cards):,} drawn.")
    return cards


def _frame(problem: ContestsAudit) -> tuple[StyleCards, ...]:
    if not problem.styles:
        raise RequestError("'styles' of all cards are needed where cards are drawn alike.")
    return with_phantoms({name: each.contest for name, each in problem.contests.items()}, problem.styles)


def _judged(problem: ContestsAudit, audit: CardAudit) -> ContestVerdict:
    answer = solve_card_audit(audit)
    going_on = answer.verdict == "continue"
    return ContestVerdict(
        answer.verdict,
        answer.sentence,
        answer.reasons,
        answer.design,
        answer.draws,
        answer.assertions,
        _next_size(problem, audit, answer) if going_on else None,
    )


def _next_size(problem: ContestsAudit, audit: CardAudit, answer: CardAuditAnswer) -> ContestSize:
    """The largest size of the assertions not yet confirmed, if the cards left are like those drawn."""
    tally, claims = claims_of(audit.contest)
    asked = Simulation(problem.risk_limit, problem.quantile, problem.replications, problem.seed)
    still_open = {each.claim for each in answer.assertions if each.risk > problem.risk_limit}
    sizes = [
        _as_seen(each, tally.cards, asked)
        for each in samples(audit, tally, claims, design_of(audit.drawn, audit.pools))
        if each.claim in still_open
    ]
    return largest(sizes)


def _as_seen(seen: Sampled, cards: int, asked: Simulation) -> ContestSize:
    """The size for one assertion: values among the cards left occur as often as among those drawn."""
    values, counts = np.unique(seen.values, return_counts=True)
    if not len(values):
        values, counts = np.array([seen.expected]), np.array([1])
    left = cards - len(seen.values)
    whole = np.floor(counts * left / counts.sum()).astype(np.int64)
    whole[int(counts.argmax())] += left - int(whole.sum())
    bet = bet_of(seen.method, seen.population, seen.expected)
    found = planned(
        merged(values.tolist(), whole.tolist()), seen.population, bet, asked, seen.values.tolist()
    )
    return msgspec.structs.replace(found, claim=seen.claim, margin=seen.margin)


def _new_cards(
    problem: ContestsAudit, audits: Mapping[str, CardAudit], found: Mapping[str, ContestVerdict]
) -> Span:
    """Cards that the next round adds: by style those of the larger sizes less those of today's."""
    wanted = {name: _wanted(audits[name], each) for name, each in found.items()}
    if problem.draw == "uniform":
        return over_spans(wanted, lambda sizes: max(sizes.values()) - len(problem.cards))
    contests = {name: audit.contest for name, audit in audits.items()}
    today = {name: each.cards for name, each in found.items()}
    frame = _frame(problem)
    before = expected_cards(frame, contests, today)
    return over_spans(wanted, lambda sizes: expected_cards(frame, contests, sizes) - before)


def _wanted(audit: CardAudit, found: ContestVerdict) -> Span:
    """Cards of the contest's sample after the next round: all where only a full count can tell."""
    if found.next is not None:
        return span_of(found.next, audit.contest.cards)
    cards = audit.contest.cards if _is_open(audit, found) else found.cards
    return Span(cards, cards, cards, simulated=False)


def _is_open(audit: CardAudit, found: ContestVerdict) -> bool:
    """Whether there is more to do: draw again, or count all by hand."""
    if found.verdict == "cannot be confirmed":
        return audit.hand_count is None
    return found.verdict in ("continue", "full hand count")
