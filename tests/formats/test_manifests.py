"""Ballot manifests and batch totals: the layouts that are published, and how they go wrong."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from tallyproof.election.ballot_manifest import Manifest, check_totals, not_in_manifest
from tallyproof.errors import UnreadableError
from tallyproof.services.cards import read_manifest, read_totals


def manifest(folder: Path, text: str) -> Manifest:
    """The manifest in this text."""
    path = folder / "manifest.csv"
    path.write_text(text)
    return read_manifest(path)


@pytest.mark.parametrize(("path", "layout", "batches", "cards"), [
    ("formats/arlo/Kendall_Park_-_ballot_manifest.csv", "Arlo", 18, 500),
    ("formats/manifests/co_2024_AdamsBallotManifest.csv", "Colorado", 4_783, 468_858),
    ("formats/manifests/co_2024_HinsdaleBallotManifest.csv", "Colorado", 26, 618),
    ("formats/dominion_csv/arapahoe_2017_manifest.csv", "Colorado", 5, 165),
    ("formats/manifests/sf_2019_N19_ballot_manifest_with_WH_location_for_RLA_Upload_VBM_11-14.xlsx",
     "San Francisco", 5_481, 293_555),
])  # fmt: skip
def test_published_manifests_are_read(
    path: str, layout: str, batches: int, cards: int, shared_data: Path
) -> None:
    """Each layout is known by its columns, and no row is lost."""
    found = read_manifest(shared_data / path)
    assert (found.layout, len(found.batches), found.cards) == (layout, batches, cards)
    assert found.rejections == ()


def test_a_hybrid_manifest_says_which_batches_have_records(shared_data: Path) -> None:
    """Y and N in the column CVR are kept, a byte-order mark is no part of the first name."""
    found = read_manifest(shared_data / "formats" / "arlo" / "sample_manifest_hybrid.csv")
    assert [batch.has_cvr for batch in found.batches[:3]] == [True, False, True]
    assert found.batches[0].place == "Box 1"


@pytest.mark.parametrize(("row", "reason"), [
    ("T,B1,5", "already in row 2"),
    ("T,,5", "no batch name"),
    (",B9,5", "no tabulator"),
    ("T,B9,x", "'x' is not a whole number"),
    ("T,B9,-3", "not a whole number"),
    ("T,B9,0", "0 cards"),
    ("T,Total,999", "total row"),
    ("T,B9", "cells"),
])  # fmt: skip
def test_a_faulty_row_is_rejected_and_the_others_stay(row: str, reason: str, tmp_path: Path) -> None:
    """The row is named with what is wrong with it; the batches around it are read."""
    text = f'Tabulator,Batch Name,Number of Ballots\nT,B1,10\n{row}\nT,B2,"1,234"\n'
    found = manifest(tmp_path, text)
    assert [(batch.name, batch.cards) for batch in found.batches] == [("B1", 10), ("B2", 1_234)]
    (rejection,) = found.rejections
    assert rejection.row == 3 and reason in rejection.reason


@pytest.mark.parametrize(("text", "cards"), [
    ('"1,234"', 1_234), ('"1,234,567"', 1_234_567), ("12.0", 12), ("12.00", 12), ("1 234", 1_234),
    ("1\u202f234", 1_234), ("1.000", None), ('"1,23"', None), ('"12,34"', None),
    ("1.5", None), ("1 23", None), ("1e3", None),
])  # fmt: skip
def test_a_number_is_read_where_only_one_reading_is_possible(
    text: str, cards: int | None, tmp_path: Path
) -> None:
    """Commas and spaces between thousands count; 1.000 may be one or a thousand and is rejected."""
    found = manifest(tmp_path, f"Batch Name,Number of Ballots\nB1,{text}\n")
    assert [batch.cards for batch in found.batches] == ([] if cards is None else [cards])
    assert len(found.rejections) == (cards is None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_are_no_part_of_a_manifest(encoding: str, tmp_path: Path) -> None:
    """As spreadsheet programs save "Unicode text"; tabs part the cells too."""
    for sign in ",\t":
        path = tmp_path / "manifest.csv"
        text = "Batch Name,Number of Ballots\nB1,10\nB2,20\n".replace(",", sign)
        path.write_bytes(text.encode(encoding))
        assert read_manifest(path).cards == 30


def test_cards_of_another_election_are_one_sentence(tmp_path: Path) -> None:
    """Most batches unknown: one sentence for all. A few unknown among many: each with its hint."""
    listed = manifest(tmp_path, "Tabulator,Batch,Ballots\n" + "".join(f"1,{n},5\n" for n in range(100)))
    (fault,) = not_in_manifest(listed, {("9", f"x{n}"): 5 for n in range(3_000)}, "a.csv")
    assert fault.startswith("a.csv: all 3,000 batches, with 15,000 cards, are missing in manifest.csv")
    assert "another election or county: give the manifest that belongs to them" in fault
    right = {("1", str(n)): 5 for n in range(100)}
    few = not_in_manifest(listed, right | {("1", "x1"): 5, ("1", "x2"): 5}, "a.csv")
    assert len(few) == 2 and not_in_manifest(listed, right, "a.csv") == []


def test_many_unknown_batches_among_more_known_ones_are_counted(tmp_path: Path) -> None:
    """Twenty are told one by one, the others in one sentence."""
    listed = manifest(tmp_path, "Tabulator,Batch,Ballots\n" + "".join(f"1,{n},5\n" for n in range(100)))
    found = {("1", str(n)): 5 for n in range(100)} | {("1", f"x{n}"): 5 for n in range(60)}
    *told, last = not_in_manifest(listed, found, "a.csv")
    assert len(told) == 20 and last == "a.csv: 40 batches more, with 200 cards, are not in manifest.csv."


def test_a_total_without_a_name_is_known_by_its_sum(tmp_path: Path) -> None:
    """A last row with the sum of all others is left out; one card less and it is a batch."""
    head = "Batch,Ballots\na,10\nb,20\nc,30\n"
    assert manifest(tmp_path, head + "all,60\n").cards == 60
    assert manifest(tmp_path, head + "all,59\n").cards == 119


def test_a_file_that_is_no_manifest_is_refused_with_the_closest_column(tmp_path: Path) -> None:
    """The column that is missing is named, and the one most like it."""
    with pytest.raises(UnreadableError, match=r"Number of Ballots'.*closest column is 'Numbr of Balots'"):
        manifest(tmp_path, "Tabulator,Batch Name,Numbr of Balots\nT,B1,10\n")


def test_cast_vote_records_are_not_taken_for_a_manifest(shared_data: Path) -> None:
    """RecordId counts cards in one county's manifest, but beside ImprintedId it is a card's number."""
    with pytest.raises(UnreadableError, match="Number of Ballots"):
        read_manifest(shared_data / "formats" / "arlo" / "Siletz_-_cvrs.csv")


def test_totals_are_held_against_the_manifest(shared_data: Path, tmp_path: Path) -> None:
    """Two votes a voter fit the published totals, one does not; a batch spelled otherwise gets a hint."""
    folder = shared_data / "vendor_variants" / "batch"
    listed, totals = read_manifest(folder / "manifest.csv"), read_totals(folder / "tallies.csv")
    assert check_totals(listed, totals, 2) == []
    assert len(check_totals(listed, totals, 1)) == 9
    path = tmp_path / "totals.csv"
    path.write_text((folder / "tallies.csv").read_text().replace("Batch 9", "Btch 9"))
    first, second = check_totals(listed, read_totals(path), 2)
    assert "no batch 'Btch 9'. The closest there is 'Batch 9'" in first
    assert "'Batch 9' of manifest.csv has no totals" in second


def test_totals_of_several_contests_are_held_contest_by_contest(shared_data: Path) -> None:
    """One vote too many in the first batch's first contest is found; the other contests are fine."""
    folder = shared_data / "vendor_variants" / "batch"
    listed = read_manifest(folder / "manifest_multi_contest.csv")
    (fault,) = check_totals(listed, read_totals(folder / "tallies_multi_contest.csv"), 1)
    assert "'Batch 1' has 101 votes in Contest 1 but 100 cards" in fault


@pytest.mark.parametrize("cell", ["May-01", "5/1/2007", "1.01E+12", "2007-05-01", "2007-05-01 00:00:00"])
def test_a_batch_that_a_spreadsheet_changed_is_told(cell: str, tmp_path: Path) -> None:
    """The rows stay batches, and the first of them is named."""
    head = "Tabulator,Batch,Ballots\n1,5-1-2007,10\n"
    assert manifest(tmp_path, head).remarks == ()
    found = manifest(tmp_path, head + f"1,{cell},10\n2,{cell},10\n")
    assert len(found.batches) == 3
    (remark,) = found.remarks
    assert remark.row == 3 and f"the batch '{cell}', like that of 1 more, looks as if" in remark.text
    assert manifest(tmp_path, "Tabulator,Batch,Ballots\n2007,2007-05-01,10\n").remarks == ()


def test_a_date_in_a_workbook_is_told(tmp_path: Path) -> None:
    """What was typed as 5-1-2007 became a date in the cell itself."""
    path = tmp_path / "m.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Batch Name", "Number of Ballots"],
        ["B1", 10],
        [datetime(2007, 5, 1, tzinfo=UTC).replace(tzinfo=None), 20],
    ):
        sheet.append(row)
    book.save(path)
    (remark,) = read_manifest(path).remarks
    assert remark.row == 3 and "'2007-05-01" in remark.text
