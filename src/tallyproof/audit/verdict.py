"""The verdict on a contest: what its assertions' risks, or a full hand count, say of the reported outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tallyproof.audit.assertion import Assertion, Claims, Needed, Status, Tally, needed
from tallyproof.audit.outcome import Possible
from tallyproof.errors import RequestError
from tallyproof.risk.function import check_alpha


class Verdict(Enum):
    """What is to be done, or is known."""

    CONFIRMED = "confirmed"
    CONTINUE = "continue"
    FULL_HAND_COUNT = "full hand count"
    DIFFERENT_OUTCOME = "full hand count shows a different outcome"
    CANNOT = "cannot be confirmed"


@dataclass(frozen=True)
class MeasuredAssertion:
    """An assertion's claim, its margin over the records, and the measured risk that it is false.

    ``disproved`` where the cards examined leave no way for it to be true (their values prove the null).
    """

    claim: str
    margin: float
    risk: float
    disproved: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no risk."""
        if not 0 <= self.risk <= 1:
            raise RequestError(f"'risk' is {self.risk}; it must be from 0 to 1.")


@dataclass(frozen=True)
class HandCount:
    """Every card counted by hand: the outcome and tally on paper, and cards that nobody found.

    ``on_paper`` is the paper as the reported assertions see it, where that is another tally: in a ranked
    contest each set of assertions has its own.
    """

    claims: Claims
    tally: Tally
    not_found: int = 0
    on_paper: Tally | None = None


@dataclass(frozen=True)
class Decision:
    """The verdict, one sentence, and a reason for every assertion."""

    verdict: Verdict
    sentence: str
    reasons: tuple[str, ...] = ()


def decide(
    claims: Claims,
    measured: Sequence[MeasuredAssertion],
    risk_limit: float,
    cards: int,
    examined: int,
    by_hand: HandCount | None = None,
) -> Decision:
    """The verdict after ``examined`` different cards of ``cards``, or after a count of them all by hand.

    A full hand count decides by itself, whatever the risks were: it is compared with the outcome that was
    announced. It is full only if it accounts for every card. Votes and repeated draws are not cards. Raises
    RequestError for more cards examined than there are and for assertions that were not measured.
    """
    check_alpha(risk_limit)
    if not 0 <= examined <= cards:
        raise RequestError(f"'examined' is {examined:,}; it must be from 0 to the {cards:,} cards.")
    if by_hand is not None and by_hand.tally.cards + by_hand.not_found >= cards:
        return _by_hand(claims, by_hand)
    if claims.status in (Status.TIED, Status.CONTRADICTED, Status.NONE_SUFFICES):
        sentence = f"No sample can confirm this: {claims.sentence}"
        return Decision(Verdict.CANNOT, sentence, _told(claims, claims.needed, "by the reported votes"))
    if claims.status is Status.UNOPPOSED:
        sentence = f"Nothing could be otherwise: {claims.sentence}"
        return Decision(Verdict.CONFIRMED, sentence, (claims.sentence,))
    if {each.claim for each in claims.assertions} - {each.claim for each in measured}:
        raise RequestError(
            f"'measured' must have a risk for each of the {len(claims.assertions)} assertions."
        )
    return _by_sample(measured, risk_limit, examined >= cards)


def _by_hand(claims: Claims, counted: HandCount) -> Decision:
    """The paper's outcome against the announced one, unless cards that nobody found could turn it."""
    found, lost = counted.claims, counted.not_found
    if not _is_sure(counted) and not _rules_out(claims, counted):
        total = counted.tally.cards + lost
        sentence = f"Of {total:,} cards {lost:,} were not found, which could change the outcome."
        return Decision(Verdict.CANNOT, sentence, _with_lost(counted))
    unclear = len(found.outcomes) > 1 and found.outcomes != claims.outcomes
    if unclear and any(_agrees(claims, each) for each in found.outcomes):
        sentence = f"The law must say what this means. On paper: {found.sentence}"
        return Decision(Verdict.CANNOT, sentence, _told(found, _on(counted.tally, found), "on paper"))
    if _is_as_reported(claims, found):
        what = "outcome" if found.decided else "tie"
        sentence = f"A full hand count shows the reported {what}: {found.sentence}"
        return Decision(Verdict.CONFIRMED, sentence, _told(found, _on(counted.tally, found), "on paper"))
    paper = counted.on_paper or counted.tally
    reasons = _on(paper, claims) or _on(counted.tally, found)
    return Decision(
        Verdict.DIFFERENT_OUTCOME,
        f"The reported outcome is wrong. On paper: {found.sentence}",
        _told(found, reasons, "on paper"),
    )


def _is_as_reported(claims: Claims, found: Claims) -> bool:
    """Whether the announced outcome is the paper's; by lot, only if the paper shows the reported tie."""
    if found.decided:
        return _agrees(claims, found.outcomes[0])
    same_tie = found.outcomes == claims.outcomes
    return same_tie and (claims.reported is None or any(_agrees(claims, each) for each in found.outcomes))


def _agrees(claims: Claims, outcome: Possible) -> bool:
    return claims.reported is not None and outcome.allows(claims.reported)


def _is_sure(counted: HandCount) -> bool:
    """Whether the paper's outcome holds whatever the cards show that were not found."""
    if not counted.not_found:
        return True
    if counted.claims.status is Status.UNOPPOSED:
        return True
    each_holds = all(_holds(counted, each) for each in counted.claims.assertions)
    return counted.claims.status is Status.ASSERTIONS and each_holds


def _holds(counted: HandCount, assertion: Assertion) -> bool:
    """Whether it stays true if every card that was not found counts 0."""
    return counted.tally.margin(assertion) * counted.tally.cards > counted.not_found


def _rules_out(claims: Claims, counted: HandCount) -> bool:
    """Whether some choice without an announced win is surely ahead of one with: then it is wrong anyway."""
    told, found = claims.reported, counted.claims
    if told is None or found.ranked:
        return False
    return any(
        each.winner not in told.seats and each.loser in told.seats and _holds(counted, each)
        for each in found.assertions
        if each.winner and each.loser and not each.assorter.one_mark
    )


def _with_lost(counted: HandCount) -> tuple[str, ...]:
    """What the cards that were not found could and could not change."""
    found = counted.claims
    if not found.assertions:
        return (f"{counted.not_found:,} cards not found could decide: {found.sentence}",)
    return tuple(
        f"True on paper, whatever the cards not found show: {each.claim}"
        if _holds(counted, each)
        else f"{counted.not_found:,} cards not found could make it false that {each.claim}"
        for each in found.assertions
    )


def _on(tally: Tally, claims: Claims) -> tuple[Needed, ...]:
    """What the claims need, by the votes of this tally."""
    return needed(tally, claims.assertions or [each.assertion for each in claims.needed])


def _told(claims: Claims, needs: Sequence[Needed], where: str) -> tuple[str, ...]:
    """A reason for each assertion; where there are none, why."""
    return tuple(_found(each, where) for each in needs) or (claims.sentence,)


def _found(each: Needed, where: str) -> str:
    word = "True" if each.margin > 0 else "False" if each.margin < 0 else "Neither side ahead"
    return f"{word} {where}: {each.assertion.claim}"


def _by_sample(measured: Sequence[MeasuredAssertion], risk_limit: float, all_seen: bool) -> Decision:
    reasons = tuple(_reason(each, risk_limit) for each in measured)
    if any(each.margin <= 0 or each.disproved for each in measured):
        return Decision(
            Verdict.FULL_HAND_COUNT, "An assertion fails; only a full hand count can tell.", reasons
        )
    open_ = sum(each.risk > risk_limit for each in measured)
    if not open_:
        return Decision(
            Verdict.CONFIRMED, f"Every assertion is confirmed at risk limit {risk_limit:g}.", reasons
        )
    if all_seen:
        sentence = "All cards were examined and not every assertion is confirmed: count them by hand."
        return Decision(Verdict.FULL_HAND_COUNT, sentence, reasons)
    sentence = (
        f"{open_} of {len(measured)} assertions not confirmed yet: draw more cards, or count all by hand."
    )
    return Decision(Verdict.CONTINUE, sentence, reasons)


def _reason(each: MeasuredAssertion, risk_limit: float) -> str:
    if each.margin <= 0:
        return f"False by the reported votes: {each.claim}"
    if each.disproved:
        return f"The cards examined leave no way for this to be shown: {each.claim}"
    relation, word = ("at most", "Confirmed") if each.risk <= risk_limit else ("above", "Not confirmed yet")
    return f"{word}, risk {each.risk:.4g}, {relation} {risk_limit:g}: {each.claim}"
