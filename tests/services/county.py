"""A small county's files, and what is asked of them."""

from datetime import UTC, datetime
from pathlib import Path

from tallyproof.election.canvass import Status
from tallyproof.services.reading import Request

HEADER = "county,precinct,office,district,party,candidate,votes\n"
CLEAN = HEADER + (
    "Demo,P-1,Registered Voters,,,,600\n"
    "Demo,P-1,Ballots Cast,,,,500\n"
    "Demo,P-1,President,,DEM,Ann Adams,260\n"
    "Demo,P-1,President,,REP,Bob Baker,225\n"
    "Demo,P-2,Registered Voters,,,,400\n"
    "Demo,P-2,Ballots Cast,,,,300\n"
    "Demo,P-2,President,,DEM,Ann Adams,120\n"
    "Demo,P-2,President,,REP,Bob Baker,170\n"
)
FAULTY = CLEAN.replace("Adams,260", "Adams,360")
"""In P-1 585 votes stand against 500 ballots."""
FAULT = "B2/wi-president/demo-p-1"
BROKEN = "<html><body>Please sign in to download 20161108.csv</body></html>"
"""A page saved under the name of a table: no importer can read it."""

FIRST = datetime(2016, 11, 9, 12, tzinfo=UTC)
SECOND = datetime(2016, 11, 22, 12, tzinfo=UTC)


def written(folder: Path, text: str = CLEAN, name: str = "20161108__wi__general__demo__precinct.csv") -> Path:
    """The text as a file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def asked(
    *files: Path, source: str = "Demo County Clerk", as_of: datetime = FIRST, status: Status = Status.UNKNOWN
) -> Request:
    """A request to import these files as the clerk's count at that time."""
    return Request(files, source, status, as_of)
