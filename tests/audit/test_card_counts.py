"""Counting cards for reconciliation: the same tallies as card by card, repeats, stretches, batches."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit import card_votes
from tallyproof.audit.batch_lines import FoundBatch, batch_lines
from tallyproof.audit.card_counts import contest_totals, count_cards
from tallyproof.audit.card_facts import dense
from tallyproof.audit.reconciliation import reconcile
from tallyproof.election.card_part import FACTS, CardPart, code_counts
from tallyproof.election.cast_vote_record import tally

from .card_tables import manifest, part, two_choices


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from([0, 1, 2, 3, None])), min_size=1))
def test_groups_add_up_to_the_tally_of_all_cards(cards: list[tuple[str, int | None]]) -> None:
    """Votes, overvotes, blanks and undervotes over all units are those of the plain tally."""
    one = part([[code for _, code in cards]], [two_choices()], {"unit": [unit for unit, _ in cards]})
    counted = contest_totals([count_cards([one])])["Mayor"]
    plain = tally(one.contests[0], code_counts(one)[0])
    assert counted.total() == plain.votes
    assert [int(n.sum()) for n in (counted.cards, counted.overvotes, counted.blank, counted.undervotes)] == [
        plain.cards, plain.overvotes, plain.blank, plain.undervotes
    ]  # fmt: skip


def test_many_groups_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorting, for contests with very many different marks, counts what the table counts."""
    codes = np.array([0, 1, 4, 2, 0, 0], np.uint32)
    group = np.array([0, 1, 1, 0, 0, 2])
    small = [each.tolist() for each in card_votes._cells(codes, group, 5, 3)]
    monkeypatch.setattr(card_votes, "MOST_CELLS", 1)
    assert [each.tolist() for each in card_votes._cells(codes, group, 5, 3)] == small


def test_files_meet_whatever_their_codes_are() -> None:
    """The same votes have the same hash though another file numbers choices and marks otherwise."""
    facts = {"batch": ["1"] * 4, "record": ["1", "2", "3", "4"], "imprint": ["a", "b", "c", "d"]}
    one = part([[0, 1, 2, 3]], [two_choices()], facts)
    other = part([[2, 3, 1, 0]], [two_choices(turned=True)], facts, "b.csv")  # Ann, Bob, nobody, both
    counted = count_cards([one, other])
    (pair,) = counted.repeats
    assert (pair.kind, pair.cards, pair.same) == ("imprint", 4, 4)
    assert contest_totals([counted])["Mayor"].total() == {"Ann": 2, "Bob": 2}


def test_one_altered_vote_is_no_longer_the_same() -> None:
    """A copy with another vote is a repeat by imprint, and not one with the same votes."""
    facts = {"batch": ["1"] * 4, "record": ["1", "2", "1", "2"], "imprint": ["a", "b", "a", "b"]}
    (pair,) = count_cards([part([[0, 1, 0, 2]], [two_choices()], facts)]).repeats
    assert (pair.cards, pair.same) == (2, 1)


def test_chance_gives_no_stretch() -> None:
    """Two hundred counts of random votes, some nearly unanimous: never two stretches that agree for long."""
    chance = np.random.default_rng(1)
    for number in range(200):
        size = 400
        share = chance.choice([0.5, 0.8, 0.98])
        codes = [
            (chance.random(size) > share).astype(int).tolist() for _ in range(int(chance.integers(1, 6)))
        ]
        facts = {
            "batch": [str(card // 50) for card in range(size)],
            "record": [str(card % 50) for card in range(size)],
            "unit": chance.choice(["A", "B"], size).tolist(),
        }  # fmt: skip
        contests = [two_choices(f"Contest {place}") for place in range(len(codes))]
        assert not count_cards([part(codes, contests, facts)]).runs, number


def test_sorted_cards_are_not_judged() -> None:
    """An export sorted by votes has long equal stretches in every batch, and says nothing of scans."""
    codes = sorted(np.random.default_rng(3).integers(0, 3, 600).tolist())
    facts = {
        "batch": [str(card // 50) for card in range(600)],
        "record": [str(card % 50) for card in range(600)],
    }
    counted = count_cards([part([codes], [two_choices()], facts)])
    assert (counted.runs, counted.judged) == ((), 0)


def test_a_third_scan_is_found_beside_the_first() -> None:
    """Every later copy of a stack is told beside the batch that was scanned first."""
    chance = np.random.default_rng(2)
    stack = chance.integers(0, 2, (8, 80))
    codes = [np.concatenate([own, own, own]).tolist() for own in stack]
    facts = {
        "batch": [str(card // 80) for card in range(240)],
        "record": [str(card % 80) for card in range(240)],
    }
    runs = count_cards([part(codes, [two_choices(f"C{n}") for n in range(8)], facts)]).runs
    assert [(run.first_batch, run.batch, run.cards) for run in runs] == [(0, 1, 80), (0, 2, 80)]


@given(st.lists(st.integers(0, 50), min_size=1))
def test_dense_keeps_apart_and_together(keys: list[int]) -> None:
    """Equal keys get equal numbers, different ones different numbers, all below how many there are."""
    found, number = dense(np.array(keys))
    assert number == len(set(keys)) == len(set(found.tolist()))
    assert len(set(zip(keys, found.tolist(), strict=True))) == number


def found(tabulator: str, batch: str, cards: int) -> FoundBatch:
    """A batch of cards."""
    return FoundBatch(tabulator, batch, cards, "a.csv", 2)


def test_names_that_two_batches_share_are_not_guessed() -> None:
    """ "01" is batch 1 only where there is no "001" that could be it as well."""
    one = batch_lines("", [found("T", "01", 5)], manifest(("T", "1", 5)))
    assert [(line.found, line.listed, line.listed_as) for line in one] == [(5, 5, "T 1")]
    two = batch_lines("", [found("T", "01", 5), found("T", "001", 5)], manifest(("T", "1", 5)))
    assert [(line.found, line.listed) for line in two] == [(0, 5), (5, None), (5, None)]


def test_a_manifest_without_tabulators_joins_batches_of_one_name() -> None:
    """Cards of batch 1 of two tabulators meet the one batch 1 that is listed."""
    lines = batch_lines("", [found("T", "1", 5), found("U", "1", 6)], manifest(("", "1", 11)))
    assert [(line.found, line.difference) for line in lines] == [(11, 0)]


def test_batches_without_records_need_none() -> None:
    """A batch that the manifest says has no cast vote records is not short, and with records it is over."""
    listed = manifest(("T", "1", 5))
    without = replace(listed, batches=(replace(listed.batches[0], has_cvr=False),))
    assert [line.missing for line in batch_lines("", [], without)] == [0]
    assert [line.over for line in batch_lines("", [found("T", "1", 2)], without)] == [2]


def test_a_record_too_many_fills_no_gap_of_another_batch() -> None:
    """One batch has a card too many and another one too few: the missing card needs its phantom."""
    facts = {"tabulator": ["T"] * 5, "batch": ["1"] * 4 + ["2"]}
    counted = count_cards([part([[0] * 5], [two_choices()], facts)], manifest(("T", "1", 3), ("T", "2", 2)))
    (line,) = reconcile([counted]).contests
    assert (line.cards, line.bound, line.phantoms) == (5, 5, 1)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(0, 12))
def test_phantoms_fill_the_list_and_no_more(cards: int, listed: int) -> None:
    """The bound of a contest on every card is what the manifest lists; phantoms are what is missing to it."""
    facts = {"tabulator": ["T"] * cards, "batch": ["1"] * cards}
    one = part([[0] * cards], [two_choices()], facts)
    (line,) = reconcile([count_cards([one], manifest(("T", "1", listed)))]).contests
    assert (line.bound, line.phantoms) == (listed, max(0, listed - cards))
    assert line.margin_left == cards - max(0, listed - cards)


def test_nothing_at_all_is_counted_as_nothing() -> None:
    """A file without contests, and one without cards, have no batch differences and no phantoms."""
    bare = count_cards([part([[0, 1]], [two_choices()], {"batch": ["1", "1"]})])
    assert (bare.repeats, bare.runs, bare.judged) == ((), (), 0)
    empty = part([[]], [two_choices()], {})
    counted = count_cards([empty], manifest(("T", "1", 4)))
    (line,) = reconcile([counted]).contests
    assert (counted.cards, line.cards, line.phantoms) == (0, 0, 4)
    without = CardPart("Lake", "a.csv", "0" * 64, (), empty.cards.drop("c0"))
    assert reconcile([count_cards([without])]).contests == ()


FACT = st.sampled_from(["", "1", "01", "2", "x", "Ward 1 (1)", "Mail"])
CARD = st.tuples(st.tuples(*[FACT] * len(FACTS)), st.sampled_from([0, 1, 2, 3, None]))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CARD, max_size=8), min_size=1, max_size=3), st.booleans())
def test_whatever_facts_say_every_card_is_in_one_batch(
    files: list[list[tuple[tuple[str, ...], int | None]]], with_manifest: bool
) -> None:
    """However odd facts are, cards of batches add up, and no more cards repeat than there are."""
    parts = [
        part(
            [[code for _, code in cards]], [two_choices()],
            {name: [facts[place] for facts, _ in cards] for place, name in enumerate(FACTS)}, f"{number}.csv",
        )
        for number, cards in enumerate(files)
    ]  # fmt: skip
    counted = count_cards(parts, manifest(("1", "1", 2), ("x", "2", 1)) if with_manifest else None)
    number = sum(map(len, files))
    found = reconcile([counted])
    assert counted.cards == number == sum(line.found for line in found.batches)
    (line,) = found.jurisdictions
    assert line.repeated + line.same_runs < max(number, 1) and line.ballots <= number
