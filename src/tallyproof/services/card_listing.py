"""Whether cards and ballot manifests of a case belong together, told when either is imported."""

from __future__ import annotations

import polars as pl

from tallyproof.election.ballot_manifest import BatchKey, Manifest, not_in_manifest
from tallyproof.election.card_part import ROW, CardPart
from tallyproof.election.evidence import slug
from tallyproof.services import card_keeping
from tallyproof.services.card_records import CardImport, ManifestImport, counting_cards, counting_manifests
from tallyproof.services.cases import CaseState
from tallyproof.services.workspace import Workspace


def unlisted(
    workspace: Workspace, now: CaseState, cards: CardImport | None, manifest: ManifestImport | None
) -> tuple[str, ...]:
    """A sentence for each batch that the manifest of its jurisdiction does not list, or one for most of them.

    Told of what these imports brought: new cards against the manifest that counts, and the cards that count
    against a new manifest.
    """
    new = {each.sequence for each in (cards, manifest) if each}
    listed = {slug(name): record for name, record in counting_manifests(now.manifests).items()}
    read: dict[int, dict[str, Manifest]] = {}
    told: list[str] = []
    for record, reading in counting_cards(now.cards):
        own = listed.get(slug(record.jurisdiction))
        if own is None or not new & {record.sequence, own.sequence}:
            continue
        if own.sequence not in read:
            read[own.sequence] = card_keeping.batches_of(workspace, own)
        batches = read[own.sequence].get(slug(record.jurisdiction)) or read[own.sequence][""]
        found, firsts = _batches(card_keeping.part_of(workspace, record, reading))
        told += not_in_manifest(batches, found, reading.file.name, firsts)
    return tuple(told)


def _batches(part: CardPart) -> tuple[dict[BatchKey, int], dict[BatchKey, int]]:
    """How many cards each batch has, and the row of its first."""
    grouped = part.cards.group_by("tabulator", "batch").agg(pl.len(), pl.col(ROW).min()).collect()
    rows = list(grouped.iter_rows())
    return {(row[0], row[1]): row[2] for row in rows}, {(row[0], row[1]): row[3] for row in rows}
