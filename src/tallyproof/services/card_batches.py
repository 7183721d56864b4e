"""Batches of cards beside their manifest: which lack cards, which have too many, which are not listed.

The rule is that of the reconciliation: a record too many in one batch stands for no card of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallyproof.audit.batch_lines import BatchLine, FoundBatch, batch_lines
from tallyproof.election.ballot_manifest import Batch, BatchKey, Manifest, not_in_manifest


@dataclass(frozen=True)
class BesideManifest:
    """A manifest and the records of its jurisdiction, batch by batch.

    ``unrecorded`` are cards listed in batches that have no record of them, ``records`` the cards with
    records under the manifest's names; ``listed`` gives the batch of the manifest for each that records
    name. ``faults`` are sentences about batches that do not meet.
    """

    unrecorded: int
    records: Mapping[BatchKey, int]
    listed: Mapping[BatchKey, Batch]
    faults: tuple[str, ...] = ()


def beside_manifest(
    jurisdiction: str, records: Mapping[BatchKey, int], manifest: Manifest, files: Sequence[str]
) -> BesideManifest:
    """Put the cards with records of each batch beside the manifest; ``files`` are those they stand in."""
    found = [FoundBatch(*key, cards, "", 0) for key, cards in sorted(records.items())]
    lines = batch_lines(jurisdiction, found, manifest)
    rows = {batch.row: batch for batch in manifest.batches}
    told = {line.listed_row for line in lines}
    unrecorded = sum(line.unrecorded for line in lines)
    unrecorded += sum(batch.cards for batch in manifest.batches if batch.row not in told)
    known: Counter[BatchKey] = Counter()
    for line in lines:
        known[_key(line, rows)] += line.found
    where = files[0] if len(files) == 1 else f"Cast vote records of {jurisdiction or 'one jurisdiction'}"
    faults = [*not_in_manifest(manifest, +known, where), *_too_many(manifest, lines)]
    return BesideManifest(unrecorded, +known, _listed(records, lines, rows), tuple(faults))


def _key(line: BatchLine, rows: Mapping[int, Batch]) -> BatchKey:
    """The batch under the manifest's name where it lists it."""
    return (line.tabulator, line.batch) if line.listed_row is None else rows[line.listed_row].key


def _listed(
    records: Mapping[BatchKey, int], lines: Sequence[BatchLine], rows: Mapping[int, Batch]
) -> dict[BatchKey, Batch]:
    """The manifest's batch of each that records name: by its whole name, else by the name of one line."""
    exact = {(line.tabulator, line.batch): line.listed_row for line in lines}
    times = Counter(line.batch for line in lines)
    alone = {line.batch: line.listed_row for line in lines if times[line.batch] == 1}
    found = {key: exact.get(key, alone.get(key[1])) for key in records}
    return {key: rows[row] for key, row in found.items() if row is not None}


def _too_many(manifest: Manifest, lines: Sequence[BatchLine]) -> list[str]:
    """A sentence about batches with more records than cards listed."""
    over = [line for line in lines if line.listed is not None and line.found > line.listed]
    if not over:
        return []
    most = max(over, key=lambda line: line.found - (line.listed or 0))
    more = sum(line.found - (line.listed or 0) for line in over)
    batches = "1 batch has" if len(over) == 1 else f"{len(over):,} batches have"
    such = "" if len(over) == 1 else "such as "
    return [
        f"{manifest.file}: {batches} more records than cards listed ({such}row {most.listed_row:,}, "
        f"{most.name}: {most.listed:,} listed, {most.found:,} records), {more:,} too many. A record too many "
        "in one batch stands for no card of another. Settle which count is wrong before an audit."
    ]
