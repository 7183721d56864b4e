"""The record of a draw: the frame's hash, the seed, the method, and every card or batch drawn, by rounds."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tallyproof.errors import RequestError, StoreError, UnreadableError
from tallyproof.sampling.frame import BatchKey, Kind, Order
from tallyproof.services.exporting import require_place

Method = Literal[
    "uniform", "consistent", "ppeb", "colorado", "rivest", "shangrla", "arlo-ballots", "arlo-batches"
]
VERSION: Literal["tallyproof draw 1"] = "tallyproof draw 1"
LARGEST = 1 << 30

Size = Annotated[int, Meta(ge=0, le=10_000_000)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class FrameFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which frame was drawn from; ``cards`` and ``batches`` count it, batches only where it lists them."""

    file: str
    sha256: Hash
    kind: Kind
    order: Order
    cards: int
    batches: int | None = None


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One draw: its number from 1 through all rounds, and the card or, with no card, the whole batch.

    ``number`` is the card's place in what was drawn from, from 1, where cards are drawn by their place;
    ``ticket`` its ticket as the method prints it, where there are tickets.
    """

    draw: int
    jurisdiction: str
    tabulator: str
    batch: str
    card: str = ""
    number: int | None = None
    ticket: str | None = None

    @property
    def key(self) -> BatchKey:
        """The batch."""
        return self.jurisdiction, self.tabulator, self.batch


class DrawRound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A round: how many were drawn in it, or each contest's cards in all up to it; and what came out."""

    size: Size = 0
    sizes: dict[str, Size] = {}
    draws: tuple[Drawn, ...] = ()


class DrawRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draw as it is published: from frame and seed anyone gets the same rounds.

    ``usable`` lists for each contest the draws that count for it, by ticket, and ``thresholds`` the last
    ticket among them; both are those after the last round.
    """

    record: Literal["tallyproof draw 1"]
    frame: FrameFacts
    seed: str
    method: Method
    rounds: Annotated[tuple[DrawRound, ...], Meta(min_length=1)]
    with_replacement: bool = True
    jurisdictions: tuple[str, ...] = ()
    reproducing: bool = False
    numpy_major: Literal[1, 2] = 1
    usable: dict[str, tuple[int, ...]] = {}
    thresholds: dict[str, str] = {}

    @property
    def draws(self) -> tuple[Drawn, ...]:
        """The draws of all rounds."""
        return tuple(each for one in self.rounds for each in one.draws)


def load_record(path: Path) -> DrawRecord:
    """Read a record. Raises RequestError where there is none, UnreadableError where it is damaged."""
    if not path.is_file():
        raise RequestError(f"{path}: there is no such file. A record is what cards draw --output writes.")
    if path.stat().st_size > LARGEST:
        raise UnreadableError(path.name, "is too large for the record of a draw")
    try:
        return msgspec.json.decode(path.read_bytes(), type=DrawRecord)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        remedy = "Give a file that cards draw --output wrote, unchanged"
        raise UnreadableError(path.name, f"is not the record of a draw ({fault})", remedy=remedy) from fault


def save_record(record: DrawRecord, path: Path) -> None:
    """Write a record, one draw a line; nothing half-written stays."""
    require_place(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
        beside.replace(path)
    except OSError as fault:
        raise StoreError(f"{path} cannot be written: {fault.strerror or fault}.") from fault
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
