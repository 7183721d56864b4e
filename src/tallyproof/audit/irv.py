"""Instant-runoff contests as problem and answer: which assertions confirm the winner, or why none can.

``irv_answer.solve_irv_assertions`` works the answer out.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Outcome = Literal["assertions", "tied", "another_winner", "none_suffices"]


class EqualBallots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ballots that bear the same ranking."""

    ballots: Annotated[int, Meta(ge=0, description="how many")]
    ranking: Annotated[tuple[str, ...], Meta(description="choices, the most preferred first")]


class IrvAssertions(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="irv_assertions"
):
    """Ranked ballots as reported, and the winner to be confirmed.

    Without a ``winner`` it is the one that the rankings elect; without ``cards`` it is the ballots ranked.
    """

    choices: Annotated[tuple[str, ...], Meta(min_length=1, description="all choices")]
    rankings: tuple[EqualBallots, ...]
    winner: Annotated[
        str | None, Meta(description="as reported; without it, the one that rankings elect")
    ] = None
    cards: Annotated[int, Meta(ge=1, description="all cards of the audit")] | None = None
    difficulty: Annotated[
        Literal["comparison", "polling", "kaplan_markov", "bravo"],
        Meta(description="cards per margin, its square, or the cards that this method examines"),
    ] = "comparison"
    risk_limit: Annotated[float, Meta(gt=0, lt=1, description="for kaplan_markov and bravo")] = 0.05
    gamma: Annotated[float, Meta(ge=1, description="for kaplan_markov")] = 1.03905


class IrvAssertion(msgspec.Struct, frozen=True):
    """One assertion: NEB (not eliminated before) or NEN (not eliminated next), and the votes compared."""

    type: Literal["NEB", "NEN"]
    winner: str
    loser: str
    continuing: tuple[str, ...]
    winner_votes: int
    loser_votes: int
    margin: int
    difficulty: float
    sentence: str


class IrvRound(msgspec.Struct, frozen=True):
    """One round of the count: votes of those who remain, who goes out, and who tied for that."""

    votes: dict[str, int]
    out: str
    tied: tuple[str, ...]


class IrvAssertionsAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="irv_assertions"):
    """The assertions, all needed and together sufficient; or why there are none.

    ``difficulty`` is that of the hardest assertion, the least possible. ``not_excluded`` is an elimination
    order with another winner that no assertion can rule out, where there is one. ``ends_walked`` counts the
    ends of orders that the separate proof looked at.
    """

    outcome: Outcome
    sentence: str
    winner: str | None
    rounds: tuple[IrvRound, ...]
    difficulty: float | None = None
    smallest_margin: int | None = None
    assertions: tuple[IrvAssertion, ...] = ()
    not_excluded: tuple[str, ...] = ()
    ends_walked: int = 0
    explanation: tuple[str, ...] = ()
