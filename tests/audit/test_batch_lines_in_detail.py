"""Batches of a manifest beside those of the cards, in detail: which meet, and what each line says."""

from tallyproof.audit.batch_lines import BatchLine, FoundBatch, batch_lines
from tallyproof.election.ballot_manifest import Manifest

from .card_tables import manifest


def found(*batches: tuple[str, str, int]) -> list[FoundBatch]:
    """Batches of cards by tabulator, name and cards; the first stands in row 11."""
    return [FoundBatch(*each, "a.csv", 11 + place) for place, each in enumerate(batches)]


def met(cards: list[FoundBatch], listed: Manifest) -> dict[str, tuple[int | None, int]]:
    """By the batch's name cards listed and found."""
    return {line.name: (line.listed, line.found) for line in batch_lines("Lake", cards, listed)}


def test_every_field_of_a_line() -> None:
    """The same name, another spelling, no cards, and cards not listed with the closest free name."""
    listed = manifest(("T", "1", 5), ("T", "02", 6), ("T", "Mail 3", 7), without_records=("Mail 3",))
    lines = batch_lines("Lake", found(("T", "1", 4), ("t", "2", 6), ("T", "Mail 33", 1)), listed)
    assert lines == [
        BatchLine("Lake", "T", "1", 5, 4, None, "a.csv", 11, "m.csv", 2),
        BatchLine("Lake", "t", "2", 6, 6, None, "a.csv", 12, "m.csv", 3, "T 02"),
        BatchLine("Lake", "T", "Mail 3", 7, 0, False, "", None, "m.csv", 4),
        BatchLine("Lake", "T", "Mail 33", None, 1, None, "a.csv", 13, "m.csv", None, "", "T Mail 3"),
    ]
    assert [line.difference for line in lines] == [-1, 0, -7, None]
    assert [(line.expected, line.missing, line.over) for line in lines] == [
        (5, 1, 0), (6, 0, 0), (0, 0, 0), (0, 0, 1),
    ]  # fmt: skip


def test_batches_without_a_manifest_stand_alone() -> None:
    """No list, no row in one, no name like it."""
    assert batch_lines("Lake", found(("", "1", 4)), None) == [
        BatchLine("Lake", "", "1", None, 4, None, "a.csv", 11, "", None, "", "")
    ]


def test_where_all_names_are_taken_none_is_close() -> None:
    """A batch not listed is like batch 1, but that has cards of its own."""
    lines = batch_lines("Lake", found(("", "1", 4), ("", "11", 2)), manifest(("", "1", 4)))
    assert [line.near for line in lines] == ["", ""]


def test_names_of_batches() -> None:
    """With a tabulator and without."""
    assert set(met(found(("T", "1", 4), ("", "2", 3)), manifest(("T", "1", 4)))) == {
        "tabulator T, batch 1", "batch 2",
    }  # fmt: skip


def test_cards_without_tabulators_meet_batches_by_names_that_stand_once() -> None:
    """Batch 1 of one tabulator is it; batch 1 of two tabulators may be either, and so is neither."""
    assert met(found(("", "1", 4)), manifest(("T", "1", 5), ("U", "2", 6))) == {
        "tabulator T, batch 1": (5, 4), "tabulator U, batch 2": (6, 0),
    }  # fmt: skip
    assert met(found(("", "1", 4)), manifest(("T", "1", 5), ("U", "1", 6), ("U", "2", 7))) == {
        "tabulator T, batch 1": (5, 0), "tabulator U, batch 1": (6, 0), "tabulator U, batch 2": (7, 0),
        "batch 1": (None, 4),
    }  # fmt: skip


def test_one_tabulator_named_on_each_side_is_enough_to_ask_for_it() -> None:
    """Where both sides name a tabulator somewhere, a batch without one meets no batch that has one."""
    assert met(found(("T", "1", 4), ("", "2", 3)), manifest(("T", "1", 5), ("U", "2", 6))) == {
        "tabulator T, batch 1": (5, 4), "tabulator U, batch 2": (6, 0), "batch 2": (None, 3),
    }  # fmt: skip
    assert met(found(("T", "1", 4), ("U", "1", 3)), manifest(("T", "1", 5), ("", "2", 6))) == {
        "tabulator T, batch 1": (5, 4), "batch 2": (6, 0), "tabulator U, batch 1": (None, 3),
    }  # fmt: skip


def test_cards_of_several_tabulators_are_added_up_where_none_is_listed() -> None:
    """Three tabulators, one batch: cards of all, the place of the first, the name as it is listed."""
    (line,) = batch_lines("Lake", found(("T", "1", 4), ("U", "1", 3), ("V", "1", 2)), manifest(("", "1", 9)))
    assert line == BatchLine("Lake", "", "1", 9, 9, None, "a.csv", 11, "m.csv", 2)
    other = batch_lines("Lake", found(("T", "2", 4)), manifest(("", "1", 9)))[1]
    assert other == BatchLine("Lake", "", "2", None, 4, None, "a.csv", 11, "m.csv")


def test_the_same_name_comes_before_the_same_spelling() -> None:
    """Batch 1 meets batch 1, which leaves 01 for 001; and 02 meets 2 though both have no tabulator."""
    cards = found(("", "1", 4), ("", "01", 5), ("", "02", 6))
    lines = batch_lines("Lake", cards, manifest(("", "1", 4), ("", "001", 5), ("", "2", 6)))
    assert [(line.batch, line.found, line.listed, line.listed_as) for line in lines] == [
        ("1", 4, 4, ""), ("01", 5, 5, "001"), ("02", 6, 6, "2"),
    ]  # fmt: skip


def test_signs_alone_are_no_spelling() -> None:
    """Names of which nothing is left but signs are not taken for each other."""
    assert met(found(("", "?", 4)), manifest(("", "-", 4))) == {"batch -": (4, 0), "batch ?": (None, 4)}


def test_a_batch_listed_with_no_card_lacks_none() -> None:
    """Nothing listed and nothing found is no difference, in cards or in records."""
    (line,) = batch_lines("Lake", [], manifest(("", "1", 0)))
    assert (line.listed, line.found, line.difference) == (0, 0, 0)
    assert (line.expected, line.unrecorded, line.missing, line.over) == (0, 0, 0, 0)
