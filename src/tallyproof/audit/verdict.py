"""The verdict on a contest: what its assertions' risks, or a full hand count, say of the reported outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tallyproof.audit.assertion import Claims, Status, Tally
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
    """Every card counted by hand: the outcome and tally on paper, and cards that nobody found."""

    claims: Claims
    tally: Tally
    not_found: int = 0


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

    A full hand count decides by itself, whatever the risks were; it is full only if it accounts for every
    card. Votes and repeated draws are not cards. Raises RequestError for more cards examined than there are
    and for assertions that were not measured.
    """
    check_alpha(risk_limit)
    if not 0 <= examined <= cards:
        raise RequestError(f"'examined' is {examined:,}; it must be from 0 to the {cards:,} cards.")
    if by_hand is not None and by_hand.tally.cards + by_hand.not_found >= cards:
        return _by_hand(claims, by_hand)
    if claims.status in (Status.TIED, Status.CONTRADICTED, Status.NONE_SUFFICES):
        return Decision(Verdict.CANNOT, f"No sample can confirm this: {claims.sentence}")
    if claims.status is Status.UNOPPOSED:
        return Decision(Verdict.CONFIRMED, f"Nothing could be otherwise: {claims.sentence}")
    if {each.claim for each in claims.assertions} - {each.claim for each in measured}:
        raise RequestError(
            f"'measured' must have a risk for each of the {len(claims.assertions)} assertions."
        )
    return _by_sample(measured, risk_limit, examined >= cards)


def _by_hand(claims: Claims, counted: HandCount) -> Decision:
    """The paper's outcome against the reported one."""
    found = counted.claims
    if found.status is Status.TIED or dict(found.outcome) != dict(claims.outcome):
        sentence = f"The reported outcome is wrong. On paper: {found.sentence}"
        return Decision(Verdict.DIFFERENT_OUTCOME, sentence)
    total = counted.tally.cards + counted.not_found
    if found.status is Status.NONE_SUFFICES and counted.not_found:
        return Decision(Verdict.CANNOT, f"Of {total:,} cards {counted.not_found:,} were not found.")
    doubtful = tuple(
        f"{counted.not_found:,} cards not found could make it false that {each.claim}"
        for each in found.assertions
        if counted.tally.margin(each) * counted.tally.cards <= counted.not_found
    )
    if doubtful:
        return Decision(Verdict.CANNOT, f"Of {total:,} cards {counted.not_found:,} were not found.", doubtful)
    return Decision(Verdict.CONFIRMED, f"A full hand count shows the reported outcome: {found.sentence}")


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
        return f"False of the reported votes: {each.claim}"
    if each.disproved:
        return f"The cards examined leave no way for this to be shown: {each.claim}"
    relation, word = ("at most", "Confirmed") if each.risk <= risk_limit else ("above", "Not confirmed yet")
    return f"{word}, risk {each.risk:.4g}, {relation} {risk_limit:g}: {each.claim}"
