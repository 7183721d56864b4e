"""Each batch of a manifest beside the cast vote records of it: listed, found, difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tallyproof.election.ballot_manifest import BatchKey, Manifest, closest
from tallyproof.election.jurisdiction import place_key


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch: cards listed in the manifest and cards found, None where it is not listed.

    ``file`` and ``row`` say where its first card stands, ``listed_row`` is its row in the manifest
    ``listed_file``; ``listed_as`` is the manifest's spelling where it is another one. ``has_cvr`` is False
    where the manifest says that the batch has no cast vote records. ``near`` is the closest unlisted name.
    """

    jurisdiction: str
    tabulator: str
    batch: str
    listed: int | None
    found: int
    has_cvr: bool | None
    file: str
    row: int | None
    listed_file: str
    listed_row: int | None = None
    listed_as: str = ""
    near: str = ""

    @property
    def difference(self) -> int | None:
        """Cards found over cards listed; None where the batch is not listed."""
        return None if self.listed is None else self.found - self.listed

    @property
    def expected(self) -> int:
        """Cast vote records that there should be: cards listed, none where the batch has no records."""
        return 0 if self.has_cvr is False else (self.listed or 0)

    @property
    def missing(self) -> int:
        """Cards listed of which there is no cast vote record, though there should be."""
        return 0 if self.has_cvr is False else self.unrecorded

    @property
    def unrecorded(self) -> int:
        """Cards listed beyond those found, in this batch alone: a card too many elsewhere is none of them."""
        return max(0, (self.listed or 0) - self.found)

    @property
    def over(self) -> int:
        """Cast vote records for which the manifest lists no card."""
        return max(0, self.found - self.expected)

    @property
    def name(self) -> str:
        """The batch as people name it."""
        return f"tabulator {self.tabulator}, batch {self.batch}" if self.tabulator else f"batch {self.batch}"


@dataclass(frozen=True, slots=True)
class FoundBatch:
    """A batch as cast vote records name it, with its cards and the place of the first."""

    tabulator: str
    batch: str
    cards: int
    file: str
    row: int


def batch_lines(jurisdiction: str, found: Sequence[FoundBatch], manifest: Manifest | None) -> list[BatchLine]:
    """Put the batches of cards beside those of the manifest, in its order, unlisted ones at the end.

    Names meet as they stand, then by spelling (case, leading zeros, signs) where that leaves one. Where
    one of the two names no tabulators, batches meet by their names alone.
    """
    if manifest is None:
        return [_unlisted(jurisdiction, each, None) for each in found]
    plain = without_tabulators(found, manifest)
    cards = _merged(found) if plain else {(each.tabulator, each.batch): each for each in found}
    listed = {("" if plain else batch.tabulator, batch.name): batch for batch in manifest.batches}
    partner = _partners(list(cards), list(listed))
    lines = []
    for key, batch in listed.items():
        other = partner.get(key)
        line = BatchLine(
            jurisdiction, batch.tabulator, batch.name, batch.cards, 0, batch.has_cvr,
            "", None, manifest.file, batch.row,
        )  # fmt: skip
        if other is not None:
            line = _with_cards(line, cards[other], "" if other == key else " ".join(key).strip())
        lines.append(line)
    used = set(partner.values())
    left = [each for key, each in cards.items() if key not in used]
    free = [" ".join(key).strip() for key in listed if key not in partner]
    return lines + [_unlisted(jurisdiction, each, manifest, free) for each in left]


def _with_cards(line: BatchLine, each: FoundBatch, listed_as: str) -> BatchLine:
    named = replace(line, tabulator=each.tabulator, batch=each.batch) if listed_as else line
    return replace(named, found=each.cards, file=each.file, row=each.row, listed_as=listed_as)


def _unlisted(
    jurisdiction: str, each: FoundBatch, manifest: Manifest | None, free: Sequence[str] = ()
) -> BatchLine:
    near = closest(f"{each.tabulator} {each.batch}".strip(), free)
    return BatchLine(
        jurisdiction, each.tabulator, each.batch, None, each.cards, None, each.file, each.row,
        manifest.file if manifest else "", None, "", near,
    )  # fmt: skip


def without_tabulators(found: Sequence[FoundBatch], manifest: Manifest) -> bool:
    """Whether tabulators must be left out where batches meet, because one side names none."""
    if not any(batch.tabulator for batch in manifest.batches):
        return True
    names = Counter(batch.name for batch in manifest.batches)
    return not any(each.tabulator for each in found) and max(names.values()) == 1


def _merged(found: Iterable[FoundBatch]) -> dict[BatchKey, FoundBatch]:
    merged: dict[BatchKey, FoundBatch] = {}
    for each in found:
        key = ("", each.batch)
        known = merged.get(key)
        merged[key] = replace(known, cards=known.cards + each.cards) if known else replace(each, tabulator="")
    return merged


def _partners(found: Sequence[BatchKey], listed: Sequence[BatchKey]) -> dict[BatchKey, BatchKey]:
    """For batches of the manifest the batch of cards: the same name, else the only one spelled alike."""
    same = set(found) & set(listed)
    partner = {key: key for key in same}
    alike = _only([key for key in found if key not in same])
    for spelling, key in _only([key for key in listed if key not in same]).items():
        if spelling in alike:
            partner[key] = alike[spelling]
    return partner


def _only(keys: Sequence[BatchKey]) -> dict[BatchKey, BatchKey]:
    """Keys by their spelling, those left out that share it with another."""
    spelled = [(place_key(tabulator), place_key(name)) for tabulator, name in keys]
    times = Counter(spelled)
    return {each: key for each, key in zip(spelled, keys, strict=True) if times[each] == 1 and any(each)}
