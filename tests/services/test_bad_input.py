"""Bad input through the doors: a sentence with the argument and what it may be, or the verdict implied."""

import json
import math
from typing import Any

import pytest

from tallyproof.audit.plan import SampleSize
from tallyproof.audit.sample_risk import SampleRisk, StratifiedRisk, StratumSample
from tallyproof.errors import RequestError
from tallyproof.services import solving

Problem = dict[str, Any]
TWO = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
A = {"marks": ["A"]}
SEED = "06712221796172622814"
BATCH = {"name": "1", "cards": 1_000, "votes": {"A": 600, "B": 400}}
RANKED = {"kind": "irv_assertions", "choices": ["a", "b"], "rankings": [{"ballots": 5, "ranking": ["a"]}]}
SUITE = {
    "kind": "suite_risk", "compared_cards": 100, "compared_winner": 50, "compared_loser": 40,
    "compared_draws": 50, "polled_cards": 100, "polled_winner": 60, "polled_loser": 30, "polled_draws": 20,
    "drawn_winner": 12, "drawn_loser": 6,
}  # fmt: skip
STRATUM = {"cards": 1_000, "votes": {"A": 600, "B": 400}}
WITH_A_LIMIT: dict[str, Problem] = {
    "assertions": {"contest": TWO},
    "card_audit": {"contest": TWO},
    "batch_audit": {"contest": TWO, "batches": [BATCH]},
    "sample_risk": {"sample": [1]},
    "margin_interval": {"sample": [1]},
    "polling_rounds": {"share": 0.6, "rounds": [{"winner": 1, "loser": 1}]},
    "sample_size": {"cards": 100, "margins": [0.1], "methods": ["comparison"]},
    "contests_size": {"contests": {"m": TWO}, "styles": []},
    "contests_audit": {"contests": {"m": {"contest": TWO}}, "cards": [], "replications": 20},
    "stratified_audit": {"contest": TWO, "strata": {"s": STRATUM}},
    "irv_assertions": {"choices": ["a", "b"], "rankings": [{"ballots": 5, "ranking": ["a"]}]},
}
DRAWS: dict[str, Problem] = {
    "card_draw": {"manifest": [{"batch": ["1"], "cards": 9}], "size": 1},
    "batch_draw": {"batches": [{"batch": ["1"], "bound": "1/2"}], "size": 1},
    "contest_draw": {"cards": [{"id": "1", "contests": ["m"]}], "sizes": {"m": 1}},
}


def solved(problem: Any) -> Any:
    return json.loads(solving.solve_json(problem if isinstance(problem, str) else json.dumps(problem)))


def audit(**more: Any) -> Problem:
    return {"kind": "card_audit", "contest": TWO, **more}


def stratified(drawn: list[Problem]) -> Problem:
    return {"kind": "stratified_audit", "contest": TWO, "strata": {"s": {**STRATUM, "drawn": drawn}}}


def batched(**more: Any) -> Problem:
    return {"kind": "batch_audit", "contest": TWO, "batches": [BATCH], **more}


REFUSED: dict[str, tuple[Any, str]] = {
    "NaN": ('{"kind": "sample_risk", "sample": [NaN]}', "NaN is not a number"),
    "infinity": ('{"kind": "sample_risk", "sample": [1e999]}', "1e999 is too large"),
    "below 0": ({"kind": "sample_risk", "sample": [-0.1]}, r"'sample' must be values in \[0, 1\]"),
    "above u": ({"kind": "sample_risk", "sample": [1.3], "upper": 1.2}, r"values in \[0, 1.2\]"),
    "above u, stratum": ({"kind": "stratified_risk", "strata": [{"cards": 5, "sample": [2]}]}, "values in"),
    "above u, interval": ({"kind": "margin_interval", "sample": [2]}, "values in"),
    "points above the most": (
        {
            "kind": "card_audit",
            "contest": {"votes": {"A": 9, "B": 1}, "cards": 9, "rule": "score", "points": 2},
            "drawn": [{"paper": {"points": {"A": 3}}}],
        },
        "at most 2 for a choice",
    ),
    "n > N": ({"kind": "sample_risk", "sample": [1, 1], "cards": 1}, "more than the 1 .cards."),
    "n > N, cards": (audit(drawn=[{"record": A, "paper": A, "times": 1_001}]), "at most 1,000 draws"),
    "n > N, examined": (audit(examined=1_001), "from 0 to the 1,000 cards"),
    "n > N, stratum": (stratified([{"paper": A, "times": 1_001}]), "at most 1,000 draws"),
    "n > N, contests": (
        {"kind": "contests_audit", "contests": {"m": {"contest": TWO, "size": 1_001}}, "cards": []},
        "fewer than its 'size', 1,001",
    ),
    "n > N, draw": (
        {"kind": "card_draw", "seed": SEED, "size": 10, "with_replacement": False,
         "manifest": [{"batch": ["1"], "cards": 9}]},
        "more than the 9 there are",
    ),
    "n > N, SUITE": ({**SUITE, "polled_draws": 101}, "'polled_draws' .* at most 100 in all"),
    "negative votes": (audit(contest={"votes": {"A": -1, "B": 0}, "cards": 9}), ">= 0, in 'contest.votes'"),
    "negative votes, batch": (batched(batches=[{**BATCH, "votes": {"A": -1}}]), ">= 0"),
    "negative votes, round": (
        {"kind": "polling_rounds", "share": 0.6, "rounds": [{"winner": -1, "loser": 0}]}, ">= 0",
    ),
    "votes > cards": (audit(contest={"votes": {"A": 6, "B": 5}, "cards": 10}), "bear at most 10"),
    "votes > cards, hand count": (audit(hand_count={"A": 900, "B": 200}), "bear at most 1,000"),
    "votes > cards, pool": (audit(pools={"p": {"cards": 5, "votes": {"A": 6}}}), "of pool p are 6"),
    "votes > cards, batch": (
        batched(batches=[{"name": "1", "cards": 900, "votes": TWO["votes"]}]),
        "'votes' of 1 are 1,000; its 900",
    ),
    "votes > cards, audited": (
        batched(drawn=[{"names": ["1"], "votes": {"A": 1_001}}]), "bear at most 1,000",
    ),
    "batches that do not add up": (
        batched(batches=[{"name": "1", "cards": 1_000, "votes": {"A": 500, "B": 400}}]),
        "the contest's votes in all",
    ),
    "votes > cards, rankings": ({**RANKED, "cards": 3}, "fewer than the 5 ballots"),
    "votes > cards, SUITE": ({**SUITE, "compared_winner": 70}, "'compared_winner' .* at most 100 in all"),
    "winner missing": (audit(contest={**TWO, "winners": []}), "'winners' .* A, B; name at least one"),
    "winner unknown": (audit(contest={**TWO, "winners": ["Z"]}), "'winners' .* A, B; Z is not"),
    "winner unknown, rankings": ({**RANKED, "winner": "z"}, "'winner' is 'z'"),
    "tied, super-simple": (
        {"kind": "super_simple", "contest": {"votes": {"A": 5, "B": 5}, "cards": 10}}, "A and B tie",
    ),
    "loser leads, SUITE": ({**SUITE, "compared_winner": 5}, "the winner leads in both"),
    "ids twice, draw": (
        {"kind": "contest_draw", "seed": SEED, "cards": [{"id": "1", "contests": []}] * 2, "sizes": {}},
        "'ids' lists 1 more than once",
    ),
    "ids twice, audit": (
        {"kind": "contests_audit", "contests": {"m": {"contest": TWO}},
         "cards": [{"id": "1", "ticket": "0" * 64}, {"id": "1", "ticket": "1" * 64}]},
        "an id of its own; 1 stands",
    ),
    "batches twice": (batched(batches=[BATCH, BATCH]), "'batches'"),
    "batches twice, manifest": (
        {"kind": "card_draw", "seed": SEED, "manifest": [{"batch": ["1"], "cards": 9}] * 2, "size": 1},
        "'manifest' lists 1 twice",
    ),
    "lost cards make the claim false": (batched(lost=300), "'lost' is 300 cards"),
}  # fmt: skip
IMPLIED: dict[str, tuple[Problem, str]] = {
    "tied": (audit(contest={"votes": {"A": 5, "B": 5}, "cards": 10}), "cannot be confirmed"),
    "false on the records": (audit(contest={**TWO, "winners": ["B"]}), "cannot be confirmed"),
    "false on the records, batches": (batched(contest={**TWO, "winners": ["B"]}), "cannot be confirmed"),
    "false on the records, strata": (
        {"kind": "stratified_audit", "contest": {**TWO, "winners": ["B"]}, "strata": {"s": STRATUM}},
        "cannot be confirmed",
    ),
    "false on the records, rankings": (
        audit(contest={"votes": {"a": 5, "b": 0}, "cards": 5, "rule": "irv", "winners": ["b"],
                       "rankings": [{"ballots": 5, "ranking": ["a"]}]}),
        "cannot be confirmed",
    ),
    "the paper disproves it": (
        audit(drawn=[{"record": A, "paper": {"marks": ["B"]}, "times": 600}]), "full hand count",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(name: str) -> None:
    """The sentence says which argument, and what it may be."""
    problem, why = REFUSED[name]
    with pytest.raises(RequestError, match=why):
        solved(problem)


@pytest.mark.parametrize("name", IMPLIED)
def test_what_the_evidence_says_is_a_verdict(name: str) -> None:
    """An assertion that is false is an answer, not an error."""
    problem, verdict = IMPLIED[name]
    assert solved(problem)["verdict"] == verdict


@pytest.mark.parametrize("limit", [0, 1, -0.05, 1.5, 5])
@pytest.mark.parametrize("kind", WITH_A_LIMIT)
def test_risk_limits_lie_between_0_and_1(kind: str, limit: float) -> None:
    """In every kind that has one; 0.05 is one."""
    assert solved({"kind": kind, **WITH_A_LIMIT[kind], "risk_limit": 0.05})["kind"] == kind
    with pytest.raises(RequestError, match=rf"^{kind}: expected a number [<>] [01].0, in 'risk_limit'"):
        solved({"kind": kind, **WITH_A_LIMIT[kind], "risk_limit": limit})


@pytest.mark.parametrize("kind", DRAWS)
def test_seeds_have_twenty_digits(kind: str) -> None:
    """Nineteen are too short, letters are none, twenty will do."""
    assert solved({"kind": kind, "seed": SEED, **DRAWS[kind]})["kind"] == kind
    with pytest.raises(RequestError, match="19 decimal digits and needs at least 20"):
        solved({"kind": kind, "seed": SEED[1:], **DRAWS[kind]})
    with pytest.raises(RequestError, match="decimal digits 0 to 9 alone"):
        solved({"kind": kind, "seed": "x" * 20, **DRAWS[kind]})


@pytest.mark.parametrize(
    "problem",
    [
        SampleRisk((math.nan,)),
        SampleRisk((1.0,), expected=math.inf),
        SampleRisk((1.0,), risk_limit=math.nan),
        StratifiedRisk((StratumSample(5, (1.0,), offset=math.nan),)),
        SampleSize(100, (math.nan,)),
        SampleSize(100, (0.1,), risk_limit=0),
        SampleSize(0, (0.1,)),
    ],
    ids=str,
)
def test_problems_made_in_python_are_checked_as_those_in_json(problem: Any) -> None:
    """NaN, infinity and numbers out of range are named, whichever door they come through."""
    with pytest.raises(RequestError, match=r"'\w+"):
        solving.solve(problem)
