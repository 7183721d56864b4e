"""What must be true for a reported outcome to be right, for methods in which votes or points add up.

Stark 2020 (SHANGRLA), sections 2 and 3; Stark and Teague 2014. Each claim is an assorter mean above 1/2.
A tie, an outcome that the reported votes contradict and a contest in which nobody can lose are answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from tallyproof.audit.assorter import HALF, PointsAssorter
from tallyproof.audit.irv_assertion import Assertion as RankedAssertion
from tallyproof.audit.outcome import Announced, Possible, announced, in_words, most_votes
from tallyproof.errors import RequestError

Votes: TypeAlias = Mapping[str, int]


class Status(Enum):
    """Whether assertions can confirm the outcome."""

    ASSERTIONS = "assertions"
    UNOPPOSED = "unopposed"
    TIED = "tied"
    CONTRADICTED = "another outcome"
    NONE_SUFFICES = "no assertions suffice"


@dataclass(frozen=True)
class Assertion:
    """One claim, the choice that it is for, the one it is against (empty for a share), and its assorter."""

    claim: str
    winner: str
    loser: str
    assorter: PointsAssorter


@dataclass(frozen=True)
class Needed:
    """An assertion that an outcome needs, and its margin: 0 for a tie, below 0 where it is false."""

    assertion: Assertion
    margin: Fraction


@dataclass(frozen=True)
class Claims:
    """All assertions that must be confirmed, or why there are none.

    ``outcome`` gives what the votes elect: seats by choice, only choices with seats. In a ranked contest
    ``ranked`` are the NEB and NEN assertions, in the order of ``assertions``. Where a tie leaves several
    outcomes ``possible`` tells them. ``told`` is the outcome that was announced, if not that of the votes.
    ``needed`` tells of a tie or a contradiction what would have to be true.
    """

    status: Status
    sentence: str
    outcome: Mapping[str, int]
    assertions: tuple[Assertion, ...] = ()
    ranked: tuple[RankedAssertion, ...] = ()
    possible: tuple[Possible, ...] = ()
    told: Announced | None = None
    needed: tuple[Needed, ...] = ()

    @property
    def outcomes(self) -> tuple[Possible, ...]:
        """All outcomes that the votes allow; several where the law must say what an exact share means."""
        return self.possible or (Possible(self.outcome),)

    @property
    def decided(self) -> bool:
        """Whether the votes allow one outcome only."""
        return len(self.outcomes) == 1 and not self.outcomes[0].places

    @property
    def reported(self) -> Announced | None:
        """The reported outcome: what was announced, else what the votes give; None where a lot decides."""
        if self.told is not None:
            return self.told
        return Announced(self.outcomes[0].sure) if self.decided else None


@dataclass(frozen=True)
class Tally:
    """Reported votes by choice on ``cards`` cards; for methods with points the votes are points.

    A card bears up to ``per_card`` votes, up to ``per_choice`` of them for one choice.
    """

    votes: Votes
    cards: int
    per_card: int = 1
    per_choice: int = 1

    def __post_init__(self) -> None:
        """Refuse votes that the cards cannot bear."""
        if len(self.votes) < 1 or self.cards < 1:
            raise RequestError("'votes' must name a choice and 'cards' be at least 1.")
        if min(self.votes.values()) < 0:
            raise RequestError("'votes' must be at least 0 for every choice.")
        if max(self.votes.values()) > self.per_choice * self.cards:
            raise RequestError(f"'votes' must be at most {self.per_choice * self.cards:,} for every choice.")
        if sum(self.votes.values()) > self.per_card * self.cards:
            raise RequestError(
                f"'votes' are {sum(self.votes.values()):,} in all; {self.cards:,} 'cards' bear at most "
                f"{self.per_card * self.cards:,}."
            )

    @property
    def ranked(self) -> list[str]:
        """Choices, most votes first; equal votes by name."""
        return sorted(self.votes, key=lambda name: (-self.votes[name], name))

    def margin(self, assertion: Assertion) -> Fraction:
        """The assertion's v = 2 mean - 1 over all cards."""
        return assertion.assorter.margin(list(self.votes.values()), self.cards)


def plurality(tally: Tally, seats: int = 1) -> Claims:
    """The ``seats`` choices with most votes win: each winner has more votes than each loser.

    The same for vote-for-n and approval, with more votes per card. (w - l + 1) / 2, u = 1.
    """
    return _most(tally, seats, 1, "votes")


def scores(tally: Tally, seats: int, most: int) -> Claims:
    """The choices with most points win, where a card gives each choice 0 to ``most``: Borda and score voting.

    A = (s_w - s_l + s_max) / (2 s_max), u = 1 (Stark 2020, section 2.4).
    """
    if most < 1 or tally.per_choice > most:
        raise RequestError(f"'most' is {most}; it must be at least 1 and what 'per_choice' allows.")
    return _most(tally, seats, most, "points")


def supermajority(tally: Tally, share: Fraction, choice: str | None = None) -> Claims:
    """``choice`` (the leader unless named) has more than ``share`` of valid votes; or it has less.

    Where it has less and is named, only that is asserted; where nobody is named, that nobody has more.
    Several may have more than a share below 1/2: then a leader who is not named must also lead all others.
    """
    check_share(share)
    leader = tally.ranked[0] if choice is None else choice
    _require_choice(tally, leader)
    valid = sum(tally.votes.values())
    if not valid:
        return Claims(Status.TIED, "There are no valid votes.", {})
    have = Fraction(tally.votes[leader], valid)
    if have == share:
        sentence = f"{leader} has exactly {share} of the valid votes."
        return Claims(Status.TIED, sentence, {}, needed=needed(tally, [above(tally, leader, share)]))
    if have > share:
        sentence = f"{leader} has more than {share} of the valid votes."
        leads = pairs_between(tally, [leader]) if choice is None and share < HALF else ()
        if any(tally.margin(each) == 0 for each in leads):
            tied = f"{leader} and {leads[0].loser} tie for the lead."
            lot = most_votes(tally.votes, 1)
            return Claims(Status.TIED, tied, {}, possible=(lot,), needed=needed(tally, leads))
        return Claims(Status.ASSERTIONS, sentence, {leader: 1}, (above(tally, leader, share), *leads))
    failing = tally.ranked if choice is None else [leader]
    who = "Every choice" if choice is None else leader
    sentence = f"{who} has less than {share} of the valid votes."
    return Claims(Status.ASSERTIONS, sentence, {}, tuple(below(tally, name, share) for name in failing))


def majority_or_runoff(tally: Tally) -> Claims:
    """A majority of valid votes wins; else the two choices with most votes go to a runoff.

    For a runoff each of the two leads every other choice and neither has a majority: more votes for all
    others together than for it.
    """
    ranked, valid = tally.ranked, sum(tally.votes.values())
    leader, twice = ranked[0], 2 * tally.votes[ranked[0]]
    if twice > valid:
        claim = above(tally, leader, HALF)
        return Claims(Status.ASSERTIONS, f"{leader} has a majority.", {leader: 1}, (claim,))
    top = ranked[:2]
    beaten = tuple(ahead(tally, winner, loser) for winner in top for loser in ranked[2:])
    short = tuple(below(tally, name, HALF) for name in top)
    tie = ""
    if len(ranked) > 2 and tally.votes[ranked[1]] == tally.votes[ranked[2]]:
        tie = f"{ranked[1]} and {ranked[2]} tie for the runoff."
    elif twice == valid:
        tie = f"{leader} has exactly half of the valid votes."
    if tie:
        runoff = most_votes(tally.votes, len(top))
        return Claims(Status.TIED, tie, {}, possible=(runoff,), needed=needed(tally, beaten + short))
    sentence = f"{top[0]} and {top[1]} go to a runoff: neither has a majority, each leads all others."
    return Claims(Status.ASSERTIONS, sentence, dict.fromkeys(top, 1), beaten + short)


def reported_as(
    claims: Claims,
    winners: Collection[str] | Mapping[str, int] | Announced,
    tally: Tally | None = None,
    asserted: Iterable[Assertion] = (),
) -> Claims:
    """The claims, or that they contradict the outcome that was announced: the votes do not give it.

    Of a tie any outcome that a lot could give is right. ``asserted`` is what the announced outcome needs
    of the ``tally``.
    """
    told = winners if isinstance(winners, Announced) else announced(winners)
    if any(outcome.allows(told) for outcome in claims.outcomes):
        return replace(claims, told=told) if claims.status is Status.TIED else claims
    several = told.numbers and max((*told.seats.values(), *claims.outcome.values()), default=0) > 1
    given, said = in_words(claims.outcome, several), in_words(told.seats, several)
    sentence = f"The reported votes elect {given}, not {said} as reported."
    if claims.status is Status.TIED:
        sentence = f"The reported votes do not elect {said} as reported: {claims.sentence}"
    wanted = () if tally is None else needed(tally, asserted)
    return replace(
        claims, status=Status.CONTRADICTED, sentence=sentence, assertions=(), told=told, needed=wanted
    )


def needed(tally: Tally, asserted: Iterable[Assertion]) -> tuple[Needed, ...]:
    """Assertions with their margins, whether true or not."""
    return tuple(Needed(each, tally.margin(each)) for each in asserted)


def ahead(tally: Tally, winner: str, loser: str, most: int = 1) -> Assertion:
    """``winner`` has more votes (or points, at most ``most`` per card) than ``loser``."""
    weights = _weights(tally, {winner: Fraction(1, 2 * most), loser: Fraction(-1, 2 * most)})
    what = "votes" if most == 1 else "points"
    claim = f"{winner} has more {what} than {loser}."
    return Assertion(claim, winner, loser, PointsAssorter(weights, Fraction(1)))


def above(tally: Tally, name: str, share: Fraction) -> Assertion:
    """``name`` has more than ``share`` of valid votes: 1 / (2 f) for it, 0 for others (Stark 2020, 2.3)."""
    check_share(share)
    check_one_mark(tally)
    upper = 1 / (2 * share)
    weights = _weights(tally, {name: upper - HALF}, others=-HALF)
    return Assertion(
        f"{name} has more than {share} of the valid votes.", name, "", PointsAssorter(weights, upper, True)
    )


def below(tally: Tally, name: str, share: Fraction) -> Assertion:
    """``name`` has less than ``share`` of valid votes: the others together have more than the rest."""
    check_share(share)
    check_one_mark(tally)
    upper = 1 / (2 * (1 - share))
    weights = _weights(tally, {name: -HALF}, others=upper - HALF)
    return Assertion(
        f"{name} has less than {share} of the valid votes.", "", name, PointsAssorter(weights, upper, True)
    )


def check_share(share: Fraction) -> None:
    """Refuse a share that is not strictly between 0 and 1."""
    if not 0 < share < 1:
        raise RequestError(f"'share' is {share}; it must be above 0 and below 1.")


def check_one_mark(tally: Tally) -> None:
    """Refuse shares and seats by quotients where a card bears several votes.

    Their assorters count a card with exactly one mark as a vote and others 1/2 (Stark 2020, section 2.3), so
    sums of marks would not be the sums of their values.
    """
    if tally.per_card > 1:
        raise RequestError(
            f"'votes_per_card' is {tally.per_card:,}; it must be 1 for shares of votes and for seats by "
            "highest averages: a valid vote is exactly one mark."
        )


def _most(tally: Tally, seats: int, most: int, what: str) -> Claims:
    if seats < 1:
        raise RequestError(f"'seats' is {seats}; it must be at least 1.")
    ranked = tally.ranked
    winners, losers = ranked[:seats], ranked[seats:]
    if not losers:
        return Claims(Status.UNOPPOSED, "There are no more choices than seats.", dict.fromkeys(winners, 1))
    last, first = winners[-1], losers[0]
    if tally.votes[last] == tally.votes[first]:
        same = f"{tally.votes[last]:,} {what if tally.votes[last] != 1 else what[:-1]}"
        sentence = f"{last} and {first} tie with {same}."
        needs = needed(tally, pairs_between(tally, winners, most))
        return Claims(Status.TIED, sentence, {}, possible=(most_votes(tally.votes, seats),), needed=needs)
    pairs = pairs_between(tally, winners, most)
    verb = "wins" if seats == 1 else "win"
    return Claims(Status.ASSERTIONS, f"{', '.join(winners)} {verb}.", dict.fromkeys(winners, 1), pairs)


def pairs_between(tally: Tally, winners: Collection[str], most: int = 1) -> tuple[Assertion, ...]:
    """Each of the ``winners`` with each other choice, most votes first."""
    losers = [name for name in tally.ranked if name not in winners]
    return tuple(ahead(tally, winner, loser, most) for winner in winners for loser in losers)


def _weights(
    tally: Tally, given: Mapping[str, Fraction], others: Fraction = Fraction()
) -> tuple[Fraction, ...]:
    for name in given:
        _require_choice(tally, name)
    return tuple(given.get(name, others) for name in tally.votes)


def _require_choice(tally: Tally, name: str) -> None:
    if name not in tally.votes:
        raise RequestError(f"'{name}' is none of the choices: {', '.join(tally.votes)}.")
