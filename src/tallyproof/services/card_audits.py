"""Cards for an audit, of a case or straight from files, with everything that pools are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tallyproof.audit.contests_size import StyleCards
from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election.ballot_manifest import BatchTotals
from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.cards.redacted import Redacted, read_redacted
from tallyproof.formats.intake import documents
from tallyproof.services import cases
from tallyproof.services.access import Actor
from tallyproof.services.card_contests import HowWon
from tallyproof.services.card_frames import FrameCounts, frame_counts, on_frame
from tallyproof.services.card_parts import case_cards
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_problems import styles_for
from tallyproof.services.card_records import CardReading, counting_cards
from tallyproof.services.cards import read_totals
from tallyproof.services.frame_lists import cards_of_files, home_of, split_name
from tallyproof.services.pool_names import Names, names_between, redacted_under, totals_under
from tallyproof.services.pool_sources import PoolSources, Unmatched
from tallyproof.services.tables import document_of
from tallyproof.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What somebody says beside the cards.

    ``totals`` are files of batch totals, as ``NAME=FILE`` where there are several jurisdictions;
    ``totals_contest`` the contest of totals that name choices only; ``told`` how contests are won.
    With a ``frame`` contests stand on as many cards as it lists.
    """

    totals: tuple[str, ...] = ()
    totals_contest: str = ""
    unmatched: Unmatched = field(default_factory=Unmatched)
    told: Mapping[str, HowWon] = field(default_factory=dict)
    rules: RankingRules = field(default_factory=RankingRules)
    encoding: str = ""
    frame: Path | None = None


@dataclass(frozen=True)
class AuditCards:
    """Cards, what pools were made of, and every contest with its pools; ``frame`` where one was given."""

    cards: CaseCards
    sources: PoolSources
    pooled: PooledCards
    frame: FrameCounts | None = None

    @property
    def styles(self) -> tuple[StyleCards, ...]:
        """All cards by the contests on them: as in the frame, else those with records and in pools."""
        if self.frame is not None:
            return self.frame.styles(self.pooled)
        return styles_for(self.cards, self.pooled, self.sources)


def of_case(workspace: Workspace, actor: Actor, case: str, asked: AuditAsked | None = None) -> AuditCards:
    """The cards of a case that count, its manifests, and the rows that its originals withhold.

    Raises RequestError for an unknown case, and one without cards.
    """
    given = asked or AuditAsked()
    cards, sources = sources_of_case(workspace, actor, case, given)
    if not cards.parts:
        raise RequestError(f"The case '{case}' has no cards. Import them: tallyproof cards import {case} …")
    return _gathered(cards, sources, given)


def sources_of_case(
    workspace: Workspace, actor: Actor, case: str, given: AuditAsked
) -> tuple[CaseCards, PoolSources]:
    """The cards of a case that count, and what pools are made of; no card is read.

    Raises RequestError for an unknown case.
    """
    cards = case_cards(workspace, actor, case)
    readings = [reading for _, reading in counting_cards(cases.state(workspace, actor, case).cards)]
    if not given.totals and not any(reading.rejected for reading in readings):
        return cards, _sources(cards, {}, given)
    as_written = case_cards(workspace, actor, case, standard_names=False).parts
    names = names_between(as_written, cards.parts)
    return cards, _sources(cards, _redacted_of_case(workspace, readings, cards, names), given, names)


def of_files(
    files: Sequence[str],
    manifests: Sequence[str] = (),
    asked: AuditAsked | None = None,
    how: AskedCards | None = None,
) -> AuditCards:
    """The cards of these files and their manifests, each as ``NAME=FILE`` where it is of jurisdiction NAME.

    Raises RequestError where two manifests are of one jurisdiction, UnreadableError for unreadable files.
    """
    given = asked or AuditAsked()
    cards, sources = sources_of_files(files, manifests, given, how)
    _require_homes(cards)
    return _gathered(cards, sources, given)


def sources_of_files(
    files: Sequence[str], manifests: Sequence[str], given: AuditAsked, how: AskedCards | None = None
) -> tuple[CaseCards, PoolSources]:
    """The cards of these files, and what pools are made of. Raises as ``of_files`` does."""
    cards = cards_of_files(manifests, files, how, given.encoding)
    by_name: dict[str, list[Path]] = {}
    for text in files:
        name, path = split_name(text)
        by_name.setdefault(home_of(name, cards.manifests), []).append(path)
    redacted = {name: _redacted_of_files(paths, given.encoding) for name, paths in by_name.items()}
    return cards, _sources(cards, redacted, given)


def _require_homes(cards: CaseCards) -> None:
    """Raise RequestError for cards of nobody beside manifests of somebody, and the other way round."""
    homes = {part.jurisdiction for part in cards.parts}
    if not cards.manifests or not homes - set(cards.manifests):
        return
    lost = next((part for part in cards.parts if not part.jurisdiction), None)
    listed = cards.manifests.get("")
    if lost is not None or listed is not None:
        file = lost.file if lost is not None else listed.file if listed is not None else ""
        names = sorted(filter(None, {*cards.manifests, *homes}))
        shown = ", ".join(f"'{name}'" for name in names[:8])
        raise RequestError(f"{file}: nobody says of which jurisdiction it is; others are of {shown}. Name "
                           "jurisdictions alike, such as Adams=cards.csv, Adams=list.csv.")  # fmt: skip


def _sources(
    cards: CaseCards,
    redacted: Mapping[str, Sequence[Redacted]],
    asked: AuditAsked,
    names: Mapping[str, Names] | None = None,
) -> PoolSources:
    totals = _totals(cards, asked, names or {})
    return PoolSources(totals, redacted, asked.unmatched, asked.totals_contest)


def _gathered(cards: CaseCards, sources: PoolSources, asked: AuditAsked) -> AuditCards:
    pooled = gather(cards, sources, told=asked.told, rules=asked.rules)
    if asked.frame is None:
        return AuditCards(cards, sources, pooled)
    frame = frame_counts(asked.frame)
    return AuditCards(cards, sources, on_frame(pooled, frame), frame)


def _totals(cards: CaseCards, asked: AuditAsked, names: Mapping[str, Names]) -> dict[str, list[BatchTotals]]:
    """The totals of each jurisdiction; a file without a name is that of the only one."""
    known = sorted({*(part.jurisdiction for part in cards.parts), *cards.manifests})
    if asked.totals and not known:
        raise RequestError("There are neither cards nor a manifest beside the totals. Give them too.")
    found: dict[str, list[BatchTotals]] = {}
    for text in asked.totals:
        name, path = split_name(text)
        home = name or (known[0] if len(known) == 1 else "")
        if home not in known:
            shown = ", ".join(known[:5])
            raise RequestError(
                f"Whose totals are in {path.name}? Say it, such as --totals {known[0]}={path.name}; here are "
                f"cards of {shown}."
            )
        told = read_totals(path, asked.encoding)
        known_as = {} if asked.totals_contest else names.get(home, {})
        found.setdefault(home, []).append(totals_under(told, known_as))
    return found


def _redacted_of_files(paths: Sequence[Path], encoding: str) -> list[Redacted]:
    with documents(list(paths), encoding) as found:
        return [read_redacted(document) for document in found]


def _redacted_of_case(
    workspace: Workspace, readings: Sequence[CardReading], cards: CaseCards, names: Mapping[str, Names]
) -> dict[str, list[Redacted]]:
    """By jurisdiction what the originals of a case withhold: rows of sums are among those rejected."""
    found: dict[str, list[Redacted]] = {}
    for reading, part in zip(readings, cards.parts, strict=True):
        if reading.rejected:
            told = redacted_under(_reread(workspace, reading), names.get(part.jurisdiction, {}))
            found.setdefault(part.jurisdiction, []).append(told)
    return found


def _reread(workspace: Workspace, reading: CardReading) -> Redacted:
    again = cases.Reading(reading.file, reading.key, reading.importer, "", reading.encoding)
    with document_of(workspace, again) as document:
        return read_redacted(document)
