"""Making a frame: from manifests alone, from cast vote records beside them, or of batches with bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.errors import RequestError
from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import BatchKey, CardStyle, FrameBatch, Head, Order
from tallyproof.services import frame_cards, frame_files, frame_lines
from tallyproof.services.frame_bounds import bounded
from tallyproof.services.frame_cards import Joined
from tallyproof.services.frame_lists import home_of
from tallyproof.services.frame_pools import FramePools

TOGETHER = 50_000


class FrameMade(msgspec.Struct, frozen=True):
    """A frame that was written: its hash, what it lists, and what is to be known about it.

    ``contests`` gives the cards that bear each contest, those counted that cast vote records do not list;
    ``unlisted`` are such cards, and ``pooled`` those known only in pools of unmatched or withheld records.
    ``faults`` are rows of the sources that are not in the frame, and what does not fit in the pools.
    """

    file: str
    sha256: str
    kind: frames.Kind
    order: Order
    cards: int
    batches: int
    jurisdictions: dict[str, int]
    contests: dict[str, int]
    unlisted: int = 0
    pooled: int = 0
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """What a frame is made from: the batches in the order listed, and the cards of each jurisdiction.

    ``files`` names the manifest of each jurisdiction that has one.
    """

    batches: tuple[FrameBatch, ...]
    files: Mapping[str, Manifest]
    parts: Mapping[str, tuple[CardPart, ...]]


def make_frame(
    path: Path,
    cards: CaseCards,
    *,
    order: Order = "canonical",
    of_batches: bool = False,
    bounds: Mapping[BatchKey, Fraction] | None = None,
    pools: FramePools | None = None,
) -> FrameMade:
    """Write the frame of these cards and manifests, and tell its hash.

    With cast vote records a card is named by its imprint, else by its record; cards that the manifest counts
    beyond them are listed too, and cards of ``pools`` by no record. Without them cards are the positions
    1, 2, … of each batch. ``of_batches`` lists batches, with ``bounds`` where given. Raises RequestError
    where manifests and cast vote records do not fit together.
    """
    lists, told = lists_of(cards), pools or FramePools()
    if not lists.batches and not lists.parts:
        raise RequestError(
            "There is neither a manifest nor a cast vote record to make a frame from. Import them with: "
            "tallyproof cards import"
        )
    faults, remarks = (*_rejected(lists, told.rows), *told.faults), [*_without_manifest(lists)]
    if of_batches or bounds is not None:
        made = _batch_frame(path, lists, order, bounds)
    elif not lists.parts:
        made = _position_frame(path, lists, order)
    else:
        made = _record_frame(path, lists, order, told)
    return msgspec.structs.replace(made, faults=faults, remarks=(*remarks, *made.remarks))


def lists_of(cards: CaseCards) -> Lists:
    """Batches and cards under the names that the frame gives them. Raises RequestError for a clash."""
    batches: list[FrameBatch] = []
    files: dict[str, Manifest] = {}
    for named, manifest in cards.manifests.items():
        for batch in manifest.batches:
            jurisdiction = frames.field_text(named)
            key = (jurisdiction, frames.field_text(batch.tabulator), frames.field_text(batch.name))
            batches.append(FrameBatch(key, batch.cards))
            files[jurisdiction] = manifest
    try:
        frames.require_once(batch.key for batch in batches)
    except RequestError as fault:
        raise RequestError(f"{str(fault).rstrip('.')}; correct the manifest first.") from fault
    parts: dict[str, list[CardPart]] = {}
    for part in cards.parts:
        parts.setdefault(_home(part, files), []).append(part)
    return Lists(tuple(batches), files, {name: tuple(found) for name, found in parts.items()})


def _home(part: CardPart, files: Mapping[str, Manifest]) -> str:
    """The jurisdiction of a part; one that nobody named is that of the only manifest."""
    name = home_of(frames.field_text(part.jurisdiction), files)
    if name in files or not files:
        return name
    shown = ", ".join(f"'{each}'" for each in sorted(files)[:8])
    raise RequestError(f"{part.file}: jurisdiction '{name}' has no manifest; there are manifests of {shown}. "
                       "Name jurisdictions alike, such as Adams=cards.csv, Adams=list.csv.")  # fmt: skip


def _rejected(lists: Lists, known: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Rows of the sources that are no batch and no card, but those ``known`` to stand for cards of a pool."""
    seen: set[int] = set()
    for manifest in lists.files.values():
        if id(manifest) not in seen:
            seen.add(id(manifest))
            for each in manifest.rejections:
                yield f"{each.file}, row {each.row:,}: {each.reason}; it is not in the frame."
    rejected: Counter[tuple[str, str]] = Counter()
    for name, parts in lists.parts.items():
        for part in parts:
            rejected[name, part.file] += part.rejected
    for place, number in rejected.items():
        left = number - known.get(place, 0)
        if left > 0:
            rows = "1 row" if left == 1 else f"{left:,} rows"
            yield f"{place[1]}: {rows} could not be read as cards."


def _without_manifest(lists: Lists) -> Iterator[str]:
    for jurisdiction in lists.parts:
        if jurisdiction not in lists.files:
            where = f" of {jurisdiction}" if jurisdiction else ""
            yield (f"There is no manifest{where}: the frame lists the cast vote records, and a card "
                   "that has none can never be drawn.")  # fmt: skip


def _ordered(batches: Iterable[FrameBatch], order: Order) -> list[FrameBatch]:
    return frames.canonical(batches) if order == "canonical" else list(batches)


def _by_jurisdiction(batches: Iterable[FrameBatch]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for batch in batches:
        found[batch.key[0]] += batch.cards
    return dict(found)


# ---- of batches


def _batch_frame(
    path: Path,
    lists: Lists,
    order: Order,
    bounds: Mapping[BatchKey, Fraction] | None,
) -> FrameMade:
    if not lists.batches:
        raise RequestError("A frame of batches is made from manifests; give --manifest.")
    batches = _ordered(lists.batches if bounds is None else bounded(lists.batches, bounds), order)
    head = Head("batches", order)
    lines = (f"{frames.batch_line(batch)}\n".encode() for batch in batches)
    digest = frame_files.write_frame(path, head, lines)
    cards = sum(batch.cards for batch in batches)
    return FrameMade(
        path.name, digest, "batches", order, cards, len(batches), _by_jurisdiction(batches), {}
    )  # fmt: skip


# ---- of positions


def _position_frame(path: Path, lists: Lists, order: Order) -> FrameMade:
    batches = _ordered(lists.batches, order)
    cards = sum(batch.cards for batch in batches)
    digest = frame_files.write_frame(path, Head("cards", order, (CardStyle((), cards),)), _positions(batches))
    return FrameMade(
        path.name, digest, "cards", order, cards, len(batches), _by_jurisdiction(batches), {}
    )  # fmt: skip


def _positions(batches: Iterable[FrameBatch]) -> Iterator[bytes]:
    for batch in batches:
        before = f"0,{frames.batch_prefix(batch.key)}"
        for start in range(1, batch.cards + 1, TOGETHER):
            stop = min(start + TOGETHER, batch.cards + 1)
            yield "".join(f"{before}{position}\n" for position in range(start, stop)).encode()


# ---- of cast vote records


def _record_frame(path: Path, lists: Lists, order: Order, told: FramePools) -> FrameMade:
    found = frame_cards.joined(lists.batches, lists.files, lists.parts, told.pools)
    batches = _ordered(found.batches, order)
    head = Head("cards", order, found.styles)
    digest = frame_files.write_frame(path, head, frame_lines.blocks(found, batches, order))
    contests = {contest: head.cards_with(contest) for contest in head.contests}
    remarks = (*_without_record(found), *_spoiled(found.spoiled))
    return FrameMade(
        path.name, digest, "cards", order, head.cards, len(batches), _by_jurisdiction(batches), contests,
        found.unlisted, found.pooled, remarks=remarks,
    )  # fmt: skip


def _without_record(found: Joined) -> Iterator[str]:
    """What to know of cards without a record of their own."""
    audit = "So that the audit counts them too, give its problem this frame: tallyproof cards pools --frame."
    if found.pooled:
        yield (
            f"Cards known in pools only, of unmatched or withheld records: {found.pooled:,}. They count as "
            f"bearing every contest of their pool. {'' if found.unlisted else audit}".strip()
        )
    if found.unlisted:
        yield (
            f"Cards of the manifests without a cast vote record: {found.unlisted:,}. They are in the frame, "
            f"and count as bearing every contest of their jurisdiction. {audit}"
        )


def _spoiled(cards: int) -> Iterator[str]:
    if cards:
        yield (
            f"Imprints that a spreadsheet program seems to have taken for a date or a number: {cards:,}. "
            "Such a card is named by its tabulator, batch and record instead, or by its record alone where "
            "these do not tell the batch's cards apart. Compare a few with the cards themselves."
        )
