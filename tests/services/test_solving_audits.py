"""Problems of paper audits in JSON: each kind is answered as its schema says, nonsense in a sentence."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tallyproof.errors import RequestError
from tallyproof.services import solving

THREE = {"votes": {"W": 50_000, "L1": 49_000, "L2": 1_000}, "cards": 100_000}
TWO = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
A, B = {"marks": ["A"]}, {"marks": ["B"]}
B_FIRST = {"ranking": ["B", "A"]}
RANKED = {"votes": {"A": 40, "B": 60}, "cards": 100, "rule": "irv", "rankings": [
    {"ballots": 40, "ranking": ["A"]}, {"ballots": 60, "ranking": ["B", "A"]}]}  # fmt: skip
BATCHES = [
    {"name": "1", "cards": 100, "votes": {"w": 60, "l": 40}},
    {"name": "2", "cards": 100, "votes": {"l": 60, "x": 40}},
    {"name": "3", "cards": 150, "votes": {"w": 140, "x": 10}},
]
BATCHED = {"votes": {"w": 200, "l": 100, "x": 50}, "cards": 350}
SEED = "06712221796172622814"
GOOD: list[dict[str, Any]] = [
    {"kind": "assertions", "contest": THREE},
    {"kind": "assertions", "contest": {**THREE, "winners": ["L1"]}},
    {"kind": "assertions", "contest": {"votes": {"a": 5, "b": 5}, "cards": 10}},
    {"kind": "assertions", "contest": {**TWO, "rule": "supermajority", "share": "3/5", "choice": "B"}},
    {"kind": "assertions", "contest": {**TWO, "rule": "dhondt", "seats": 5, "threshold": "0.05"}},
    {"kind": "super_simple", "contest": THREE, "clean": 100},
    {"kind": "card_audit", "contest": TWO, "drawn": [{"record": A, "paper": A, "times": 60}]},
    {"kind": "card_audit", "contest": TWO, "drawn": [{"paper": A}, {"paper": B}, {"paper": {}}]},
    {"kind": "card_audit", "contest": TWO, "hand_count": {"A": 400, "B": 600}},
    {"kind": "batch_audit", "contest": BATCHED, "batches": BATCHES, "claims": "pairs"},
    {"kind": "sample_risk", "sample": [1, 0, 1.0, 0.5], "cards": 10, "history": True},
    *(
        {"kind": "sample_risk", "sample": [1, 0.9, 1.1], "upper": 1.2, "method": {"name": name}}
        for name in ("shrink_trunc", "fixed_alternative", "optimal_comparison", "cobra", "agrapa",
                     "kaplan_kolmogorov", "kaplan_wald", "portfolio")
    ),
    {"kind": "sample_risk", "sample": []},
    {"kind": "margin_interval", "sample": [1, 0, 1, 1], "cards": 20},
    {"kind": "margin_interval", "sample": []},
    *(
        {"kind": "polling_rounds", "share": 0.6, "rounds": [{"winner": 60, "loser": 30}], "method": method}
        for method in ("bravo", "minerva", "providence")
    ),
    {"kind": "stratified_risk", "strata": [{"cards": 50, "sample": [1, 0, 1]}, {"cards": 9, "sample": []}]},
    {"kind": "suite_risk", "compared_cards": 10_000, "compared_winner": 4_550, "compared_loser": 4_950,
     "compared_draws": 500, "polled_cards": 1_000, "polled_winner": 750, "polled_loser": 150,
     "polled_draws": 250, "drawn_winner": 187, "drawn_loser": 37},
    {"kind": "assertions", "contest": RANKED},
    {"kind": "card_audit", "contest": RANKED, "drawn": [{"record": B_FIRST, "paper": B_FIRST, "times": 60}]},
    {"kind": "stratified_audit", "contest": TWO, "strata": {
        "compared": {"cards": 600, "votes": {"A": 300, "B": 300}, "drawn": [{"record": A, "paper": A}]},
        "polled": {"cards": 400, "votes": {"A": 300, "B": 100}, "drawn": [{"paper": A, "times": 30}]}}},
    {"kind": "contests_size", "contests": {"m": TWO}, "styles": [{"contests": ["m"], "cards": 990}]},
    {"kind": "contests_size", "contests": {"m": TWO}, "styles": [], "design": "polling", "replications": 20},
    {"kind": "contests_audit", "contests": {"m": {"contest": TWO, "size": 1}}, "cards": [
        {"id": "1", "ticket": "0" * 64, "contests": ["m"], "record": {"m": A}, "paper": {"m": B}}],
     "replications": 20},
    {"kind": "sample_size", "cards": 10_000, "margins": [0.1], "replications": 20},
    {"kind": "irv_assertions", "choices": ["a", "b"], "rankings": [{"ballots": 3, "ranking": ["a"]}]},
    {"kind": "card_draw", "seed": SEED, "manifest": [{"batch": ["1"], "cards": 9}], "size": 2},
    {"kind": "batch_draw", "seed": SEED, "batches": [{"batch": ["1"], "bound": "1/2"}], "size": 1},
    {"kind": "contest_draw", "seed": SEED, "cards": [{"id": "1", "contests": ["m"]}], "sizes": {"m": 1}},
]  # fmt: skip
NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "assertions", "contest": {"votes": {"a": 6}, "cards": 5}}, "'votes' must be at most 5"),
    ({"kind": "assertions", "contest": {**TWO, "winners": ["Z"]}}, "'winners' must be among"),
    ({"kind": "assertions", "contest": {**TWO, "rule": "supermajority"}}, "'share' must be"),
    ({"kind": "card_audit", "contest": TWO, "drawn": [{"paper": {"marks": ["Z"]}}]}, "Z is none"),
    ({"kind": "card_audit", "contest": TWO, "drawn": [{"paper": A}, {"paper": A, "record": A}]}, "or none"),
    ({"kind": "card_audit", "contest": TWO, "hand_count": {"A": 1}}, "'hand_count' must have"),
    ({"kind": "card_audit", "contest": TWO, "pools": {"p": {"cards": 1, "votes": {"A": 2}}}}, "at most 1"),
    ({"kind": "super_simple", "contest": THREE, "drawn": [{"paper": {}}]}, "must each have a 'record'"),
    (
        {
            "kind": "batch_audit",
            "contest": BATCHED,
            "batches": [*BATCHES, {"name": "4", "cards": 0}],
            "drawn": [{"names": ["4"]}],
            "method": "assorter",
        },
        "4 cannot hold an error",
    ),
    ({"kind": "batch_audit", "contest": BATCHED, "batches": BATCHES, "lost": 100}, "'lost' is 100"),
    ({"kind": "assertions", "contest": {**TWO, "rule": "irv"}}, "'rankings' belong to"),
    ({"kind": "assertions", "contest": {**RANKED, "votes": {"A": 41, "B": 60}}}, "A has 41 of them"),
    ({"kind": "assertions", "contest": {**RANKED, "seats": 2}}, "'seats' of a ranked contest"),
    ({"kind": "card_audit", "contest": RANKED, "drawn": [{"paper": A}]}, "show a 'ranking'"),
    ({"kind": "card_audit", "contest": TWO, "drawn": [{"paper": B_FIRST}]}, "in a ranked contest only"),
    (
        {"kind": "card_audit", "contest": RANKED, "drawn": [{"paper": {"ranking": ["A", "A"]}}]},
        "names a choice twice",
    ),
    (
        {"kind": "stratified_audit", "contest": TWO, "strata": {"one": {"cards": 9, "votes": {"A": 6}}}},
        "1,000 cards in all",
    ),
    (
        {"kind": "stratified_audit", "contest": TWO, "strata": {"one": {"cards": 1_000, "votes": {"A": 6}}}},
        "the contest's votes in all",
    ),
    ({"kind": "sample_risk", "sample": [2]}, "'sample' must be values in"),
    ({"kind": "sample_risk", "sample": [1, 1], "cards": 1}, "more than the 1 .cards."),
    ({"kind": "sample_size", "cards": 100, "margins": [0.5], "voted": 0.4}, "'margins' must be at most"),
    (
        {"kind": "stratified_risk", "strata": [{"cards": 5, "sample": [1], "method": {"name": "portfolio"}}]},
        "one bet",
    ),
]
MALFORMED: list[dict[str, Any]] = [
    {"kind": "assertions", "contest": {**TWO, "cards": 0}},
    {"kind": "assertions", "contest": {**TWO, "votes": {"A": -1}}},
    {"kind": "assertions", "contest": {**TWO, "rule": "lottery"}},
    {"kind": "card_audit", "contest": TWO, "risk_limit": 0},
    {"kind": "card_audit", "contest": TWO, "risk_limit": 1},
    {"kind": "card_audit", "contest": TWO, "drawn": [{"paper": A, "times": 0}]},
    {"kind": "sample_risk", "sample": [1], "method": {"name": "guess"}},
    {"kind": "sample_risk", "sample": ["1"]},
    {"kind": "polling_rounds", "share": 0.5, "rounds": [{"winner": 1, "loser": 1}]},
    {"kind": "sample_size", "cards": 100, "margins": []},
]


def solved(problem: Any) -> Any:
    return json.loads(solving.solve_json(json.dumps(problem)))


def fits(problem: dict[str, Any], side: str) -> bool:
    return bool(Draft202012Validator(solving.schemas()[f"{problem['kind']}.{side}"]).is_valid(problem))


@pytest.mark.parametrize("problem", GOOD, ids=lambda each: str(each)[:60])
def test_what_solves_is_what_the_schema_accepts(problem: dict[str, Any]) -> None:
    """Each good problem passes its schema, and its answer the answer's."""
    assert fits(problem, "problem")
    assert fits(solved(problem), "answer")


@pytest.mark.parametrize("problem", MALFORMED, ids=lambda each: str(each)[:60])
def test_what_the_schema_refuses_is_refused(problem: dict[str, Any]) -> None:
    """In a sentence that begins with the kind."""
    assert not fits(problem, "problem")
    with pytest.raises(RequestError, match=f"^{problem['kind']}: .*\\.$"):
        solved(problem)


@pytest.mark.parametrize(("problem", "why"), NONSENSE, ids=lambda each: str(each)[:50])
def test_contradictions_are_refused(problem: dict[str, Any], why: str) -> None:
    """What no schema can tell: one field against another."""
    assert fits(problem, "problem")
    with pytest.raises(RequestError, match=why):
        solved(problem)


def test_every_kind_of_audit_is_tried() -> None:
    """No kind is left out of the good problems."""
    others = {"margin", "needed_share", "votes_at_stake"}
    others |= {"recount_options", "recount_deadline", "recount_cost", "recount_comparison"}
    others |= {"paper_trail", "electoral_calendar", "recount_plan"}
    assert {problem["kind"] for problem in GOOD} == set(solving.kinds()) - others


def test_the_trap_of_the_third_candidate() -> None:
    """20 of 3,000 cards read W, paper for the distant third: 0.26027, not a confirmation."""
    drawn = [{"record": {"marks": ["W"]}, "paper": {"marks": ["L2"]}, "times": 20}]
    answer = solved({"kind": "super_simple", "contest": THREE, "drawn": drawn, "clean": 2_980})
    assert answer["risk"] == pytest.approx(0.26027035245086794)


def test_draws_with_replacement_never_make_a_full_count() -> None:
    """A thousand draws of a thousand cards may be one card: the audit goes on."""
    drawn = [{"record": A, "paper": B, "times": 600}, {"record": B, "paper": B, "times": 400}]
    card = {"kind": "card_audit", "contest": TWO, "drawn": drawn}
    assert solved({**card, "with_replacement": True})["verdict"] == "continue"
    assert solved(card)["verdict"] == "full hand count"


def test_a_full_count_of_another_winner_overrides_every_risk() -> None:
    """A clean sample and a hand count that reverses it."""
    drawn = [{"record": A, "paper": A, "times": 500}]
    problem = {"kind": "card_audit", "contest": TWO, "drawn": drawn, "hand_count": {"A": 400, "B": 600}}
    assert solved(problem)["verdict"] == "full hand count shows a different outcome"


def test_one_claim_can_be_tested_by_the_batch_assorter() -> None:
    """Two clean choices and two batches; each draw without error lowers the risk."""
    contest = {"votes": {"w": 200, "l": 150}, "cards": 350}
    batches = [
        {"name": "1", "cards": 150, "votes": {"w": 100, "l": 50}},
        {"name": "2", "cards": 200, "votes": {"w": 100, "l": 100}},
    ]
    drawn = [{"names": ["1"], "votes": {"w": 100, "l": 50}, "times": 30}]
    asked = {"kind": "batch_audit", "contest": contest, "batches": batches, "method": "assorter"}
    assert solved({**asked, "drawn": drawn})["risk"] < 0.05 < solved(asked)["risk"]
