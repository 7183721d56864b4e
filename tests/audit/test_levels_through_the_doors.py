"""Wrong outcomes are confirmed at most as often as the risk limit allows, by whole audits through the doors.

Seeded simulations of contests that are tied or lost by one vote on paper. A bound of the risk limit and 3.1
binomial standard errors is passed by chance in one of a thousand true levels.
"""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit.card_audit import CardAudit, solve_card_audit
from tallyproof.audit.contests_audit import ContestsAudit, solve_contests_audit
from tallyproof.audit.stratified_audit import StratifiedAudit, solve_stratified_audit

ALPHA = 0.1
Card = tuple[Any, Any]


def most(audits: int) -> float:
    """Confirmations that chance still explains."""
    return audits * ALPHA + 3.1 * math.sqrt(audits * ALPHA * (1 - ALPHA))


def cards(*kinds: tuple[Any, Any, int]) -> list[Card]:
    """Record and paper of every card."""
    return [(record, paper) for record, paper, times in kinds for _ in range(times)]


def marks(name: str) -> Any:
    return {"marks": [name]}


def drawn(order: list[Card], compared: bool) -> list[Any]:
    return [{"record": record, "paper": paper} if compared else {"paper": paper} for record, paper in order]


RANKED = {
    "votes": {"a": 45, "b": 35, "c": 25},
    "cards": 105,
    "rule": "irv",
    "rankings": [
        {"ballots": 45, "ranking": ["a"]},
        {"ballots": 35, "ranking": ["b"]},
        {"ballots": 25, "ranking": ["c", "b"]},
    ],
}
B, A, CB = ({"ranking": list(names)} for names in ("b", "a", "cb"))


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("case", ["c tied with b, so that b may go out", "a ahead by one at the end"])
def test_rankings(case: str, compared: bool) -> None:
    """b is reported to win by c's ballots; on paper b's last lead, or that over c, is gone."""
    turned = 5 if case.startswith("c tied") else 8
    paper = CB if case.startswith("c tied") else A
    pile = cards((A, A, 45), (B, paper, turned), (B, B, 35 - turned), (CB, CB, 25))
    chance, audits, confirmed = np.random.default_rng(1), 150, 0
    for _ in range(audits):
        order = [pile[place] for place in chance.permutation(105)[:70]]
        problem = {"contest": RANKED, "drawn": drawn(order, compared), "risk_limit": ALPHA}
        found = solve_card_audit(msgspec.convert(problem, CardAudit))
        confirmed += found.verdict == "confirmed"
    assert confirmed <= most(audits)


@pytest.mark.parametrize("combine", ["product", "fisher"])
@pytest.mark.parametrize("wrong", ["compared", "polled", "both"])
def test_strata(wrong: str, combine: str) -> None:
    """A reported lead of 40 in 400 is a tie on paper, undone in either stratum or in both; two looks."""
    a, b = marks("a"), marks("b")
    turned = {"compared": (20, 0), "polled": (0, 20), "both": (10, 10)}[wrong]
    piles = [
        cards((a, b, turned[0]), (a, a, 140 - turned[0]), (b, b, 100)),
        cards((a, b, turned[1]), (a, a, 80 - turned[1]), (b, b, 80)),
    ]
    chance, audits, confirmed = np.random.default_rng(2), 120, 0
    for _ in range(audits):
        orders = [[pile[place] for place in chance.permutation(len(pile))] for pile in piles]
        for share in (0.3, 0.7):
            samples = [order[: int(share * len(order))] for order in orders]
            strata = {
                "compared": {
                    "cards": 240, "votes": {"a": 140, "b": 100}, "drawn": drawn(samples[0], True),
                },
                "polled": {"cards": 160, "votes": {"a": 80, "b": 80}, "drawn": drawn(samples[1], False)},
            }  # fmt: skip
            contest = {"votes": {"a": 220, "b": 180}, "cards": 400}
            problem = {"contest": contest, "strata": strata, "risk_limit": ALPHA, "combine": combine}
            if solve_stratified_audit(msgspec.convert(problem, StratifiedAudit)).verdict == "confirmed":
                confirmed += 1
                break
    assert confirmed <= most(audits)


def test_several_contests_over_rounds_whose_sizes_follow_what_was_seen() -> None:
    """Two contests on overlapping cards, both wrong by one vote; three rounds, each as large as planned."""
    style = ["xy"] * 60 + ["x"] * 140 + ["y"] * 40
    shown = {
        "x": cards((marks("a"), marks("b"), 11), (marks("a"), marks("a"), 99), (marks("b"), marks("b"), 90)),
        "y": cards((marks("a"), marks("b"), 6), (marks("a"), marks("a"), 49), (marks("b"), marks("b"), 45)),
    }
    totals: dict[str, Any] = {
        "x": {"votes": {"a": 110, "b": 90}, "cards": 200},
        "y": {"votes": {"a": 55, "b": 45}, "cards": 100},
    }
    chance, audits, confirmed = np.random.default_rng(3), 100, {"x": 0, "y": 0}
    for _ in range(audits):
        sizes = {"x": 40, "y": 30}
        told = {name: iter([pile[p] for p in chance.permutation(len(pile))]) for name, pile in shown.items()}
        faces = [{name: next(told[name]) for name in names} for names in style]
        rank = chance.permutation(len(style))
        bearing = {
            name: sorted(rank[place] for place, names in enumerate(style) if name in names) for name in "xy"
        }
        for _round in range(3):
            limits = {name: bearing[name][sizes[name] - 1] for name in "xy"}
            sampled = [
                {
                    "id": str(place),
                    "ticket": f"{rank[place]:064x}",
                    "contests": list(style[place]),
                    "record": {name: face[name][0] for name in style[place]},
                    "paper": {name: face[name][1] for name in style[place]},
                }
                for place, face in enumerate(faces)
                if any(rank[place] <= limits[name] for name in style[place])
            ]
            given = {name: {"contest": totals[name], "size": sizes[name]} for name in "xy"}
            problem = {"contests": given, "cards": sampled, "risk_limit": ALPHA, "replications": 20}
            answer = solve_contests_audit(msgspec.convert(problem, ContestsAudit)).contests
            for name, each in answer.items():
                more = (
                    totals[name]["cards"] if each.next is None or each.next.cards is None else each.next.cards
                )
                sizes[name] = (
                    sizes[name] if each.verdict == "confirmed" else max(sizes[name], int(more * 0.9))
                )
        for name in "xy":
            confirmed[name] += answer[name].verdict == "confirmed"
    assert max(confirmed.values()) <= most(audits)
