"""Draws from a frame of batches: cards by their place, batches by bound, as Colorado and Arlo draw."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

from tallyproof.errors import RequestError
from tallyproof.sampling.bounds import draw_by_bounds
from tallyproof.sampling.draw import Manifest, Stack, draw_positions
from tallyproof.sampling.frame import BatchKey, FrameBatch, batch_name
from tallyproof.services import frame_files
from tallyproof.services.draw_records import Drawn, FrameFacts
from tallyproof.services.drawn import Asked, Outcome, drawn, require_known

ArloName = str | tuple[str, ...]


def draw(path: Path, asked: Asked) -> Outcome:
    """All rounds of a draw from a batch frame. Raises RequestError where they cannot be drawn."""
    frame = frame_files.open_frame(path)
    batches = frame.batches()
    cards = sum(batch.cards for batch in batches)
    facts = FrameFacts(frame.name, frame.sha256, "batches", frame.head.order, cards, len(batches))
    found = {
        "uniform": _uniform, "colorado": _colorado, "ppeb": _by_bounds, "arlo-ballots": _arlo_ballots,
        "arlo-batches": _arlo_batches,
    }[asked.method](asked, _chosen(batches, asked))  # fmt: skip
    return Outcome(facts, tuple(found), asked.ends)


def _chosen(batches: Sequence[FrameBatch], asked: Asked) -> list[FrameBatch]:
    require_known(asked.jurisdictions, (batch.key[0] for batch in batches))
    wanted = set(asked.jurisdictions)
    return [batch for batch in batches if not wanted or batch.key[0] in wanted]


def _uniform(asked: Asked, batches: Sequence[FrameBatch]) -> list[Drawn]:
    return _places(asked, Manifest(tuple([Stack(batch.key, batch.cards) for batch in batches])))


def _colorado(asked: Asked, batches: Sequence[FrameBatch]) -> list[Drawn]:
    from tallyproof.sampling.colorado import contest_manifest

    counties: dict[str, list[Stack]] = {}
    for batch in batches:
        counties.setdefault(batch.key[0], []).append(Stack(batch.key[1:], batch.cards))
    return _places(asked, contest_manifest(counties))


def _places(asked: Asked, manifest: Manifest) -> list[Drawn]:
    numbers = draw_positions(asked.seed, manifest.cards, asked.size, with_replacement=asked.with_replacement)
    found = []
    for draw_number, number in enumerate(numbers, 1):
        place = manifest.place(number)
        jurisdiction, tabulator, batch = place.names
        found.append(drawn(draw_number, (jurisdiction, tabulator, batch), place.position, number=number))
    return found


def _bounds(batches: Sequence[FrameBatch]) -> dict[BatchKey, Fraction]:
    for batch in batches:
        if batch.bound is None:
            raise RequestError(f"{batch_name(batch.key)} has no error bound in the frame; make it with "
                               "--bounds, which gives each batch one.")  # fmt: skip
    return {batch.key: batch.bound for batch in batches if batch.bound is not None}


def _by_bounds(asked: Asked, batches: Sequence[FrameBatch]) -> list[Drawn]:
    keys = draw_by_bounds(asked.seed, _bounds(batches), asked.size)
    return [drawn(number, key) for number, key in enumerate(keys, 1)]


def _arlo_ballots(asked: Asked, batches: Sequence[FrameBatch]) -> list[Drawn]:
    from tallyproof.sampling.arlo import arlo_ballots

    by_name = _arlo_names(batches)
    sizes = {name: by_name[name].cards for name in by_name}
    if not asked.with_replacement and asked.size > sum(sizes.values()):
        raise RequestError(f"There are {sum(sizes.values()):,} cards; without replacement no more are drawn.")
    tickets = islice(arlo_ballots(asked.seed, sizes, with_replacement=asked.with_replacement), asked.size)
    return [
        drawn(number, by_name[ticket.id[0]].key, ticket.id[1], ticket=ticket.number)
        for number, ticket in enumerate(tickets, 1)
    ]


def _arlo_batches(asked: Asked, batches: Sequence[FrameBatch]) -> list[Drawn]:
    from tallyproof.sampling.arlo import arlo_batches

    bounds, by_name = _bounds(batches), _arlo_names(batches)
    listed = {name: bounds[batch.key] for name, batch in by_name.items()}
    found = arlo_batches(asked.seed, listed, asked.size, numpy_major=asked.numpy_major)
    return [
        drawn(number, by_name[each.batch].key, ticket=each.number) for number, each in enumerate(found, 1)
    ]


def _arlo_names(batches: Sequence[FrameBatch]) -> dict[ArloName, FrameBatch]:
    """Batches by the names that Arlo hashes: those of jurisdiction, tabulator and batch that are given.

    One name alone is hashed as a text, several as a tuple.
    """
    return {_arlo_name(tuple(part for part in batch.key if part)): batch for batch in batches}


def _arlo_name(parts: tuple[str, ...]) -> ArloName:
    return parts[0] if len(parts) == 1 else parts
