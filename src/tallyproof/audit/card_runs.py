"""Stretches of cards with the same votes in the same order at two places, longer than chance explains.

A stack that goes through a scanner twice leaves two stretches of cards that agree card by card. Whether a
stretch says anything depends on how common its ballots are: thirty blank cards in a row agree with any other
thirty. So each card weighs -ln p, where p is the share of ballots just like it among the cards with the same
contests in the same unit; a card like the one before it weighs nothing, for households vote alike and some
exports are sorted; and half of the rest is counted, because neighbours resemble each other in other ways
too. A stretch is told when its weight w makes n²·exp(-w), a bound on the expected number of such pairs of
places among n cards, at most ``EXPECTED``. Cards that evidently stand sorted are not judged at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tallyproof.audit.card_facts import CardFacts, Hashes, Numbers, dense_few
from tallyproof.audit.card_votes import Ballots

EXPECTED = 1e-6
"""Stretches found are such that chance gives fewer than this many anywhere in the jurisdiction."""
ALIKE = 2
"""By this the weight of cards is divided, as if so many neighbours always voted alike."""
SORTED = 0.6
"""Cards stand sorted where more than this share of those that chance would let differ from the card before
are like it; a stack in which every two neighbours vote alike has 0.5."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BASE = np.uint64(0x2545F4914F6CDD1D)


@dataclass(frozen=True, slots=True)
class SameRun:
    """Cards of one batch that agree, in order, with cards of another or further on in the same.

    ``cards`` counts cards of ``batch`` in such stretches, ``longest`` those of the longest; ``turned`` tells
    that the order is the other way round. ``expected`` bounds how many such stretches chance would give;
    places are those of the first cards of the longest stretch.
    """

    first_batch: int
    batch: int
    cards: int
    longest: int
    turned: bool
    expected: float
    part: int
    row: int
    first_part: int
    first_row: int


@dataclass(frozen=True, slots=True)
class SameRuns:
    """Runs by pairs of batches, the largest first; ``label`` tells of every card which it belongs to."""

    runs: tuple[SameRun, ...]
    label: Numbers
    judged: int


@dataclass(frozen=True)
class _Stack:
    """Cards in the order of the stack: their places in the facts, batches, hashes and weights.

    ``times`` says how often the hash of each card stands on all of them.
    """

    card: Numbers
    batch: Numbers
    hashes: Hashes
    times: Numbers
    weight: NDArray[np.float64]


def same_runs(facts: CardFacts, ballots: Ballots, left_out: NDArray[np.bool_]) -> SameRuns:
    """Find stretches scanned twice among cards whose batch and record are known, each once.

    ``left_out`` marks cards that are known to be repeats. Linear in the cards but for sorting.
    """
    label = np.full(facts.cards, -1, np.int64)
    stack = _stack(facts, ballots, left_out)
    if not len(stack.card) or _is_sorted(stack):
        return SameRuns((), label, 0)
    size = len(stack.card)
    needed = 2 * log(size) - log(EXPECTED)
    forward = _windows(stack.hashes, stack.weight, stack.batch, needed)
    backward = _windows(stack.hashes[::-1], stack.weight[::-1], stack.batch[::-1], needed)
    ordered = np.sort(forward.hashes)
    both = np.concatenate([_different(ordered), _different(np.sort(backward.hashes))])
    pairs = pl.concat([
        _pairs(size, forward, forward, _repeated(ordered), turned=False),
        _pairs(size, forward, backward, _repeated(np.sort(both, kind="stable")), turned=True),
    ])  # fmt: skip
    return _runs(facts, stack, pairs, label)


def _stack(facts: CardFacts, ballots: Ballots, left_out: NDArray[np.bool_]) -> _Stack:
    known = np.flatnonzero((facts.record >= 0) & ~left_out)
    batch, record = facts.batch[known], facts.record[known]
    key = batch * (int(record.max(initial=0)) + 1) + record
    known = known[np.argsort(key, kind="stable")]  # cards that stand in order take one look
    return _Stack(known, facts.batch[known], *_weighed(facts, ballots, known))


def _weighed(
    facts: CardFacts, ballots: Ballots, known: Numbers
) -> tuple[Hashes, Numbers, NDArray[np.float64]]:
    """A hash of votes and unit of each card, how often it stands, and a share of -ln p among its kind."""
    units = facts.groups.table.select(pl.col("unit").hash()).to_series().to_numpy()
    unit = units[facts.group[known]] * _MIX
    hashes, kind = ballots.votes[known] ^ unit, ballots.contests[known] ^ unit
    kinds, number = dense_few(kind)
    times = _times(hashes)
    return hashes, times, np.log(np.bincount(kinds, minlength=number)[kinds] / times) / ALIKE


def _counts(ordered: Hashes) -> Numbers:
    """How often each of the values stands, which are in order."""
    return np.diff(np.append(np.flatnonzero(_starts(ordered)), len(ordered)))


def _starts(ordered: Hashes) -> NDArray[np.bool_]:
    """Where among values in order another one begins."""
    return np.concatenate([np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]])


def _is_sorted(stack: _Stack) -> bool:
    """Whether so many cards are like the one before that the order cannot be that of a scan."""
    by_chance = float(stack.times.mean()) / len(stack.times)  # the sum of squared shares, hash by hash
    return float(_like_before(stack.hashes, stack.batch).mean()) > by_chance + SORTED * (1 - by_chance)


def _like_before(hashes: Hashes, batch: Numbers) -> NDArray[np.bool_]:
    like = np.zeros(len(hashes), bool)
    like[1:] = (hashes[1:] == hashes[:-1]) & (batch[1:] == batch[:-1])
    return like


def _times(keys: Hashes) -> Numbers:
    """How often the key of each card stands on all of them."""
    order = np.argsort(keys)
    counts = _counts(keys[order])
    times = np.empty(len(keys), np.int64)
    times[order] = np.repeat(counts, counts)
    return times


@dataclass(frozen=True, slots=True)
class _Windows:
    """Stretches from each place just as heavy as needed: their start, length and hash."""

    start: Numbers
    length: Numbers
    hashes: Hashes


def _windows(hashes: Hashes, weight: NDArray[np.float64], batch: Numbers, needed: float) -> _Windows:
    """The stretch from each card to the first at which it is heavy enough, within one batch.

    Equal stretches have equal weights, so they end alike, and equal hashes find them. A hash of cards
    h_i … h_j is Σ h_k·B^(k-i) modulo 2^64, taken from running sums; B is odd and so has an inverse.
    """
    size = len(hashes)
    counted = np.where(_like_before(hashes, batch), 0.0, weight)
    # Weights as whole numbers: sums of floats from different starts would round differently.
    whole = np.concatenate([[0], np.cumsum(np.rint(counted * 2**20).astype(np.int64))])
    ends = np.searchsorted(whole, whole[:-1] + int(needed * 2**20), side="left")
    start = np.flatnonzero(ends <= size)
    end = ends[start]
    inside = batch[start] == batch[end - 1]
    start, end = start[inside], end[inside]
    powers = np.ones(size, np.uint64)
    powers[1:] = np.multiply.accumulate(np.full(size - 1, _BASE, np.uint64))
    inverse = np.ones(size, np.uint64)
    inverse[1:] = np.multiply.accumulate(np.full(size - 1, pow(int(_BASE), -1, 2**64), np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(hashes * powers)])
    return _Windows(start, end - start, (sums[end] - sums[start]) * inverse[start])


def _pairs(size: int, one: _Windows, other: _Windows, again: pl.Series, *, turned: bool) -> pl.DataFrame:
    """Each stretch (``place``, ``length``) beside the first one equal to it that ends before it begins.

    ``again`` holds the hashes that stand more than once.
    """
    later = _frame(one, again).rename({"start": "place"})
    before = _frame(other, again)
    if turned:
        before = before.with_columns(start=size - pl.col("start") - pl.col("length"))
    first = before.group_by("hash").agg(pl.col("start").min().alias("first"))
    pairs = later.join(first, on="hash").filter(pl.col("first") + pl.col("length") <= pl.col("place"))
    return pairs.select("first", "place", "length", pl.lit(turned).alias("turned"))


def _frame(windows: _Windows, again: pl.Series) -> pl.DataFrame:
    some = np.flatnonzero(pl.Series(windows.hashes).is_in(again.implode()).to_numpy())
    return pl.DataFrame({
        "start": windows.start[some], "length": windows.length[some], "hash": windows.hashes[some],
    })  # fmt: skip


def _repeated(ordered: Hashes) -> pl.Series:
    """The values that stand more than once; sorting numbers is far quicker than a table of them."""
    return pl.Series(_different(ordered[1:][ordered[1:] == ordered[:-1]]))


def _different(ordered: Hashes) -> Hashes:
    """The different ones of values that are in order."""
    found: Hashes = ordered[_starts(ordered)]
    return found


def _runs(facts: CardFacts, stack: _Stack, pairs: pl.DataFrame, label: Numbers) -> SameRuns:
    """Join windows that go on from each other to stretches, and stretches of two batches to one run."""
    stretches = _stretches(stack, pairs)
    batches = ["first_batch", "batch", "turned"]
    longest = stretches.group_by(batches).agg(pl.all().first())
    covered = _covered(stretches)
    sums = covered.group_by(batches).agg(pl.len().cast(pl.Int64).alias("cards"))
    ordered = longest.join(sums, on=batches).sort(-pl.col("cards"), "place", "first", "turned")
    labelled = covered.join(ordered.with_row_index("label").select("label", *batches), on=batches)
    label[stack.card[labelled["card"].to_numpy()]] = labelled["label"].cast(pl.Int64).to_numpy()
    runs = [_run(facts, stack, row) for row in ordered.iter_rows(named=True)]
    return SameRuns(tuple(runs), label, len(stack.card))


def _stretches(stack: _Stack, pairs: pl.DataFrame) -> pl.DataFrame:
    """Stretches of windows that go on from each other, the longest first."""
    along = pl.when("turned").then(pl.col("place") + pl.col("first") + pl.col("length"))
    marked = pairs.with_columns(
        line=along.otherwise(pl.col("place") - pl.col("first")), end=pl.col("place") + pl.col("length"),
        first_batch=pl.Series(stack.batch[pairs["first"].to_numpy()]),
        batch=pl.Series(stack.batch[pairs["place"].to_numpy()]),
    )  # fmt: skip
    line = ["first_batch", "batch", "turned", "line"]
    ordered = marked.sort(*line, "place")
    before = pl.col("end").cum_max().shift(1).over(line)
    parted = ordered.with_columns(part=(pl.col("place") > before.fill_null(-1)).cum_sum().over(line))
    joined = parted.group_by(*line, "part").agg(
        pl.col("place").min(), pl.col("end").max(), pl.col("first").min()
    )
    lengths = joined.with_columns(length=pl.col("end") - pl.col("place"))
    return lengths.sort(-pl.col("length"), "place", "first", "turned")


def _covered(stretches: pl.DataFrame) -> pl.DataFrame:
    """Every card of the later batch that lies in a stretch, once, with the largest stretch it lies in."""
    cards = stretches.with_columns(card=pl.int_ranges("place", "end"))
    return cards.explode("card").unique("card", keep="first")


def _run(facts: CardFacts, stack: _Stack, row: dict[str, int]) -> SameRun:
    later, first = stack.card[row["place"]], stack.card[row["first"]]
    here = slice(row["place"], row["end"])
    like = _like_before(stack.hashes[here], stack.batch[here])
    weight = float(stack.weight[here][~like].sum())
    expected = exp(2 * log(len(stack.card)) - weight)
    return SameRun(
        row["first_batch"], row["batch"], row["cards"], row["length"], bool(row["turned"]), expected,
        int(facts.part[later]), int(facts.row[later]), int(facts.part[first]), int(facts.row[first]),
    )  # fmt: skip
