"""What an import of cards changes for others, and what does not fit together, in sentences."""

from __future__ import annotations

from tallyproof.election.ballot_manifest import Manifest, closest
from tallyproof.election.evidence import slug
from tallyproof.election.standard_names import jurisdiction_key
from tallyproof.services.card_records import CardImport, ManifestImport, counting_cards, counting_manifests
from tallyproof.services.cases import CaseState

NAMED = 5


def replaced(before: CaseState, now: CaseState) -> tuple[str, ...]:
    """The documents of cards that counted before and do not now, and the manifests."""
    counting = {(record.sequence, reading.key) for record, reading in counting_cards(now.cards)}
    cards = (
        f"{reading.file.name} of import {record.sequence} counts no longer: this one is newer."
        for record, reading in counting_cards(before.cards)
        if (record.sequence, reading.key) not in counting
    )
    return (*cards, *_replaced_manifests(before, now))


def _replaced_manifests(before: CaseState, now: CaseState) -> list[str]:
    """Manifests that counted before and do not now; one that counts elsewhere still is named with places."""
    counting = {slug(name): record.sequence for name, record in counting_manifests(now.manifests).items()}
    lost: dict[int, tuple[ManifestImport, list[str]]] = {}
    for name, record in counting_manifests(before.manifests).items():
        if counting.get(slug(name)) != record.sequence:
            lost.setdefault(record.sequence, (record, []))[1].append(name)
    return [
        f"{record.file.name} of import {number} counts no longer"
        f"{f' for {_listed(places)}' if number in counting.values() else ''}: this one is newer."
        for number, (record, places) in lost.items()
    ]


def beside(now: CaseState, record: CardImport | None) -> tuple[str, ...]:
    """That other files of the jurisdiction count too: a corrected file under a new name replaces none."""
    if record is None:
        return ()
    others = [
        f"{reading.file.name} (import {each.sequence})"
        for each, reading in counting_cards(now.cards)
        if each.sequence != record.sequence and slug(each.jurisdiction) == slug(record.jurisdiction)
    ]
    if not others:
        return ()
    verb = "counts" if len(others) == 1 else "count"
    return (
        f"Of {record.jurisdiction} {_listed(others)} {verb} too. Undo what this import takes the place of.",
    )


def mixed(now: CaseState, record: CardImport | None) -> tuple[str, ...]:
    """That the files now counting name several elections, where one of them came with this import."""
    new = {_plain(each.election) for each in record.readings if each.election.strip()} if record else set()
    named: dict[str, str] = {}
    for each, reading in counting_cards(now.cards):
        if reading.election.strip():
            shown = f"'{reading.election}' ({reading.file.name}, import {each.sequence})"
            named.setdefault(_plain(reading.election), shown)
    if len(named) < 2 or not new:
        return ()
    return (
        f"The files name {len(named)} elections: {_listed(list(named.values()))}. If one does not belong "
        f"here, take its import back: tallyproof cards undo {now.id} NUMBER --reason …",
    )


def unfit(jurisdiction: str, manifest: Manifest, record: ManifestImport) -> tuple[str, ...]:
    """What does not fit between a new manifest and the jurisdiction it came for."""
    absent = not_listed(jurisdiction, record) if slug(jurisdiction) else ()
    return (*nobodys(manifest), *absent)


def nobodys(manifest: Manifest) -> tuple[str, ...]:
    """That a manifest names jurisdictions, and some of its batches have none."""
    rows = [batch.row for batch in manifest.batches if not batch.jurisdiction]
    if not rows or len(rows) == len(manifest.batches):
        return ()
    verb = "1 batch names" if len(rows) == 1 else f"{len(rows):,} batches name"
    return (
        f"{manifest.file}, row {rows[0]:,}: {verb} no jurisdiction where others do, and count for none. "
        "Fill the column in, or leave it out where all are of one jurisdiction.",
    )


def not_listed(jurisdiction: str, manifest: ManifestImport) -> tuple[str, ...]:
    """That a manifest names jurisdictions, and not the one whose cards came with it."""
    if slug(jurisdiction) in {slug(name) for name in manifest.jurisdictions}:
        return ()
    near = closest(jurisdiction, manifest.jurisdictions)
    hint = f" The closest there is '{near}'." if near else ""
    return (
        f"{manifest.file.name} lists no batch of {jurisdiction}.{hint} "
        "Cards and manifest must name the jurisdiction alike.",
    )


def named_apart(now: CaseState, cards: CardImport | None, manifest: ManifestImport | None) -> tuple[str, ...]:
    """That cards and a manifest, one of them new, do not meet since one says Adams and one Adams County."""
    new = {each.sequence for each in (cards, manifest) if each}
    homes = {slug(each.jurisdiction): each for each, _ in counting_cards(now.cards)}
    listed = {slug(name): (name, each) for name, each in counting_manifests(now.manifests).items()}
    lone = {jurisdiction_key(each.jurisdiction): each for key, each in homes.items() if key not in listed}
    told = []
    for key, (name, each) in listed.items():
        other = lone.get(jurisdiction_key(name)) if key not in homes else None
        if other is not None and new & {each.sequence, other.sequence}:
            told.append(
                f"{each.file.name} is the manifest of {name}, and the cards of import {other.sequence} are "
                f"of {other.jurisdiction}. Cards and manifest must name the jurisdiction alike: take one of "
                "the imports back and give it again."
            )
    return tuple(told)


def _plain(election: str) -> str:
    return " ".join(election.casefold().split())


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - NAMED:,} more" if len(texts) > NAMED else ""
    return "; ".join(texts[:NAMED]) + more
