"""Salted commitments: a secret is fixed now, and can be shown, withheld or erased later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tallyproof.errors import StoreError
from tallyproof.store.canonical import JSON, canonical, digest, parse

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opening:
    """What shows the value behind a commitment: the salt (64 hexadecimal digits) and the value."""

    salt: str
    value: JSON


def commitment_to(opening: Opening) -> dict[str, str]:
    """The commitment that stands in an event's body in place of the value.

    ``{"commitment": sha256}`` where sha256 is the SHA-256, in hexadecimal digits, of the canonical
    JSON (RFC 8785) of ``{"salt": salt, "value": value}``. Nobody can name another value for it
    (SHA-256 is collision resistant), nor guess the value without the 256 bits of salt.
    """
    return {"commitment": digest({"salt": opening.salt, "value": opening.value})}


def new_opening(value: JSON, token: Callable[[int], bytes]) -> Opening:
    """An opening of the value with a fresh salt from ``token(32)``, a source of secret random bytes."""
    salt = token(SALT_BYTES)
    if len(salt) != SALT_BYTES:
        raise StoreError(
            f"A salt needs {SALT_BYTES} random bytes and got {len(salt)}; repair the random source."
        )
    return Opening(salt.hex(), parse(canonical(value)))


def opens(opening: Opening, commitment: JSON) -> bool:
    """Whether the opening is the one that the commitment was made from; False for what is no commitment."""
    if not isinstance(commitment, dict) or set(commitment) != {"commitment"}:
        return False
    try:
        expected = commitment_to(opening)["commitment"]
    except StoreError:
        return False
    return bool(expected == commitment["commitment"])
