"""A recount held against the count before it: changes, states of units, labels, and whether it can matter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.recount.compared import solve_recount_comparison as solve
from tallyproof.recount.comparison import RecountComparison, RecountComparisonAnswer, UnitCount


def unit(
    name: str, before: tuple[int, int] | None, after: tuple[int, int] | None = None, **more: object
) -> UnitCount:
    """A unit in which Ann and Bob stand."""
    sides = [
        None if each is None else dict(zip(("Ann", "Bob"), each, strict=True)) for each in (before, after)
    ]
    return UnitCount(name, *sides, **more)  # type: ignore[arg-type]


def answer(*units: UnitCount, **more: object) -> RecountComparisonAnswer:
    return solve(RecountComparison(units=units, **more))  # type: ignore[arg-type]


def test_changes_up_and_down_are_added_apart() -> None:
    """Ann +3 and -1, Bob -2: net 0, gross 6; the margin goes from 30 to 34."""
    found = answer(unit("Ash", (60, 40), (63, 40)), unit("Birch", (50, 40), (49, 38)))
    ann, bob = found.choices
    assert (ann.net, ann.added, ann.removed, ann.gross, ann.units_changed) == (2, 3, 1, 4, 2)
    assert (bob.net, bob.gross) == (-2, 2)
    assert (found.net, found.gross, found.units_changed) == (0, 6, 2)
    assert found.lead is not None and (found.lead.before, found.lead.now) == (30, 34)


def test_each_unit_is_in_one_state() -> None:
    """Recounted, in part, beyond recounting, left; and a unit of the recount alone is listed."""
    found = answer(
        unit("Ash", (60, 40), (60, 40)),
        UnitCount("Birch", {"Ann": 5, "Bob": 4}, {"Ann": 5, "Bob": None}),
        unit("Cedar", (7, 3), cannot="seal broken"),
        unit("Dogwood", (8, 1)),
        unit("Elm", None, (9, 9)),
    )
    far = found.progress
    assert [far.all.units, far.recounted.units, far.partly.units, far.cannot.units, far.left.units] == [
        4,
        1,
        1,
        1,
        1,
    ]
    assert [each.unit for each in found.only_after] == ["Elm"]
    assert found.lead is not None and found.lead.now == 32  # without Elm
    assert "1 unit of the recount matches none of the first count; 18 votes" in found.sentences[-1]


def test_a_unit_beyond_recounting_that_was_recounted_counts_as_recounted() -> None:
    """The numbers are believed, and the contradiction is told."""
    found = answer(unit("Ash", (6, 4), (6, 5), cannot="seal broken"))
    assert found.progress.recounted.units == 1
    assert [(each.unit, each.why) for each in found.anyway] == [("Ash", "seal broken")]


def test_michigan_of_2016_says_how_many_precincts_could_not_be_recounted() -> None:
    """322 of 3,047 precincts, with their reasons; the first count stands there."""
    units = [unit(f"P{n}", (40, 39), (40, 39)) for n in range(2_725)]
    barred = [
        unit(f"X{n}", (40, 39), cannot="poll book and box differ" if n else "box open") for n in range(322)
    ]
    found = answer(*units, *barred)
    assert "322 cannot be recounted (25,438 votes)" in found.sentence
    assert "poll book and box differ (321), box open (1)" in found.sentence
    assert found.bound is not None and found.bound.can_change is False


@pytest.mark.parametrize(("ahead", "can_change"), [(10, True), (11, False)])
def test_the_outcome_is_safe_once_the_lead_exceeds_what_is_left(ahead: int, can_change: bool) -> None:
    """Ten votes left and a lead of ten: a tie could come of it; of eleven: not."""
    found = answer(unit("Ash", (50 + ahead, 50), (50 + ahead, 50)), unit("Birch", (6, 4)))
    assert found.bound is not None
    assert (found.bound.lead, found.bound.left, found.bound.can_change) == (ahead, 10, can_change)


def test_ballots_without_a_vote_are_left_too() -> None:
    """A unit holds as many votes as ballots, where they are known."""
    found = answer(unit("Ash", (70, 50), (70, 50)), unit("Birch", (6, 4), most=25))
    assert found.bound is not None and (found.bound.left, found.bound.can_change) == (25, True)


def test_an_unknown_number_makes_the_bound_unknown() -> None:
    """Nothing is said of an outcome whose numbers are not known."""
    barred = UnitCount("Birch", {"Ann": None, "Bob": 4}, cannot="seal broken")
    found = answer(unit("Ash", (70, 50), (70, 50)), barred)
    assert found.bound is not None and found.bound.can_change is None


@pytest.mark.parametrize("number", [None, 0])
def test_a_third_choice_whose_votes_are_unknown_may_be_the_nearest(number: int | None) -> None:
    """Cy has 0 known votes, Bob 50 of 120: Cy's number in a unit beyond recounting may be any."""
    barred = UnitCount("Birch", {"Ann": 0, "Bob": 0, "Cy": number}, cannot="seal broken")
    found = answer(unit("Ash", (70, 50), (70, 50)), barred, unit("Elm", (6, 4)))
    assert found.bound is not None and found.bound.can_change is (None if number is None else False)
    whole = answer(unit("Ash", (70, 50), (70, 50)), barred)  # nothing is left that could change it
    assert whole.bound is not None and whole.bound.can_change is False


@pytest.mark.parametrize(("most", "can_change"), [(None, None), (15, False), (25, True)])
def test_a_unit_left_holds_unknown_votes_as_far_as_its_ballots_allow(
    most: int | None, can_change: bool | None
) -> None:
    """Ann leads by 20; Bob's number in a unit that is left is unknown, its ballots may be known."""
    rest = UnitCount("Birch", {"Ann": 6, "Bob": None}, most=most)
    found = answer(unit("Ash", (70, 50), (70, 50)), rest)
    assert found.bound is not None and found.bound.can_change is can_change


def test_labels_are_added_up_with_the_rest_not_stated() -> None:
    """Gross change by model, and units left under each."""
    found = answer(
        unit("Ash", (60, 40), (58, 41), labels={"model": "DS200"}),
        unit("Birch", (5, 5), (5, 5)),
        unit("Cedar", (9, 9), labels={"model": "DS200"}),
    )
    scanned, other = found.groups
    assert (scanned.value, scanned.units, scanned.left, scanned.two_gross, scanned.margin_change) == (
        "DS200", 1, 1, 3, -3,
    )  # fmt: skip
    assert scanned.two_percent == pytest.approx(3.0)
    assert (other.value, other.gross) == ("not stated", 0)


def test_a_choice_that_one_count_does_not_list_has_no_votes_there() -> None:
    """A write-in found by the recount is a gain from nothing."""
    found = answer(
        UnitCount("Ash", {"Ann": 6, "Bob": 4}, {"Ann": 6, "Bob": 4, "Eve": 2}), choices=("Ann", "Bob")
    )
    eve = found.choices[2]
    assert (eve.before, eve.after, eve.listed, found.gross) == (0, 2, False, 2)


@pytest.mark.parametrize(
    ("units", "more", "words"),
    [
        ([unit("Ash", (1, 0)), unit("Ash", (1, 0))], {}, "names Ash twice"),
        ([unit("Ash", (1, 0))], {"choices": ("Eve",)}, "names Eve, which no unit has"),
        ([unit("Ash", (1, 0))], {"largest_change": 0}, "must be 1 vote or more"),
        ([unit("Ash", (1, 0))], {"confidence": 95.0}, "from 0.5 to below 1"),
        ([unit("Ash", (1, 0))], {"seed": -1}, "must be 0 or more"),
        (
            [unit("Ash", (9, 0), (0, 9)), unit("Elm", (9, 0))],
            {"largest_change": 3},
            "changed the margin by -18 votes",
        ),
    ],
)
def test_what_cannot_be_is_refused(units: list[UnitCount], more: dict[str, object], words: str) -> None:
    """Twice the same unit, a choice that nobody has, a change above the largest one assumed."""
    with pytest.raises(RequestError, match=words):
        answer(*units, **more)


PAIR = st.tuples(st.integers(0, 90), st.integers(0, 90))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(PAIR, PAIR, st.integers(0, 2)), min_size=1, max_size=12))
def test_whatever_is_left_the_final_margin_lies_within_the_bound(
    rows: list[tuple[tuple[int, int], tuple[int, int], int]],
) -> None:
    """Where the answer says that the outcome cannot change, no recount within the ballots changes it."""
    asked, final = [], {"Ann": 0, "Bob": 0}
    for number, (before, after, kind) in enumerate(rows):
        asked.append(unit(f"U{number}", before, after if kind else None, most=180))
        for name, votes in zip(final, after, strict=True):
            final[name] += votes
    found = answer(*asked)
    assert found.bound is not None and found.lead is not None
    if found.bound.can_change is False and found.bound.left:
        assert final[found.lead.winner] > final[found.lead.loser]
    assert found.net == sum(each.net for each in found.choices)
    assert found.gross >= abs(found.net)
