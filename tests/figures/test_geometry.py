"""The packaged outlines: as many as there are counties, with borders in common and no gaps."""

import zipfile
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from time import process_time

import pytest

from tallyproof.errors import RequestError
from tallyproof.figures.geometry import NATION, STATE_FIPS, sheet

from .paths import edges, gaps, neighbours, rings

ALL = [NATION, *STATE_FIPS]
COUNTIES = {
    "AL": 67, "AK": 1, "AZ": 15, "AR": 75, "CA": 58, "CO": 64, "CT": 8, "DE": 3, "DC": 1, "FL": 67, "GA": 159,
    "HI": 4, "ID": 44, "IL": 102, "IN": 92, "IA": 99, "KS": 105, "KY": 120, "LA": 64, "ME": 16, "MD": 24,
    "MA": 14, "MI": 83, "MN": 87, "MS": 82, "MO": 115, "MT": 56, "NE": 93, "NV": 17, "NH": 10, "NJ": 21,
    "NM": 33, "NY": 62, "NC": 100, "ND": 53, "OH": 88, "OK": 77, "OR": 36, "PA": 67, "RI": 5, "SC": 46,
    "SD": 66, "TN": 95, "TX": 254, "UT": 29, "VT": 14, "VA": 133, "WA": 39, "WV": 55, "WI": 72, "WY": 23,
}  # fmt: skip
"""Counties and what counts as one in 2016; Alaska is one, and Kalawao is counted with Maui."""


def test_each_state_has_its_counties() -> None:
    """The number of outlines is the number of counties, for each state and on the map of the country."""
    assert {state: len(sheet(state).outlines) for state in STATE_FIPS} == COUNTIES
    assert Counter(each.state for each in sheet(NATION).outlines) == COUNTIES


@pytest.mark.parametrize("state", ALL)
def test_codes_are_in_order_and_of_the_state(state: str) -> None:
    """FIPS codes are unique, go up, and begin with the digits of their state."""
    codes = [each.fips for each in sheet(state).outlines]
    assert codes == sorted(set(codes))
    assert state == NATION or {code[:2] for code in codes} == {STATE_FIPS[state]}


@pytest.mark.parametrize("state", ALL)
def test_labels_lie_in_their_boxes_and_boxes_on_the_sheet(state: str) -> None:
    """The box is that of the path, the label is in the box, and the longer side is what it should be."""
    own = sheet(state)
    for each in own.outlines:
        points = [point for ring in rings(each.path) for point in ring]
        across, down = [x for x, _ in points], [y for _, y in points]
        left, top, right, bottom = each.box
        assert each.box == (min(across), min(down), max(across), max(down))
        assert left <= each.label[0] <= right
        assert top <= each.label[1] <= bottom
        assert min(left, top) >= 0 and right <= own.width and bottom <= own.height
    assert max(own.width, own.height) == (1999 if state == NATION else 1000)


@pytest.mark.parametrize("state", ALL)
def test_neighbours_leave_no_gap(state: str) -> None:
    """Common borders have the same points on both sides, so that nothing shows between counties.

    Rounding may fold the outer line over by a few of a million square units.
    """
    assert sum(gaps(each.path for each in sheet(state).outlines)) <= 6


def test_a_moved_point_would_be_seen_as_a_gap() -> None:
    """The measure of gaps finds one that is cut into Dane's border."""
    paths = {each.name: each.path for each in sheet("WI").outlines}
    (x, y), *_ = next(rings(paths["Dane"]))
    start = f"M{x} {y}".replace(" -", "-")
    assert paths["Dane"].startswith(start)
    altered = paths["Dane"].replace(start, f"M{x + 9} {y}", 1)
    assert sum(gaps([*(path for name, path in paths.items() if name != "Dane"), altered])) > 100


def test_neighbours_are_those_of_the_ground() -> None:
    """Dane, Wayne and Philadelphia border on the counties that any atlas names; Fairfax city on one."""
    dane = {"Columbia", "Dodge", "Jefferson", "Rock", "Green", "Iowa", "Sauk"}
    assert neighbours(sheet("WI"), "Dane") == dane
    assert neighbours(sheet("MI"), "Wayne") == {"Macomb", "Oakland", "Washtenaw", "Monroe"}
    assert neighbours(sheet("PA"), "Philadelphia") == {"Bucks", "Montgomery", "Delaware"}
    assert neighbours(sheet("VA"), "Falls Church") == {"Arlington", "Fairfax"}


def test_the_lakes_are_not_land() -> None:
    """Michigan is drawn to its shores: Lake Michigan lies in no county."""
    own = sheet("MI")
    middle = (own.width * 0.28, own.height * 0.66)
    assert not any(_covers(each.path, *middle) for each in own.outlines)
    ingham = next(each for each in own.outlines if each.name == "Ingham")
    assert _covers(ingham.path, *ingham.label)


def test_borders_of_states_are_edges_of_counties() -> None:
    """The country's sheet has the lines between states, a state's sheet none."""
    own = sheet(NATION)
    known = {edge for each in own.outlines for a, b in edges(each.path) for edge in ((a, b), (b, a))}
    drawn = {pair for line in rings(own.borders) for pair in pairwise(line)}
    assert drawn and drawn <= known
    assert sheet("WI").borders == ""


def test_what_has_no_map_is_refused() -> None:
    """A territory or a misspelt code is refused in words, also where it would name another file."""
    for state in ("PR", "wi", "../WI", ""):
        with pytest.raises(RequestError, match="no county outlines"):
            sheet(state)


def test_the_file_is_small_and_quick() -> None:
    """All outlines take less than 700 kB; one state is read in less than 10 ms of this machine's time."""
    packed = files("tallyproof.figures") / "counties.zip"
    assert len(packed.read_bytes()) < 700_000
    with packed.open("rb") as file, zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == sorted(f"{state}.tsv" for state in ALL)
    assert min(_seconds("TX") for _ in range(3)) < 0.01


def _seconds(state: str) -> float:
    start = process_time()
    sheet.__wrapped__(state)
    return process_time() - start


def _covers(path: str, x: float, y: float) -> bool:
    """Whether a ray to the right crosses the outline an odd number of times."""
    crossed = 0
    for (a, b), (c, d) in edges(path):
        if (b > y) != (d > y) and x < a + (c - a) * (y - b) / (d - b):
            crossed += 1
    return crossed % 2 == 1
