"""Audits of cards as problems, in detail: what is measured, what counts as a full count, what is refused."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit.card_audit import (
    AssertionRisk,
    CardAudit,
    CardAuditAnswer,
    SuperSimple,
    SuperSimpleAnswer,
    samples,
    solve_card_audit,
    solve_super_simple,
    usual_method,
)
from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.drawn_cards import DrawnCards, PoolTotals, Shown, design_of
from tallyproof.audit.methods import AdaptiveBet, AlphaFixed, AlphaShrink, Cobra, KaplanWaldTest, measured
from tallyproof.errors import RequestError
from tallyproof.risk.function import Population
from tallyproof.risk.supersimple import GAMMA

TWO = Contest({"A": 600, "B": 400}, 1_000)
THREE = Contest({"W": 50_000, "L1": 49_000, "L2": 1_000}, 100_000)
A, B, BLANK = Shown(("A",)), Shown(("B",)), Shown()
ELSEWHERE, LOST = Shown(state="contest not on card"), Shown(state="not found")
CLAIM = "A has more votes than B."


def right(times: int) -> DrawnCards:
    return DrawnCards(A, A, times=times)


def audited(*drawn: DrawnCards, **more: Any) -> CardAuditAnswer:
    return solve_card_audit(CardAudit(**{"contest": TWO, "drawn": drawn, **more}))


def risk_of(*drawn: DrawnCards, **more: Any) -> float:
    return audited(*drawn, **more).assertions[0].risk


# ---- what is measured


def test_a_comparison_without_errors() -> None:
    """v = 1/5: a right card counts 1 / 1.8 of at most 2 / 1.8, judged by COBRA's bet."""
    values, population = np.full(20, 1 / 1.8), Population(2 / 1.8, 0.5, 1_000)
    risk = float(measured(values, population, Cobra(), 1 / 1.8).p_value)
    found = audited(right(12), right(8))
    assert found == CardAuditAnswer(
        "continue",
        "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand.",
        (f"Not confirmed yet, risk {risk:.4g}, above 0.05: {CLAIM}",),
        "comparison",
        20,
        (AssertionRisk(CLAIM, 0.2, pytest.approx(risk, rel=1e-12), False),),  # type: ignore[arg-type]
    )


def test_a_confirmation() -> None:
    """Sixty right cards at 5 %."""
    found = audited(right(60))
    assert (found.verdict, found.sentence) == (
        "confirmed",
        "Every assertion is confirmed at risk limit 0.05.",
    )
    assert found.reasons == (f"Confirmed, risk {found.assertions[0].risk:.4g}, at most 0.05: {CLAIM}",)
    assert audited(right(60), risk_limit=1e-9).verdict == "continue"


def test_errors_stand_where_they_were_drawn() -> None:
    """A card overstated by two votes counts 0, by one 1/2 of a right one; cards come with replacement."""
    drawn = (right(3), DrawnCards(B, A), DrawnCards(BLANK, A), right(5))
    values = np.array([1, 1, 1, 0, 0.5, 1, 1, 1, 1, 1]) / 1.8
    for size, replaced in ((1_000, False), (None, True)):
        population = Population(2 / 1.8, 0.5, size)
        expected = float(measured(values, population, KaplanWaldTest(), 1 / 1.8).p_value)
        found = risk_of(*drawn, with_replacement=replaced, method=KaplanWaldTest())
        assert found == pytest.approx(expected, rel=1e-12)


def test_paper_alone() -> None:
    """A counts 1, B 0, neither 1/2, of a mean of 0.6 if all is as reported; ALPHA judges."""
    found = audited(DrawnCards(A, times=30), DrawnCards(B, times=4), DrawnCards(BLANK, times=2))
    values = np.repeat([1, 0, 0.5], [30, 4, 2])
    expected = measured(values, Population(1.0, 0.5, 1_000), AlphaShrink(), 0.6)
    assert (found.design, found.draws) == ("polling", 36)
    assert found.assertions[0].risk == pytest.approx(float(expected.p_value), rel=1e-12)


def test_the_reported_mean_is_what_a_bet_expects() -> None:
    """ALPHA with a fixed alternative of 0.6, the mean reported, multiplies by 6/5 for each A."""
    drawn = DrawnCards(A, times=5)
    found = risk_of(drawn, method=AlphaFixed(), with_replacement=True)
    assert found == pytest.approx((5 / 6) ** 5)


def test_pools_are_compared_with_their_mean() -> None:
    """A pool of 100 with 60 and 40: mean 0.6; its A counts (1 + 1 - 0.6) / 1.8, judged by an adaptive bet."""
    pools = {"p": PoolTotals(100, {"A": 60, "B": 40})}
    found = audited(DrawnCards(A, pool="p", times=3), DrawnCards(B, pool="p"), right(4), pools=pools)
    values = np.array([1.4, 1.4, 1.4, 0.4, 1, 1, 1, 1]) / 1.8
    expected = measured(values, Population(2 / 1.8, 0.5, 1_000), AdaptiveBet(), 1 / 1.8)
    assert found.design == "comparison with pools"
    assert found.assertions[0].risk == pytest.approx(float(expected.p_value), rel=1e-12)


def test_each_assertion_sees_the_pool_in_its_own_way() -> None:
    """The leader's lead in the pool is 20 over one and 55 over the other: of 110 cards each."""
    contest = Contest({"A": 600, "B": 300, "C": 50}, 1_000)
    pools = {"p": PoolTotals(110, {"A": 60, "B": 40, "C": 5}), "q": PoolTotals(50, {"C": 5})}
    problem = CardAudit(contest, (DrawnCards(A, pool="p"),), pools)
    tally, claims = claims_of(contest)
    first, second = samples(problem, tally, claims, design_of(problem.drawn, problem.pools))
    assert [first.claim, second.claim] == ["A has more votes than B.", "A has more votes than C."]
    assert first.values == pytest.approx([(1 + 1 - (1 + 20 / 110) / 2) / (2 - 0.3)])
    assert second.values == pytest.approx([(1 + 1 - (1 + 55 / 110) / 2) / (2 - 0.55)])
    assert (first.margin, second.margin) == (0.3, 0.55)
    assert (first.expected, second.expected) == pytest.approx((1 / 1.7, 1 / 1.45))


def test_card_styles_say_where_the_contest_is() -> None:
    """A paper without it counts 0 where its record says it is there, and 1/2 without styles."""
    for drawn in (DrawnCards(ELSEWHERE, A), DrawnCards(ELSEWHERE)):
        for styles, value in ((True, 0.0), (False, 0.5)):
            problem = CardAudit(TWO, (drawn,), styles=styles)
            tally, claims = claims_of(TWO)
            (found,) = samples(problem, tally, claims, design_of(problem.drawn, {}))
            assert found.values == pytest.approx([value if drawn.record is None else value / 1.8])
    assert CardAudit(TWO).styles


def test_the_usual_methods() -> None:
    """COBRA for records, an adaptive bet for pools, ALPHA for paper alone."""
    assert usual_method("comparison") == Cobra()
    assert usual_method("comparison with pools") == AdaptiveBet()
    assert usual_method("polling") == AlphaShrink()


def test_what_is_left_out_of_a_problem() -> None:
    """No draws, no pools, styles, without replacement, 5 %, nothing counted by hand."""
    assert CardAudit(TWO) == CardAudit(
        TWO, (), {}, True, False, None, 0.05, examined=None, hand_count=None, hand_count_rankings=()
    )
    assert CardAudit(TWO).not_found == 0
    assert SuperSimple(TWO) == SuperSimple(TWO, (), 0, GAMMA, False)


# ---- verdicts


def test_cards_that_leave_no_room_disprove() -> None:
    """Five of ten votes for B prove that A has no majority of marks; the first alone did not."""
    contest = Contest({"A": 6, "B": 4}, 10)
    some = audited(DrawnCards(B, times=4), contest=contest)
    most = audited(DrawnCards(B, times=6), DrawnCards(A), contest=contest)
    assert [each.assertions[0].disproved for each in (some, most)] == [False, True]
    assert (some.verdict, most.verdict) == ("continue", "full hand count")
    assert most.reasons == (f"The cards examined leave no way for this to be shown: {CLAIM}",)


def test_no_draws_say_nothing() -> None:
    """The risk is 1, and nothing is disproved."""
    found = audited()
    assert (found.design, found.draws, found.verdict) == ("comparison", 0, "continue")
    assert found.assertions == (AssertionRisk(CLAIM, 0.2, 1.0, False),)
    assert audited(contest=Contest({"A": 1, "B": 0}, 1)).verdict == "continue"


@pytest.mark.parametrize(
    ("times", "more", "verdict"),
    [
        (4, {}, "continue"),
        (4, {"examined": 9}, "continue"),
        (4, {"examined": 10}, "full hand count"),
        (10, {"with_replacement": True}, "continue"),
        (12, {"with_replacement": True, "examined": 10}, "full hand count"),
        (12, {"with_replacement": True, "examined": 9}, "continue"),
    ],
)
def test_what_counts_as_all_cards(times: int, more: dict[str, Any], verdict: str) -> None:
    """As many as were examined where that is told; draws alone may be of one card."""
    contest = Contest({"A": 6, "B": 4}, 10)
    found = audited(right(times), contest=contest, risk_limit=1e-9, **more)
    assert (found.verdict, found.assertions[0].disproved) == (verdict, False)


def test_cards_drawn_for_other_contests_are_not_this_one_s() -> None:
    """Ten draws of which one bears the contest are no full count of its ten; without styles they are."""
    contest = Contest({"A": 1, "B": 0}, 10)
    drawn = (DrawnCards(ELSEWHERE, ELSEWHERE, times=9), right(1))
    found = audited(*drawn, contest=contest)
    assert (found.verdict, found.draws) == ("continue", 10)
    assert audited(*drawn, contest=contest, styles=False).verdict == "confirmed"


@pytest.mark.parametrize(
    ("lost", "verdict"), [(2, "confirmed"), (3, "full hand count"), (4, "full hand count")]
)
def test_all_cards_drawn_settle_the_assertion(lost: int, verdict: str) -> None:
    """Of eight for A two or more are B on paper: still true, a tie, and false."""
    contest = Contest({"A": 8, "B": 2}, 10)
    drawn = (DrawnCards(B, A, times=lost), right(8 - lost), DrawnCards(B, B, times=2))
    found = audited(*drawn, contest=contest)
    assert (found.verdict, found.assertions[0].disproved) == (verdict, lost >= 3)


def test_more_draws_than_cards_of_a_tie_are_no_error() -> None:
    """Whatever was drawn, no sample can confirm a tie."""
    assert audited(right(11), contest=Contest({"A": 5, "B": 5}, 10)).verdict == "cannot be confirmed"


def test_cards_that_are_none_of_the_contest_are_refused_even_after_a_tie() -> None:
    """What was drawn is read whether or not anything can be asserted."""
    tied = Contest({"A": 5, "B": 5}, 10)
    assert audited(right(2), contest=tied).verdict == "cannot be confirmed"
    with pytest.raises(RequestError, match="Z is none of the choices: A, B"):
        audited(DrawnCards(Shown(("Z",))), contest=tied)


# ---- counted by hand


def counted(votes: dict[str, int], not_found: int = 0, **more: Any) -> CardAuditAnswer:
    return audited(hand_count=votes, not_found=not_found, **more)


def test_a_hand_count_decides() -> None:
    """The same winner confirms, in whatever order the choices are told."""
    found = counted({"B": 410, "A": 590})
    assert (found.verdict, found.sentence) == (
        "confirmed",
        "A full hand count shows the reported outcome: A wins.",
    )
    other = counted({"B": 590, "A": 410})
    assert other.sentence == "The reported outcome is wrong. On paper: B wins."


def test_a_hand_count_does_not_take_the_reported_winners_for_its_own() -> None:
    """Winners as reported are compared with the paper, not forced on it."""
    contest = msgspec.structs.replace(TWO, winners=("A",))
    assert counted({"A": 410, "B": 590}, contest=contest).verdict == (
        "full hand count shows a different outcome"
    )


def test_cards_not_found_are_counted_against_the_winner() -> None:
    """A lead of 180 stands against 179 cards that nobody found, not against 200."""
    doubtful = counted({"A": 490, "B": 310}, 200)
    assert (doubtful.verdict, doubtful.sentence) == (
        "cannot be confirmed",
        "Of 1,000 cards 200 were not found, which could change the outcome.",
    )
    assert doubtful.reasons == (f"200 cards not found could make it false that {CLAIM}",)
    assert counted({"A": 500, "B": 320}, 179).verdict == "confirmed"


def test_at_least_one_card_is_found() -> None:
    """999 of 1,000 may be missing, 1,000 not."""
    lost = counted({"A": 1, "B": 0}, 999).sentence
    assert lost == "Of 1,000 cards 999 were not found, which could change the outcome."
    with pytest.raises(RequestError) as told:
        counted({"A": 0, "B": 0}, 1_000)
    assert str(told.value) == "'not_found' must be less than the contest's cards."


@pytest.mark.parametrize("votes", [{"A": 600}, {"A": 600, "B": 400, "C": 0}])
def test_a_hand_count_names_every_choice_and_no_other(votes: dict[str, int]) -> None:
    """None left out, none added."""
    with pytest.raises(RequestError) as told:
        counted(votes)
    assert str(told.value) == "'hand_count' must have votes for every choice of the contest and no other."


# ---- super-simple


def super_simple(*drawn: DrawnCards, **more: Any) -> SuperSimpleAnswer:
    return solve_super_simple(SuperSimple(**{"contest": THREE, "drawn": drawn, "clean": 800, **more}))


CLOSE = Contest({"A": 5_050, "B": 4_950}, 10_000)


def kaplan_markov(draws: int, errors: list[int], gamma: float = GAMMA) -> float:
    """The product of (1 - v / 2g) / (1 - e / 2g) over draws, v = 1 %, e the votes overstated."""
    factors = [(1 - 0.01 / (2 * gamma)) / (1 - error / (2 * gamma)) for error in errors]
    return math.prod(factors) * (1 - 0.01 / (2 * gamma)) ** (draws - len(errors))


def test_the_super_simple_answer() -> None:
    """Overstated by one and two votes, understated by one and two, and right, in their numbers."""
    drawn = (
        DrawnCards(BLANK, A, times=4), DrawnCards(B, A, times=1), DrawnCards(A, BLANK, times=3),
        DrawnCards(A, B, times=2), DrawnCards(A, A, times=5),
    )  # fmt: skip
    for gamma, conservative in ((GAMMA, False), (GAMMA, True), (1.5, False)):
        more: Any = {"contest": CLOSE, "gamma": gamma, "conservative": conservative}
        found = super_simple(*drawn, **more)
        assert (found.draws, found.diluted_margin) == (815, "1/100")
        assert (found.over_one, found.over_two, found.under_one, found.under_two) == (4, 1, 3, 2)
        expected = kaplan_markov(815, [1] * 4 + [2] + [-1] * 3 + [-2] * 2, gamma)
        assert found.risk == pytest.approx(expected)


def test_a_record_that_is_not_there_costs_two_votes() -> None:
    """Whatever its paper shows; clean cards count as right."""
    found = super_simple(DrawnCards(A, LOST), contest=CLOSE, clean=999)
    assert (found.draws, found.over_two) == (1_000, 1)
    assert found.risk == pytest.approx(kaplan_markov(1_000, [2]))
    assert super_simple(contest=CLOSE, clean=0) == SuperSimpleAnswer(1.0, 0, "1/100", 0, 0, 0, 0)


def test_counting_whole_votes_is_conservative() -> None:
    """Votes for the distant third count as votes for the runner-up only where one asks for that."""
    drawn = DrawnCards(Shown(("L2",)), Shown(("W",)), times=2)
    exact, whole = (super_simple(drawn, clean=1_998, conservative=each).risk for each in (False, True))
    assert whole == pytest.approx(kaplan_markov(2_000, [2, 2]))
    assert exact == pytest.approx(kaplan_markov(2_000, [1, 1]))


def test_any_number_of_clean_cards_is_counted() -> None:
    """A billion clean cards are one number, not a billion entries; ten misread ones weigh what they weigh."""
    narrow = Contest({"A": 500_001, "B": 499_999}, 1_000_000)
    found = super_simple(DrawnCards(B, A, times=10), contest=narrow, clean=10**6)
    logs = -(10**6 + 10) * math.log1p(-2e-6 / (2 * GAMMA)) + 10 * math.log1p(-1 / GAMMA)
    assert found.risk == pytest.approx(min(1.0, math.exp(-logs)))
    many = super_simple(DrawnCards(B, A, times=10_000_000), contest=CLOSE, clean=10**15)
    assert (many.draws, many.over_two, many.risk) == (10**15 + 10**7, 10**7, 0.0)


def test_a_sample_has_ten_million_draws_at_most() -> None:
    """The order of draws matters, so each is kept; beyond that the sentence says how many are allowed."""
    many = DrawnCards(A, A, times=6_000_000)
    with pytest.raises(
        RequestError, match="'drawn' is 12,000,000 cards in all; it must be at most 10,000,000"
    ):
        audited(many, many, with_replacement=True)


@pytest.mark.parametrize(
    ("contest", "why"),
    [
        (Contest({"A": 6, "B": 4}, 10, rule="score"), "A wins."),
        (Contest({"A": 5, "B": 5}, 10), "A and B tie with 5 votes."),
        (Contest({"A": 5}, 10), "There are no more choices than seats."),
    ],
)
def test_super_simple_needs_a_winner_and_a_loser_by_votes(contest: Contest, why: str) -> None:
    """Another rule, a tie and a contest without opponents are refused, each with its sentence."""
    with pytest.raises(RequestError) as told:
        super_simple(contest=contest)
    assert str(told.value) == f"'contest' must be a plurality contest with a winner and a loser: {why}"


def test_super_simple_compares_every_card() -> None:
    """One card without a record is enough to be refused."""
    with pytest.raises(RequestError) as told:
        super_simple(DrawnCards(A, A), DrawnCards(A), contest=CLOSE)
    assert (
        str(told.value) == "'drawn' cards must each have a 'record'; write \"not found\" where there is none."
    )
