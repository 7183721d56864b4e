"""Counts given at several levels: which contain the others, so that nothing is added twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import polars as pl

from tallyproof.election.returns import Mode
from tallyproof.formats.nist.units import Units

Modes = Mapping[str, set[str]]
"""The ways of voting that each unit gives a count for."""


class Role(StrEnum):
    """What a unit's count is to those of its parts."""

    OWN = "own"
    WHOLE = "whole"
    REST = "rest"


KEYS = ["contest", "number", "unit", "mode"]
"""``number`` tells what is counted: a named choice, or a measure such as write-ins."""


def roles(cells: pl.DataFrame, units: Units, districts: Mapping[int, str]) -> pl.DataFrame:
    """The cells with the role that each plays.

    ``whole`` where parts of the unit are counted too, ``rest`` where its way of voting is counted for the
    unit alone while its parts give others, else ``own``. Parts are what composes the unit. A unit that is
    the contest's district or the election's scope, and of which the report does not say what composes it,
    has all other units of the contest as its parts.
    """
    distinct = cells.select(KEYS).unique(maintain_order=True)
    groups: dict[tuple[int, str], dict[str, set[str]]] = {}
    for contest, number, unit, mode in distinct.rows():
        groups.setdefault((contest, number), {}).setdefault(unit, set()).add(mode)
    found = [
        (contest, number, unit, mode, role.value)
        for (contest, number), modes in groups.items()
        for unit, mode, role in _of_group(modes, units, {districts.get(contest, ""), *units.scopes})
    ]
    schema = {**{name: cells.schema[name] for name in KEYS}, "role": pl.String()}
    table = pl.DataFrame(found, schema=schema, orient="row")
    joined = cells.join(table, on=KEYS, how="left", maintain_order="left")
    return joined.with_columns(pl.col("role").fill_null(Role.OWN.value))


def _of_group(modes: Modes, units: Units, everything: set[str]) -> Iterable[tuple[str, str, Role]]:
    for unit, own in modes.items():
        parts = _parts(unit, modes, units, everything)
        below = set[str]().union(*(modes[part] for part in parts))
        if below:
            for mode in own:
                yield unit, mode, _role(mode, below)


def _parts(unit: str, modes: Modes, units: Units, everything: set[str]) -> Iterable[str]:
    composing = units.below(unit)
    if not composing and unit in everything:
        return [other for other in modes if other != unit and other not in everything]
    if len(composing) < len(modes):
        return [other for other in composing if other in modes]
    return [other for other in modes if other in composing]


def _role(mode: str, below: set[str]) -> Role:
    """A total of the parts may hold any way of voting, so that only plain ways can be missing in them."""
    is_total = mode in {"", Mode.TOTAL.value}
    if is_total or mode in below or not below.isdisjoint({"", Mode.TOTAL.value}):
        return Role.WHOLE
    return Role.REST
