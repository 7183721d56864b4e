"""Batches and all cards: what lies in no batch, what was missing, what was counted wholly, several claims."""

import json
from typing import Any

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally, plurality
from tallyproof.audit.batch_assorter import BatchClaims, BatchComparison
from tallyproof.audit.batch_error import Batch, BatchContest
from tallyproof.errors import RequestError
from tallyproof.risk.betting import Agrapa
from tallyproof.risk.wealth import history
from tallyproof.services import solving

TWO: dict[str, Any] = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
TEN = [{"name": str(n), "cards": 100, "votes": {"A": 60, "B": 40}} for n in range(10)]
CLEAN = {"A": 60, "B": 40}
WRONG = "full hand count shows a different outcome"
METHODS = ("macro", "assorter")


def solved(**problem: Any) -> Any:
    asked = {"kind": "batch_audit", "contest": TWO, "batches": TEN} | problem
    return json.loads(solving.solve_json(json.dumps(asked)))


def drawn(names: Any, votes: dict[str, int], times: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [{"names": [str(name)], "votes": votes, "times": times, **more} for name in names]


# ---- cards in no batch


@pytest.mark.parametrize("method", METHODS)
def test_cards_in_no_batch_are_lost_without_being_typed(method: str) -> None:
    """A thousand cards that lie nowhere could undo a lead of 200; 199 leave a margin of one vote."""
    sample = drawn(range(9), CLEAN, 3)
    with pytest.raises(RequestError, match="'lost' is 1,000 cards"):
        solved(contest=TWO | {"cards": 2_000}, drawn=sample, method=method)
    assert solved(contest=TWO | {"cards": 1_199}, drawn=sample, method=method)["lost"] == 199
    assert solved(contest=TWO | {"cards": 1_199}, drawn=sample, method=method)["verdict"] == "continue"
    all_there = solved(drawn=sample, method=method)
    assert (all_there["lost"], all_there["verdict"]) == (0, "confirmed")


def test_what_is_typed_is_at_least_what_lies_in_no_batch() -> None:
    """Fifty lie nowhere: 50 and more (others are pending) may be told, 49 not."""
    contest = TWO | {"cards": 1_050}
    assert [solved(contest=contest, lost=lost)["lost"] for lost in (0, 50, 60)] == [50, 50, 60]
    with pytest.raises(RequestError, match="'lost' is 49; 50 of the contest's cards are in no batch"):
        solved(contest=contest, lost=49)


def test_votes_reported_of_lost_cards_add_nothing_to_a_margin() -> None:
    """100 lost cards were all reported for A: what can be audited is a lead of 100, of which 100 can go."""
    batches = [{"name": "1", "cards": 900, "votes": {"A": 500, "B": 400}}]
    with pytest.raises(RequestError, match="'lost' is 100 cards"):
        solved(batches=batches)
    pairs = plurality(Tally({"A": 600, "B": 400}, 1_000)).assertions
    held = (Batch("1", (550, 400), 950),)
    assert BatchContest(Tally({"A": 600, "B": 400}, 1_000), pairs, held, 50).margins == (100,)
    with pytest.raises(RequestError, match="the contest's votes in all"):
        solved(contest={**TWO, "votes": {"A": 600, "B": 300}, "votes_per_card": 2},
               batches=[{"name": "1", "cards": 900, "votes": {"A": 450, "B": 300}}])  # fmt: skip


def test_a_false_claim_has_errors_that_add_up_to_one() -> None:
    """Whatever lost cards were reported to be, and whatever they are: the law on which MACRO stands."""
    chance = np.random.default_rng(7)
    for _ in range(300):
        batches = [Batch(str(n), (int(a), int(chance.integers(0, 51 - a))), 50)
                   for n, a in enumerate(chance.integers(20, 51, 4))]  # fmt: skip
        lost = int(chance.integers(0, 30))
        on_lost = int(chance.integers(0, lost + 1))
        told = [sum(batch.votes[place] for batch in batches) for place in (0, 1)]
        tally = Tally({"A": told[0] + on_lost, "B": told[1] + lost - on_lost}, 200 + lost)
        if tally.ranked[0] != "A" or tally.votes["A"] == tally.votes["B"]:
            continue
        contest = BatchContest(tally, plurality(tally).assertions, tuple(batches), lost)
        if min(contest.left) <= 0:
            continue
        paper = [(int(a), 50 - int(a)) for a in chance.integers(0, 51, 4)]
        lead = sum(a - b for a, b in paper) - lost
        if lead <= 0:
            pairs = zip(batches, paper, strict=True)
            assert sum(contest.error(batch, votes) for batch, votes in pairs) >= 1


# ---- cards missing from a batch that was drawn


@pytest.mark.parametrize("method", METHODS)
def test_missing_cards_of_a_batch_count_against_every_claim(method: str) -> None:
    """Half of each box not found: nothing is confirmed; none missing: it is. One missing is one vote."""
    half = {"A": 30, "B": 20}
    assert solved(drawn=drawn(range(9), half, 9, missing=50), method=method)["verdict"] == "continue"
    assert solved(drawn=drawn(range(9), CLEAN, 9), method=method)["verdict"] == "confirmed"
    one = solved(drawn=drawn([0], {"A": 59, "B": 40}, missing=1), method=method)
    assert one["taints"] == pytest.approx([2 / 120])


def test_missing_cards_leave_no_votes() -> None:
    """Fifty cards found bear fifty votes; more cards than the batch has cannot be missing."""
    with pytest.raises(RequestError, match="'votes' of 0 are 51; its 50 'cards'"):
        solved(drawn=drawn([0], {"A": 30, "B": 21}, missing=50))
    with pytest.raises(RequestError, match="'missing' of 0 is 101 of its 100"):
        solved(drawn=drawn([0], {}, missing=101))


# ---- all batches counted


@pytest.mark.parametrize("method", METHODS)
def test_all_batches_counted_are_a_full_hand_count(method: str) -> None:
    """The loser is ahead on paper, though draws of the clean batches outweigh the one that is not."""
    batches = [{"name": "X", "cards": 600, "votes": {"A": 420, "B": 180}},
               *({"name": f"Y{n}", "cards": 100, "votes": {"A": 45, "B": 55}} for n in range(4))]  # fmt: skip
    seen = [{"names": ["X"], "votes": {"A": 310, "B": 290}}, *drawn(["Y0", "Y1", "Y2", "Y3"],
            {"A": 45, "B": 55}, 10)]  # fmt: skip
    found = solved(batches=batches, drawn=seen, method=method)
    assert (found["verdict"], found["sentence"]) == (
        WRONG,
        "The reported outcome is wrong. On paper: B wins.",
    )
    right = [seen[0] | {"votes": {"A": 330, "B": 270}}, *seen[1:]]
    assert solved(batches=batches, drawn=right, method=method)["verdict"] == "confirmed"
    assert solved(batches=batches, drawn=right[:-1], method=method)["verdict"] != WRONG


def test_one_batch_that_is_the_contest() -> None:
    """Counted and clean: there is nothing more to draw. With cards missing that could turn it: no answer."""
    whole = [{"name": "all", "cards": 1_000, "votes": TWO["votes"]}]
    assert solved(batches=whole, drawn=drawn(["all"], TWO["votes"]))["verdict"] == "confirmed"
    lost = solved(batches=whole, drawn=drawn(["all"], {"A": 400, "B": 350}, missing=250))
    assert (lost["verdict"], len(lost["reasons"])) == ("cannot be confirmed", 1)
    few = solved(batches=whole, drawn=drawn(["all"], {"A": 590, "B": 390}, missing=20))
    assert few["verdict"] == "confirmed"
    nowhere = solved(contest=TWO | {"cards": 1_300}, batches=whole, drawn=drawn(["all"], TWO["votes"]))
    assert (nowhere["verdict"], nowhere["lost"]) == ("cannot be confirmed", 300)


def test_a_hand_count_of_its_own_decides() -> None:
    """As in a card audit; also where lost cards leave nothing to draw, and where the votes tie."""
    other = {"A": 400, "B": 600}
    assert solved(hand_count=other)["verdict"] == WRONG
    assert solved(hand_count=TWO["votes"], drawn=drawn([0], {"B": 100}))["verdict"] == "confirmed"
    assert solved(contest=TWO | {"cards": 2_000}, hand_count=other)["verdict"] == WRONG
    tied = {"votes": {"A": 500, "B": 500}, "cards": 1_000}
    assert solved(contest=tied | {"winners": ["A"]}, hand_count=tied["votes"])["verdict"] == "confirmed"
    assert solved(hand_count={"A": 200, "B": 201}, not_found=599)["verdict"] == "cannot be confirmed"


@pytest.mark.parametrize(("claims", "verdict"), [("pairs", "confirmed"), ("majority", WRONG)])
def test_a_full_count_answers_what_was_tested(claims: str, verdict: str) -> None:
    """A leads on paper without a majority: enough for pairs, another outcome where a majority was told."""
    contest = {"votes": {"A": 60, "B": 30, "C": 10}, "cards": 100}
    whole = [{"name": "all", "cards": 100, "votes": contest["votes"]}]
    seen = drawn(["all"], {"A": 45, "B": 40, "C": 15})
    assert solved(contest=contest, batches=whole, drawn=seen, claims=claims)["verdict"] == verdict


def test_a_batch_has_one_count() -> None:
    """Drawn again it is the same; other votes, or with another batch, are settled first."""
    again = [*drawn([0], CLEAN), *drawn([0], CLEAN)]
    assert solved(drawn=again)["draws"] == 2
    for other in ({"votes": {"A": 59, "B": 41}}, {"names": ["0", "1"]}, {"missing": 1}):
        with pytest.raises(RequestError, match="two different counts of batch 0|bear at most 99"):
            solved(drawn=[again[0], again[1] | other])


def test_draws_beyond_ten_million_are_refused() -> None:
    """And a million are counted at once."""
    found = solved(drawn=drawn([0], CLEAN, 1_000_000))
    assert (found["draws"], found["verdict"]) == (1_000_000, "confirmed")
    batches = [{"name": str(n), "cards": 50, "votes": {"A": 30, "B": 20}} for n in range(20)]
    with pytest.raises(RequestError, match="'drawn' must be at most 10,000,000 draws"):
        solved(batches=batches, drawn=drawn(range(11), {"A": 30, "B": 20}, 1_000_000))


# ---- several claims by the assorter


def test_one_claim_is_valued_as_by_size() -> None:
    """1 - e / u is X / R, its bound the same null, also with lost and missing cards."""
    tally = Tally({"A": 600, "B": 400}, 1_030)
    batches = (Batch("1", (350, 150), 500), Batch("2", (250, 250), 500))
    contest = BatchContest(tally, plurality(tally).assertions, batches, 30)
    alone = BatchComparison(contest.assertions[0], batches, 30)
    several = BatchClaims(contest)
    null, bound = several.population, alone.population_by_size
    assert (null.null_mean, null.upper) == (bound.null_mean, bound.upper)
    for votes, missing in (((350, 150), 0), ((300, 190), 10), ((0, 0), 500), ((500, 0), 0)):
        (value,) = several.values(batches[0], votes, missing)
        assert float(value) == alone.value_by_size(batches[0], votes, missing)


def test_several_claims_are_tested_at_once() -> None:
    """The nearest rival decides; where its votes are short in every box, the other claim is open alone."""
    contest = {"votes": {"A": 600, "B": 250, "C": 150}, "cards": 1_000}
    batches = [{"name": str(n), "cards": 100, "votes": {"A": 60, "B": 25, "C": 15}} for n in range(10)]
    asked = {"contest": contest, "batches": batches, "method": "assorter"}
    clean = solved(**asked, drawn=drawn(range(9), {"A": 60, "B": 25, "C": 15}, 3))
    assert clean["verdict"] == "confirmed" and len(clean["reasons"]) == 2
    macro = solved(**asked | {"method": "macro"})
    assert [clean["total_bound"], clean["bounds"]] == [macro["total_bound"], macro["bounds"]]
    short = solved(**asked, drawn=drawn(range(9), {"A": 45, "B": 40, "C": 15}, 3))
    assert [reason.split(",")[0] for reason in short["reasons"]] == ["Not confirmed yet", "Confirmed"]


def test_the_level_of_several_claims() -> None:
    """B ties with A on paper, C far behind: 400 audits at 10 % confirm at most as often, within 3 errors."""
    tally = Tally({"A": 500, "B": 300, "C": 200}, 1_000)
    batches = tuple(Batch(str(n), (50, 30, 20), 100) for n in range(10))
    tested = BatchClaims(BatchContest(tally, plurality(tally).assertions, batches))
    paper = [(50, 30, 20)] * 5 + [(30, 50, 20)] * 5
    assert sum(a for a, *_ in paper) == sum(b for _, b, _ in paper)
    values = np.array([[float(x) for x in tested.values(*each)] for each in zip(batches, paper, strict=True)])
    chance = np.random.default_rng(11)
    confirmed = 0
    for _ in range(400):
        sample = values[chance.integers(0, 10, 60)]
        bet = Agrapa(1.0, 0.05, 20)
        confirmed += all(history(sample[:, k], tested.population, bet).p_value <= 0.1 for k in (0, 1))
    assert confirmed / 400 <= 0.1 + 3 * (0.1 * 0.9 / 400) ** 0.5


def test_a_batch_without_a_chance_cannot_have_been_drawn() -> None:
    """All its cards were reported for B, so for this claim its sum is 0; any other batch can be drawn."""
    batches = [{"name": "b", "cards": 100, "votes": {"B": 100}},
               {"name": "a", "cards": 900, "votes": {"A": 600, "B": 300}}]  # fmt: skip
    for method in METHODS:
        assert solved(batches=batches, drawn=drawn("a", {"A": 600, "B": 300}), method=method)["draws"] == 1
        with pytest.raises(RequestError, match="b cannot hold an error"):
            solved(batches=batches, drawn=drawn("b", {"B": 100}), method=method)
    counted = [*drawn("a", {"A": 600, "B": 300}), *drawn("b", {"B": 100})]
    whole = solved(batches=batches, drawn=counted)
    assert (whole["verdict"], whole["draws"]) == ("confirmed", 0)


def test_programs_take_margins_from_the_totals() -> None:
    """A published audit is recomputed as it was printed: votes on lost cards count in its margins."""
    tally = Tally({"A": 600, "B": 400}, 1_000)
    pairs, held = plurality(tally).assertions, (Batch("1", (540, 400), 940),)
    assert BatchContest(tally, pairs, held, 60).left == (80,)
    assert BatchContest(tally, pairs, held, 60, as_published=True).left == (140,)


def test_a_tied_contest_knows_its_batches() -> None:
    """Names are looked at even where no sample could confirm anything."""
    tied = {"votes": {"A": 500, "B": 500}, "cards": 1_000}
    with pytest.raises(RequestError, match="'names' of x must all be batches"):
        solved(contest=tied, drawn=drawn(["x"], {"A": 1}))
    halves = drawn(range(10), {"A": 50, "B": 50})
    assert solved(contest=tied, drawn=halves)["verdict"] == "confirmed"
    assert solved(contest=tied, drawn=halves[:9])["verdict"] == "cannot be confirmed"


def test_an_outcome_that_the_votes_contradict_is_judged_by_its_own_rule() -> None:
    """A was announced to have a majority, the votes give a runoff: that A leads the paper does not help."""
    votes = {"A": 45, "B": 40, "C": 15}
    contest = {"votes": votes, "cards": 100, "rule": "majority_or_runoff", "winners": ["A"]}
    whole = [{"name": "all", "cards": 100, "votes": votes}]
    for claims in ("outcome", "pairs"):
        found = solved(contest=contest, batches=whole, drawn=drawn(["all"], votes), claims=claims)
        assert found["verdict"] == WRONG
    runoff = contest | {"winners": ["A", "B"]}
    assert solved(contest=runoff, batches=whole, drawn=drawn(["all"], votes))["verdict"] == "confirmed"


def test_pairs_of_a_contest_by_points_are_bound_by_its_points() -> None:
    """A card can move four points between two choices of up to two: U is that of the outcome."""
    contest = {"votes": {"A": 120, "B": 80}, "cards": 100, "rule": "score", "points": 2}
    asked = {"contest": contest, "batches": [{"name": "all", "cards": 100, "votes": contest["votes"]}]}
    bounds = [solved(**asked, claims=claims)["total_bound"] for claims in ("outcome", "pairs")]
    assert bounds == [(40 + 200) / 40] * 2
