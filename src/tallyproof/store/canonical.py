"""JSON written in exactly one way (RFC 8785), so that everybody computes the same hash of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

from tallyproof.errors import StoreError

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

LARGEST_EXACT = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8785, appendix D)."""


def canonical(value: JSON) -> bytes:
    """The value as canonical JSON in UTF-8 (RFC 8785).

    Raises StoreError for what JSON cannot hold exactly: NaN, infinities, whole numbers beyond 2^53,
    text that is not Unicode, names that are not text, and types that JSON does not have.
    """
    try:
        return rfc8785.dumps(_plain(value))
    except rfc8785.FloatDomainError:
        raise StoreError(
            "NaN and infinity cannot be recorded; leave the number out or write it as text."
        ) from None
    except rfc8785.IntegerDomainError:
        raise StoreError("A whole number beyond 2^53 cannot be recorded exactly; write it as text.") from None
    except RecursionError:
        raise StoreError("The data is nested too deeply to be recorded; make it flatter.") from None
    except ValueError as error:
        raise StoreError(
            f"This cannot be recorded as JSON ({error}); use text, numbers, lists and names."
        ) from None


def parse(text: str | bytes) -> JSON:
    """The value that JSON text stands for, every number read as a double as in JavaScript.

    Raises StoreError where the text is not JSON.
    """
    try:
        value: JSON = json.loads(text, parse_int=_whole, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"This is not JSON: {error}.") from None
    return value


def digest(value: JSON) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _whole(digits: str) -> int | float:
    # RFC 8785 writes the double 1e20 as 100000000000000000000; read as an int it could not be written again.
    whole = int(digits) if len(digits) <= 17 else None
    return whole if whole is not None and abs(whole) <= LARGEST_EXACT else float(digits)


def _refuse(name: str) -> JSON:
    raise ValueError(f"{name} is not a JSON number")


def _plain(value: JSON) -> Any:
    # The library knows dict, list and tuple only; read-only mappings are welcome here too.
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
