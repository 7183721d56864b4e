"""Which snapshot to rely on, and where the contest stands in it."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.returns import finest, resolve_modes
from tallyproof.tracking.standing import Standing, standings

from .tables import row, table


def stands(*snapshots: tuple[Snapshot, pl.DataFrame]) -> Standing:
    """Where the presidential contest stands by these snapshots."""
    frame = pl.concat(
        rows.with_columns(snapshot=pl.lit(snapshot.id).cast(pl.Categorical)) for snapshot, rows in snapshots
    )
    totals = resolve_modes(frame, ["snapshot"])
    known = {snapshot.id: snapshot for snapshot, _ in snapshots}
    return standings(totals, finest(totals, ["snapshot"]), known)["wi-president"]


def snapshot(name: str, status: Status = Status.UNKNOWN, day: int = 9) -> Snapshot:
    return Snapshot(name, name, status, datetime(2016, 11, day, tzinfo=UTC))


TWO = table(row("P-1", "Adams", 5), row("P-1", "Baker", 3))
MORE = table(row("P-1", "Adams", 6), row("P-1", "Baker", 3))
WIDE = table(row("P-1", "Adams", 1), row("P-1", "Baker", 2), row("Q-1", "Baker", 2, county="Dane"))
MARGIN = table(row("", "Adams", 9, measure="margin", county="", level="state"))


@pytest.mark.parametrize(
    ("first", "second", "relied_on"),
    [
        ((snapshot("a", day=9), TWO), (snapshot("b", day=10), MORE), "b"),
        ((snapshot("a", Status.CERTIFIED, 9), TWO), (snapshot("b", day=10), MORE), "a"),
        ((snapshot("a", Status.CERTIFIED), TWO), (snapshot("b", Status.RECOUNT, 10), MORE), "b"),
        ((snapshot("a", Status.UNOFFICIAL_COMPLETE), TWO), (snapshot("b", day=10), MORE), "a"),
        ((snapshot("a", Status.CERTIFIED, 20), TWO), (snapshot("b", day=9), WIDE), "b"),
        ((snapshot("a", day=9), TWO), (snapshot("b", day=10), MARGIN), "a"),
        ((snapshot("a", Status.RECOUNT, 9), WIDE), (snapshot("b", Status.CERTIFIED, 20), MARGIN), "a"),
    ],
    ids=[
        "newer", "certified before newer", "recount after certified", "complete before partial",
        "the whole before a certified part", "votes before a bare margin", "detail before a bare margin",
    ],
)  # fmt: skip
def test_the_snapshot_to_rely_on(
    first: tuple[Snapshot, pl.DataFrame], second: tuple[Snapshot, pl.DataFrame], relied_on: str
) -> None:
    """Coverage first, then finality, votes before a bare margin, detail, time: in either order."""
    assert stands(first, second).snapshot == relied_on
    assert stands(second, first).snapshot == relied_on


def test_a_bare_margin_stands_where_nothing_else_does() -> None:
    """A press figure gives leader and margin without votes."""
    found = stands((snapshot("press"), MARGIN))
    assert (found.leader, found.margin, found.total, found.stated) == ("Adams", 9, None, True)


def test_write_ins_count_and_cannot_win() -> None:
    """Write-ins and others are in the total and never leader or runner-up."""
    rows = table(
        row("P", "Adams", 5), row("P", "Baker", 3), row("P", "Write-ins", 99, measure="write_in"),
        row("P", "Over votes", 7, measure="overvotes"),
    )  # fmt: skip
    found = stands((snapshot("a"), rows))
    assert (found.leader, found.runner_up, found.margin, found.total) == ("Adams", "Baker", 2, 107)


def test_a_choice_of_unknown_votes_leaves_the_margin_unknown() -> None:
    """Nobody knows who leads while a choice's votes are unknown; the known ones are still in order."""
    rows = table(row("P", "Adams", None), row("P", "Baker", 3), row("P", "Cole", 4))
    found = stands((snapshot("a"), rows))
    assert (found.leader, found.margin, found.total, found.unknown) == ("Cole", None, None, 1)


def test_a_known_margin_before_an_unknown_one() -> None:
    """Of two equally final snapshots the one that tells the margin is relied on."""
    unknown = table(row("P-1", "Adams", None), row("P-1", "Baker", 3))
    assert stands((snapshot("a", day=9), TWO), (snapshot("b", day=10), unknown)).snapshot == "a"
