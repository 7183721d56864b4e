"""Facts of cards in detail: every number of five cards in two files."""

import numpy as np
import pytest

from tallyproof.audit import card_facts
from tallyproof.audit.card_facts import by_jurisdiction, dense, dense_few, facts_of

from .card_tables import part, two_choices

ONE = part(
    [[0, 0, 0]], [two_choices()],
    {"tabulator": ["T", "T", "U"], "batch": ["2", "1", "2"], "record": ["7", "", "x"],
     "imprint": ["a", "", "a"], "unit": ["W", "V", "W"], "mode": ["m", "m", "m"], "style": ["1", "1", "2"]},
)  # fmt: skip
OTHER = part(
    [[0, 0]], [two_choices()],
    {"tabulator": ["T", "T"], "batch": ["2", ""], "record": ["7", "7"], "unit": ["W", "W"],
     "mode": ["m", "m"], "style": ["1", "1"]}, "b.csv",
)  # fmt: skip


def test_every_number_of_five_cards() -> None:
    """Batches and groups are numbered as they come, each with its cards and the place of the first."""
    facts = facts_of([ONE, OTHER])
    assert (facts.cards, facts.parts) == (5, (ONE, OTHER))
    assert (facts.part.tolist(), facts.row.tolist()) == ([0, 0, 0, 1, 1], [2, 3, 4, 2, 3])
    assert facts.slices() == (slice(0, 3), slice(3, 5))
    assert (facts.batch.tolist(), facts.group.tolist()) == ([0, 1, 2, 0, 3], [0, 1, 2, 0, 0])
    assert facts.record.tolist() == [7, -1, -1, 7, 7]
    assert facts.batches.table.columns == ["id", "tabulator", "batch", "cards", "part", "row"]
    assert facts.batches.table.rows() == [
        (0, "T", "2", 2, 0, 2), (1, "T", "1", 1, 0, 3), (2, "U", "2", 1, 0, 4), (3, "T", "", 1, 1, 3),
    ]  # fmt: skip
    assert facts.groups.table.rows() == [
        (0, "W", "m", "1", 3, 0, 2), (1, "V", "m", "1", 1, 0, 3), (2, "W", "m", "2", 1, 0, 4),
    ]  # fmt: skip
    assert (len(facts.batches), len(facts.groups)) == (4, 3)


def test_places_and_imprints_are_known_where_the_source_gives_them() -> None:
    """A place needs batch and record, and is one of its tabulator; an imprint stands for itself."""
    facts = facts_of([ONE, OTHER])
    assert (facts.place != 0).tolist() == [True, False, True, True, False]
    assert facts.place[0] == facts.place[3] != facts.place[2]
    assert (facts.imprint != 0).tolist() == [True, False, True, False, False]
    assert facts.imprint[0] == facts.imprint[2]


def test_parts_come_by_jurisdiction_in_their_order() -> None:
    """The first part of a jurisdiction says where it stands."""
    parts = [
        part([[0]], [two_choices()], {}, file, name) for file, name in (("1", "B"), ("2", "A"), ("3", "B"))
    ]
    found = by_jurisdiction(parts)
    assert [(name, [each.file for each in own]) for name, own in found.items()] == [
        ("B", ["1", "3"]), ("A", ["2"]),
    ]  # fmt: skip


@pytest.mark.parametrize("most", [1, 8, 20_000_000])
def test_keys_are_numbered_in_their_order(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a table or by sorting, with gaps, with one key, and with none."""
    monkeypatch.setattr(card_facts, "MOST_KEYS", most)
    numbers, size = dense(np.array([7, 0, 7, 3]))
    assert (numbers.tolist(), size) == ([2, 0, 2, 1], 3)
    assert [dense(np.array(keys, np.int64))[1] for keys in ([5], [0], [])] == [1, 1, 0]


def test_few_keys_are_kept_apart_and_together() -> None:
    """Equal hashes get one number, different ones others, from 0 on."""
    keys = np.array([2**63 + 5, 9, 9, 2**63 + 5, 0], np.uint64)
    numbers, size = dense_few(keys)
    assert (size, sorted(set(numbers.tolist()))) == (3, [0, 1, 2])
    assert numbers[0] == numbers[3] != numbers[1] == numbers[2] != numbers[4]
