"""Seats by highest averages (D'Hondt, Sainte-Laguë and others), with or without a threshold, as assertions.

Stark and Teague 2014, "Verifiable European elections"; Blom and others 2021, "Assertion-based approaches to
auditing complex elections". Party A's last seat beats party B's next one: v_A / d(W) > v_B / d(L).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from tallyproof.audit.assertion import (
    Assertion,
    Claims,
    Status,
    Tally,
    above,
    below,
    check_one_mark,
    check_share,
    needed,
)
from tallyproof.audit.assorter import HALF, PointsAssorter
from tallyproof.audit.outcome import Possible
from tallyproof.errors import RequestError

Divisors: TypeAlias = Callable[[int], Fraction]
METHODS: Mapping[str, Divisors] = {
    "dhondt": lambda seat: Fraction(seat),
    "sainte_lague": lambda seat: Fraction(2 * seat - 1),
    "modified_sainte_lague": lambda seat: Fraction(7, 5) if seat == 1 else Fraction(2 * seat - 1),
    "danish": lambda seat: Fraction(3 * seat - 2),
    "imperiali": lambda seat: Fraction(seat + 1, 2),
}
"""What a party's votes are divided by for its first, second, third … seat."""


@dataclass(frozen=True)
class Award:
    """A seat: whose, that party's how-manieth, and the quotient that won it."""

    party: str
    seat: int
    quotient: Fraction


def awards(votes: Mapping[str, int], seats: int, divisors: Divisors) -> list[Award]:
    """All quotients that could win a seat, highest first; the first ``seats`` of them win."""
    each = (
        Award(party, seat, Fraction(count) / divisors(seat))
        for party, count in votes.items()
        if count
        for seat in range(1, seats + 2)
    )
    return sorted(each, key=lambda award: (-award.quotient, award.party))


def highest_averages(
    tally: Tally, seats: int, method: str = "dhondt", threshold: Fraction | None = None
) -> Claims:
    """Seats by party and the assertions that imply them all.

    Every party with seats beats the next seat of every other party, and has more than the ``threshold``
    (share of valid votes). A party that the threshold keeps out has less; or, where that is easier to
    confirm, would have no seat even so. A tie for the last seat, or exactly at the threshold, is an answer.
    Raises RequestError for an unknown method or no seats.
    """
    if method not in METHODS or seats < 1:
        raise RequestError(f"'method' must be one of {', '.join(METHODS)} and 'seats' at least 1.")
    check_one_mark(tally)
    divisors = METHODS[method]
    over, exactly = _over_threshold(tally, threshold)
    if exactly:
        assert threshold is not None
        without = _allotted(tally, over, seats, divisors) if over else Possible({})
        also = _allotted(tally, over + exactly, seats, divisors)
        found = (without,) if without == also else (without, also)
        sentence = f"{exactly[0]} has exactly {threshold} of the valid votes."
        needs = needed(tally, [above(tally, name, threshold) for name in exactly])
        return Claims(Status.TIED, sentence, {}, possible=found, needed=needs)
    seats_by_party = _allotted(tally, over, seats, divisors)
    given = {party: seats_by_party.sure.get(party, 0) for party in over}
    if seats_by_party.places:
        return _tied(tally, seats_by_party, given, divisors)
    assertions = tuple(_assertions(tally, given, seats_by_party.sure, divisors, threshold))
    if not assertions:
        return Claims(Status.UNOPPOSED, "There is no other party.", seats_by_party.sure)
    sentence = ", ".join(f"{party} {count}" for party, count in seats_by_party.sure.items()) + "."
    return Claims(Status.ASSERTIONS, sentence, seats_by_party.sure, assertions)


def announced_seats(
    tally: Tally, seats: Mapping[str, int], method: str, threshold: Fraction | None = None
) -> tuple[Assertion, ...]:
    """What seats that were announced by party need: their last one beats each other party's next one."""
    outcome = {party: count for party, count in seats.items() if count}
    given = {party: outcome.get(party, 0) for party in tally.votes}
    pairs = _pairs(tally, given, outcome, METHODS[method])
    over = [] if threshold is None else [above(tally, party, threshold) for party in outcome]
    return (*pairs, *over)


def seat_ahead(tally: Tally, winner: str, won: Fraction, loser: str, next_: Fraction) -> Assertion:
    """``winner``'s last seat (divisor ``won``) beats ``loser``'s next one (divisor ``next_``).

    1/2 (d(L) / d(W) + 1) for the winner, 0 for the loser, 1/2 otherwise.
    """
    upper = HALF * (next_ / won + 1)
    weights = tuple(
        upper - HALF if name == winner else -HALF if name == loser else Fraction() for name in tally.votes
    )
    claim = f"{winner} / {won} is more than {loser} / {next_}."
    return Assertion(claim, winner, loser, PointsAssorter(weights, upper, True))


def _allotted(tally: Tally, parties: Sequence[str], seats: int, divisors: Divisors) -> Possible:
    """Seats of these parties; equal quotients for the last seats leave some to a lot."""
    ordered = awards({name: tally.votes[name] for name in parties}, seats, divisors)
    if not ordered:
        raise RequestError("'votes' must let at least one party above the threshold win seats.")
    last, beyond = ordered[seats - 1].quotient, ordered[seats].quotient
    tie = beyond == last
    won = [award.party for award in ordered[:seats] if not tie or award.quotient > last]
    sure = {party: won.count(party) for party in parties if party in won}
    tied = frozenset(award.party for award in ordered if tie and award.quotient == last)
    return Possible(sure, tied, seats - len(won))


def _tied(tally: Tally, found: Possible, given: Mapping[str, int], divisors: Divisors) -> Claims:
    names = sorted(found.tied)
    needs = [
        seat_ahead(tally, names[0], divisors(given[names[0]] + 1), other, divisors(given[other] + 1))
        for other in names[1:]
    ]
    sentence = f"{' and '.join(names)} tie for the last seat."
    return Claims(Status.TIED, sentence, {}, possible=(found,), needed=needed(tally, needs))


def _over_threshold(tally: Tally, threshold: Fraction | None) -> tuple[list[str], list[str]]:
    """Parties above the threshold, and those that have exactly that share."""
    if threshold is None:
        return list(tally.votes), []
    check_share(threshold)
    least = threshold * sum(tally.votes.values())
    exactly = [name for name, votes in tally.votes.items() if votes == least]
    return [name for name, votes in tally.votes.items() if votes > least], exactly


def _assertions(
    tally: Tally,
    given: Mapping[str, int],
    outcome: Mapping[str, int],
    divisors: Divisors,
    threshold: Fraction | None,
) -> list[Assertion]:
    """Pairs of parties in the running, and what the threshold decides for the others."""
    made = _pairs(tally, given, outcome, divisors)
    if threshold is None:
        return made
    made += [above(tally, party, threshold) for party in outcome]
    for party in (name for name in tally.votes if name not in given):
        made += _kept_out(tally, party, outcome, divisors, threshold)
    return made


def _pairs(
    tally: Tally, given: Mapping[str, int], outcome: Mapping[str, int], divisors: Divisors
) -> list[Assertion]:
    """Each party's last seat beats every other party's next one."""
    return [
        seat_ahead(tally, winner, divisors(seats), loser, divisors(given[loser] + 1))
        for winner, seats in outcome.items()
        for loser in given
        if loser != winner
    ]


def _kept_out(
    tally: Tally, party: str, outcome: Mapping[str, int], divisors: Divisors, threshold: Fraction
) -> list[Assertion]:
    """That the party misses the threshold, or that it would win no seat: whichever has the wider margin."""
    short = [below(tally, party, threshold)]
    seatless = [
        seat_ahead(tally, winner, divisors(seats), party, divisors(1)) for winner, seats in outcome.items()
    ]
    return max((short, seatless), key=lambda set_: min(relative_margin(tally, each) for each in set_))


def relative_margin(tally: Tally, assertion: Assertion) -> Fraction:
    """The quotient v / u, which decides how many cards a comparison audit needs."""
    return tally.margin(assertion) / assertion.assorter.upper
