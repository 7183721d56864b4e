"""Where each unit of a NIST report lies: state, county or other jurisdiction, level, district."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import UnsetType

from tallyproof.formats.nist.model import ElectionReport, ReportingDevice, ReportingUnit
from tallyproof.formats.nist.people import InternationalizedText

_WHOLE_STATES = {"state", "country"}
_JURISDICTIONS = ("county", "borough", "city", "town", "municipality", "township", "village")

Unit = ReportingUnit | ReportingDevice


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the words of our tables; ``unit`` is empty for a jurisdiction, ``county`` too for a state."""

    state: str
    county: str
    unit: str
    unit_id: str


class Units:
    """The units of a report by id, with what composes what."""

    def __init__(self, report: ElectionReport) -> None:
        given = [] if isinstance(report.GpUnit, UnsetType) else report.GpUnit
        self._units: dict[str, Unit] = {unit.id: unit for unit in given}
        self._parents: dict[str, list[str]] = {}
        for unit in given:
            for child in _ids(unit.ComposingGpUnitIds):
                self._parents.setdefault(child, []).append(unit.id)
        self._leaves: dict[str, frozenset[str]] = {}

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self._units

    def broken_references(self) -> list[tuple[str, str]]:
        """References between units that lead nowhere: (unit, missing unit)."""
        pairs = ((unit.id, child) for unit in self._units.values() for child in _ids(unit.ComposingGpUnitIds))
        return [(parent, child) for parent, child in pairs if child not in self._units]

    def items(self) -> Iterable[tuple[str, Unit]]:
        """All units by id."""
        return self._units.items()

    def name(self, unit_id: str) -> str:
        """The unit's name, or its id where it has none or is not defined."""
        unit = self._units.get(unit_id)
        return (text(unit.Name) if unit else "") or unit_id

    def place(self, unit_id: str) -> Place:
        """Where a unit lies. A jurisdiction is the county above a unit, else the nearest city or town."""
        above = [self._units[each] for each in self._ancestors(unit_id)]
        unit = self._units[unit_id]
        state = next((text(each.Name) for each in [unit, *above] if _type(each) == "state"), "")
        if _type(unit) in _WHOLE_STATES:
            return Place(state, "", "", unit_id)
        jurisdiction = self._jurisdiction([unit, *above])
        if jurisdiction is unit:
            return Place(state, text(unit.Name) or unit_id, "", unit_id)
        county = text(jurisdiction.Name) if jurisdiction else ""
        name = text(unit.Name) or unit_id
        return Place(state, county, f"{name} total" if self._is_sum(unit_id) else name, unit_id)

    def _jurisdiction(self, units: list[Unit]) -> Unit | None:
        """The county among them; without one, the first of the other kinds of local government."""
        for kinds in (("county",), _JURISDICTIONS):
            found = next((each for each in units if _type(each) in kinds), None)
            if found is not None:
                return found
        return None

    def _is_sum(self, unit_id: str) -> bool:
        """Whether the unit is composed of other units, so that its counts contain theirs."""
        return bool(_ids(self._units[unit_id].ComposingGpUnitIds))

    def _ancestors(self, unit_id: str) -> list[str]:
        found: list[str] = []
        queue = list(self._parents.get(unit_id, []))
        while queue:
            each = queue.pop(0)
            if each not in found and each != unit_id:
                found.append(each)
                queue.extend(self._parents.get(each, []))
        return found

    def within(self, unit_id: str, district_id: str) -> bool:
        """Whether a unit lies in a district or contains a part of it; yes where its extent is not told."""
        district = self._units.get(district_id)
        if district is None or unit_id == district_id or not _ids(district.ComposingGpUnitIds):
            return True
        if _type(district) in _WHOLE_STATES:
            return True
        return bool(self._parts(unit_id) & self._parts(district_id))

    def _parts(self, unit_id: str) -> frozenset[str]:
        """The unit and everything that composes it."""
        if unit_id not in self._leaves:
            seen: set[str] = set()
            queue = [unit_id]
            while queue:
                each = queue.pop()
                if each not in seen and each in self._units:
                    seen.add(each)
                    queue.extend(_ids(self._units[each].ComposingGpUnitIds))
            self._leaves[unit_id] = frozenset(seen)
        return self._leaves[unit_id]


def _type(unit: Unit) -> str:
    return unit.Type if isinstance(unit, ReportingUnit) else ""


def _ids(ids: list[str] | UnsetType) -> list[str]:
    return [] if isinstance(ids, UnsetType) else ids


def text(words: InternationalizedText | str | UnsetType) -> str:
    """A text in English where it is given in several languages, else in the first."""
    if isinstance(words, UnsetType):
        return ""
    if isinstance(words, str):
        return words.strip()
    english = next((each for each in words.Text if each.Language.casefold().startswith("en")), words.Text[0])
    return english.Content.strip()
