"""The units of a report that we write: states, counties, units and districts, with what composes what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import polars as pl
from msgspec import UNSET, UnsetType

from tallyproof.election.jurisdiction import STATES
from tallyproof.election.returns import Measure, UnitKind
from tallyproof.formats.nist.expressing import Expressible
from tallyproof.formats.nist.ids import Ids, international
from tallyproof.formats.nist.model import ReportingUnit
from tallyproof.formats.nist.people import ExternalIdentifier
from tallyproof.formats.nist.units import OUR_KEY, OUR_WHOLE
from tallyproof.formats.nist.words import ReportingUnitType

Key: TypeAlias = "tuple[str, str, str]"
"""State, county and unit; "" for what is above."""
_DISTRICTS: dict[str, ReportingUnitType] = {
    "U.S. House": "congressional", "State Senate": "state-senate", "State House": "state-house",
}  # fmt: skip


class GpUnits:
    """Ids and descriptions of all units; districts are added as contests ask for them."""

    def __init__(self, found: Expressible, ids: Ids) -> None:
        self._new, self._found = ids, found
        self._ids: dict[Key, str] = {}
        self._about: dict[Key, tuple[str, str]] = {}
        self._districts: list[ReportingUnit] = []
        for state, county, unit, _, kind, key in found.places.rows():
            self._about[state, county, unit] = (kind, key)
        states = list(dict.fromkeys(state for state, _, _ in self._about))
        self.scope = self._id((states[0], "", "") if len(states) == 1 else ("", "", ""))
        for state, county, unit in list(self._about):
            for part in ((state, "", ""), (state, county, ""), (state, county, unit)):
                self._id(part)
        self.has_units = any(unit for _, _, unit in self._ids)
        self._everywhere = _finest(found.places)

    def _id(self, key: Key) -> str:
        if key not in self._ids:
            self._ids[key] = self._new.new("ru", *(key if any(key) else ("all",)))
        return self._ids[key]

    def of(self, row: Mapping[str, Any]) -> str:
        """The id of the unit that a row speaks of."""
        return self._id((row["state"], row["county"], row["unit"]))

    def district(self, rows: Sequence[pl.DataFrame], first: Mapping[str, Any]) -> str:
        """The state where the contest is counted in all of its places, else a unit made of its places."""
        here = _finest(pl.concat([part.select("state", "county", "unit") for part in rows]).unique())
        states = {state for state, _, _ in here}
        if len(states) == 1 and here == {key for key in self._everywhere if key[0] in states}:
            return self._id((next(iter(states)), "", ""))
        if not here or len(states) > 1:
            return self._id((first["state"] if not here else "", "", ""))
        name = first["district"] or first["office"]
        identifier = self._new.new("district", first["contest"])
        self._districts.append(
            ReportingUnit(
                id=identifier,
                Type=_DISTRICTS.get(first["office"].partition(" (")[0], "other"),
                Name=international(name),
                ComposingGpUnitIds=[self._id(key) for key in self._ids if key in here],
            )
        )
        return identifier

    def report(self) -> list[ReportingUnit]:
        """All units as the specification has them."""
        people = self._found.of_units.filter(pl.col("measure") != Measure.BALLOTS_CAST.value)
        voters: dict[tuple[str, str], int] = {
            (self.of(row), row["measure"]): row["votes"] for row in people.iter_rows(named=True)
        }
        parts: dict[Key, list[str]] = {}
        for key, identifier in self._ids.items():
            if any(key):
                parts.setdefault(_upper(key, self._ids), []).append(identifier)
        return [self._unit(key, parts.get(key, []), voters) for key in self._ids] + self._districts

    def _unit(self, key: Key, parts: list[str], voters: Mapping[tuple[str, str], int]) -> ReportingUnit:
        identifier = self._ids[key]
        kind, other = self._type(key)
        name = key[2] or key[1] or STATES.get(key[0], key[0])
        return ReportingUnit(
            id=identifier,
            Type=kind,
            OtherType=other,
            Name=international(name) if name else UNSET,
            ComposingGpUnitIds=parts or UNSET,
            ExternalIdentifier=self._keys(key) or UNSET,
            VotersRegistered=voters.get((identifier, Measure.REGISTERED), UNSET),
            VotersParticipated=voters.get((identifier, Measure.VOTERS), UNSET),
        )

    def _type(self, key: Key) -> tuple[ReportingUnitType, str | UnsetType]:
        state, county, unit = key
        unit_kind = self._about.get(key, ("", ""))[0]
        if unit and unit_kind in {UnitKind.ADJUSTMENT, UnitKind.FLOATING}:
            return "other", unit_kind
        if unit or county:
            return ("precinct" if unit else "county"), UNSET
        return ("state", UNSET) if state else ("other", OUR_WHOLE)

    def _keys(self, key: Key) -> list[ExternalIdentifier]:
        """The key that the source gave a unit; the postal code of a state."""
        if key[1:] == ("", "") and len(key[0]) == 2:
            return [
                ExternalIdentifier(Type="ocd-id", Value=f"ocd-division/country:us/state:{key[0].casefold()}")
            ]
        own = self._about.get(key, ("", ""))[1]
        return [ExternalIdentifier(Type="other", OtherType=OUR_KEY, Value=own)] if own else []


def _upper(key: Key, known: Mapping[Key, str]) -> Key:
    """What the unit is a part of: its county, its state, or the whole."""
    state, county, unit = key
    if unit and county:
        return (state, county, "")
    return (state, "", "") if (unit or county) and (state, "", "") in known else ("", "", "")


def _finest(places: pl.DataFrame) -> set[Key]:
    """Units, and counties none of whose units are there."""
    keys = {(state, county, unit) for state, county, unit in places.select("state", "county", "unit").rows()}
    with_units = {(state, county) for state, county, unit in keys if unit}
    return {key for key in keys if key[2] or (key[1] and key[:2] not in with_units)}
