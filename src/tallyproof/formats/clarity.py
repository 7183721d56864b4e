"""Clarity (Scytl/SOE) detail XML: contests, choices and vote types by precinct or county."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import polars as pl

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Remark
from tallyproof.election.jurisdiction import STATES, state_code
from tallyproof.errors import UnreadableError
from tallyproof.formats.clarity_listener import COUNTY, Detail, Nth
from tallyproof.formats.clarity_words import day, moment
from tallyproof.formats.importer import Asked, Match, RawRow
from tallyproof.formats.intake import Document
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import About, Reading, assemble
from tallyproof.formats.xml import listen, root_name

SHOWN_NAMES = 5
_HAS_CONTEST = pl.col("office") != ""


class Clarity:
    """``detail.xml`` of a state, county or city, alone or in its zip."""

    id = "clarity"
    title = "Clarity detail XML"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to XML whose root element is ElectionResult."""
        return Match(document.kind == "xml" and root_name(document) == "ElectionResult")

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every number; the row of a number is its place among all numbers of the file.

        Same-named precincts of one contest are parts of it: Clarity's own sums contain them all.
        """
        detail = Detail()
        listen(document, detail)
        numbers = detail.frame().with_row_index(ROW, offset=1)
        if not detail.contests or not numbers.height:
            raise UnreadableError(document.name, "has no votes", remedy="Download the detail report again")
        of_state = _is_of_state(detail, numbers)
        as_of, untold = moment(detail.timestamp)
        told = [("time", untold)] * bool(untold) + _told(detail, numbers)
        about = About(
            document.name,
            read=numbers.height,
            remarks=(*file_remarks(document), *(Remark(document.name, *each) for each in told)),
            state=_state(detail, asked, of_state=of_state),
            election=day(detail.election_day),
            status=_status(detail),
            as_of=as_of,
            in_parts=True,
        )
        return assemble(_placed(numbers, detail.region, of_state=of_state), about)

    def raw(self, document: Document, number: int) -> RawRow:
        """The elements and attributes that lead to the number of this place; nothing where there is none."""
        listener = Nth(number)
        listen(document, listener)
        return listener.found


def _is_of_state(detail: Detail, numbers: pl.DataFrame) -> bool:
    """Whether the file speaks of a state: its units are counties, or it has none and is of a postal code."""
    tags = set(numbers["tag"].unique().cast(pl.String))
    return detail.is_by_county or COUNTY in tags or (tags == {""} and detail.region in STATES)


def _state(detail: Detail, asked: Asked, *, of_state: bool) -> str:
    """The region's postal code; a county may have a state's name, so only a state's file tells by name."""
    found = state_code(detail.region) if of_state else detail.region
    return found if found in STATES else asked.state


def _placed(numbers: pl.DataFrame, region: str, *, of_state: bool) -> pl.DataFrame:
    """County and unit of every number: names are counties' in a state's file, else precincts'."""
    is_county, is_whole = pl.col("tag") == COUNTY, pl.col("tag") == ""
    nothing = pl.lit("").cast(pl.Categorical())
    own = nothing if of_state or region in STATES else pl.lit(region).cast(pl.Categorical())
    return numbers.with_columns(
        county=pl.when(is_county).then(pl.col("name")).otherwise(own),
        unit=pl.when(is_county | is_whole).then(nothing).otherwise(pl.col("name")),
    ).drop("tag", "name", "run")


def _status(detail: Detail) -> Status:
    """Partial where some contest's units are out; otherwise the file does not say how final it is."""
    return Status.UNOFFICIAL_PARTIAL if detail.partial else Status.UNKNOWN


def _told(detail: Detail, numbers: pl.DataFrame) -> list[tuple[str, str]]:
    """Topic and text of what a reader should know of the file."""
    found = []
    if detail.partial:
        some = f"{len(detail.partial):,} of its {detail.contests:,} contests"
        found.append(("progress", f"says that places are still out in {some}: {_listed(detail.partial)}"))
    if not detail.region:
        found.append(("region", "does not name its region"))
    if detail.renamed:
        found.append(("contests", f"gives several contests one name: {_listed(detail.renamed)}"))
    units = numbers.filter(pl.col("tag") != "")
    if repeated := _names(units.filter(pl.struct("run", "name").is_duplicated())):
        text = f"names {_counted(repeated)} more than once in a contest, each counted as a part: "
        found.append(("units", text + _listed(repeated)))
    return found + _unmatched(units)


def _unmatched(units: pl.DataFrame) -> list[tuple[str, str]]:
    """Places that only the turnout list or only the results have."""
    listed, voted = (_names(units.filter(where)) for where in (~_HAS_CONTEST, _HAS_CONTEST))
    if not listed:
        return []
    strange = [
        (
            "gives votes for {} of which it tells no turnout: {}",
            [each for each in voted if each not in listed],
        ),
        ("tells turnout of {} without any vote: {}", [each for each in listed if each not in voted]),
    ]
    return [("units", text.format(_counted(names), _listed(names))) for text, names in strange if names]


def _names(units: pl.DataFrame) -> dict[str, None]:
    return dict.fromkeys(units["name"].unique(maintain_order=True).cast(pl.String))


def _counted(names: Sequence[str] | dict[str, None]) -> str:
    return f"{len(names):,} {'place' if len(names) == 1 else 'places'}"


def _listed(names: Sequence[str] | dict[str, None]) -> str:
    more = f" and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else ""
    return ", ".join(f"'{name}'" for name in islice(names, SHOWN_NAMES)) + more
