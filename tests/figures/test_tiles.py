"""Every state has one tile, with its lead, its status and its page."""

from collections.abc import Mapping

from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.geometry import STATE_FIPS
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale
from tallyproof.figures.tiles import Mark, Tile, places, state_tiles

from .reading import lead, legend_numbers, listed, parsed, said

STATUSES = {"certified": Mark("✓", "certified"), "partial": Mark("…", "partly counted")}


def tiles(given: Mapping[str, Tile]) -> str:
    return state_tiles(given, scale=margin_scale("Clinton", "Trump"), statuses=STATUSES, title="States")


def test_every_state_has_a_place_of_its_own() -> None:
    """Fifty states and D.C., no two in one place."""
    known = places()
    assert set(known) == set(STATE_FIPS)
    assert len(set(known.values())) == 51


def test_neighbours_stand_beside_each_other() -> None:
    """West is left and north is up, as on a map."""
    known = places()
    for west, east in (("CA", "UT"), ("WI", "MI"), ("PA", "NJ")):
        assert known[west][0] < known[east][0] and known[west][1] == known[east][1]
    assert known["TX"][1] > known["OK"][1] and known["AK"] == (0, 0)


def test_tiles_say_lead_and_status() -> None:
    """The tile's text, its class, its link, and the numbers of the legend."""
    figure = tiles({
        "WI": Tile(lead(-22_748, 2_976_150, "Trump leads by 22,748 votes", "/wi/"), "0.8", "certified"),
        "DC": Tile(lead(270_107, 311_268), "86.8", "certified"),
        "ME-2": Tile(MapValue(words="Trump leads")),
    })  # fmt: skip
    assert said(figure) == dict.fromkeys(map(STATES.get, STATE_FIPS), 1)
    assert listed(figure) == {"ME-2": 1}
    assert '<a href="/wi/"><title>Wisconsin: Trump leads by 22,748 votes</title>' in figure
    assert 'class="tile on-b1"' in figure and 'class="tile on-a4"' in figure
    assert legend_numbers(figure) | {"certified": 2, "No figures": 49} == legend_numbers(figure)


def test_hostile_words_are_text() -> None:
    """Numbers, signs and labels of a status are escaped."""
    hostile = "<script>&\"\x00'"
    marks = {hostile: Mark(hostile, hostile)}
    given = {"WI": Tile(MapValue(1, 2, words=hostile, href=hostile, name=hostile), hostile, hostile)}
    figure = state_tiles(given, scale=margin_scale("A", "B"), statuses=marks, title=hostile)
    assert not [each for each in parsed(figure).iter() if "script" in str(each.tag)]
    assert " style=" not in figure
