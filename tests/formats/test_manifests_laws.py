"""Laws of manifests and totals: what was written is read back, no row is lost, nothing breaks."""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallyproof.election.ballot_manifest import BatchTotals, Manifest
from tallyproof.errors import TallyproofError
from tallyproof.services.cards import read_manifest, read_totals
from tallyproof.testing import manifests as made

from .grids import CELLS, is_row, mutated

LAYOUTS = st.sampled_from(list(made.HEADERS))
Rows = Sequence[Sequence[str | int]]


def manifest_of(data: bytes, name: str = "m.csv") -> Manifest:
    """The manifest in these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_manifest(path)


def totals_of(data: bytes) -> BatchTotals:
    """The totals in these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        return read_totals(path)


@given(LAYOUTS, st.integers(0, 999), st.integers(1, 30), st.booleans())
def test_a_manifest_comes_back_from_every_layout(
    layout: made.Layout, seed: int, number: int, as_workbook: bool
) -> None:
    """CSV and Excel, three layouts: batches equal row by row. A last row that sums the others is a total."""
    batches = made.make_batches(seed, layout, number)
    rows = made.manifest_rows(batches, layout)
    data = made.as_xlsx(rows) if as_workbook else made.as_csv(rows)
    found = manifest_of(data, "m.xlsx" if as_workbook else "m.csv")
    if number > 3 and batches[-1].cards == sum(batch.cards for batch in batches[:-1]):
        assert list(found.batches) == batches[:-1] and len(found.rejections) == 1
    else:
        assert (list(found.batches), found.rejections, found.layout) == (batches, (), layout)


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=20))
def test_totals_come_back(votes: list[tuple[int, int]]) -> None:
    """Every batch with its votes by choice, in its row."""
    given_ = {f"B{number}": cast for number, cast in enumerate(votes)}
    found = totals_of(made.as_csv(made.totals_rows(given_, ("Ann", "Bob"))))
    assert (found.votes, found.choices, found.rejections) == (given_, ("Ann", "Bob"), ())
    assert list(found.rows.values()) == list(range(2, len(votes) + 2))


@given(LAYOUTS, st.integers(0, 99), st.integers(1, 12), st.data())
def test_no_row_of_a_manifest_is_lost(
    layout: made.Layout, seed: int, number: int, data: st.DataObject
) -> None:
    """Cells swapped, emptied, multiplied, rows cut: each row below the header is a batch or rejected."""
    header, *rows = [
        [str(cell) for cell in row]
        for row in made.manifest_rows(made.make_batches(seed, layout, number), layout)
    ]
    rows = data.draw(mutated(rows))
    assume(any(map(is_row, rows)))
    found = manifest_of(made.as_csv([header, *rows]))
    assert len(found.batches) + len(found.rejections) == sum(map(is_row, rows))


@given(st.integers(1, 9), st.data())
def test_no_row_of_totals_is_lost(number: int, data: st.DataObject) -> None:
    """Each row below the header is a batch's votes or rejected."""
    header, *rows = [["Batch Name", "Ann", "Bob"], *([f"B{n}", str(n), "1,234"] for n in range(number))]
    rows = data.draw(mutated(rows))
    assume(any(map(is_row, rows)))
    found = totals_of(made.as_csv([header, *rows]))
    assert len(found.votes) + len(found.rejections) == sum(map(is_row, rows))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.binary(max_size=60), st.integers(0, 400))
def test_nothing_breaks_manifests_or_totals(rows: list[list[str]], noise: bytes, at: int) -> None:
    """Any table, any bytes in it: batches, rejections or one plain sentence."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    data = text.getvalue().encode("utf-8", "replace")
    for read in (manifest_of, totals_of):
        try:
            found = read(data[:at] + noise + data[at:])
        except TallyproofError as fault:
            assert str(fault).endswith(".")
        else:
            assert found.file in {"m.csv", "t.csv"}


@pytest.mark.parametrize("cut", range(0, 6_000, 250))
def test_a_cut_workbook_is_refused(cut: int) -> None:
    """Half of a workbook is one sentence, the whole is read."""
    data = made.as_xlsx(made.manifest_rows(made.make_batches(1, "Arlo", 30), "Arlo"))
    assert manifest_of(data, "m.xlsx").cards > 0 and len(data) > 6_000
    with pytest.raises(TallyproofError) as told:
        manifest_of(data[:cut], "m.xlsx")
    assert str(told.value).startswith("m.xlsx: ")
