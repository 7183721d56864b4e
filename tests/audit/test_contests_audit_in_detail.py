"""Several contests judged from one draw, in detail: every field, next sizes, what is refused."""

from typing import Any

import msgspec
import pytest

from tallyproof.audit import contests_audit
from tallyproof.audit.card_audit import AssertionRisk
from tallyproof.audit.contests_audit import (
    ContestSample,
    ContestsAudit,
    ContestsAuditAnswer,
    ContestVerdict,
    solve_contests_audit,
)
from tallyproof.audit.contests_size import ContestSize, Simulation
from tallyproof.errors import RequestError

A, B, X, Y = ({"marks": [name]} for name in "ABXY")
M, T = "A has more votes than B.", "X has more votes than Y."
CONTESTS: dict[str, dict[str, Any]] = {
    "m": {"contest": {"votes": {"A": 600, "B": 400}, "cards": 1_000}, "size": 8},
    "t": {"contest": {"votes": {"X": 150, "Y": 50}, "cards": 200}, "size": 3},
}
STYLES = [{"contests": ["m"], "cards": 800}, {"contests": ["m", "t"], "cards": 200}]
EVERY = "Every such audit takes so many."


def card(place: int, shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A card with a ticket that keeps its place, recorded as on paper unless told."""
    told = {"id": f"card {place}", "ticket": f"{place:064x}", "contests": list(shown)}
    return {**told, "record": shown, "paper": shown, **more}


BOTH, ALONE = {"m": A, "t": X}, {"m": A}
CARDS = [card(place, BOTH if place % 3 == 0 else ALONE) for place in range(9)]


def answer(**told: Any) -> ContestsAuditAnswer:
    given = {"contests": CONTESTS, "cards": CARDS, "styles": STYLES, "risk_limit": 0.6, "replications": 20}
    return solve_contests_audit(msgspec.convert(given | told, ContestsAudit))


def one(contest: dict[str, Any], cards: list[dict[str, Any]], **told: Any) -> ContestVerdict:
    """The verdict on one contest, all cards of which bear it."""
    (found,) = answer(contests={"m": contest}, cards=cards, styles=[], **told).contests.values()
    return found


MORE = "1 of 1 assertions not confirmed yet: draw more cards, or count all by hand."


def going_on(claim: str, margin: float, risk: float, cards: int, size: int) -> ContestVerdict:
    """A contest without errors whose only claim is open at 5 %, and the size that its next round needs."""
    risks = (AssertionRisk(claim, margin, pytest.approx(risk), False),)  # type: ignore[arg-type]
    reasons = (f"Not confirmed yet, risk {risk:.4g}, above 0.05: {claim}",)
    following = ContestSize(size, None, None, claim, margin, EVERY)
    return ContestVerdict("continue", MORE, reasons, "comparison", cards, risks, following)


# ---- whole answers


def test_two_contests_that_go_on_in_full() -> None:
    """30 of 1,000 and 11 of 200 by style are 35 cards; today's 8 and 3 are 0.008 * 800 + 0.015 * 200."""
    assert answer(risk_limit=0.05) == ContestsAuditAnswer(
        {
            "m": going_on(M, 0.2, 0.4467437984493722, 8, 30),
            "t": going_on(T, 0.5, 0.43597624490943815, 3, 11),
        },
        False,
        9,
        26,
        None,
        None,
    )


def test_contests_that_are_done_add_no_card() -> None:
    """Confirmed at 60 %: nothing next, and the audit is finished."""
    found = answer()
    assert [each.verdict for each in found.contests.values()] == ["confirmed", "confirmed"]
    assert [each.next for each in found.contests.values()] == [None, None]
    assert (found.finished, found.drawn, found.new_cards) == (True, 9, 0)
    assert (found.new_cards_low, found.new_cards_high) == (None, None)


def pooled(**more: Any) -> dict[str, Any]:
    """Both contests with a pool of ten cards, and a card of it that lists one contest only."""
    pools = {"?": {"cards": 10, "votes": {"A": 5, "B": 5}}}, {"?": {"cards": 10, "votes": {"X": 5, "Y": 5}}}
    both = {name: CONTESTS[name] | {"pools": pool} for name, pool in zip("mt", pools, strict=True)}
    drawn = {"id": "1", "ticket": "f" * 64, "contests": ["m"], "paper": ALONE, "pool": "?"}
    return {"contests": both, "cards": [drawn, *CARDS], **more}


def test_a_pool_has_as_many_cards_in_each_contest() -> None:
    """Both numbers are told."""
    told = pooled()
    told["contests"]["t"] = told["contests"]["t"] | {"pools": {"?": {"cards": 11, "votes": {}}}}
    with pytest.raises(RequestError) as refused:
        answer(**told)
    assert str(refused.value) == (
        "'pools': ? must have as many cards in each of its contests; it has 10 in m, 11 in t."
    )


def test_cards_of_a_pool_count_for_the_same_contests_by_style() -> None:
    """By style the card must list both contests of its pool; drawn alike, all cards count for each."""
    with pytest.raises(RequestError) as refused:
        answer(**pooled())
    assert str(refused.value) == (
        "'cards': 1 is of pool ?, whose cards count for m, t; its 'contests' are m. All cards of a pool must "
        "have the same."
    )
    assert answer(**pooled(draw="uniform")).drawn == 10
    first, *others = pooled()["cards"]
    listed = first | {"contests": ["m", "t"], "paper": BOTH}
    assert answer(**pooled(cards=[listed, *others])).drawn == 10


def test_one_contest_that_goes_on_keeps_the_audit_open() -> None:
    """Nine cards drawn alike: the smaller contest needs two more, at a tenth of its cards' margin."""
    found = answer(draw="uniform")
    assert found.contests["m"].verdict == "confirmed"
    assert found.contests["t"] == ContestVerdict(
        "continue",
        MORE,
        (f"Not confirmed yet, risk 0.6434, above 0.6: {T}",),
        "comparison",
        9,
        (AssertionRisk(T, 0.1, pytest.approx(0.6434399556177244), False),),  # type: ignore[arg-type]
        ContestSize(11, None, None, T, 0.1, EVERY),
    )
    assert (found.finished, found.drawn, found.new_cards) == (False, 9, 2)


def test_without_styles_new_cards_are_not_told() -> None:
    """Sizes are."""
    found = answer(styles=[], risk_limit=0.05)
    assert (found.new_cards, found.new_cards_low, found.new_cards_high) == (None, None, None)
    assert [each.next.cards for each in found.contests.values() if each.next] == [30, 11]


def test_what_holds_unless_told() -> None:
    """No cards yet, by style, 5 %, four audits in five of 400, seed 1."""
    told = msgspec.convert(
        {"contests": {"m": {"contest": CONTESTS["m"]["contest"]}}, "cards": []}, ContestsAudit
    )
    assert told == ContestsAudit(told.contests, (), (), "by style", 0.05, 0.8, 400, 1)
    assert told.contests["m"] == ContestSample(told.contests["m"].contest, 0, {}, None, None, (), 0)


# ---- what a card says


def test_a_card_not_found_is_worst_and_one_without_the_contest_counts_a_half() -> None:
    """Drawn alike and polled: no paper counts like a vote for the loser, another contest's card like none."""

    def risk(last: dict[str, Any]) -> float:
        papers = [card(place, {"t": X}, record=None) for place in range(3)]
        return answer(cards=[*papers, last], draw="uniform").contests["t"].assertions[0].risk

    lost = card(9, {}, record=None, found=False, contests=["t"])
    loser, blank = card(9, {"t": Y}, record=None), card(9, {"t": {}}, record=None)
    other = card(9, {"m": A}, record=None)
    assert risk(lost) == risk(loser) != risk(other) == risk(blank)


# ---- the next round


def polled(*papers: tuple[dict[str, Any], int]) -> list[dict[str, Any]]:
    """So many cards of each kind after one another, without records."""
    shown = [paper for paper, times in papers for _ in range(times)]
    return [card(place, {"m": paper}, record=None) for place, paper in enumerate(shown)]


@pytest.mark.parametrize("draw", ["by style", "uniform"])
def test_new_cards_carry_the_error_of_the_simulation(draw: str) -> None:
    """All cards bear the contest: the next size and its two ends, each less the 20 cards drawn."""
    contest = {"contest": CONTESTS["m"]["contest"], "size": 20}
    cards, styles = polled((A, 12), (B, 8)), [{"contests": ["m"], "cards": 1_000}]
    found = answer(
        contests={"m": contest}, cards=cards, styles=styles, draw=draw, risk_limit=0.05, replications=200
    )
    following = found.contests["m"].next
    assert following and following.cards and following.low and following.high
    assert following.low < following.cards < following.high
    ends = [end - 20 for end in (following.cards, following.low, following.high)]
    assert [found.new_cards, found.new_cards_low, found.new_cards_high] == ends


def test_new_cards_of_two_styles_stand_at_the_ends_of_every_size() -> None:
    """The town stays at 10 of 200, less than the county's share: its size and ends, less today's 8 + 10."""
    contests = {name: {**each, "size": 10} for name, each in CONTESTS.items()}
    shown = [{"m": A, "t": X}] * 7 + [{"m": B, "t": X}] * 3
    cards = [card(place, each, record=None) for place, each in enumerate(shown)]
    found = answer(contests=contests, cards=cards, risk_limit=0.05, replications=100)
    assert found.contests["t"].verdict == "confirmed"
    county = found.contests["m"].next
    assert county and county.cards and county.low and county.high
    assert 50 < county.low < county.cards < county.high  # 50 of 1,000 is the town's share
    ends = [end - 18 for end in (county.cards, county.low, county.high)]
    assert [found.new_cards, found.new_cards_low, found.new_cards_high] == ends


THREE = {"votes": {"A": 500, "B": 300, "C": 200}, "cards": 1_000}
OVER_B, OVER_C = "A has more votes than B.", "A has more votes than C."


def test_only_open_claims_ask_for_more() -> None:
    """A's lead over C was confirmed before C's cards came, at the limit or below: no full count for it."""
    cards = polled((A, 8), ({"marks": ["C"]}, 8))
    contest = {"contest": THREE, "size": 16}
    over_b, over_c = one(contest, cards).assertions
    assert over_c.claim == OVER_C and over_c.risk < over_b.risk
    for limit in (over_c.risk, (over_c.risk + over_b.risk) / 2):
        found = one(contest, cards, risk_limit=limit)
        assert (found.verdict, found.next and found.next.claim) == ("continue", OVER_B)
        assert found.next is not None and found.next.cards is not None


@pytest.mark.parametrize(
    ("votes", "claim", "cards"),
    [((5, 3, 1), OVER_B, 138), ((5, 1, 3), OVER_C, 138), ((4, 1, 4), OVER_C, None)],
)
def test_the_claim_that_needs_most_decides_the_next_size(
    votes: tuple[int, int, int], claim: str, cards: int | None
) -> None:
    """The rival with more papers, wherever the claim stands; no sample would do where they are as many."""
    papers = list(zip((A, B, {"marks": ["C"]}), votes, strict=True))
    found = one({"contest": THREE, "size": 9}, polled(*papers), risk_limit=0.05)
    assert found.next is not None and (found.next.claim, found.next.cards) == (claim, cards)


def test_cards_left_are_taken_to_be_like_those_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 993 left 4/7, 2/7 and 1/7, rounded down; the commonest value takes the two left over."""
    asked: list[Any] = []

    def stand_in(*given: Any) -> ContestSize:
        asked.append(given)
        return ContestSize(50, 40, 60, "", None, "")

    monkeypatch.setattr(contests_audit, "planned", stand_in)
    contest = {"contest": {"votes": {"A": 600, "B": 300}, "cards": 1_000}, "size": 7}
    found = one(contest, polled((A, 4), (B, 2), ({}, 1)), risk_limit=0.05)
    ((pile, _, _, simulation, drawn),) = asked
    kinds = dict(zip(pile.values.tolist(), pile.counts.tolist(), strict=True))
    assert kinds == {1.0: 569, 0.0: 283, 0.5: 141}
    assert drawn == [1.0] * 4 + [0.0] * 2 + [0.5]
    assert simulation == Simulation(0.05, 0.8, 20, 1)
    assert found.next == ContestSize(50, 40, 60, M, 0.3, "")


def test_before_the_first_card_all_are_taken_to_be_as_reported() -> None:
    """The size of a plan without errors."""
    found = one({"contest": CONTESTS["m"]["contest"], "size": 0}, [], risk_limit=0.05)
    assert found.next == ContestSize(30, None, None, M, 0.2, EVERY)


# ---- full counts


def test_a_next_round_that_is_a_full_count_takes_all_cards() -> None:
    """Every paper for the loser: no sample would suffice, so the other 997 of the contest's cards follow."""
    wrong = [card(place, {"m": A}, paper={"m": B}) for place in range(3)]
    contest = {"contest": CONTESTS["m"]["contest"], "size": 3}
    for draw in ("by style", "uniform"):
        found = answer(
            contests={"m": contest}, cards=wrong, styles=[{"contests": ["m"], "cards": 1_000}], draw=draw
        )
        following = found.contests["m"].next
        assert following is not None and following.cards is None
        assert (found.finished, found.new_cards) == (False, 997)


TIED = {"contest": {"votes": {"A": 2, "B": 2}, "cards": 4}}
BY_HAND = {**TIED, "hand_count": {"A": 3, "B": 1}}


@pytest.mark.parametrize(
    ("contest", "verdict", "finished", "added"),
    [
        (TIED, "cannot be confirmed", False, 4),
        (BY_HAND, "full hand count shows a different outcome", True, 0),
    ],
)
def test_a_tie_waits_for_the_hand_count(
    contest: dict[str, Any], verdict: str, finished: bool, added: int
) -> None:
    """All of its cards are to come until they were counted by hand."""
    found = answer(contests={"m": contest}, cards=[], styles=[{"contests": ["m"], "cards": 4}])
    assert found.contests["m"].verdict == verdict
    assert (found.finished, found.new_cards) == (finished, added)


def test_all_cards_drawn_that_deny_the_claim_ask_for_a_hand_count() -> None:
    """Four of four cards, three for the loser: a full hand count, which adds no card and is not done yet."""
    contest = {"contest": {"votes": {"A": 3, "B": 1}, "cards": 4}, "size": 4}
    cards = polled((A, 1), (B, 3))
    styles = [{"contests": ["m"], "cards": 4}]
    for draw in ("by style", "uniform"):  # styles may hold as many cards as were drawn
        found = answer(contests={"m": contest}, cards=cards, styles=styles, draw=draw)
        assert found.contests["m"].verdict == "full hand count"
        assert (found.finished, found.drawn, found.new_cards) == (False, 4, 0)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"draw": "uniform", "styles": []}, "'styles' of all cards are needed where cards are drawn alike."),
        ({"draw": "uniform", "styles": [{"contests": ["m"], "cards": 3}],
          "contests": {"m": {"contest": {"votes": {"A": 3, "B": 0}, "cards": 3}}},
          "cards": [card(place, {"m": A}) for place in range(4)]},
         "'styles' hold 3 cards, fewer than the 4 drawn."),
        ({"cards": CARDS[:7]},
         "'cards' hold 7 with m, fewer than its 'size', 8. List also a card that was not found."),
        ({"cards": [card(1, {"m": A, "z": A, "y": A})]},
         "'cards': card 1 names y, z, not a contest of this audit."),
        ({"cards": [card(1, {"m": A}, record={"m": A, "t": X})]},
         "'cards': the record of card 1 must show the contests of its style, no other."),
        ({"cards": [card(1, {"m": A}, found=False)]}, "'cards': card 1 was not found and has a paper."),
        ({"cards": [card(1, ALONE), card(1, ALONE, ticket="f" * 64)]},
         "'cards' must each have an id of its own; card 1 stands more than once."),
        ({"cards": [card(1, ALONE), card(1, ALONE, id="x")]},
         f"'cards' must each have a ticket of its own; {1:064x} stands more than once."),
    ],
)  # fmt: skip
def test_what_is_no_audit(told: dict[str, Any], sentence: str) -> None:
    """Refused in these words."""
    with pytest.raises(RequestError) as refused:
        answer(**told)
    assert str(refused.value) == sentence
