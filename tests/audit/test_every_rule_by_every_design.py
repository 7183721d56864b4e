"""Each rule is audited by each design, through ``solve``: a right outcome is confirmed, a wrong one is not.

The paper is that of the records, or the same with two choices exchanged, which changes the outcome. All
cards are examined, so the verdict must be exact; batches are drawn with replacement, often.
"""

import json
from collections import Counter
from typing import Any

import pytest

from tallyproof.services import solving

Card = dict[str, Any]


def marks(*names: str) -> Card:
    return {"marks": list(names)}


def ranked(*names: str) -> Card:
    return {"ranking": list(names)}


def points(**given: int) -> Card:
    return {"points": given}


PLAIN = [(marks("a"), 50), (marks("b"), 30), (marks("c"), 10), (marks(), 10)]
TWO = [
    (marks("a", "b"), 40),
    (marks("a"), 30),
    (marks("c", "d"), 20),
    (marks("b"), 5),
    (marks("a", "b", "c"), 5),
]
PARTIES = [(marks("a"), 520), (marks("b"), 310), (marks("c"), 150), (marks("d"), 20)]
RUNOFF = [(marks("a"), 45), (marks("b"), 35), (marks("c"), 15), (marks(), 5)]
BORDA = [(points(a=2, b=1), 50), (points(b=2, c=1), 30), (points(c=2, a=1), 20)]
RANKED = [(ranked("a", "b"), 40), (ranked("b"), 35), (ranked("c", "b"), 25), (ranked(), 10)]
RULES: dict[str, tuple[Card, list[tuple[Card, int]], tuple[str, str]]] = {
    "plurality": ({}, PLAIN, ("a", "b")),
    "vote for two": ({"seats": 2, "votes_per_card": 2}, TWO, ("b", "c")),
    "approval": ({"votes_per_card": 4}, TWO, ("a", "c")),
    "supermajority": ({"rule": "supermajority", "share": "1/2"}, PLAIN, ("a", "b")),
    "supermajority missed": ({"rule": "supermajority", "share": "3/5", "choice": "a"}, RUNOFF, ("a", "z")),
    "majority": ({"rule": "majority_or_runoff"}, PLAIN, ("a", "b")),
    "runoff": ({"rule": "majority_or_runoff"}, RUNOFF, ("b", "c")),
    "Borda": ({"rule": "score", "points": 2}, BORDA, ("a", "c")),
    "D'Hondt": ({"rule": "dhondt", "seats": 5, "threshold": "1/20"}, PARTIES, ("b", "d")),
    "Sainte-Lague": ({"rule": "sainte_lague", "seats": 5}, PARTIES, ("a", "c")),
    "instant runoff": ({"rule": "irv"}, RANKED, ("b", "c")),
}  # fmt: skip


def exchanged(card: Card, pair: tuple[str, str]) -> Card:
    """The card with two names exchanged; where the second is nobody's, all marks go to the first."""
    swap = {pair[0]: pair[1], pair[1]: pair[0]} if pair[1] != "z" else dict.fromkeys("abcd", pair[0])
    if "points" in card:
        return {"points": {swap.get(name, name): given for name, given in card["points"].items()}}
    ((what, names),) = card.items()
    return {what: [swap.get(name, name) for name in names]}


def totals(cards: list[tuple[Card, int]], rule: Card) -> dict[str, int]:
    """Votes (points, first preferences) by choice; overvotes count for nobody."""
    found = Counter(dict.fromkeys(sorted({name for card, _ in cards for name in names_of(card)}), 0))
    for card, times in cards:
        if "points" in card:
            found.update({name: given * times for name, given in card["points"].items()})
        elif "ranking" in card:
            found.update(dict.fromkeys(card["ranking"][:1], times))
        elif len(card["marks"]) <= rule.get("votes_per_card", 1):
            found.update(dict.fromkeys(card["marks"], times))
    return dict(found)


def names_of(card: Card) -> list[str]:
    return list(next(iter(card.values())))


def reported(cards: list[tuple[Card, int]], rule: Card) -> Card:
    """Votes, or rankings, as a pool, stratum or batch reports them."""
    if rule.get("rule") == "irv":
        return {"rankings": [{"ballots": times, "ranking": card["ranking"]} for card, times in cards]}
    return {"votes": totals(cards, rule)}


def contest(name: str) -> Card:
    rule, cards, _ = RULES[name]
    given = {"votes": totals(cards, rule), "cards": sum(times for _, times in cards), **rule}
    return given | (reported(cards, rule) if rule.get("rule") == "irv" else {})


def papers(name: str, right: bool) -> list[tuple[Card, Card, int]]:
    """Record, paper, and how many cards."""
    _, cards, pair = RULES[name]
    return [(card, card if right else exchanged(card, pair), times) for card, times in cards]


def solved(problem: Card) -> Any:
    return json.loads(solving.solve_json(json.dumps(problem)))


def comparison(name: str, right: bool) -> Any:
    drawn = [{"record": record, "paper": paper, "times": n} for record, paper, n in papers(name, right)]
    return solved({"kind": "card_audit", "contest": contest(name), "drawn": drawn})


def polling(name: str, right: bool) -> Any:
    drawn = [{"paper": paper, "times": n} for _, paper, n in papers(name, right)]
    return solved({"kind": "card_audit", "contest": contest(name), "drawn": drawn})


def pools(name: str, right: bool) -> Any:
    """The first two kinds of card have no records of their own."""
    rule, cards, _ = RULES[name]
    drawn: list[Card] = [{"record": r, "paper": paper, "times": n} for r, paper, n in papers(name, right)[2:]]
    drawn += [{"pool": "p", "paper": paper, "times": n} for _, paper, n in papers(name, right)[:2]]
    pool = {"cards": sum(n for _, n in cards[:2]), **reported(cards[:2], rule)}
    return solved({"kind": "card_audit", "contest": contest(name), "drawn": drawn, "pools": {"p": pool}})


def strata(name: str, right: bool) -> Any:
    """The first two kinds of card are compared, the others polled."""
    rule, cards, _ = RULES[name]
    told = papers(name, right)
    drawn = [
        [{"record": record, "paper": paper, "times": n} for record, paper, n in told[:2]],
        [{"paper": paper, "times": n} for _, paper, n in told[2:]],
    ]
    given = {
        what: {"cards": sum(n for _, n in part), **reported(part, rule), "drawn": sample}
        for what, part, sample in zip(("compared", "polled"), (cards[:2], cards[2:]), drawn, strict=True)
    }
    return solved({"kind": "stratified_audit", "contest": contest(name), "strata": given})


def batches(name: str, right: bool) -> Any:
    """Two batches of alternate kinds, each drawn 2,000 times: all of them, so it is a full hand count."""
    rule, cards, _ = RULES[name]
    told = papers(name, right)
    parts = {"even": slice(0, None, 2), "odd": slice(1, None, 2)}
    batch = [
        {"name": what, "cards": sum(n for _, n in cards[part]), **reported(cards[part], rule)}
        for what, part in parts.items()
    ]
    drawn = [
        {"names": [what], "times": 2_000, **reported([(paper, n) for _, paper, n in told[part]], rule)}
        for what, part in parts.items()
    ]
    return solved({"kind": "batch_audit", "contest": contest(name), "batches": batch, "drawn": drawn})


def together(name: str, right: bool) -> Any:
    """As one of several contests, every card one by one."""
    told = [(record, paper) for record, paper, n in papers(name, right) for _ in range(n)]
    cards = [
        {
            "id": str(place),
            "ticket": f"{place:064x}",
            "contests": ["x"],
            "record": {"x": record},
            "paper": {"x": paper},
        }
        for place, (record, paper) in enumerate(told)
    ]
    sample = {"contest": contest(name), "size": len(cards)}
    answer = solved({"kind": "contests_audit", "contests": {"x": sample}, "cards": cards, "replications": 20})
    return answer["contests"]["x"]


DESIGNS = {each.__name__: each for each in (comparison, polling, pools, strata, batches, together)}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("name", RULES)
def test_right_outcomes_are_confirmed_and_wrong_ones_are_not(name: str, design: str) -> None:
    """Every assertion of every rule, by every design."""
    right, wrong = DESIGNS[design](name, True), DESIGNS[design](name, False)
    assert right["verdict"] == "confirmed", right
    other = "full hand count shows a different outcome" if design == "batches" else "full hand count"
    assert wrong["verdict"] == other, wrong


@pytest.mark.parametrize("name", RULES)
def test_a_full_hand_count_of_other_paper_shows_another_outcome(name: str) -> None:
    """The hand count is read by the contest's own rule."""
    rule, cards, pair = RULES[name]
    other = [(exchanged(card, pair), times) for card, times in cards]
    votes = dict.fromkeys(contest(name)["votes"], 0) | totals(other, rule)
    counted: Card = {"hand_count": votes}
    if rule.get("rule") == "irv":
        counted["hand_count_rankings"] = reported(other, rule)["rankings"]
    told = solved({"kind": "card_audit", "contest": contest(name), **counted})
    assert told["verdict"] == "full hand count shows a different outcome"
    same: Card = {"hand_count": contest(name)["votes"]}
    if rule.get("rule") == "irv":
        same["hand_count_rankings"] = contest(name)["rankings"]
    assert solved({"kind": "card_audit", "contest": contest(name), **same})["verdict"] == "confirmed"
