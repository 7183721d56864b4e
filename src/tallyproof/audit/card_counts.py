"""All that reconciliation needs of a case's cards, counted once: batches, groups, votes, repeats, runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tallyproof.audit.batch_lines import BatchLine, FoundBatch, batch_lines, without_tabulators
from tallyproof.audit.card_facts import CardFacts, Numbers, Places, by_jurisdiction, facts_of
from tallyproof.audit.card_repeats import RepeatedCards, Repeats, repeated_cards
from tallyproof.audit.card_runs import SameRun, SameRuns, same_runs
from tallyproof.audit.card_votes import GroupedContest, count_rows, count_votes
from tallyproof.election.ballot_manifest import BatchKey, Manifest
from tallyproof.election.card_part import CardPart, CaseCards


@dataclass(frozen=True, slots=True)
class Reach:
    """What a set of cards could move: for each contest on them the cards, and the most votes of one choice.

    Taking the cards away, all or some, changes no lead in a contest by more than ``most`` of it.
    """

    cards: dict[str, int]
    most: dict[str, int]


@dataclass(frozen=True, slots=True)
class CountedCards:
    """The cards of one jurisdiction, counted; nothing in it is as long as the cards.

    ``groups`` has unit, mode and style, one row for each group that the arrays of ``contests`` count.
    ``reach_of_…`` tells of repeats, runs and batches over their list what they could move, the last by
    places in ``repeats.pairs``, ``runs.runs`` and ``batches``. ``placed`` counts cards that have a number
    in their batch, ``imprinted`` those with an imprint, ``judged`` those looked at for second scans;
    ``rejected`` counts rows that could not be read and are no cards here.
    """

    jurisdiction: str
    files: tuple[str, ...]
    cards: int
    groups: pl.DataFrame
    contests: dict[str, GroupedContest]
    found: tuple[FoundBatch, ...]
    batches: tuple[BatchLine, ...]
    repeats: tuple[Repeats, ...]
    runs: tuple[SameRun, ...]
    reach_of_repeats: tuple[Reach, ...]
    reach_of_runs: tuple[Reach, ...]
    reach_of_batches: dict[int, Reach]
    manifest: Manifest | None
    placed: int
    imprinted: int
    judged: int
    rejected: int


def count_case(cards: CaseCards) -> tuple[CountedCards, ...]:
    """Count the cards of every jurisdiction of a case."""
    return tuple(
        count_cards(parts, cards.manifests.get(jurisdiction))
        for jurisdiction, parts in by_jurisdiction(cards.parts).items()
    )


def count_cards(parts: Sequence[CardPart], manifest: Manifest | None = None) -> CountedCards:
    """Count the cards of one jurisdiction, whose parts these are."""
    facts = facts_of(parts)
    contests, ballots = count_votes(facts, facts.group, len(facts.groups))
    repeats = repeated_cards(facts, ballots)
    runs = same_runs(facts, ballots, repeats.label >= 0)
    found = _found(facts)
    lines = batch_lines(parts[0].jurisdiction, found, manifest)
    plain = manifest is not None and without_tabulators(found, manifest)
    differ = _differing(facts.batches, lines, plain=plain) if manifest is not None else {}
    reach = _reach(facts, repeats, runs, differ)
    first, second = len(repeats.pairs), len(repeats.pairs) + len(runs.runs)
    return CountedCards(
        parts[0].jurisdiction, tuple(part.file for part in parts), facts.cards, facts.groups.table, contests,
        tuple(found), tuple(lines), repeats.pairs, runs.runs, tuple(reach[:first]),
        tuple(reach[first:second]), dict(zip(differ, reach[second:], strict=True)), manifest,
        int((facts.place != 0).sum()), int((facts.imprint != 0).sum()), runs.judged,
        sum(part.rejected for part in parts),
    )  # fmt: skip


def _found(facts: CardFacts) -> list[FoundBatch]:
    table = facts.batches.table.select("tabulator", "batch", "cards", "part", "row")
    return [
        FoundBatch(tabulator, batch, cards, facts.parts[part].file, row)
        for tabulator, batch, cards, part, row in table.iter_rows()
    ]


def _differing(batches: Places, lines: Sequence[BatchLine], *, plain: bool) -> dict[int, list[int]]:
    """By the place of a line that differs and has cards, the ids of its batches of cards.

    ``plain`` says that lines stand for all batches of one name, whatever their tabulators.
    """
    ids: dict[BatchKey, list[int]] = {}
    for number, tabulator, batch in batches.table.select("id", "tabulator", "batch").iter_rows():
        ids.setdefault(("" if plain else tabulator, batch), []).append(number)
    return {
        place: ids["" if plain else line.tabulator, line.batch]
        for place, line in enumerate(lines)
        if line.found and (line.over or line.missing)
    }


def _reach(
    facts: CardFacts, repeats: RepeatedCards, runs: SameRuns, differ: dict[int, list[int]]
) -> list[Reach]:
    """What repeats, then runs, then batches over their list could move, read from just their cards."""
    of_batch = np.full(len(facts.batches), -1, np.int64)
    for place, ids in enumerate(differ.values()):
        of_batch[ids] = place
    labels = (repeats.label, runs.label, of_batch[facts.batch])
    sizes = (len(repeats.pairs), len(runs.runs), len(differ))
    some = [np.flatnonzero(label >= 0) for label in labels]
    card = np.concatenate(some)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    label = np.concatenate(
        [each[cards] + start for each, cards, start in zip(labels, some, starts, strict=True)]
    )
    counted = count_rows(facts.parts, facts.part[card], facts.row[card], label, sum(sizes))
    return [_reach_of(counted.values(), place) for place in range(sum(sizes))]


def _reach_of(contests: Iterable[GroupedContest], place: int) -> Reach:
    borne = [each for each in contests if each.cards[place]]
    most = {
        each.name: int(each.cards[place]) if each.ranks
        else max((int(votes[place]) for votes in each.votes.values()), default=0)
        for each in borne
    }  # fmt: skip
    return Reach({each.name: int(each.cards[place]) for each in borne}, most)


def contest_totals(counted: Iterable[CountedCards]) -> dict[str, GroupedContest]:
    """Each contest over all jurisdictions, as one group."""
    totals: dict[str, GroupedContest] = {}
    for each in counted:
        for contest in each.contests.values():
            known = totals.setdefault(
                contest.name, GroupedContest(contest.name, contest.vote_for, contest.ranks, 1)
            )
            known.agree(contest.vote_for, contest.ranks)
            for choice, votes in contest.votes.items():
                known.votes[choice] = known.votes.get(choice, _none()) + votes.sum()
            for name in ("cards", "overvotes", "blank", "undervotes"):
                setattr(known, name, getattr(known, name) + getattr(contest, name).sum())
    return totals


def _none() -> Numbers:
    return np.zeros(1, np.int64)
