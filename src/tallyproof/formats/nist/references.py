"""References of a NIST report that lead nowhere, and ids that stand for several objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import Struct

from tallyproof.formats.nist.model import BallotCounts, ElectionReport, OtherCounts, VoteCounts

_COUNTS = (VoteCounts, BallotCounts, OtherCounts)
"""Their units are looked at number by number."""
_NO_REFERENCES = frozenset({"@id", "VendorApplicationId"})


def broken(report: ElectionReport) -> list[str]:
    """What is wrong with ids and references, one sentence's end for each kind of fault."""
    objects = list(_objects(report))
    ids = Counter(str(one.id) for one in objects if hasattr(one, "id"))
    found = [f"uses the id '{name}' for {number} objects" for name, number in ids.items() if number > 1]
    missing: dict[tuple[str, str], list[str]] = {}
    for one in objects:
        for field, name in _references(one):
            if name not in ids:
                missing.setdefault((type(one).__name__, field), []).append(name)
    return found + [_told(kind, field, names) for (kind, field), names in missing.items()]


def _told(kind: str, field: str, names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - 1:,} more" if len(distinct) > 1 else ""
    return f"names in {field} of {kind} the id '{distinct[0]}'{more}, which it does not define"


def _objects(thing: object) -> Iterator[Struct]:
    """The object and all that it holds, without counts."""
    if isinstance(thing, list | tuple):
        for item in thing:
            yield from _objects(item)
    elif isinstance(thing, Struct) and not isinstance(thing, _COUNTS):
        yield thing
        for name in _fields(type(thing)):
            yield from _objects(getattr(thing, name))


def _references(thing: Struct) -> Iterator[tuple[str, str]]:
    for name in _reference_fields(type(thing)):
        value = getattr(thing, name)
        for target in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
            yield name, target


@cache
def _fields(kind: type[Struct]) -> tuple[str, ...]:
    """The fields that can hold objects: plain texts and numbers are passed over."""
    told = msgspec.inspect.type_info(kind)
    assert isinstance(told, msgspec.inspect.StructType)
    return tuple(field.name for field in told.fields if "StructType" in repr(field.type))


@cache
def _reference_fields(kind: type[Struct]) -> tuple[str, ...]:
    names = (field.encode_name for field in msgspec.structs.fields(kind))
    return tuple(name for name in names if name.endswith(("Id", "Ids")) and name not in _NO_REFERENCES)
