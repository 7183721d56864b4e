"""Stratified audits as problems, in detail: every field of the answers, and strata that do not add up."""

from typing import Any

import msgspec
import pytest

from tallyproof.audit.stratified_audit import (
    StratifiedAssertion,
    StratifiedAudit,
    StratifiedAuditAnswer,
    solve_stratified_audit,
)
from tallyproof.errors import RequestError

A, B = {"marks": ["A"]}, {"marks": ["B"]}
TWO = {"votes": {"A": 600, "B": 400}, "cards": 1_000}
COMPARED = [
    {"record": A, "paper": A, "times": 60},
    {"record": A, "paper": B},
    {"record": B, "paper": B, "times": 40},
]
POLLED = [{"paper": A, "times": 50}, {"paper": B, "times": 20}]
STRATA: dict[str, dict[str, Any]] = {
    "c": {"cards": 600, "votes": {"A": 350, "B": 250}, "drawn": COMPARED},
    "p": {"cards": 400, "votes": {"A": 250, "B": 150}, "drawn": POLLED},
}
POOLED = {
    **STRATA["c"],
    "pools": {"x": {"cards": 300, "votes": {"A": 150, "B": 150}}},
    "drawn": [
        {"record": A, "paper": A, "times": 30},
        {"pool": "x", "paper": B, "times": 2},
        {"pool": "x", "paper": A, "times": 3},
    ],
}
CLAIM = "A has more votes than B."


def answer(**told: Any) -> StratifiedAuditAnswer:
    return solve_stratified_audit(msgspec.convert({"contest": TWO, "strata": STRATA} | told, StratifiedAudit))


def found(**told: Any) -> tuple[float, float, float]:
    """The risk of the only claim and the two means at which it is largest."""
    (one,) = answer(**told).assertions
    first, second = one.strata_means.values()
    return one.risk, first, second


def test_a_hybrid_audit_in_full() -> None:
    """One overstatement of two votes among 101 compared cards, 50 of 70 polled for the winner."""
    assert answer() == StratifiedAuditAnswer(
        "confirmed",
        "Every assertion is confirmed at risk limit 0.05.",
        (f"Confirmed, risk 3.086e-06, at most 0.05: {CLAIM}",),
        {"c": "comparison", "p": "polling"},
        171,
        (
            StratifiedAssertion(
                CLAIM,
                0.2,
                pytest.approx(3.0860202934176635e-06),  # type: ignore[arg-type]
                pytest.approx({"c": 0.5217513778200776, "p": 0.46737293326988333}),  # type: ignore[arg-type]
            ),
        ),
    )


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"combine": "fisher"}, (5.434389991773321e-10, 0.5161893, 0.4757160)),
        ({"gap": 0.3}, (3.3164737030805333e-06, 0.5226295, 0.4660558)),
        ({"strata": {name: {**each, "with_replacement": True} for name, each in STRATA.items()}},
         (3.997950770116996e-05, 0.5495206, 0.4257191)),
        ({"strata": {"c": POOLED, "p": STRATA["p"]}}, (0.5027442944824987, 0.2429835, 0.8855248)),
        ({"strata": {"c": {**STRATA["c"], "method": {"name": "kaplan_wald"}}, "p": STRATA["p"]}}, None),
    ],
)  # fmt: skip
def test_risks_by_design(told: dict[str, Any], wanted: tuple[float, float, float] | None) -> None:
    """Fisher's combination, a wide gap, replacement, pools; another method gives another risk."""
    if wanted is None:
        assert found(**told)[0] != pytest.approx(found()[0])
    else:
        assert found(**told) == pytest.approx(wanted, rel=1e-6)


def test_strata_reported_for_one_alone() -> None:
    """A polled stratum's bet is fixed 2 % of u away from 0 and from u, wherever its reports lie."""
    landslide = {
        "1": {"cards": 600, "votes": {"A": 600}, "drawn": [{"paper": A, "times": 20}]},
        "2": {"cards": 400, "votes": {"A": 395, "B": 5}, "drawn": [{"paper": A, "times": 10}, {"paper": B}]},
    }
    contest = {"votes": {"A": 995, "B": 5}, "cards": 1_000}
    assert found(contest=contest, strata=landslide)[0] == pytest.approx(3.6457383343903145e-08)
    apart = {
        "1": {"cards": 600, "votes": {"A": 600}, "drawn": [{"paper": A, "times": 20}]},
        "2": {"cards": 400, "votes": {"B": 400}, "drawn": [{"paper": B, "times": 10}]},
    }
    assert found(strata=apart) == pytest.approx((0.028702240342726504, 5 / 6, 0), abs=1e-9)


def test_a_stratum_all_for_one_in_a_close_contest() -> None:
    """At the reference mean 0.98 a blank card is outvoted; at 0.999, reports less v / 2, it ends all bets."""
    strata = {
        "1": {"cards": 501, "votes": {"A": 501}, "drawn": [{"paper": {}}, {"paper": A, "times": 200}]},
        "2": {
            "cards": 499,
            "votes": {"B": 499},
            "drawn": [{"paper": B, "times": 200}, {"paper": A, "times": 9}],
        },
    }
    close = {"votes": {"A": 501, "B": 499}, "cards": 1_000}
    assert found(contest=close, strata=strata) == pytest.approx(
        (0.0012887358679817649, 0.9768857727813318, 0.02120286139589714), rel=1e-5
    )


def test_what_holds_unless_told() -> None:
    """Styles, the product of the strata, 5 %, a gap of a thousandth."""
    told = msgspec.convert({"contest": TWO, "strata": STRATA}, StratifiedAudit)
    assert (told.styles, told.combine, told.risk_limit, told.gap) == (True, "product", 0.05, 0.001)


def test_nothing_drawn() -> None:
    """Strata without a sample are polled; P is 1 at the mean 1/2."""
    one = {"all": {"cards": 1_000, "votes": {"A": 600, "B": 400}}}
    more = "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand."
    told = answer(strata=one)
    assert (told.verdict, told.sentence, told.designs, told.draws) == (
        "continue",
        more,
        {"all": "polling"},
        0,
    )
    (only,) = told.assertions
    assert (only.claim, only.margin, only.risk) == (CLAIM, 0.2, 1.0)
    assert only.strata_means == pytest.approx({"all": 0.5})


def test_all_cards_drawn_without_replacement() -> None:
    """Only draws without replacement examine all cards: two of B's on paper end it, or not."""
    strata: dict[str, dict[str, Any]] = {
        "c": {"cards": 2, "votes": {"A": 2}, "drawn": [{"paper": A}, {"paper": B}]},
        "p": {"cards": 2, "votes": {"A": 1, "B": 1}, "drawn": [{"paper": A}, {"paper": B}]},
    }
    contest = {"votes": {"A": 3, "B": 1}, "cards": 4}
    assert answer(contest=contest, strata=strata).verdict == "full hand count"
    strata["p"]["with_replacement"] = True
    assert answer(contest=contest, strata=strata).verdict == "continue"
    strata["p"] |= {"cards": 1, "votes": {"A": 1}, "drawn": [{"paper": B}]}
    assert answer(contest={"votes": {"A": 3, "B": 0}, "cards": 3}, strata=strata).verdict == "continue"
    strata["p"] = {"cards": 2, "votes": {"A": 1, "B": 1}, "drawn": [{"paper": A}]}
    assert answer(contest=contest, strata=strata).verdict == "continue"


def test_a_tie_is_told_without_a_look_at_the_strata() -> None:
    """No claims, no risks; what was drawn is still counted."""
    told = answer(contest={"votes": {"A": 500, "B": 500}, "cards": 1_000})
    assert (told.verdict, told.draws, told.assertions) == ("cannot be confirmed", 171, ())
    assert told.sentence == "No sample can confirm this: A and B tie with 500 votes."


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"contest": TWO | {"cards": 1_001}}, "'strata' must have the contest's 1,001 cards in all."),
        ({"contest": TWO | {"votes": {"A": 601, "B": 399}}},
         "'strata' must have the contest's votes in all."),
        ({"strata": {**STRATA, "p": {"cards": 400, "votes": {"A": 250, "Z": 1}}}},
         "'strata': p: Z is none of the choices: A, B."),
    ],
)  # fmt: skip
def test_strata_that_do_not_add_up(told: dict[str, Any], sentence: str) -> None:
    """Refused in these words."""
    with pytest.raises(RequestError) as refused:
        answer(**told)
    assert str(refused.value) == sentence


def test_pools_are_looked_at_before_the_first_draw() -> None:
    """A pool of 300 cards with 301 votes, or more cards than its stratum has, is refused at once."""
    stratum = {**STRATA["c"], "drawn": []}
    for cards, votes, why in (
        (300, {"A": 301}, "'votes' of pool x are 301 for one choice; its 300 'cards' bear at most 300."),
        (601, {"A": 350, "B": 250}, "'pools' hold 601 cards, more than the contest's 600."),
    ):
        pools = {"x": {"cards": cards, "votes": votes}}
        with pytest.raises(RequestError) as refused:
            answer(strata={**STRATA, "c": {**stratum, "pools": pools}})
        assert str(refused.value) == f"'strata': c: {why}"
    pools = {"x": {"cards": 300, "votes": {"A": 150, "B": 150}}}
    assert answer(strata={**STRATA, "c": {**stratum, "pools": pools}}).designs["c"] == "polling"
