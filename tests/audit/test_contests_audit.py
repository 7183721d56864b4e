"""Several contests from one draw, from the plan over two rounds to the verdicts, through ``solve``."""

import json
from typing import Any

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.sampling.consistent import CardFrame, draw_consistently
from tallyproof.services import solving

SEED = "06712221796172622814"
COUNTY, CITY = "county", "city"
VOTES = {COUNTY: {"Ann": 1_100, "Bob": 900}, CITY: {"Cay": 260, "Dan": 140}}
CARDS = {COUNTY: 2_000, CITY: 400}


def solved(problem: dict[str, Any]) -> Any:
    return json.loads(solving.solve_json(json.dumps(problem)))


def contests() -> dict[str, Any]:
    return {name: {"votes": VOTES[name], "cards": CARDS[name]} for name in VOTES}


STYLES = [{"contests": [COUNTY], "cards": 1_600}, {"contests": [COUNTY, CITY], "cards": 400}]


def records() -> dict[str, dict[str, str]]:
    """The vote in each contest on each of 2,000 cards; every fifth card bears the city's contest too."""
    county = ["Ann"] * 1_100 + ["Bob"] * 900
    city = ["Cay"] * 260 + ["Dan"] * 140
    return {
        f"card {place}": {COUNTY: county[place * 7 % 2_000]}
        | ({CITY: city[place // 5]} if place % 5 == 0 else {})
        for place in range(2_000)
    }


RECORDS = records()


def drawn(sizes: dict[str, int], *earlier: dict[str, int]) -> Any:
    cards = [{"id": card, "contests": list(votes)} for card, votes in RECORDS.items()]
    return solved(
        {"kind": "contest_draw", "seed": SEED, "cards": cards, "sizes": sizes, "earlier": list(earlier)}
    )


def seen(rows: list[Any], misread: int = 0) -> list[dict[str, Any]]:
    """The cards drawn, their papers as their records say, but for Bob on the first few of Ann's."""
    found = []
    for row in rows:
        record = {name: {"marks": [vote]} for name, vote in RECORDS[row["id"]].items()}
        paper = dict(record)
        if misread and record[COUNTY] == {"marks": ["Ann"]}:
            misread, paper[COUNTY] = misread - 1, {"marks": ["Bob"]}
        told = {"id": row["id"], "ticket": row["ticket"], "contests": list(record)}
        found.append({**told, "record": record, "paper": paper})
    return found


def audit(cards: list[dict[str, Any]], sizes: dict[str, int], **more: Any) -> Any:
    given = {name: {"contest": contest, "size": sizes[name]} for name, contest in contests().items()}
    return solved({"kind": "contests_audit", "contests": given, "cards": cards, "styles": STYLES, **more})


PLAN = {"kind": "contests_size", "contests": contests(), "styles": STYLES}


def planned_sizes(**more: Any) -> dict[str, int]:
    return {name: size["cards"] for name, size in solved({**PLAN, **more})["contests"].items()}


def test_a_plan_its_draw_and_its_verdicts() -> None:
    """As planned without errors: one draw confirms both contests, with about as many cards as expected."""
    plan, sizes = solved(PLAN), planned_sizes()
    rows = drawn(sizes)["new"]
    answer = audit(seen(rows), sizes)
    assert {each["verdict"] for each in answer["contests"].values()} == {"confirmed"}
    assert answer["finished"] and answer["new_cards"] == 0
    assert abs(len(rows) - plan["by_style"]) <= 3 * plan["by_style"] ** 0.5
    assert plan["by_style"] < plan["uniform"] < 2_000


def test_one_card_fewer_than_planned_goes_on() -> None:
    """The size is the smallest that suffices."""
    sizes = {name: size - 1 for name, size in planned_sizes().items()}
    answer = audit(seen(drawn(sizes)["new"]), sizes)
    assert {each["verdict"] for each in answer["contests"].values()} == {"continue"}
    assert {name: each["next"]["cards"] for name, each in answer["contests"].items()} == planned_sizes()


def test_a_second_round_extends_the_first() -> None:
    """One card misread: the county goes on from what was seen, the city is done, both rounds count."""
    sizes = planned_sizes()
    first = drawn(sizes)["new"]
    again = audit(seen(first, misread=1), sizes)
    assert again["contests"][COUNTY]["verdict"] == "continue"
    larger = {**sizes, COUNTY: again["contests"][COUNTY]["next"]["cards"]}
    added = drawn(larger, sizes)["new"]
    assert {row["id"] for row in added}.isdisjoint(row["id"] for row in first)
    assert abs(len(added) - again["new_cards"]) <= 4 * again["new_cards"] ** 0.5
    both = seen(first, misread=1) + seen(added)
    end = audit(both[::-1], larger)  # the order of the list does not matter: tickets tell
    assert end["contests"][COUNTY]["cards"] == larger[COUNTY] > sizes[COUNTY]
    assert end["contests"][CITY] == again["contests"][CITY]
    assert (
        end["contests"][COUNTY]["assertions"][0]["risk"] < again["contests"][COUNTY]["assertions"][0]["risk"]
    )


def test_cards_beyond_a_contests_size_say_nothing_of_it() -> None:
    """What was drawn for the county and bears the city's contest too is not the city's sample."""
    sizes = {COUNTY: 300, CITY: 10}
    rows = drawn(sizes)["new"]
    assert sum(CITY in RECORDS[row["id"]] for row in rows) > 10
    assert audit(seen(rows), sizes)["contests"][CITY]["cards"] == 10


def test_cards_drawn_alike_serve_every_contest() -> None:
    """One sample of all cards, at margins diluted by cards without the contest."""
    rows = drawn({COUNTY: 700, CITY: 0})["new"]
    answer = audit(seen(rows), {COUNTY: 0, CITY: 0}, draw="uniform")
    city = answer["contests"][CITY]
    assert city["cards"] == 700 and city["assertions"][0]["margin"] == pytest.approx(120 / 2_000)
    assert city["assertions"][0]["risk"] > answer["contests"][COUNTY]["assertions"][0]["risk"]


def test_polling_several_contests() -> None:
    """Papers without records: ALPHA, each contest with its own cards."""
    sizes = planned_sizes(design="polling")
    cards = seen(drawn(sizes)["new"])
    for card in cards:
        del card["record"]
    answer = audit(cards, sizes)
    assert {each["design"] for each in answer["contests"].values()} == {"polling"}
    assert all(each["assertions"][0]["risk"] < 1 for each in answer["contests"].values())


def test_a_tied_contest_needs_all_of_its_cards() -> None:
    """The plan counts them; the audit does not call it finished."""
    tied = {**contests(), CITY: {"votes": {"Cay": 200, "Dan": 200}, "cards": 400}}
    plan = solved({**PLAN, "contests": tied})
    assert plan["contests"][CITY]["cards"] is None and plan["by_style"] >= 400
    given = {CITY: {"contest": tied[CITY], "size": 0}}
    answer = solved({"kind": "contests_audit", "contests": given, "cards": []})
    assert answer["contests"][CITY]["verdict"] == "cannot be confirmed" and not answer["finished"]


def test_a_card_that_nobody_found_counts_worst_for_all_its_contests() -> None:
    """Its risks are those of papers for the losers."""
    sizes = planned_sizes()
    cards = seen(drawn(sizes)["new"])
    place = next(p for p, card in enumerate(cards) if card["record"].get(CITY) == {"marks": ["Cay"]})
    lost = [*cards]
    lost[place] = {**cards[place], "found": False, "paper": {}}
    turned = [*cards]
    turned[place] = {**cards[place], "paper": cards[place]["record"] | {CITY: {"marks": ["Dan"]}}}
    found, expected = (audit(each, sizes)["contests"][CITY]["assertions"] for each in (lost, turned))
    assert found == expected and found[0]["risk"] > 0.05


def test_a_pool_stands_among_records() -> None:
    """Every second card of the county alone has no record: compared with the mean of its pool."""
    sizes = {COUNTY: 400, CITY: 0}
    pooled = [card for card, votes in RECORDS.items() if CITY not in votes][::2]
    votes = {name: sum(RECORDS[card][COUNTY] == name for card in pooled) for name in ("Ann", "Bob")}
    cards = seen(drawn(sizes)["new"])
    for card in cards:
        if card["id"] in pooled:
            card["record"], card["pool"] = None, "p"
    pool = {"p": {"cards": len(pooled), "votes": votes}}
    given = {COUNTY: {"contest": contests()[COUNTY], "size": 400, "pools": pool},
             CITY: {"contest": contests()[CITY], "size": 0}}  # fmt: skip
    answer = solved({"kind": "contests_audit", "contests": given, "cards": cards, "replications": 20})
    found = answer["contests"][COUNTY]
    assert (found["design"], found["cards"]) == ("comparison with pools", 400)
    assert (
        audit(seen(drawn(sizes)["new"]), sizes)["contests"][COUNTY]["assertions"][0]["risk"]
        < (found["assertions"][0]["risk"])
    )


def test_all_cards_of_a_pool_bear_the_same_contests() -> None:
    """A pool of the county's alone: its cards have no other contest, and the county is on each of them."""
    pool = {"p": {"cards": 3, "votes": {"Ann": 2, "Bob": 1}}}
    shown = {COUNTY: {"marks": ["Ann"]}, CITY: {"marks": ["Cay"]}}

    def asked(styles: list[list[str]], city: dict[str, Any], **more: Any) -> Any:
        cards = [
            {"id": f"card {place}", "ticket": f"{place:064x}", "contests": style, "pool": "p",
             "paper": {name: shown[name] for name in style}}
            for place, style in enumerate(styles)
        ]  # fmt: skip
        given = {COUNTY: {"contest": contests()[COUNTY], "pools": pool},
                 CITY: {"contest": contests()[CITY], "pools": city}}  # fmt: skip
        return solved({"kind": "contests_audit", "contests": given, "cards": cards} | more)

    assert asked([[COUNTY], [COUNTY]], {})["drawn"] == 2
    both = {"p": {"cards": 3, "votes": {"Cay": 3}}}
    assert asked([[COUNTY, CITY], [CITY, COUNTY]], both)["drawn"] == 2
    mixed: list[tuple[list[list[str]], Any]] = [
        ([[COUNTY], [COUNTY, CITY]], {}), ([[COUNTY, CITY], [COUNTY]], both), ([[]], {})
    ]  # fmt: skip
    for styles, city in mixed:
        with pytest.raises(RequestError, match="All cards of a pool must have the same"):
            asked(styles, city)
    with pytest.raises(RequestError, match="as many cards in each of its contests; it has 3 in"):
        asked([[COUNTY, CITY]], {"p": {"cards": 4, "votes": {"Cay": 3}}})


WRONG: list[tuple[str, Any]] = [
    ("an id of its own; card 0", lambda card: [card, {**card, "ticket": "1" * 64}]),
    ("a ticket of its own", lambda card: [card, {**card, "id": "x"}]),
    ("names mayor", lambda card: [{**card, "paper": {"mayor": {}}}]),
    ("contests of its style", lambda card: [{**card, "record": {COUNTY: {}}}]),
    ("was not found and has a paper", lambda card: [{**card, "found": False}]),
    ("fewer than its 'size', 1", lambda card: []),
]


@pytest.mark.parametrize(("why", "change"), WRONG, ids=[why for why, _ in WRONG])
def test_cards_that_cannot_be_are_refused(why: str, change: Any) -> None:
    """Each in a sentence that names the card or the contest."""
    shown = {COUNTY: {"marks": ["Ann"]}, CITY: {"marks": ["Cay"]}}
    card = {"id": "card 0", "ticket": "0" * 64, "contests": [COUNTY, CITY], "record": shown, "paper": shown}
    assert audit([card], {COUNTY: 1, CITY: 1})["drawn"] == 1
    with pytest.raises(RequestError, match=why):
        audit(change(card), {COUNTY: 1, CITY: 1})


def test_styles_with_more_cards_than_a_contest_are_refused() -> None:
    """Fewer are phantoms, which the plan draws too."""
    with pytest.raises(RequestError, match="Settle which"):
        solved({**PLAN, "styles": [{"contests": [CITY], "cards": 401}]})
    with pytest.raises(RequestError, match="'styles' name mayor"):
        solved({**PLAN, "styles": [{"contests": ["mayor"], "cards": 1}]})
    assert solved({**PLAN, "styles": STYLES[:1]})["all_cards"] == 2_400


def test_the_expected_cards_are_those_of_many_draws() -> None:
    """The mean of 300 draws by ticket of three overlapping contests, within three standard errors and 1 %."""
    chance = np.random.default_rng(4)
    counts, styles = [3_000, 1_500, 500], [("a",), ("a", "b"), ("b", "c")]
    sizes = {"a": 90, "b": 60, "c": 40}
    style_of = np.repeat(np.arange(3), counts)
    ids = [str(card) for card in range(5_000)]
    took = []
    for _ in range(300):
        frame = CardFrame(ids, style_of, tuple(map(frozenset, styles)), chance.random(5_000))
        took.append(len(draw_consistently(frame, sizes).order))
    expected = 3_000 * 90 / 4_500 + 1_500 * max(90 / 4_500, 60 / 2_000) + 500 * 40 / 500
    assert abs(np.mean(took) - expected) <= 3 * np.std(took) / 300**0.5 + 0.01 * expected
    problem = {
        "kind": "contests_size",
        "contests": {
            name: {"votes": {"w": 40, "l": 20}, "cards": cards}
            for name, cards in (("a", 4_500), ("b", 2_000), ("c", 500))
        },
        "styles": [
            {"contests": list(style), "cards": cards} for style, cards in zip(styles, counts, strict=True)
        ],
    }
    assert solved(problem)["all_cards"] == 5_000


def test_a_bet_on_a_narrow_margin_expects_few_errors() -> None:
    """Margin 0.1 %, no errors: the usual bet grows, though its usual rates would use up the margin."""
    narrow = {"m": {"votes": {"w": 50_050, "l": 49_950}, "cards": 100_000}}
    plan = {"kind": "contests_size", "contests": narrow, "styles": []}
    assert 5_800 <= solved(plan)["contests"]["m"]["cards"] < 10_000


def test_errors_as_large_as_the_margin_leave_no_sample() -> None:
    """Eleven cards in ten thousand overstated by two votes undo a margin of 0.2 %: a full count, and why."""
    narrow = {"m": {"votes": {"w": 50_100, "l": 49_900}, "cards": 100_000}}
    found = solved({"kind": "contests_size", "contests": narrow, "styles": [], "two_votes": 0.0011})
    assert found["contests"]["m"]["cards"] is None and found["by_style"] == 100_000
    assert found["contests"]["m"]["sentence"].startswith("No sample would suffice")


def test_what_card_styles_save() -> None:
    """Glazer, Spertus and Stark 2020: on ballots of four cards styles save 75 % of the cards of a contest on
    every ballot, and 95 % with a second one, of the same margin, on a tenth of the ballots."""
    large = {"votes": {"w": 55_000, "l": 45_000}, "cards": 100_000}
    small = {"votes": {"w": 5_500, "l": 4_500}, "cards": 10_000}
    rest = {"contests": [], "cards": 300_000}
    one = solved(
        {
            "kind": "contests_size",
            "contests": {"large": large},
            "styles": [rest, {"contests": ["large"], "cards": 100_000}],
        }
    )
    assert 1 - one["by_style"] / one["uniform"] == pytest.approx(0.75, abs=0.01)
    apart = [
        {"contests": [], "cards": 290_000},
        {"contests": ["large"], "cards": 100_000},
        {"contests": ["small"], "cards": 10_000},
    ]
    two = solved({"kind": "contests_size", "contests": {"large": large, "small": small}, "styles": apart})
    assert 1 - two["by_style"] / two["uniform"] == pytest.approx(0.95, abs=0.01)
