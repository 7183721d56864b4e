"""Pools of redacted rows: cards whose votes are told in sums only, by style or all together."""

from dataclasses import replace
from pathlib import Path

import pytest

from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.formats.cards.redacted import Redacted, RedactedSum, read_redacted
from tallyproof.formats.intake import documents
from tallyproof.services.card_margins import margins
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.card_pools import gather
from tallyproof.services.card_problems import contest_called, problem_for
from tallyproof.services.pool_sources import PoolSources
from tallyproof.testing.cards import MadeCard, MadeContest

from .made_parts import MAYOR, manifest_of, mayors, part_of, solved


def redacted(*, hidden: dict[str, int] | None = None) -> PoolSources:
    """Two rows of sums of two styles, and cards whose votes are withheld."""
    sums = tuple(
        RedactedSum("cards.csv", row, "Redacted", style, {"Mayor": {"Ann": ann, "Bob": bob}})
        for row, style, ann, bob in ((9, "A", 4, 1), (10, "B", 1, 1))
    )
    return PoolSources(redacted={"": (Redacted("cards.csv", sums, hidden or {}),)})


def test_redacted_rows_take_the_cards_that_are_left() -> None:
    """All cards of the manifest without a record are one pool, whose votes are those of the rows."""
    cards = CaseCards((part_of(MAYOR, mayors("AAB")),), {"": manifest_of([("1", "1", 12, None)])})
    pooled = gather(cards, redacted())
    (pool,), (mayor,) = pooled.pools, pooled.contests
    assert (pool.name, pool.cards, pool.rows) == ("redacted", 9, (9, 10))
    assert (mayor.votes, mayor.bound.cards, mayor.bound.phantoms) == ({"Ann": 7, "Bob": 3}, 12, 0)
    assert solved(problem_for(mayor))["design"] == "comparison with pools"


def test_rows_that_could_not_be_read_are_said_unless_they_are_redacted() -> None:
    """Of three rejected rows two are the sums; the third is a card that nobody counts."""
    part = replace(part_of(MAYOR, mayors("AAB")), rejected=3)
    cards = CaseCards((part,), {"": manifest_of([("1", "1", 12, None)])})
    (fault,) = gather(cards, redacted()).faults
    assert fault == "cards.csv: 1 row could not be read, and cards that stand there are not counted."
    assert gather(CaseCards((replace(part, rejected=2),), cards.manifests), redacted()).faults == ()
    assert "3 rows" in gather(cards).faults[0]


def test_redacted_styles_with_cards_of_their_own_are_pools_of_their_own() -> None:
    """Where cards are listed without their votes, their styles tell the pool of each."""
    cards = CaseCards((part_of(MAYOR, mayors("AAB")),), {"": manifest_of([("1", "1", 12, None)])})
    pooled = gather(cards, redacted(hidden={"A": 6, "B": 2}))
    assert [(pool.name, pool.cards) for pool in pooled.pools] == [
        ("redacted, style A", 6), ("redacted, style B", 2)]  # fmt: skip
    assert pooled.contests[0].bound.phantoms == 1


def test_cards_without_any_contest_are_the_redacted_ones() -> None:
    """Rows that keep a card's place and no vote are counted as the pool's cards."""
    hidden = [MadeCard("1", "1", str(n), {}) for n in range(90, 98)]
    cards = CaseCards((part_of(MAYOR, [*mayors("AAB"), *hidden]),))
    (pool,) = gather(cards, redacted()).pools
    assert (pool.cards, gather(cards, redacted()).contests[0].bound.cards) == (8, 11)


def test_redacted_rows_without_a_manifest_have_margins_and_no_audit() -> None:
    """Boulder publishes sums and not how many cards: votes are counted, and the problem refused."""
    pooled = gather(CaseCards((part_of(MAYOR, mayors("AAB")),)), redacted())
    (mayor,) = pooled.contests
    (found,) = margins([mayor])
    assert (found.smallest, found.bound.cards) == (4, 10)
    assert "at least 7" in found.remarks[0]
    with pytest.raises(RequestError, match="rows 9 to 10: pool 'redacted' tells votes and not how many"):
        problem_for(mayor)


def test_ranked_contests_need_rankings_of_every_pool() -> None:
    """A row of first preferences says who leads and not who wins."""
    ranked = MadeContest("Mayor", ("Ann", "Bob"), 1, 2)
    part = part_of([ranked], [MadeCard("1", "1", "1", {0: ((0,), ())})])
    cards = CaseCards((part,), {"": manifest_of([("1", "1", 12, None)])})
    (found,) = margins(gather(cards, redacted()).contests)
    assert found.status == "cannot be told" and "no rankings" in found.sentence


def test_boulders_redacted_rows_are_read(shared_data: Path) -> None:
    """Eight rows of sums of Boulder County 2024, each with its row, style and the votes of 33 contests."""
    path = shared_data / "audits" / "boulder2024" / "TestWithRedactions.csv"
    with documents([path]) as (document,):
        found = read_redacted(document)
    assert [each.row for each in found.sums] == list(range(10, 18))
    assert found.sums[0].votes["Presidential Electors"]["Kamala D. Harris / Tim Walz"] == 265
    assert (found.sums[-1].style, found.rejections) == ("25 & 35", ())
    pooled = gather(CaseCards(parts_from_files([path])), PoolSources(redacted={"": (found,)}))
    president = contest_called(pooled, "Presidential Electors")
    assert president.votes["Kamala D. Harris / Tim Walz"] == 4 + 265 + 191 + 175 + 151 + 156 + 103 + 114 + 8
    assert len(president.pools) == 1


def test_a_file_without_redacted_rows_has_none(shared_data: Path) -> None:
    """A usual export gives no sums, and neither does a file of another layout."""
    paths = [shared_data / "vendor_variants" / "dominion" / "cvr_basic.csv",
             shared_data / "formats" / "performance" / "minneapolis_2013_mayor_cvr.csv"]  # fmt: skip
    with documents(paths) as found:
        assert [read_redacted(each).sums for each in found] == [(), ()]
