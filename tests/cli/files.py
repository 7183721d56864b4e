"""Small results files, and what is wrong with them."""

from pathlib import Path

HEADER = "county,precinct,office,district,party,candidate,votes\n"
CLEAN = HEADER + (
    "Demo,P-1,Registered Voters,,,,600\n"
    "Demo,P-1,Ballots Cast,,,,485\n"
    "Demo,P-1,President,,DEM,Ann Adams,260\n"
    "Demo,P-1,President,,REP,Bob Baker,225\n"
)
ERROR = CLEAN.replace("Adams,260", "Adams,360")
"""585 votes stand against 485 ballots: an error."""
WARNING = CLEAN.replace("Voters,,,,600", "Voters,,,,400")
"""485 ballots of 400 registered voters: a warning, for registration may come later."""
INFO = CLEAN + "Demo,P-2,Registered Voters,,,,5\nDemo,P-2,President,,DEM,Ann Adams,0\n"
"""A unit with voters and without votes: only to know."""
PAGE = "<html><body>Please sign in</body></html>"
NAME = "20161108__wi__general__demo__precinct.csv"


def written(folder: Path, text: str, name: str = NAME) -> Path:
    """The text as a file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
