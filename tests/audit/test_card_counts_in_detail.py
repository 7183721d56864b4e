"""Counting cards in detail: what repeats, stretches and batches over their list could move, and totals."""

import numpy as np

from tallyproof.audit.batch_lines import FoundBatch
from tallyproof.audit.card_counts import Reach, contest_totals, count_cards, count_case
from tallyproof.election.card_part import CaseCards
from tallyproof.election.cast_vote_record import CardContest, Marks

from .card_tables import manifest, part, two_choices


def ranked() -> CardContest:
    """A ranked contest: A before B, and nobody."""
    contest = CardContest("Judge", ["A", "B"], 1, 2)
    for marks in (Marks(((0,), (1,))), Marks(((), ()))):
        contest.code(marks)
    return contest


def test_every_number_of_a_small_county() -> None:
    """Batch 1 has two cards over its list, one of them a repeat; 2 is as listed, 3 has no cards."""
    facts = {
        "batch": ["1", "1", "1", "2", "1"],
        "record": ["1", "2", "1", "1", ""],
        "imprint": list("ab") + [""] * 3,
    }
    codes: list[list[int | None]] = [[0, 1, 0, 0, 1], [0, 1, 0, None, None]]
    one = part(codes, [two_choices(), ranked()], facts, "a.csv", "Lake", 3)
    counted = count_cards([one], manifest(("", "1", 2), ("", "2", 1), ("", "3", 4)))
    assert (counted.jurisdiction, counted.files, counted.cards) == ("Lake", ("a.csv",), 5)
    assert (counted.placed, counted.imprinted, counted.judged, counted.rejected) == (4, 2, 3, 3)
    assert counted.found == (FoundBatch("", "1", 4, "a.csv", 2), FoundBatch("", "2", 1, "a.csv", 5))
    assert counted.groups.rows() == [(0, "", "", "", 5, 0, 2)]
    assert counted.reach_of_repeats == (Reach({"Mayor": 1, "Judge": 1}, {"Mayor": 1, "Judge": 1}),)
    assert counted.reach_of_runs == ()
    assert counted.reach_of_batches == {0: Reach({"Mayor": 4, "Judge": 3}, {"Mayor": 2, "Judge": 3})}


def test_without_a_manifest_no_batch_differs() -> None:
    """Nothing is over a list that is not there; a contest on no card moves nothing."""
    one = part([[0, 0], [None, None]], [two_choices(), two_choices("Judge")], {"batch": ["1", "2"]})
    assert count_cards([one]).reach_of_batches == {}
    listed = count_cards([one], manifest(("", "1", 2), ("", "2", 1)))
    assert listed.reach_of_batches == {0: Reach({"Mayor": 1}, {"Mayor": 1})}


def test_a_contest_without_choices_moves_no_vote() -> None:
    """Blank cards of a contest that nobody stands in: one card, no vote."""
    bare = CardContest("Mayor", [], 1)
    bare.code(Marks(((),)))
    counted = count_cards([part([[0]], [bare], {"batch": ["1"]})], manifest(("", "2", 1)))
    assert counted.reach_of_batches == {1: Reach({"Mayor": 1}, {"Mayor": 0})}


def moved(tabulators: list[str], *listed: tuple[str, str, int]) -> dict[int, int]:
    """Cards of Ann in the lines that differ, of one card in a batch 2 of each of these tabulators."""
    facts = {"tabulator": tabulators, "batch": ["2"] * len(tabulators)}
    counted = count_cards([part([[0] * len(tabulators)], [two_choices()], facts)], manifest(*listed))
    return {place: reach.most["Mayor"] for place, reach in counted.reach_of_batches.items()}


def test_a_line_moves_the_cards_that_it_counts() -> None:
    """Of all tabulators where the manifest names none or the cards name none, else of its own only."""
    assert moved(["T", "", "U"], ("", "2", 9)) == {0: 3}
    assert moved(["", ""], ("T", "2", 1)) == {0: 2}
    assert moved(["T", "T", "", "U"], ("T", "2", 9), ("W", "1", 1)) == {0: 2, 2: 1, 3: 1}


def test_second_scans_move_their_cards() -> None:
    """A stack of 80 scanned again: eighty cards of each contest, the votes of its leading choice."""
    chance = np.random.default_rng(2)
    stack = chance.integers(0, 2, (8, 80))
    facts = {"batch": ["1"] * 80 + ["2"] * 80, "record": [str(card % 80) for card in range(160)]}
    contests = [two_choices(f"C{place}") for place in range(8)]
    counted = count_cards([part([[*own.tolist(), *own.tolist()] for own in stack], contests, facts)])
    (reach,) = counted.reach_of_runs
    assert reach.cards == {f"C{place}": 80 for place in range(8)}
    assert reach.most == {f"C{place}": max(own.sum(), 80 - own.sum()) for place, own in enumerate(stack)}
    assert (counted.reach_of_repeats, counted.reach_of_batches, counted.judged) == ((), {}, 160)


def test_each_jurisdiction_has_its_own_cards_and_manifest() -> None:
    """Cards of two counties in three files, a manifest of one; totals are of all."""
    files: list[tuple[str, list[int | None]]] = [("Hill", [0, 0]), ("Lake", [2, 0]), ("Hill", [2, 1])]
    parts = tuple(
        part([codes], [two_choices(turned=place == 1)], {"batch": ["1"] * 2}, f"{place}.csv", county)
        for place, (county, codes) in enumerate(files)
    )
    hill, lake = counted = count_case(CaseCards(parts, {"Lake": manifest(("", "1", 5))}))
    assert [(each.jurisdiction, each.files, each.cards) for each in counted] == [
        ("Hill", ("0.csv", "2.csv"), 4), ("Lake", ("1.csv",), 2),
    ]  # fmt: skip
    assert (hill.manifest, lake.manifest) == (None, manifest(("", "1", 5)))
    mayor = contest_totals(counted)["Mayor"]
    assert (mayor.name, mayor.vote_for, mayor.ranks, mayor.groups) == ("Mayor", 1, 0, 1)
    assert (mayor.total(), mayor.margin) == ({"Ann": 3, "Bob": 1}, 2)
    found = (mayor.cards, mayor.overvotes, mayor.blank, mayor.undervotes)
    assert [own.tolist() for own in found] == [[6], [1], [1], [1]]
