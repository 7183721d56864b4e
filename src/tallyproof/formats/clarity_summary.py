"""Clarity summary JSON: the contests of a whole region, their choices and votes in parallel lists."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec
import polars as pl

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.returns import Measure
from tallyproof.errors import UnreadableError
from tallyproof.formats.clarity_words import candidate
from tallyproof.formats.importer import Asked, Match, RawRow
from tallyproof.formats.intake import Document
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import About, Reading, assemble

_KEYS = (b'"C"', b'"CH"', b'"V"', b'"TP"')
_LIST_OF_OBJECTS = re.compile(rb"\s*\[\s*\{")
COLUMNS = ("office", "choice", "party", "measure", "vote_for", "votes", "column")
_Row: TypeAlias = "tuple[str, str, str, str, str, str, str]"
_UNEVEN = "uneven"
NO_REGION = (
    "does not say which state or county it is of: it is read as the whole of what is named with --state"
)


class _Contest(msgspec.Struct, frozen=True):
    """A contest; shares (PCT) and winner marks (W) are not read, for votes cannot be had back from shares."""

    C: str
    CH: list[str]
    V: list[int | float | str | None]
    K: str | int = ""
    P: list[str | None] | None = None
    VF: int | str | None = None
    TP: int | None = None
    PR: int | None = None
    TV: int | None = None
    BC: int | None = None
    BCxContest: int | None = None
    regvoters: int | None = None


class ClaritySummary:
    """``summary.json`` of a state, county or city."""

    id = "clarity-summary"
    title = "Clarity summary JSON"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a list of objects that have contest, choices, votes and number of precincts."""
        head = document.facts.head.removeprefix(codecs.BOM_UTF8)
        is_list = document.kind == "json" and _LIST_OF_OBJECTS.match(head) is not None
        return Match(is_list and all(key in head for key in _KEYS))

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every contest; 0 in the totals means that nobody told them.

        The row of a number is its place among all numbers; a contest whose lists differ in length has one.
        """
        contests = _contests(document)
        rows = list(_rows(contests))
        numbered = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
        long = numbered.with_row_index(ROW, offset=1)
        uneven = long.filter(pl.col("column") == _UNEVEN)
        rejections = [
            Rejection(document.name, row[ROW], row["votes"], row["office"])
            for row in uneven.iter_rows(named=True)
        ]
        remarks = [
            *file_remarks(document),
            *(Remark(document.name, *told) for told in _told(contests, asked)),
        ]
        about = About(
            document.name,
            read=long.height,
            rejections=tuple(rejections),
            remarks=tuple(remarks),
            state=asked.state,
            status=Status.UNOFFICIAL_PARTIAL if any(map(_is_partial, contests)) else Status.UNKNOWN,
            in_parts=True,
        )
        return assemble(long.filter(pl.col("column") != _UNEVEN), about)

    def raw(self, document: Document, number: int) -> RawRow:
        """The contest and choice of the number of this place; nothing where there is none."""
        for place, row in enumerate(_rows(_contests(document)), start=1):
            if place == number:
                office, choice, _, _, _, votes, column = row
                steps = [("C", office), *([("CH", choice)] if choice else []), (column, votes)]
                return tuple(name for name, _ in steps), tuple(text for _, text in steps)
        return (), ()


def _contests(document: Document) -> list[_Contest]:
    data = document.path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return msgspec.json.decode(data, type=list[_Contest])
    except (msgspec.DecodeError, RecursionError) as fault:
        reason = f"is not a Clarity summary as it should be: {fault}"
    raise UnreadableError(document.name, reason, remedy="Download it again, or give the detail report (XML)")


def _rows(contests: Sequence[_Contest]) -> Iterator[_Row]:
    """Every number in its order. Several contests of one name are told apart by their keys."""
    names = Counter(contest.C for contest in contests)
    of_all = _told_alike(contests)
    for measure, number in of_all.items():
        yield ("", "", "", measure, "", str(number), _COLUMN[measure])
    for contest in contests:
        office = f"{contest.C} [{contest.K}]" if names[contest.C] > 1 else contest.C
        yield from _of_contest(contest, office, of_all)


_COLUMN = {Measure.BALLOTS_CAST: "BC", Measure.REGISTERED: "regvoters"}


def _told_alike(contests: Sequence[_Contest]) -> dict[Measure, int]:
    """Ballots and voters that every contest gives alike: they are the region's, not the contests'."""
    found = {}
    for measure, column in _COLUMN.items():
        numbers = {getattr(contest, column) for contest in contests}
        only = numbers.pop() if len(numbers) == 1 else None
        if only:
            found[measure] = only
    return found


def _of_contest(contest: _Contest, office: str, of_all: dict[Measure, int]) -> Iterator[_Row]:
    seats = "" if contest.VF is None else str(contest.VF)
    parties = contest.P or [""] * len(contest.CH)
    if not (len(contest.CH) == len(contest.V) == len(parties)):
        lengths = (
            f"has {len(contest.CH)} choices, {len(contest.V)} numbers of votes and {len(parties)} parties"
        )
        yield (office, "", "", "", seats, lengths, _UNEVEN)
        return
    for text, party, votes in zip(contest.CH, parties, contest.V, strict=True):
        name, found = candidate(text, party or "")
        yield (office, name, found, "", seats, "" if votes is None else str(votes), "V")
    if contest.TV:
        yield (office, "", "", Measure.TOTAL_VOTES, seats, str(contest.TV), "TV")
    for measure, column in (
        (Measure.BALLOTS_CAST, "BCxContest"),
        (Measure.BALLOTS_CAST, "BC" if Measure.BALLOTS_CAST not in of_all and not contest.BCxContest else ""),
        (Measure.REGISTERED, "regvoters" if Measure.REGISTERED not in of_all else ""),
    ):
        if column and (number := getattr(contest, column)):
            yield (office, "", "", measure, seats, str(number), column)


def _is_partial(contest: _Contest) -> bool:
    """PR tells how many of TP precincts (counties, in a state's file) reported."""
    return contest.TP is not None and contest.PR is not None and contest.PR < contest.TP


def _told(contests: Sequence[_Contest], asked: Asked) -> list[tuple[str, str]]:
    told = [] if asked.state else [("region", NO_REGION)]
    if partial := sum(map(_is_partial, contests)):
        some = f"{partial:,} of its {len(contests):,} contests"
        told.append(("progress", f"says that places are still out in {some}"))
    return told
