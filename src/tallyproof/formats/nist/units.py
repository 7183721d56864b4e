"""Where each unit of a NIST report lies: its state, its county or other jurisdiction, its name there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from msgspec import UnsetType

from tallyproof.election.jurisdiction import STATES, county_name, state_code
from tallyproof.formats.nist.model import ElectionReport, ReportingUnit, Unit
from tallyproof.formats.nist.texts import each, identifier, text, word

WHOLE_STATES = frozenset({"state", "country"})
_JURISDICTIONS = ("county", "borough", "city", "town", "municipality", "township", "village")
_WIDER = ("ocd-id", "national-level", "state-level", "fips")
"""Kinds of keys that are unique beyond a county."""
OUR_KEY = "unit-id"
"""What our exports call the key of a unit that its source gave."""
OUR_WHOLE = "all returns"
"""What our exports call the whole of returns that do not say of which state they are."""
_OCD_STATE = re.compile(r"ocd-division/country:us/(?:state|district|territory):([a-z]{2})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit lies: ``name`` is empty for a jurisdiction, ``county`` too for a state."""

    state: str
    county: str
    name: str
    unit_id: str


class Units:
    """The units of a report by id, with what composes what."""

    def __init__(self, report: ElectionReport) -> None:
        given = each(report.GpUnit)
        self._units: dict[str, Unit] = {unit.id: unit for unit in given}
        self._parents: dict[str, list[str]] = {}
        for unit in given:
            for child in each(unit.ComposingGpUnitIds):
                self._parents.setdefault(child, []).append(unit.id)
        self.scopes = frozenset(election.ElectionScopeId for election in each(report.Election))
        self._below: dict[str, frozenset[str]] = {}

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self._units

    def name(self, unit_id: str) -> str:
        """The unit's name, or its id where it has none or is not defined."""
        unit = self._units.get(unit_id)
        return (text(unit.Name) if unit else "") or unit_id

    def kind(self, unit_id: str) -> str:
        """The unit's type; nothing for a device or where it is not defined."""
        unit = self._units.get(unit_id)
        if not isinstance(unit, ReportingUnit):
            return ""
        return "country" if word(unit.OtherType) == OUR_WHOLE else unit.Type

    def number(self, unit_id: str) -> str:
        """The unit's number where it has one, such as that of a district."""
        unit = self._units.get(unit_id)
        return word(unit.Number) if isinstance(unit, ReportingUnit) else ""

    # ---- what lies in what

    def below(self, unit_id: str) -> frozenset[str]:
        """Everything that composes the unit, directly or not, without the unit itself."""
        if unit_id not in self._below:
            seen: set[str] = set()
            queue = [unit_id]
            while queue:
                for child in each(self._units[queue.pop()].ComposingGpUnitIds):
                    if child not in seen and child in self._units:
                        seen.add(child)
                        queue.append(child)
            self._below[unit_id] = frozenset(seen - {unit_id})
        return self._below[unit_id]

    def within(self, unit_id: str, district_id: str) -> bool:
        """Whether a unit lies in a district or holds a part of it; yes where its extent is not told."""
        if unit_id not in self._units or district_id not in self._units or unit_id == district_id:
            return True
        district = self.below(district_id)
        if not district or self.kind(district_id) in WHOLE_STATES or unit_id in district:
            return True
        parts = self.below(unit_id)
        return district_id in parts or not parts.isdisjoint(district)

    def _above(self, unit_id: str) -> list[str]:
        """Everything that the unit is a part of, nearest first."""
        found: dict[str, None] = {}
        queue = list(self._parents.get(unit_id, []))
        while queue:
            parent = queue.pop(0)
            if parent not in found and parent != unit_id:
                found[parent] = None
                queue.extend(self._parents.get(parent, []))
        return list(found)

    # ---- where it is

    def place(self, unit_id: str) -> Place:
        """Where a unit lies, under a name that no other unit of its county has."""
        return self._places[unit_id]

    @cached_property
    def _places(self) -> dict[str, Place]:
        """The same name twice in a county gets the town's before it, and if that is not enough its id."""
        places = {unit_id: self._place(unit_id) for unit_id in self._units}
        for distinguish in (self._with_town, lambda unit_id, name: f"{name} [{unit_id}]"):
            taken = Counter((place.state, place.county, place.name) for place in places.values())
            for unit_id, place in places.items():
                if place.name and taken[place.state, place.county, place.name] > 1:
                    name = distinguish(unit_id, place.name)
                    places[unit_id] = Place(place.state, place.county, name, place.unit_id)
        return places

    def _place(self, unit_id: str) -> Place:
        lineage = [unit_id, *self._above(unit_id)]
        state, key = self._state(lineage), self._key(unit_id)
        if self.kind(unit_id) in WHOLE_STATES:
            return Place(state, "", "", key)
        jurisdiction = self._jurisdiction(lineage)
        county = self._county(jurisdiction) if jurisdiction else ""
        return Place(state, county, "" if jurisdiction == unit_id else self.name(unit_id), key)

    def _with_town(self, unit_id: str, name: str) -> str:
        towns = (self.name(each) for each in self._above(unit_id) if self.kind(each) in _JURISDICTIONS[1:])
        town = next(towns, "")
        return f"{town} {name}" if town and not name.startswith(town) else name

    def _jurisdiction(self, lineage: list[str]) -> str:
        """The county among them; else the nearest local government; else what the election is held in."""
        for kinds in (_JURISDICTIONS[:1], _JURISDICTIONS):
            for unit_id in lineage:
                if self.kind(unit_id) in kinds:
                    return unit_id
        scopes = [scope for scope in self.scopes if scope in self and self.kind(scope) not in WHOLE_STATES]
        return scopes[0] if len(scopes) == 1 else ""

    def _county(self, unit_id: str) -> str:
        """The jurisdiction's name; a city that shares a county's name says that it is the city."""
        name, kind = self.name(unit_id), self.kind(unit_id)
        is_shared = kind != "county" and county_name(name).casefold() in self._counties
        return f"{name} {kind}" if is_shared and kind not in name.casefold() else name

    @cached_property
    def _counties(self) -> frozenset[str]:
        counties = (unit_id for unit_id in self._units if self.kind(unit_id) == "county")
        return frozenset(county_name(self.name(unit_id)).casefold() for unit_id in counties)

    def _state(self, lineage: list[str]) -> str:
        """The postal code of the state above, else of the only state that the report defines."""
        found = next(filter(None, map(self._postal, lineage)), "")
        return found or (next(iter(self._states)) if len(self._states) == 1 else "")

    @cached_property
    def _states(self) -> frozenset[str]:
        states = (unit_id for unit_id in self._units if self.kind(unit_id) == "state")
        return frozenset(filter(None, map(self._postal, [*states, *(self.scopes & self._units.keys())])))

    def _postal(self, unit_id: str) -> str:
        known = _OCD_STATE.match(identifier(self._units[unit_id].ExternalIdentifier, "ocd-id"))
        if known:
            return known[1].upper()
        code = state_code(self.name(unit_id)) if self.kind(unit_id) == "state" else ""
        return code if code in STATES else ""

    def _key(self, unit_id: str) -> str:
        """The unit's key in a register that is unique beyond its county; its ObjectId is not."""
        given = self._units[unit_id].ExternalIdentifier
        if isinstance(given, UnsetType):
            return ""
        ours = identifier(given, "other", OUR_KEY)
        return ours or next(filter(None, (identifier(given, kind) for kind in _WIDER)), "")
