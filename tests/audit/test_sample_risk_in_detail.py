"""Risks of samples as problems, in detail: every field of the answers, each way, borders and refusals."""

from typing import Any

import msgspec
import numpy as np
import pytest

from tallyproof.audit import sample_risk
from tallyproof.audit.methods import (
    AlphaFixed,
    AlphaShrink,
    Cobra,
    KaplanWaldTest,
    Portfolio,
    bet_of,
    measured,
)
from tallyproof.audit.sample_risk import (
    MarginInterval,
    MarginIntervalAnswer,
    PollingRounds,
    PollingRoundsAnswer,
    Round,
    SampleRisk,
    SampleRiskAnswer,
    StratifiedRisk,
    StratumSample,
    SuiteRisk,
    solve_margin_interval,
    solve_polling_rounds,
    solve_sample_risk,
    solve_stratified_risk,
    solve_suite_risk,
)
from tallyproof.errors import RequestError
from tallyproof.risk import bravo, minerva, providence
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Population
from tallyproof.risk.strata import Stratum, stratified_risk
from tallyproof.risk.suite import Compared, Polled, suite_risk
from tallyproof.risk.supersimple import GAMMA, Discrepancies

WALD = AlphaFixed(0.6)
"""Multiplies the wealth by 6/5 for each 1 and by 4/5 for each 0."""

# ---- one sample


def test_the_answer_for_a_sample() -> None:
    """Five of six: the limit of 0.7 is met after three draws, and 2.07 = 1.2^4 is never lost again."""
    found = solve_sample_risk(SampleRisk((1, 1, 1, 0, 1, 1), WALD, risk_limit=0.7, history=True))
    history = (1 / 1.2, 1 / 1.2**2, 1 / 1.2**3, 1 / 1.2**3, 1 / 1.2**3, 1 / (1.2**5 * 0.8))
    assert found.history == pytest.approx(history)
    assert found == SampleRiskAnswer(
        found.risk, draws=6, mean=5 / 6, met_after=2, disproved=False, history=found.history
    )
    assert found.risk == pytest.approx(history[-1])


@pytest.mark.parametrize(("limit", "after"), [(0.9, 1), (0.7, 2), (0.6, 3), (0.503, 6), (0.5, None)])
def test_the_draw_at_which_the_limit_is_met(limit: float, after: int | None) -> None:
    """The first at which P is at most the limit; none where it never is."""
    assert solve_sample_risk(SampleRisk((1, 1, 1, 0, 1, 1), WALD, risk_limit=limit)).met_after == after


def test_no_sample_says_nothing() -> None:
    """The risk is 1, there is no mean, nothing is met or disproved, and no history unless asked."""
    assert solve_sample_risk(SampleRisk(())) == SampleRiskAnswer(1.0, 0, None, None, False, None)
    assert solve_sample_risk(SampleRisk((), history=True)).history == ()
    assert solve_sample_risk(SampleRisk((1,))).history is None


@pytest.mark.parametrize(
    ("sample", "disproved"), [((0, 1, 0), False), ((0, 0, 0, 1), True), ((1, 1, 1), False)]
)
def test_what_the_cards_left_cannot_make_up(sample: tuple[float, ...], disproved: bool) -> None:
    """Three of five cards at 0 leave no mean above 1/2; before the third there was room."""
    assert solve_sample_risk(SampleRisk(sample, cards=5)).disproved is disproved


@pytest.mark.parametrize(("null", "upper", "expected"), [(0.5, 1, 0.55), (0.4, 2, 0.56), (1, 3, 1.2)])
def test_without_an_expected_mean_a_tenth_of_the_way_is_taken(
    null: float, upper: float, expected: float
) -> None:
    """From the null's mean towards the largest value."""
    sample = tuple(2 * null * x for x in (1.0, 0.5, 1.0, 1.0))
    left_out = solve_sample_risk(SampleRisk(sample, AlphaFixed(), upper, null))
    given = solve_sample_risk(SampleRisk(sample, AlphaFixed(), upper, null, expected=expected))
    history = measured(sample, Population(upper, null), AlphaFixed(), expected)
    assert left_out.risk == pytest.approx(given.risk, rel=1e-12)
    assert given.risk == pytest.approx(float(history.p_value), rel=1e-12)
    assert solve_sample_risk(SampleRisk(sample, AlphaFixed(), upper, null, expected=null + 0.3)) != given


def test_the_method_and_the_cards_are_passed_on() -> None:
    """Of ten cards eight are left after each two: other risks than with replacement."""
    sample = (1.0, 0.5, 1.0, 1.0)
    for cards in (None, 10):
        for method in (AlphaShrink(), KaplanWaldTest(), Portfolio()):
            history = measured(sample, Population(1.0, 0.5, cards), method, 0.55)
            found = solve_sample_risk(SampleRisk(sample, method, cards=cards))
            assert found.risk == pytest.approx(float(history.p_value), rel=1e-12)


# ---- an interval for the margin


def test_an_interval_for_the_margin() -> None:
    """2 mean - 1 of both bounds, after the last draw; one-sided it spends all its risk below."""
    sample = (1.0, 1.0, 0.0, 1.0, 1.5, 1.0, 1.0, 1.2)
    for two_sided in (True, False):
        found = solve_margin_interval(MarginInterval(sample, 1.5, 30, 0.1, two_sided))
        bounds = confidence_sequence(sample, 0.1, 1.5, 30, two_sided=two_sided)
        assert found.lower == pytest.approx(2 * bounds.lower[-1] - 1)
        assert found.upper == pytest.approx(2 * bounds.upper[-1] - 1)
        assert -1 < found.lower < 0.9 < found.upper


def test_without_draws_the_margin_can_be_anything() -> None:
    """From -1 to 2 u - 1; one draw says something."""
    assert solve_margin_interval(MarginInterval(())) == MarginIntervalAnswer(-1.0, 1.0)
    assert solve_margin_interval(MarginInterval((), upper=1.5)) == MarginIntervalAnswer(-1.0, 2.0)
    assert solve_margin_interval(MarginInterval((0.0,), cards=2)).upper == pytest.approx(0.0, abs=1e-9)


# ---- rounds of polling

ROUNDS = (Round(60, 40), Round(55, 45), Round(70, 30))


def polled(method: Any, limit: float = 0.05, rounds: tuple[Round, ...] = ROUNDS) -> PollingRoundsAnswer:
    return solve_polling_rounds(PollingRounds(0.6, rounds, method, limit))


def test_rounds_by_every_method() -> None:
    """BRAVO and Minerva judge totals, Providence what each round drew."""
    risks = {
        "bravo": bravo.end_of_round_risk([60, 115, 185], [40, 85, 115], 0.6),
        "minerva": minerva.risks(0.6, 0.05, [100, 200, 300], [60, 115, 185]),
        "providence": providence.risks(0.6, [100, 100, 100], [60, 55, 70]),
    }
    for method, expected in risks.items():
        assert polled(method).risks == pytest.approx(tuple(expected.tolist()))
    assert len({polled(method).risks for method in risks}) == 3
    assert polled("bravo").risks[0] == pytest.approx(1 / (1.2**60 * 0.8**40))


def test_a_limit_is_met_by_the_smallest_risk_and_at_equality() -> None:
    """A round after the one that met it takes nothing back."""
    rounds = (Round(70, 30), Round(40, 60))
    first, second = polled("bravo", rounds=rounds).risks
    assert first < second
    assert [polled("bravo", limit, rounds).met for limit in (first, first * 0.999, second)] == [
        True,
        False,
        True,
    ]


# ---- strata


def test_strata_are_read_field_by_field() -> None:
    """Cards, sample, bet, upper, offset, null and replacement reach the stratum as they are told."""
    told = (
        StratumSample(300, (1.0, 0.5, 1.0, 1.0, 1.0, 0.5, 1.0), AlphaFixed(), 1.5, -0.1, 0.9),
        StratumSample(200, (1.0, 1.0, 0.0, 1.0) * 3, AlphaFixed(), with_replacement=True),
    )
    samples = [np.array(each.sample) for each in told]
    bets = [
        bet_of(AlphaFixed(), Population(1.5, 0.75, 300), 0.9),
        bet_of(AlphaFixed(), Population(1.0, 0.5, None), 0.55),
    ]
    strata = [
        Stratum(samples[0], 300, bets[0], 1.5, -0.1, 0.75, False),
        Stratum(samples[1], 200, bets[1], 1.0, 0.0, 0.5, True),
    ]
    for combine in ("product", "fisher"):
        found = solve_stratified_risk(StratifiedRisk(told, 0.5, combine, 0.01))
        expected = stratified_risk(strata, 0.5, combine == "fisher", 0.01)
        assert (found.risk, found.attained) == pytest.approx((expected.p, expected.attained), rel=1e-12)
        assert found.nuisance == pytest.approx(expected.nuisance, rel=1e-12)


def test_two_ways_to_combine_strata_differ() -> None:
    """Products of wealth and Fisher's of P are not the same test."""
    told = (StratumSample(300, (1.0,) * 9), StratumSample(200, (1.0, 1.0, 0.0, 1.0)))
    risks = {solve_stratified_risk(StratifiedRisk(told, combine=each)).risk for each in ("product", "fisher")}
    assert len(risks) == 2


def test_a_stratum_without_an_expected_mean_bets_a_tenth_above_the_middle() -> None:
    """0.55 of 1, 1.1 of 2; the cards it is drawn from matter unless they are put back."""

    def risk(**more: Any) -> float:
        sample = StratumSample(40, (1.0, 2.0, 1.5, 1.5, 2.0, 1.0), Cobra(), 2.0, **more)
        fixed = msgspec.structs.replace(sample, method=AlphaFixed())
        return solve_stratified_risk(StratifiedRisk((fixed,), null_mean=0.9)).risk

    assert risk() == pytest.approx(risk(expected=1.1), rel=1e-12)
    assert risk() != pytest.approx(risk(expected=1.2), rel=1e-6)
    assert risk() != pytest.approx(risk(with_replacement=True), rel=1e-6)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_bet_on_a_stratum_is_made_for_its_bound(replaced: bool) -> None:
    """Twice the values of a stratum with twice the bound and null are the same evidence."""
    sample = (1.0, 0.5, 1.0, 1.0, 0.5, 1.0)
    small = StratumSample(50, sample, with_replacement=replaced)
    large = StratumSample(50, tuple(2 * x for x in sample), upper=2.0, with_replacement=replaced)
    shrunk = [msgspec.structs.replace(each, method=AlphaShrink(d=10)) for each in (small, large)]
    risks = [
        solve_stratified_risk(StratifiedRisk((each,), null)).risk
        for each, null in zip(shrunk, (0.5, 1.0), strict=True)
    ]
    assert risks[0] == pytest.approx(risks[1], rel=1e-9)


def test_a_stratum_takes_no_portfolio() -> None:
    """Many bets are not one."""
    strata = (StratumSample(5, (1.0,), Portfolio()),)
    with pytest.raises(RequestError) as told:
        solve_stratified_risk(StratifiedRisk(strata))
    assert str(told.value) == "'method' of a stratum must be one bet, not a portfolio."


# ---- SUITE

SUITE: dict[str, Any] = {
    "compared_cards": 10_000, "compared_winner": 4_950, "compared_loser": 4_550, "compared_draws": 500,
    "polled_cards": 1_000, "polled_winner": 750, "polled_loser": 150, "polled_draws": 250,
    "drawn_winner": 187, "drawn_loser": 37,
}  # fmt: skip


def test_suite_is_read_field_by_field() -> None:
    """Each kind of discrepancy and every count reaches its stratum."""
    more: dict[str, Any] = {"over_one": 1, "over_two": 2, "under_one": 3, "under_two": 4, "gamma": 1.2}
    found = solve_suite_risk(SuiteRisk(**SUITE, **more))
    compared = Compared(10_000, 400, 500, Discrepancies(1, 2, 3, 4), 1.2)
    expected = suite_risk(compared, Polled(1_000, 750, 150, 250, 187, 37))
    assert (found.risk, found.attained, found.nuisance) == (expected.p, expected.attained, expected.nuisance)
    clean = suite_risk(Compared(10_000, 400, 500), Polled(1_000, 750, 150, 250, 187, 37))
    assert solve_suite_risk(SuiteRisk(**SUITE)).risk == clean.p


@pytest.mark.parametrize(
    ("method", "most"),
    [("bravo", 9_007_199_254_740_992), ("minerva", 200_000), ("providence", 10_000_000)],
)
def test_rounds_are_worked_out_for_so_many_cards(
    method: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more than the most is refused, counting both candidates in all rounds; the most itself is not."""
    with pytest.raises(RequestError) as told:
        polled(method, rounds=(Round(most - 2, 0), Round(1, 2)))
    why = f"'rounds' has {most + 1:,} in all; {method} is worked out for up to {most:,}."
    assert str(told.value) == why
    monkeypatch.setitem(sample_risk.MOST_POLLED, method, 100)
    assert polled(method, rounds=(Round(60, 40),)).risks
    with pytest.raises(RequestError, match="'rounds' has 101 in all"):
        polled(method, rounds=(Round(60, 40), Round(1, 0)))


def test_suite_is_worked_out_for_so_many_cards() -> None:
    """A hundred thousand cards polled are allowed, and one more is not."""
    with pytest.raises(RequestError) as told:
        solve_suite_risk(SuiteRisk(**{**SUITE, "polled_cards": 200_000, "polled_draws": 100_001}))
    why = "'polled_draws' has 100,001 in all; suite is worked out for up to 100,000."
    assert str(told.value) == why


TOO_MANY = [
    ({"compared_winner": 5_451}, "compared_winner", 10_001, 10_000),
    ({"polled_winner": 851}, "polled_winner", 1_001, 1_000),
    ({"polled_draws": 1_001}, "polled_draws", 1_001, 1_000),
    ({"drawn_winner": 214}, "drawn_winner", 251, 250),
    ({"over_one": 100, "over_two": 100, "under_one": 100, "under_two": 201}, "over_one", 501, 500),
]


@pytest.mark.parametrize(("more", "field", "given", "most"), TOO_MANY, ids=lambda each: str(each)[:20])
def test_more_than_there_are_is_refused(more: dict[str, int], field: str, given: int, most: int) -> None:
    """One too many in each pair of counts, named with both numbers; as many as there are is no error."""
    with pytest.raises(RequestError) as told:
        solve_suite_risk(SuiteRisk(**{**SUITE, **more}))
    why = f"'{field}' and what belongs to it are {given:,}; they must be at most {most:,} in all."
    assert str(told.value) == why
    last = list(more)[-1]
    assert solve_suite_risk(SuiteRisk(**{**SUITE, **more, last: more[last] - 1})).risk <= 1


# ---- what is left out


def test_what_is_left_out() -> None:
    """The defaults of every problem."""
    one = (1.0,)
    assert SampleRisk(one) == SampleRisk(one, AlphaShrink(), 1, 0.5, None, None, 0.05, history=False)
    assert MarginInterval(one) == MarginInterval(one, 1, None, 0.05, two_sided=True)
    assert PollingRounds(0.6, ROUNDS) == PollingRounds(0.6, ROUNDS, "bravo", 0.05)
    stratum = StratumSample(9, one)
    assert stratum == StratumSample(9, one, AlphaShrink(), 1, 0, None, with_replacement=False)
    assert StratifiedRisk((stratum,)) == StratifiedRisk((stratum,), 0.5, "product", 0.001)
    assert SuiteRisk(**SUITE) == SuiteRisk(
        **SUITE, over_one=0, over_two=0, under_one=0, under_two=0, gamma=GAMMA
    )


def test_ten_million_values_are_the_most() -> None:
    """The longest sample, as its schema tells."""
    _, parts = msgspec.json.schema_components([SampleRisk])
    assert parts["SampleRisk"]["properties"]["sample"]["maxItems"] == 10_000_000


def test_more_draws_than_cards_are_told_by_the_problems_own_words() -> None:
    """Drawing all cards is no error."""
    with pytest.raises(RequestError) as told:
        solve_sample_risk(SampleRisk((1.0, 1.0, 1.0), cards=2))
    assert str(told.value) == (
        "'sample' has 3 draws, more than the 2 'cards'; without replacement each is drawn once."
    )
    assert solve_sample_risk(SampleRisk((1.0, 1.0), cards=2)).draws == 2
