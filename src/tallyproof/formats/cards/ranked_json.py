"""Ranked ballots as JSON: candidates, and how many ballots bear each ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from tallyproof.election.card_part import column
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.evidence import Rejection
from tallyproof.errors import UnreadableError
from tallyproof.formats.cards.importer import AskedCards, CardChunk, CardFile, facts
from tallyproof.formats.importer import Match
from tallyproof.formats.intake import Document

id = "ranked-json"
title = "ranked JSON"

LARGEST = 512 << 20
MOST_BALLOTS = 1 << 28
BATCH = 1 << 20


class Metadata(msgspec.Struct):
    """What the ballots are of."""

    candidates: list[str]
    contest: str = ""


class Equal(msgspec.Struct):
    """So many ballots with this ranking, choices by their place from 0."""

    n: int
    prefs: list[int]


class Ballots(msgspec.Struct):
    """The whole file."""

    metadata: Metadata
    votes: list[Equal]


def identify(document: Document, rows: Sequence[Sequence[str]]) -> Match:
    """Whether this is JSON that names candidates and rankings."""
    head = document.facts.head
    return Match(document.kind == "json" and b'"candidates"' in head and b'"metadata"' in head)


def read(document: Document, asked: AskedCards) -> CardFile:
    """Read the file, which holds rankings and not cards: equal ballots become so many equal cards."""
    if document.path.stat().st_size > LARGEST:
        raise UnreadableError(document.name, "is larger than 512 MB", remedy="Give the cards as CSV")
    try:
        ballots = msgspec.json.decode(document.path.read_bytes(), type=Ballots)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise UnreadableError(document.name, f"is not ranked ballots as JSON ({fault})",
                              remedy="It should hold metadata.candidates, and votes with n and prefs",
                              ) from None  # fmt: skip
    names = ballots.metadata.candidates
    if not names or len(set(names)) < len(names):
        raise UnreadableError(document.name, "names no candidates, or one twice",
                              remedy="Give each candidate a name of its own")  # fmt: skip
    if sum(max(each.n, 0) for each in ballots.votes) > MOST_BALLOTS:
        raise UnreadableError(document.name, "speaks of more ballots than any election has",
                              remedy="Look at the numbers 'n'")  # fmt: skip
    contest = CardContest(ballots.metadata.contest or document.file_name, list(names), 1, len(names))
    return CardFile(document.name, "", [contest], _chunks(document.name, ballots, contest))


def _chunks(name: str, ballots: Ballots, contest: CardContest) -> Iterator[CardChunk]:
    for row, each in enumerate(ballots.votes, 1):
        if each.n < 0 or any(not 0 <= choice < len(contest.choices) for choice in each.prefs):
            reason = "a ranking names a candidate who is not listed, or stands on fewer than 0 ballots"
            yield CardChunk(pl.DataFrame(facts([], {})), (Rejection(name, row, reason, str(each)[:200]),))
            continue
        code = contest.code(Marks(tuple((choice,) for choice in each.prefs) or ((),)))
        for start in range(0, each.n, BATCH):
            cards = min(BATCH, each.n - start)
            known = facts([row] * cards, {})
            codes = pl.Series(column(0), [code] * cards, dtype=pl.UInt32)
            yield CardChunk(pl.DataFrame({**known, column(0): codes}))
