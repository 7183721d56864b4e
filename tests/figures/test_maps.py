"""Maps show every county once, list what has no outline, and say their numbers in words."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.errors import RequestError
from tallyproof.figures.bubbles import Measure, bubbles
from tallyproof.figures.crosswalk import Place, fips_of
from tallyproof.figures.geometry import NATION, sheet
from tallyproof.figures.maps import choropleth
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale, share_scale
from tallyproof.figures.wording import MapWords

from .reading import SVG, ids, kinds, lead, legend_numbers, listed, parsed, said, shapes

SCALE = margin_scale("Clinton", "Trump")
EXPECTED = Path(__file__).parent / "expected"
DELAWARE: dict[Place, MapValue] = {
    "Kent": lead(-3_842, 76_110, "Trump leads by 3,842 of 76,110 votes", "/units/kent/"),
    "New Castle": lead(77_370, 261_468, "Clinton leads by 77,370 of 261,468 votes", "/units/new-castle/"),
    "Sussex County": MapValue(-26_720, 103_252, counted=Fraction(1, 5), words="a fifth is counted"),
    "Wilmington": lead(9, 10, "Clinton leads by 9 of 10 votes", "/units/wilmington/"),
}


def coloured(state: str, values: dict[Place, MapValue], named: int = 0) -> str:
    return choropleth(state, values, scale=SCALE, title=f"Lead by county in {state}", named=named)


def circles(state: str, values: dict[Place, MapValue]) -> str:
    return bubbles(state, values, sides=("Clinton", "Trump"), title=f"Lead in votes in {state}")


def lines(figure: str) -> str:
    """The figure with one element to a line, as it lies in the expected file."""
    return figure.replace("><", ">\n<") + "\n"


def test_delaware_as_a_whole() -> None:
    """Both maps of a small state, as text that a person can read."""
    assert lines(coloured("DE", DELAWARE, named=2)) == (EXPECTED / "delaware_choropleth.html").read_text()
    assert lines(circles("DE", DELAWARE)) == (EXPECTED / "delaware_bubbles.html").read_text()


def test_colours_follow_the_shares() -> None:
    """30 points are dark, 5 light; too little counted and unknown are hatched, not coloured."""
    known = kinds(coloured("DE", DELAWARE))
    assert known == {"Kent": "b2", "New Castle": "a3", "Sussex": "little"}
    assert kinds(coloured("DE", {})) == dict.fromkeys(("Kent", "New Castle", "Sussex"), "none")
    altered = DELAWARE | {"Kent": lead(3_842, 76_110)}
    assert kinds(coloured("DE", altered))["Kent"] == "a2"


def test_the_legend_counts_every_county_once() -> None:
    """Numbers of the legend add up to the counties of the state, and dots are on the rarer side."""
    values: dict[Place, MapValue] = {each.fips: lead(-9, 10) for each in sheet("WI").outlines}
    values |= {"55025": lead(9, 10), "55079": lead(0, 10)}
    figure = coloured("WI", values)
    numbers = legend_numbers(figure)
    assert numbers["30 points or more"] == 71 and numbers["Tied"] == 1
    assert sum(numbers.values()) == 72
    assert "Clinton leads in 1, with a dot" in figure and "Trump leads in 70<" in figure
    dots = parsed(figure).findall(f'.//{SVG}svg[@role="group"]/{SVG}path[@class="dots"]')
    assert [dot.get("d", "").count("M") for dot in dots] == [1]


def test_what_has_no_outline_is_listed_with_its_numbers() -> None:
    """Kansas City, a town, a planning region and a second Dane stand beside the map."""
    values: dict[Place, MapValue] = {
        "Dane": lead(1, 2),
        "Dane County": lead(3, 4, "said twice"),
        "Kansas City": lead(5, 6, "an office of its own", "/units/kansas-city/"),
    }
    figure = coloured("WI", values)
    assert listed(figure) == {"Dane County": 1, "Kansas City": 1}
    assert '<a href="/units/kansas-city/">Kansas City</a>: an office of its own' in figure
    assert "map-elsewhere" not in coloured("WI", {"Dane": lead(1, 2)})


def test_alaska_is_one_outline_and_its_districts_are_listed() -> None:
    """Forty House districts have no outline; the state as a whole does."""
    districts: dict[Place, MapValue] = {f"House District {place}": lead(1, 9) for place in range(1, 41)}
    figure = coloured("AK", districts | {"Alaska": lead(-9, 99)})
    assert said(figure) == {"Alaska": 1}
    assert sum(listed(figure).values()) == 40


def test_very_many_places_without_an_outline_are_folded_and_cut() -> None:
    """The first sixty by name, the number of the others in words; a few stand open."""
    many: dict[Place, MapValue] = {f"Town {place:03}": lead(1, 9) for place in range(100)}
    figure = coloured("DE", many)
    assert '<details class="map-elsewhere"><summary>' in figure and "(100):" in figure
    assert len(listed(figure)) == 61 and "and 40 more, in the table" in listed(figure)
    assert "<details" not in coloured("DE", {"Elsewhere": lead(1, 2)})


def test_counties_are_links_where_they_have_a_page() -> None:
    """A county with an address is a link named by its title, and a link leads past them all."""
    figure = coloured("DE", DELAWARE)
    links = [link for link in parsed(figure).iterfind(f".//{SVG}a") if link.find(f"{SVG}title") is not None]
    assert [link.get("href") for link in links] == ["/units/kent/", "/units/new-castle/"]
    assert links[0].findtext(f"{SVG}title") == "Kent: Trump leads by 3,842 of 76,110 votes"
    assert '<a class="map-skip" href="#map-end">' in figure and "map-end" in ids(figure)
    assert "map-skip" not in coloured("DE", {"Kent": lead(1, 2)})


HOSTILE = "</title><script>alert('1')</script>&\"\x00\x1b\ud800\ufffe"


@pytest.mark.parametrize("draw", [coloured, circles])
def test_hostile_names_are_text(draw: Callable[[str, dict[Place, MapValue]], str]) -> None:
    """Names, words and addresses with tags, quotes and signs that XML lacks change no element."""
    plain = MapValue(1, 2, words="words", href="/page/", name="Dane County")
    altered = MapValue(1, 2, words=HOSTILE, href=f"/{HOSTILE}", name=HOSTILE)
    tags = [
        [each.tag for each in parsed(draw("WI", {"Dane": value, f"x{name}": value})).iter()]
        for value, name in ((plain, ""), (altered, HOSTILE))
    ]
    assert tags[0] == tags[1]


def test_hostile_titles_and_words_are_text() -> None:
    """So are the title, the description, the names of the sides and the words of a translation."""
    words = MapWords(leads=HOSTILE + "{name}{count}", legend=HOSTILE, skip=HOSTILE, elsewhere=HOSTILE)
    figure = choropleth(
        "DE", DELAWARE, scale=margin_scale(HOSTILE, HOSTILE, words), title=HOSTILE, description=HOSTILE,
        words=words,
    )  # fmt: skip
    assert not [each for each in parsed(figure).iter() if "script" in str(each.tag)]


@pytest.mark.parametrize("id", ["", "1map", "a b", 'x"y', "é"])
def test_an_id_that_cannot_be_one_is_refused(id: str) -> None:
    """The id goes into addresses and attributes."""
    with pytest.raises(ValueError, match="cannot be the id"):
        choropleth("DE", {}, scale=SCALE, title="x", id=id)


def test_a_place_without_a_map_is_refused() -> None:
    """Puerto Rico has no county outlines here."""
    with pytest.raises(RequestError, match="no county outlines"):
        coloured("PR", {})


places = st.one_of(
    st.sampled_from(["Dane", "DANE COUNTY", "55025", "Saint Croix", "St. Croix", "Milwaukee", "Kansas City"]),
    st.text(max_size=12),
    st.tuples(st.sampled_from(["WI", "MI", "US", ""]), st.sampled_from(["Dane", "Wayne", "Adams", ""])),
)
shares = st.one_of(st.none(), st.floats(), st.fractions())
votes = st.one_of(st.none(), st.integers(-(10**15), 10**15))
values = st.builds(MapValue, votes, votes, shares, shares, st.text(max_size=9), st.text(max_size=9))


@settings(max_examples=examples(60), deadline=None)
@given(st.dictionaries(places, values, max_size=12), st.sampled_from(["WI", "DE", "AK"]))
def test_every_outline_is_drawn_once_and_every_value_is_drawn_or_listed(
    given_values: dict[Place, MapValue], state: str
) -> None:
    """Whatever the names and numbers are."""
    known = [each.name for each in sheet(state).outlines]
    for figure in (coloured(state, given_values), circles(state, given_values)):
        assert said(figure) == dict.fromkeys(known, 1)
        addressed = sum(bool(value.href) for value in given_values.values())
        assert figure.count("<li>") >= sum(listed(figure).values())
        assert sum(listed(figure).values()) + len(_drawn(state, given_values)) == len(given_values)
        assert figure.count("<a href=") == addressed


def _drawn(state: str, given_values: dict[Place, MapValue]) -> set[str]:
    return {code for place in given_values if (code := fips_of(state, place))}


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_area_of_a_circle_is_the_lead(one: int, other: int) -> None:
    """Areas are to each other as votes are, but for specks."""
    measure = Measure(10**7, 10_000.0)
    assert measure.size(-one) ** 2 * other == pytest.approx(measure.size(other) ** 2 * one)


def test_ties_and_unknown_leads_are_there_too() -> None:
    """A tie is a speck, an unknown lead a cross, and both are counted in the legend."""
    figure = circles("DE", {"Kent": lead(0, 10), "Sussex": lead(5, 10)})
    assert kinds(figure) == {"Sussex": "a-lead", "Kent": "tied", "New Castle": "unknown"}
    assert "Tied: 1" in figure and "No figures: 1" in figure


def test_maps_of_different_times_can_be_compared() -> None:
    """With the same largest lead the same votes have the same circle."""
    radii = [_radius(_compared(most, largest=1000), "Kent") for most in (500, 1000)]
    assert radii[0] == radii[1] != _radius(_compared(500, largest=None), "Kent")


def _compared(most: int, largest: int | None) -> str:
    values: dict[Place, MapValue] = {"Kent": lead(100, 200), "Sussex": lead(most, 2000)}
    return bubbles("DE", values, sides=("A", "B"), title="x", largest=largest)


def _radius(figure: str, name: str) -> str | None:
    return next(shape.get("r") for told, shape in shapes(figure) if told == name)


def test_shares_are_coloured_by_one_side() -> None:
    """Turnout has one colour, no dots and labels in per cent."""
    scale = share_scale((Fraction(1, 2), Fraction(3, 4)))
    values: dict[Place, MapValue] = {"Kent": MapValue(value=0.6), "Sussex": MapValue(value=Fraction(3, 4))}
    figure = choropleth("DE", values, scale=scale, title="Turnout")
    assert kinds(figure) == {"Kent": "s3", "Sussex": "s4", "New Castle": "none"}
    assert "with a dot" not in figure and legend_numbers(figure)["50 to 75 %"] == 1


def test_drawing_twice_gives_the_same() -> None:
    """No order, clock or chance of the machine is in a map."""
    assert coloured("DE", DELAWARE) == coloured("DE", dict(reversed(DELAWARE.items())))


def test_no_style_and_no_script_is_in_a_map() -> None:
    """A strict content security policy forbids both; ids are the map's own."""
    for figure in (coloured("DE", DELAWARE), circles("DE", DELAWARE)):
        assert " style=" not in figure and "<script" not in figure and " on" not in figure.split("role=")[0]
        assert len(ids(figure)) == len(set(ids(figure)))


def test_the_country_is_drawn_quickly() -> None:
    """More than 3,000 counties take less than 120 ms of this machine's time, once the outlines are read."""
    values: dict[Place, MapValue] = {
        each.fips: lead(place - 1500, 4000, "words", f"/units/{place}/")
        for place, each in enumerate(sheet(NATION).outlines)
    }
    assert min(_seconds(coloured, values) for _ in range(5)) < 0.12
    assert min(_seconds(circles, values) for _ in range(5)) < 0.12


def _seconds(draw: Callable[[str, dict[Place, MapValue]], str], values: dict[Place, MapValue]) -> float:
    start = process_time()
    draw(NATION, values)
    return process_time() - start


def test_maps_are_small() -> None:
    """A state's map stays below 150 kB and the country's below 1.2 MB, each county with words and a link."""
    words, href = (
        "Clinton leads by 77,370 of 261,468 votes (29.6 points)",
        "/a-case/contests/us-president/units/12345/",
    )
    for state, most in (("TX", 150_000), ("GA", 150_000), (NATION, 1_200_000)):
        values: dict[Place, MapValue] = {
            each.fips: lead(77_370, 261_468, words, href) for each in sheet(state).outlines
        }
        assert len(coloured(state, values).encode()) < most
        assert len(circles(state, values).encode()) < most
