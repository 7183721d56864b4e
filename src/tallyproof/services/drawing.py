"""Drawing from a frame: every method of ``sampling``, in rounds that extend, as a record anyone can redo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from msgspec import structs

from tallyproof.errors import RequestError, TallyproofError
from tallyproof.sampling.frame import Head
from tallyproof.sampling.seed import Seed
from tallyproof.services import draw_batches, draw_cards, frame_files
from tallyproof.services.draw_records import VERSION, Drawn, DrawRecord, DrawRound, Method
from tallyproof.services.drawn import Asked, Outcome

SHOWN = 3
_HASH = re.compile("[0-9a-f]{64}")

METHODS: Mapping[Method, str] = {
    "uniform": "each card alike, by SHA-256 of seed,1 and seed,2 and so on",
    "consistent": "each contest the lowest tickets, SHA-256 of seed,id, of the cards that bear it",
    "ppeb": "batches in proportion to their error bounds",
    "colorado": "as Colorado draws: counties by name, cards in the manifests' order",
    "rivest": "Rivest's consistent sampler, each card alike",
    "shangrla": "as consistent, with the numbers of SHANGRLA's cryptorandom",
    "arlo-ballots": "ballots as Arlo draws them",
    "arlo-batches": "batches as Arlo draws them",
}
"""What each method does."""

FROM_BATCHES = {"ppeb", "colorado", "arlo-ballots", "arlo-batches"}
FROM_CARDS = {"consistent", "rivest", "shangrla"}
BY_CONTEST = {"consistent", "shangrla"}
ONLY_WITH = {"ppeb", "colorado", "arlo-batches"}


def draw(path: Path, wanted: Asked, *, frame_hash: str | None = None) -> DrawRecord:
    """Draw all rounds asked for from the frame in this file.

    A frame of more than some hundred thousand cards is shared among processes; a script of your own that
    draws from one begins under ``if __name__ == "__main__":``, as for all processes that Python starts.

    Raises RequestError where the frame's hash is not ``frame_hash``, the one that was published, where that
    is no hash, or where the frame cannot be drawn from in this way. Without one nothing is compared.
    """
    expected = None if frame_hash is None else _hash(frame_hash)
    try:
        head = frame_files.head_of(path)
        _require(wanted, head)
        found = draw_batches.draw(path, wanted) if head.kind == "batches" else draw_cards.draw(path, wanted)
    except TallyproofError:
        if expected and path.is_file():
            _require_hash(path, frame_files.hash_of(path), expected)
        raise
    if expected:
        _require_hash(path, found.frame.sha256, expected)
    return _record(wanted, found)


def _hash(text: str) -> str:
    """The SHA-256 that was published. RequestError for what is none: an empty one compares nothing."""
    plain = text.casefold().strip()
    if not _HASH.fullmatch(plain):
        raise RequestError(
            f"'{text[:80]}' is no SHA-256, which has 64 signs, 0 to 9 and a to f. Give the hash of the frame "
            "as it was published."
        )
    return plain


def _require_hash(path: Path, found: str, expected: str) -> None:
    if found != expected:
        raise RequestError(
            f"{path.name} is not the frame that was published: its SHA-256 is {found}, not {expected}. "
            "Nothing was drawn. Draw from the published file."
        )


def draw_next(
    path: Path, earlier: DrawRecord, size: int, sizes: Mapping[str, int], *, frame_hash: str | None = None
) -> DrawRecord:
    """Draw one more round after those of a record: what it drew stays, nothing is repeated or dropped.

    The earlier rounds are drawn again and compared. Raises RequestError where the frame is another one or
    the record does not hold what its seed draws.
    """
    if frame_hash is not None and _hash(frame_hash) != earlier.frame.sha256:
        raise RequestError(f"The record was drawn from frame {earlier.frame.sha256}, not {frame_hash}.")
    before = asked_of(earlier)
    rounds = (*before.rounds, DrawRound(size, {**earlier.rounds[-1].sizes, **sizes}))
    record = draw(path, replace(before, rounds=rounds), frame_hash=earlier.frame.sha256)
    for wrong in _round_differences(earlier.rounds, record.rounds[:-1]):
        raise RequestError(f"The record is not what its frame and seed draw: {wrong} "
                           "Go on from the record as it was published.")  # fmt: skip
    return record


def redraw(path: Path, record: DrawRecord) -> list[str]:
    """Draw a record anew and say, a sentence each, where it differs; empty where it agrees.

    Raises RequestError where the frame is another one than the record's.
    """
    return differences(record, draw(path, asked_of(record), frame_hash=record.frame.sha256))


def asked(
    seed: str,
    method: Method,
    size: int,
    sizes: Mapping[str, int],
    *,
    with_replacement: bool = True,
    jurisdictions: tuple[str, ...] = (),
    reproducing: bool = False,
    numpy_major: Literal[1, 2] = 1,
) -> Asked:
    """A first round; for contests each card is drawn once. Raises RequestError for a short seed."""
    rounds = (DrawRound(size, dict(sizes)),)
    with_replacement = with_replacement and method not in BY_CONTEST
    return Asked(Seed(seed, reproducing), method, rounds, with_replacement, jurisdictions, numpy_major)


def asked_of(record: DrawRecord) -> Asked:
    """What was asked for, so that it can be drawn again."""
    rounds = tuple(DrawRound(each.size, each.sizes) for each in record.rounds)
    return Asked(
        Seed(record.seed, record.reproducing), record.method, rounds, record.with_replacement,
        record.jurisdictions, record.numpy_major,
    )  # fmt: skip


def differences(record: DrawRecord, again: DrawRecord) -> list[str]:
    """A sentence for each draw, list or number in which two records of one draw differ."""
    found = [*_round_differences(record.rounds, again.rounds)]
    for name in sorted({*record.usable, *again.usable}):
        if record.usable.get(name) != again.usable.get(name):
            found.append(f"The cards that count for {name} are others than listed.")
    if record.thresholds != again.thresholds:
        found.append("The contests' last tickets are others than listed.")
    if structs.replace(record.frame, file="") != structs.replace(again.frame, file=""):
        found.append("The frame has another kind, order or number of cards or batches than listed.")
    return found


def _round_differences(listed: Sequence[DrawRound], again: Sequence[DrawRound]) -> Iterator[str]:
    for number, (one, other) in enumerate(zip(listed, again, strict=True), 1):
        if len(one.draws) != len(other.draws):
            yield f"Round {number} lists {len(one.draws):,} draws; the seed draws {len(other.draws):,}."
        pairs = zip(one.draws, other.draws, strict=False)
        wrong = [(each, right) for each, right in pairs if each != right]
        for each, right in wrong[:SHOWN]:
            yield (
                f"Draw {right.draw} is listed as {_shown(each, right)}; the seed draws {_shown(right, each)}."
            )
        if len(wrong) > SHOWN:
            yield f"In round {number} {len(wrong) - SHOWN:,} more draws differ."


def _shown(drawn: Drawn, other: Drawn) -> str:
    """The card or batch, its ticket, and of its numbers those in which the other differs."""
    name = ", ".join(part for part in (*drawn.key, drawn.card) if part)
    words = [f"{name} with ticket {drawn.ticket}" if drawn.ticket else name]
    words += [f"as card {drawn.number:,} of all"] if drawn.number not in {None, other.number} else []
    words += [f"as draw {drawn.draw:,}"] if drawn.draw != other.draw else []
    return " ".join(words)


def _require(asked: Asked, head: Head) -> None:
    """Raise RequestError where this method cannot draw these sizes from this kind of frame."""
    if asked.method in FROM_BATCHES and head.kind == "cards":
        raise RequestError(f"Method {asked.method} draws from a frame of batches, and this one lists cards. "
                           "Make one with: tallyproof cards frame --batches")  # fmt: skip
    if asked.method in FROM_CARDS and head.kind == "batches":
        raise RequestError(f"Method {asked.method} draws from a frame of cards, and this one lists batches. "
                           "Make one with: tallyproof cards frame, without --batches")  # fmt: skip
    if asked.method == "colorado" and head.order != "as-listed":
        raise RequestError("Colorado numbers cards in the order of the manifests; make the frame with "
                           "--order as-listed.")  # fmt: skip
    if asked.method in ONLY_WITH and not asked.with_replacement:
        raise RequestError(f"Method {asked.method} draws with replacement only.")
    has_sizes = any(each.sizes for each in asked.rounds)
    if asked.method in BY_CONTEST and (not has_sizes or any(each.size for each in asked.rounds)):
        raise RequestError(f"Method {asked.method} draws for contests: say --contest NAME=SIZE, not --size.")
    if asked.method not in BY_CONTEST and has_sizes:
        raise RequestError(f"Method {asked.method} draws cards or batches alike: say --size, not --contest.")


def _record(asked: Asked, found: Outcome) -> DrawRecord:
    ends = [0, *(min(end, len(found.draws)) for end in found.ends)]
    rounds = tuple(
        DrawRound(each.size, each.sizes, found.draws[start:end])
        for each, (start, end) in zip(asked.rounds, pairwise(ends), strict=True)
    )
    return DrawRecord(
        VERSION, found.frame, asked.seed.text, asked.method, rounds, asked.with_replacement,
        asked.jurisdictions, asked.seed.reproducing, asked.numpy_major, found.usable, found.thresholds,
    )  # fmt: skip
