"""Cards as parts: a frame and a book for each document, from a case or straight from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from tallyproof.election.ballot_manifest import Manifest
from tallyproof.election.card_part import CardPart, CaseCards, column
from tallyproof.election.evidence import slug
from tallyproof.election.standardizing import standardized_cards
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.intake import Document, documents
from tallyproof.services import card_keeping, cases
from tallyproof.services.access import Actor
from tallyproof.services.card_records import counting_cards, counting_manifests
from tallyproof.services.cases import CaseState
from tallyproof.services.name_records import names_of
from tallyproof.services.workspace import Workspace


def case_cards(workspace: Workspace, actor: Actor, case: str, *, standard_names: bool = True) -> CaseCards:
    """The cards and manifests of a case that count: of each source the newest import that stands.

    Nothing is read but the books; the cards are read where a step asks for them. ``standard_names`` False
    gives contests and choices as the files name them. Books are shared: whoever changes one takes a copy.
    Raises RequestError for an unknown case.
    """
    known = cases.state(workspace, actor, case)
    parts = _one_spelling([card_keeping.part_of(workspace, *each) for each in counting_cards(known.cards)])
    cards = CaseCards(parts, _manifests(workspace, known, parts))
    if not standard_names or known.names is None:
        return cards
    return standardized_cards(cards, names_of(workspace.files, known.names))


def _one_spelling(parts: Sequence[CardPart]) -> tuple[CardPart, ...]:
    """A jurisdiction that was written in several ways, such as ADAMS, under the way that came first."""
    names: dict[str, str] = {}
    for part in parts:
        names.setdefault(slug(part.jurisdiction), part.jurisdiction)
    return tuple(replace(part, jurisdiction=names[slug(part.jurisdiction)]) for part in parts)


def _manifests(workspace: Workspace, known: CaseState, parts: Sequence[CardPart]) -> dict[str, Manifest]:
    """The manifest of each jurisdiction, under the name by which its cards know it."""
    names = {slug(part.jurisdiction): part.jurisdiction for part in parts}
    return {
        names.get(slug(name), name): card_keeping.manifest_of(workspace, known.id, record, name)
        for name, record in counting_manifests(known.manifests).items()
    }


def parts_from_files(
    paths: Sequence[Path], jurisdiction: str = "", asked: AskedCards | None = None, *, encoding: str = ""
) -> tuple[CardPart, ...]:
    """The cards of these files, held in memory. Raises UnreadableError as the importers do."""
    with documents(list(paths), encoding) as found:
        return tuple(_part(document, jurisdiction, asked or AskedCards()) for document in found)


def _part(document: Document, jurisdiction: str, asked: AskedCards) -> CardPart:
    reading = registry.recognise(document, asked).read(document, asked)
    frames, rejected = [], 0
    for chunk in reading.chunks:
        frames.append(chunk.cards)
        rejected += len(chunk.rejections)
    cards = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    absent = [column(place) for place in range(len(reading.contests)) if column(place) not in cards]
    cards = cards.with_columns(pl.lit(None, dtype=pl.UInt32).alias(name) for name in absent)
    return CardPart(
        jurisdiction, document.name, document.facts.sha256, tuple(reading.contests), cards.lazy(),
        reading.election, rejected,
    )  # fmt: skip
