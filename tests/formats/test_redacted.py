"""Rows of a Dominion export that withhold cards: sums, and cards without their votes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyproof.errors import UnreadableError
from tallyproof.formats.cards import blocks
from tallyproof.formats.cards.redacted import Redacted, read_redacted
from tallyproof.formats.intake import documents
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest, Variant

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Judge", ("P", "Q"), 1, 2)]
CARDS = [MadeCard("1", "1", str(n), {0: ((0,),), 1: ((0,), (1,))}) for n in range(1, 4)]
SUM = "Redacted and Aggregated,,,,,,Type 2,{ann},{bob},3,1,0,0\r\n"
HIDDEN = "9,1,1,9,1-1-9,Precinct 1,Type 3,Redacted,Redacted,,,,\r\n"


def redacted(folder: Path, rows: str, variant: Variant | None = None) -> Redacted:
    """What is read of three cards and then these rows."""
    path = made.write(made.dominion_text(CONTESTS, CARDS, variant) + rows, folder / "cards.csv")
    with documents([path]) as (document,):
        return read_redacted(document)


def test_a_row_of_sums_has_its_style_and_votes(tmp_path: Path) -> None:
    """Thousands may be separated; of a ranked contest the first rank is read, and it is said to be ranked."""
    (found,) = redacted(tmp_path, SUM.format(ann='"1,234"', bob=5)).sums
    assert (found.row, found.label, found.style) == (8, "Redacted and Aggregated", "Type 2")
    assert found.votes == {"Mayor": {"Ann": 1_234, "Bob": 5}, "Judge": {"P": 3, "Q": 1}}
    assert found.ranked == {"Judge"}


def test_a_contest_with_empty_cells_stands_on_none_of_the_cards(tmp_path: Path) -> None:
    """Zeros are votes that nobody cast; nothing at all is a contest that is not there."""
    (found,) = redacted(tmp_path, "Redacted,,,,,,Type 2,0,0,,,,\r\n").sums
    assert found.votes == {"Mayor": {"Ann": 0, "Bob": 0}}


def test_cards_without_their_votes_are_counted_by_style(tmp_path: Path) -> None:
    """A row that keeps a card's place is one card, and no sum."""
    found = redacted(tmp_path, HIDDEN * 2 + SUM.format(ann=1, bob=1))
    assert (found.hidden, len(found.sums)) == ({"Type 3": 2}, 1)


def test_a_sum_that_is_no_number_is_rejected(tmp_path: Path) -> None:
    """The row is named with what stands there, and the others are kept."""
    found = redacted(tmp_path, SUM.format(ann="few", bob=1) + SUM.format(ann=2, bob=1))
    (rejection,) = found.rejections
    assert (rejection.row, [each.row for each in found.sums]) == (8, [9])
    assert "'few' stands for votes in Mayor" in rejection.reason


@pytest.mark.parametrize(
    "variant", [Variant(equal_signs=True), Variant(byte_order_mark=True, all_quoted=True)]
)
def test_how_the_export_is_written_changes_nothing(tmp_path: Path, variant: Variant) -> None:
    """Equal signs, quotation marks and a byte-order mark in the cards leave the sums as they are."""
    plain = redacted(tmp_path, SUM.format(ann=2, bob=1))
    assert redacted(tmp_path, SUM.format(ann=2, bob=1), variant) == plain


@pytest.mark.parametrize("unit", ["Ward 1", '"Ward 1"', '"Ward 1', 'Ward 1"'])
def test_rows_keep_their_numbers_far_down(unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks without the word are not split into cells, and are counted; stray quotation marks join none."""
    small = blocks.blocks.__defaults__
    monkeypatch.setattr(blocks.blocks, "__defaults__", (600,))
    assert small is not None
    rows = "".join(f"{n},1,1,{n},1-1-{n},{unit},Type 1,1,0,,,,\r\n" for n in range(10, 60))
    assert [each.row for each in redacted(tmp_path, rows + SUM.format(ann=2, bob=1)).sums] == [58]


def test_a_table_that_names_redaction_is_no_export(tmp_path: Path) -> None:
    """Another layout with the word in it has no rows of sums."""
    path = made.write("a,b\nRedacted,1\nc,d\ne,f\ng,h\n", tmp_path / "other.csv")
    with documents([path]) as (document,):
        assert read_redacted(document) == Redacted("other.csv")


def test_a_header_that_no_export_has_gives_no_sums(tmp_path: Path) -> None:
    """A file that only a mapping reads may look like an export; it has no rows of sums."""
    text = made.dominion_text(CONTESTS, CARDS) + SUM.format(ann=1, bob=1)
    path = made.write(text.replace("(Vote For=1)", ""), tmp_path / "mapped.csv")
    with documents([path]) as (document,):
        assert read_redacted(document) == Redacted("mapped.csv")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 700))
def test_noise_in_a_file_ends_without_a_fault_of_the_program(
    tmp_path: Path, noise: bytes, place: int
) -> None:
    """Whatever stands in the file, there are sums or none."""
    data = (made.dominion_text(CONTESTS, CARDS) + SUM.format(ann=1, bob=1)).encode()
    path = tmp_path / "noisy.csv"
    path.write_bytes(data[:place] + noise + data[place:])
    try:
        with documents([path]) as found:
            assert all(len(read_redacted(document).sums) <= 2 for document in found)
    except UnreadableError as fault:
        assert str(fault)
