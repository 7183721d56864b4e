"""County outlines as SVG path data, one packaged text per state and one for the whole country."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from tallyproof.errors import RequestError

NATION = "US"
STATE_FIPS: dict[str, str] = {
    "AL": "01", "AK": "02", "AZ": "04", "AR": "05", "CA": "06", "CO": "08", "CT": "09", "DE": "10",
    "DC": "11", "FL": "12", "GA": "13", "HI": "15", "ID": "16", "IL": "17", "IN": "18", "IA": "19",
    "KS": "20", "KY": "21", "LA": "22", "ME": "23", "MD": "24", "MA": "25", "MI": "26", "MN": "27",
    "MS": "28", "MO": "29", "MT": "30", "NE": "31", "NV": "32", "NH": "33", "NJ": "34", "NM": "35",
    "NY": "36", "NC": "37", "ND": "38", "OH": "39", "OK": "40", "OR": "41", "PA": "42", "RI": "44",
    "SC": "45", "SD": "46", "TN": "47", "TX": "48", "UT": "49", "VT": "50", "VA": "51", "WA": "53",
    "WV": "54", "WI": "55", "WY": "56",
}  # fmt: skip
"""States with outlines: the two digits with which the FIPS codes of their counties begin."""
_STATE_OF = {digits: state for state, digits in STATE_FIPS.items()}


@dataclass(frozen=True, slots=True)
class Outline:
    """A county or what counts as one: its FIPS code, name and path, in units of its map.

    ``kind`` is County, Parish, city (one outside all counties) or empty; ``label`` a point inside with most
    room around it; ``box`` left, top, right, bottom.
    """

    fips: str
    name: str
    kind: str
    label: tuple[int, int]
    box: tuple[int, int, int, int]
    path: str

    @property
    def state(self) -> str:
        """The state's postal code."""
        return _STATE_OF[self.fips[:2]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The outlines of one map in the order of FIPS codes; ``borders`` are the lines between states."""

    state: str
    width: int
    height: int
    borders: str
    outlines: tuple[Outline, ...]


def has_sheet(state: str) -> bool:
    """Whether there are outlines for this postal code, or for US."""
    return state == NATION or state in STATE_FIPS


@lru_cache(maxsize=64)
def sheet(state: str) -> Sheet:
    """The outlines of a state by its postal code, or of the country as US.

    Boundaries of 2016 by the U.S. Census Bureau, simplified; Alaska, which does not report by county, is one
    outline. Raises RequestError for what has no map.
    """
    if not has_sheet(state):
        raise RequestError(f"there are no county outlines for '{state}'; give a state's postal code, or US.")
    with files(__package__).joinpath("counties.zip").open("rb") as file, zipfile.ZipFile(file) as archive:
        first, *lines = archive.read(f"{state}.tsv").decode().splitlines()
    width, height, borders = first.split("\t")
    return Sheet(state, int(width), int(height), borders, tuple(map(_outline, lines)))


def _outline(line: str) -> Outline:
    fips, name, kind, x, y, left, top, right, bottom, path = line.split("\t")
    return Outline(fips, name, kind, (int(x), int(y)), (int(left), int(top), int(right), int(bottom)), path)
