"""Batches of cards beside manifests: what is missing in one is not made good by another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.card_counts import count_case
from tallyproof.audit.reconciliation import reconcile
from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.services.card_batches import beside_manifest
from tallyproof.services.card_margins import margins
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_problems import problem_for
from tallyproof.testing.cards import MadeCard, MadeContest

from .made_parts import manifest_of, part_of

MAYOR = [MadeContest("Mayor", ("Ann", "Bob"))]


def cards_in(batches: dict[str, int]) -> list[MadeCard]:
    """So many cards for Ann in each batch of tabulator 1."""
    return [
        MadeCard("1", batch, str(n), {0: ((0,),)}) for batch, cards in batches.items() for n in range(cards)
    ]


def gathered(found: dict[str, int], listed: dict[str, int]) -> PooledCards:
    """Cards found in these batches beside a manifest of those."""
    manifest = manifest_of([("1", batch, cards, None) for batch, cards in listed.items()])
    return gather(CaseCards((part_of(MAYOR, cards_in(found)),), {"": manifest}))


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(st.sampled_from("1234"), st.integers(1, 6), min_size=1),
    st.dictionaries(st.sampled_from("1234"), st.integers(1, 6), min_size=1),
)
def test_phantoms_are_the_missing_cards_of_each_batch(found: dict[str, int], listed: dict[str, int]) -> None:
    """Whatever is found and listed, phantoms are those of the reconciliation, and all missing cards count."""
    manifest = manifest_of([("1", batch, cards, None) for batch, cards in listed.items()])
    cards = CaseCards((part_of(MAYOR, cards_in(found)),), {"": manifest})
    (contest,) = gather(cards).contests
    told = reconcile(count_case(cards)).contests[0]
    assert contest.bound.phantoms == told.phantoms == sum(
        max(0, number - found.get(batch, 0)) for batch, number in listed.items())  # fmt: skip
    assert contest.bound.cards == sum(found.values()) + contest.bound.phantoms


def test_a_renamed_batch_is_a_fault_and_its_cards_are_phantoms() -> None:
    """Ten cards under another name stand for none of the ten listed, and no problem is made of them."""
    pooled = gathered({"1": 10, "2X": 10}, {"1": 10, "2": 10})
    (told,) = margins(pooled.contests)
    assert (told.bound.phantoms, told.bound.cards) == (10, 30)
    assert pooled.faults == (
        "cards.csv: 10 cards in tabulator 1, batch 2X, which manifest.csv does not list. The closest in the "
        "manifest is tabulator 1, batch 2. Tabulator and batch must be named alike in both files.",
    )  # fmt: skip
    with pytest.raises(RequestError, match="batch 2X, which manifest.csv does not list"):
        problem_for(pooled.contests[0])


def test_a_record_too_many_makes_no_card_of_another_batch_good() -> None:
    """Eleven and nine records of ten each leave one phantom, and the batch with eleven is named."""
    pooled = gathered({"1": 11, "2": 9}, {"1": 10, "2": 10})
    assert pooled.contests[0].bound.phantoms == 1
    assert "row 2, tabulator 1, batch 1: 10 listed, 11 records), 1 too many" in pooled.faults[0]
    assert gathered({"1": 10, "2": 9}, {"1": 10, "2": 10}).faults == ()


def test_batches_meet_by_spelling() -> None:
    """A batch with leading zeros is that of the manifest, as the reconciliation has it."""
    beside = beside_manifest("", {("1", "02"): 4}, manifest_of([("1", "2", 5, None)]), ["cards.csv"])
    assert (beside.unrecorded, beside.records, beside.faults) == (1, {("1", "2"): 4}, ())
    assert beside.listed["1", "02"].row == 2


def test_a_manifest_without_cards_is_told() -> None:
    """Its cards count in no contest, and that is a fault, as nobody knows what they bear."""
    part = part_of(MAYOR, cards_in({"1": 2}), "Adams")
    lists = {
        "Adams": manifest_of([("1", "1", 2, None)]),
        "Baca": manifest_of([("1", "1", 7, None)], "baca.csv"),
    }
    pooled = gather(CaseCards((part,), lists))
    assert pooled.faults[0].startswith(
        "baca.csv: it lists 7 cards of Baca, and there are no cast vote records"
    )
    assert pooled.contests[0].bound.cards == 2
