"""Georgia, primary of 19 May 2026: the batches that the state's audit drew, and their tickets.

Source: the Secretary of State's batch totals, manifests and final audit report (made with Arlo). The error
bound of a batch is the most that its error could change the smallest margin (Stark 2009, MACRO).
"""

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from tallyproof.sampling.arlo import DrawnBatch, arlo_batches
from tallyproof.sampling.frame import FrameBatch, Head, batch_line
from tallyproof.sampling.seed import Seed
from tallyproof.services import drawing
from tallyproof.services.frame_files import write_frame

Votes = Mapping[str, int]
Batch = tuple[str, str]
Pair = tuple[tuple[str, ...], tuple[str, ...]]
SEED = Seed("06712221796172622814")
RENAMED = re.compile(r" - [348]$")
"""Three of Fulton's batches were counted together with others; the report drops the end of their names."""


def rows(folder: Path, archive: str) -> Iterator[tuple[str, dict[str, str]]]:
    """County and row of each county's file; rows without a batch are left out."""
    with zipfile.ZipFile(folder / archive) as files:
        for name in files.namelist():
            text = files.read(name).decode("utf-8-sig").splitlines()
            for row in csv.DictReader(text) if name.endswith(".csv") else ():
                if row["Batch Name"].strip():
                    yield name.split("/")[0].replace("-", " "), row


def number(text: str) -> int:
    return int(text.replace(",", "") or 0)


def bounds(folder: Path, contest: str, pairs: Callable[[Votes], list[Pair]]) -> dict[Batch, Fraction]:
    """Each batch's error bound, counties by name and batches in the order of their files."""
    sizes = {
        (c, r["Batch Name"].strip()): number(r["Number of Ballots"]) for c, r in rows(folder, "manifests.zip")
    }
    votes = {
        (c, r["Batch Name"].strip()): {k: number(v) for k, v in r.items() if k.startswith(contest)}
        for c, r in sorted(rows(folder, "candidate_totals.zip"), key=lambda row: row[0])
    }
    total = sum((Counter(v) for v in votes.values()), Counter[str]())
    margins = {pair: lead(total, pair) for pair in pairs(total)}
    return {
        key: max(Fraction(lead(v, pair) + sizes[key], margins[pair]) for pair in margins)
        for key, v in votes.items()
    }


def lead(votes: Votes, pair: Pair) -> int:
    """Votes of the first group over those of the second."""
    return sum(votes.get(c, 0) for c in pair[0]) - sum(votes.get(c, 0) for c in pair[1])


def winner_over_each(total: Votes) -> list[Pair]:
    winner = max(total, key=lambda choice: total[choice])
    return [((winner,), (loser,)) for loser in total if loser != winner]


def runoff_of_the_top_two(total: Votes) -> list[Pair]:
    """Both lead all others, and neither has a majority."""
    ordered = sorted(total, key=lambda choice: -total[choice])
    above = [((top,), (other,)) for top in ordered[:2] for other in ordered[2:]]
    return above + [(tuple(c for c in ordered if c != top), (top,)) for top in ordered[:2]]


CONTESTS = {
    "US Senate - Rep": (runoff_of_the_top_two, 138, 134, 3, 45.952834242),
    "Governor - Dem": (winner_over_each, 18, 18, 4, 6.178975643),
}


@pytest.fixture(scope="module")
def audit(shared_data: Path) -> Path:
    folder = shared_data / "audits" / "georgia2026"
    if not folder.is_dir():
        pytest.skip(f"needs Georgia's records of 2026 (looked in {folder})")
    return folder


def published(folder: Path, column: int) -> Counter[tuple[str, str]]:
    """How often the report lists each batch with each ticket number."""
    with (folder / "final_audit_report.csv").open(encoding="utf-8-sig", newline="") as lines:
        read = [row for row in csv.reader(lines) if len(row) > column and row[0] != "Totals"]
    tickets = [(row[0], row[1].strip(), t) for row in read for t in re.findall(r"\b0\.\d{18,}", row[column])]
    return Counter((f"{county} {RENAMED.sub('', batch)}", ticket) for county, batch, ticket in tickets)


def drawn(batches: tuple[DrawnBatch[Batch], ...]) -> Counter[tuple[str, str]]:
    return Counter((RENAMED.sub("", " ".join(d.batch)), d.number) for d in batches)


@pytest.mark.parametrize("contest", CONTESTS)
def test_the_draw_is_the_published_one(audit: Path, contest: str) -> None:
    """Total bound, batches and the 18 digits of every ticket agree with the report."""
    pairs, size, distinct, column, total = CONTESTS[contest]
    weights = bounds(audit, contest, pairs)
    batches = arlo_batches(SEED, weights, size)
    assert float(sum(weights.values())) == pytest.approx(total, abs=1e-8)
    assert len({d.batch for d in batches}) == distinct
    assert drawn(batches) == published(audit, column)


def test_a_later_numpy_prints_other_tickets_for_the_same_batches(audit: Path) -> None:
    """The report's tickets are those of NumPy 1; the batches do not depend on it."""
    weights = bounds(audit, "Governor - Dem", winner_over_each)
    first, second = (arlo_batches(SEED, weights, 18, numpy_major=major) for major in (1, 2))
    assert [d.batch for d in first] == [d.batch for d in second]
    assert not {d.number for d in first} & {d.number for d in second}


def test_rounds_of_batches_extend_the_draw(audit: Path) -> None:
    """Seven draws and then eleven are the eighteen, tickets included."""
    weights = bounds(audit, "Governor - Dem", winner_over_each)
    first, rest = arlo_batches(SEED, weights, 7), arlo_batches(SEED, weights, 11, already=7)
    assert first + rest == arlo_batches(SEED, weights, 18)


@pytest.mark.parametrize("contest", CONTESTS)
def test_the_draw_from_a_frame_is_the_published_one(audit: Path, contest: str, tmp_path: Path) -> None:
    """Bounds written into a frame, as listed, and drawn from it: the same batches and tickets."""
    pairs, size, _, column, _ = CONTESTS[contest]
    lines = (
        f"{batch_line(FrameBatch((county, '', batch), 0, bound))}\n".encode()
        for (county, batch), bound in bounds(audit, contest, pairs).items()
    )
    write_frame(tmp_path / "frame.csv", Head("batches", "as-listed"), lines)
    record = drawing.draw(tmp_path / "frame.csv", drawing.asked(SEED.text, "arlo-batches", size, {}))
    found = Counter((f"{d.jurisdiction} {RENAMED.sub('', d.batch)}", d.ticket) for d in record.draws)
    assert found == published(audit, column)
