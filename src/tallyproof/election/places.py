"""What is said of places (equipment, method, reason), found for a reporting unit by id, name or county."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tallyproof.election.jurisdiction import county_name, place_key, state_code


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What a table says of one place: ``labels`` by name, and its row in the file.

    ``place`` is a municipality or a reporting unit, nothing for a whole county. ``weight`` is how many
    voters or ballots it has, where the table says so.
    """

    row: int
    state: str = ""
    county: str = ""
    place: str = ""
    unit_id: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    weight: int | None = None

    @property
    def name(self) -> str:
        """The place as people name it."""
        return ", ".join(part for part in (self.county, self.place) if part) or self.unit_id or self.state


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """Rows of places, ready to be asked about units."""

    rows: tuple[PlaceRow, ...]
    by_id: Mapping[str, tuple[int, ...]]
    by_name: Mapping[tuple[str, str, str], tuple[int, ...]]
    by_county: Mapping[tuple[str, str], tuple[int, ...]]

    def find(self, state: str, county: str, unit: str, unit_id: str = "") -> tuple[int, ...]:
        """Places of the rows that speak of this unit; several where they say it more than once.

        The unit's id comes first, then the longest place with which its name begins, then the county as a
        whole. A unit that is itself a county has all the rows of that county where none is its own.
        """
        if unit_id and unit_id in self.by_id:
            return self.by_id[unit_id]
        for where in dict.fromkeys((state_code(state) if state else "", "")):
            county_key = place_key(county_name(county))
            for key in _beginnings(place_key(unit)):
                if found := self.by_name.get((where, county_key, key)):
                    return found
            if not unit and (found := self.by_county.get((where, county_key))):
                return found
        return ()

    def unused(self, used: set[int]) -> tuple[PlaceRow, ...]:
        """The rows that spoke of none of the units asked about."""
        return tuple(row for number, row in enumerate(self.rows) if number not in used)


def place_table(rows: Sequence[PlaceRow]) -> PlaceTable:
    """The rows under the keys by which units look for them."""
    ids: dict[str, tuple[int, ...]] = {}
    names: dict[tuple[str, str, str], tuple[int, ...]] = {}
    counties: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        state = state_code(row.state) if row.state else ""
        county = place_key(county_name(row.county))
        key = (state, county, place_key(row.place))
        names[key] = (*names.get(key, ()), number)
        if row.place:
            counties[(state, county)] = (*counties.get((state, county), ()), number)
        if row.unit_id:
            ids[row.unit_id] = (*ids.get(row.unit_id, ()), number)
    return PlaceTable(tuple(rows), ids, names, counties)


def _beginnings(key: str) -> Iterator[str]:
    """The key, then ever fewer of its words: town-of-ash-ward-1, town-of-ash-ward, … and nothing."""
    while key:
        yield key
        key = key.rpartition("-")[0]
    yield ""
