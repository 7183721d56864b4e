"""Reconciliation in detail: every number of two counties, one with a manifest, one without."""

from dataclasses import replace

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.card_counts import CountedCards, count_cards
from tallyproof.audit.reconciliation import ContestLine, JurisdictionLine, least_ballots, reconcile
from tallyproof.election.evidence import Rejection

from .card_tables import manifest, part, two_choices


def hill() -> CountedCards:
    """Batch 1 has 4 cards of 3 listed, batch 2 one of 3, batch 3 needs no records, 4 is not listed."""
    facts = {"batch": ["1"] * 4 + ["2", "4"], "record": list("123411"), "imprint": list("abcdea")}
    contests = [two_choices("Mayor"), two_choices("Senate")]
    one = part([[0, 0, 0, 1, 2, 3], [0, 1, None, None, None, 1]], contests, facts, "h.csv", "Hill", 2)
    listed = manifest(("", "1", 3), ("", "2", 3), ("", "3", 5), without_records=("3",))
    return count_cards([one], replace(listed, rejections=(Rejection("m.csv", 9, "no number of cards"),)))


def lake() -> CountedCards:
    """Three cards without a manifest; they bear a judge as well."""
    cards: list[list[int | None]] = [[1, 1, 0], [0, None, None]]
    return count_cards([part(cards, [two_choices("Senate"), two_choices("Judge")], {"batch": ["9"] * 3})])


def test_every_number_of_a_jurisdiction() -> None:
    """With a manifest all sums; without one what is listed is not known, nothing missing or over."""
    with_list, without = reconcile([hill(), lake()]).jurisdictions
    assert with_list == JurisdictionLine(
        "Hill", ("h.csv",), "m.csv", cards=6, ballots=6, listed=11, expected=6, missing=2, over=2, batches=3,
        batches_listed=3, repeated=1, same_runs=0, rejected=2, manifest_rejected=1,
    )  # fmt: skip
    assert without == JurisdictionLine(
        "Lake", ("a.csv",), "", cards=3, ballots=3, listed=None, expected=None, missing=0, over=0, batches=1,
        batches_listed=None, repeated=0, same_runs=0, rejected=0, manifest_rejected=0,
    )  # fmt: skip


def test_batches_that_differ_and_batches_not_listed() -> None:
    """Too many and too few differ, one without records does not; not listed is where there is a list."""
    found = reconcile([hill(), lake()])
    assert [(line.name, line.missing, line.over) for line in found.differing] == [
        ("batch 1", 0, 1), ("batch 2", 2, 0),
    ]  # fmt: skip
    assert found.unlisted == (
        BatchLine("Hill", "", "4", None, 1, None, "h.csv", 7, listed_file="m.csv", near=""),
    )
    assert [line.batch for line in found.batches] == ["1", "2", "3", "4", "9"]


def test_every_number_of_a_contest() -> None:
    """The bound is by the manifest where all its counties have one, else as reported, else not known."""
    mayor, senate, judge = reconcile([hill(), lake()], {"Senate": 9, "Mayor": 1}).contests
    assert mayor == ContestLine("Mayor", 1, 0, 6, bound=6, bound_by="manifest", phantoms=2, margin=2)
    assert senate == ContestLine("Senate", 1, 0, 6, 9, "reported ballots", phantoms=3, margin=2)
    assert judge == ContestLine("Judge", 1, 0, 1, bound=None, bound_by="", phantoms=None, margin=1)
    assert [line.margin_left for line in (mayor, senate, judge)] == [0, -1, None]
    assert replace(mayor, margin=None).margin_left is None


def test_a_bound_counts_cards_and_what_is_missing_up_to_the_list() -> None:
    """Three cards bear the senate and two are missing: five may, of six expected."""
    (mayor, senate) = reconcile([hill()]).contests
    assert (senate.cards, senate.bound, senate.phantoms) == (3, 5, 2)
    assert (mayor.cards, mayor.bound) == (6, 6)


def test_more_cards_than_reported_ballots_leave_no_phantoms() -> None:
    """Fewer ballots reported than cards read is another fault than a missing card."""
    senate = reconcile([lake()], {"Senate": 2}).contests[0]
    assert (senate.cards, senate.bound, senate.phantoms, senate.margin_left) == (3, 2, 0, 1)


def test_ballots_are_those_of_the_most_frequent_contest_of_each_type() -> None:
    """In unit A two types of 2 and 1 ballots with two sheets each, in unit B one ballot."""
    facts = {"unit": ["B", "A", "A", "A", "A", "A", "A"], "style": ["1", "1", "1", "1", "2", "2", "1"]}
    codes: list[list[int | None]] = [[0, 0, 1, None, 0, None, None], [None, None, None, 0, None, 0, None]]
    counted = count_cards([part(codes, [two_choices("Mayor"), two_choices("Judge")], facts)])
    assert least_ballots(counted) == {"A": 3, "B": 1}
