"""What the cards of a case say together, for their page and files: sums, differing batches, margins."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.reconciliation import ContestLine, JurisdictionLine
from tallyproof.checks.card_contests import place_of
from tallyproof.checks.wording import topic
from tallyproof.election.evidence import Finding, slug
from tallyproof.services import caching, card_audits, checking, reconciling
from tallyproof.services.access import Actor
from tallyproof.services.bounded import Solver
from tallyproof.services.card_contests import CountedContest
from tallyproof.services.card_margins import ContestMargin, margin_of
from tallyproof.services.card_records import (
    CardImport,
    CardReading,
    ManifestImport,
    counting_cards,
    counting_manifests,
)
from tallyproof.services.card_styles import RARE, card_styles
from tallyproof.services.cases import CaseState
from tallyproof.services.pages import Look
from tallyproof.services.workspace import Workspace

RISK_LIMIT = 0.05
SECONDS = 5.0
"""Seconds for the assertions of a ranked contest with many choices; on the command line it may have more."""
ALL_SECONDS = 30.0
"""Seconds for all such contests together, after which each has the least."""
LEAST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ContestAnswer:
    """Where a contest stands by its cards, and the most votes that one card may bear in it."""

    margin: ContestMargin
    vote_for: int

    @property
    def sample(self) -> int | None:
        """Cards that a comparison without errors needs to confirm all assertions; None where none are known.

        As many as all cards that may bear the contest means that a sample saves nothing.
        """
        needed = [each.comparison_cards for each in self.margin.assertions]
        return min(max(needed), self.margin.bound.cards) if needed else None


@dataclass(frozen=True, slots=True)
class CardsAnswer:
    """All of it; nothing tells votes of less than a whole contest.

    ``batches`` are those alone that differ or are not listed, of ``all_batches``. ``styles`` counts the
    sets of contests that stand together on cards, jurisdiction by jurisdiction, ``rare_styles`` those on
    fewer than ``rare_below`` cards, ``rare_cards`` together.
    """

    jurisdictions: tuple[JurisdictionLine, ...] = ()
    batches: tuple[BatchLine, ...] = ()
    all_batches: int = 0
    lines: tuple[ContestLine, ...] = ()
    contests: tuple[ContestAnswer, ...] = ()
    styles: int = 0
    rare_styles: int = 0
    rare_cards: int = 0
    rare_below: int = RARE
    faults: tuple[str, ...] = ()

    @property
    def cards(self) -> int:
        """All cards that were read."""
        return sum(each.cards for each in self.jurisdictions)

    @property
    def phantoms(self) -> int:
        """Cards listed in manifests, batch by batch, that have no cast vote record though they should."""
        return sum(each.missing for each in self.jurisdictions)


@dataclass(frozen=True, slots=True)
class Imported:
    """What counts of one jurisdiction: its documents of cards with their imports, and its manifest."""

    name: str
    readings: tuple[tuple[CardImport, CardReading], ...] = ()
    manifest: ManifestImport | None = None


def has_cards(state: CaseState) -> bool:
    """Whether cards or a manifest count in the case."""
    return any(not each.undone for each in state.cards) or any(not each.undone for each in state.manifests)


def answer(workspace: Workspace, actor: Actor, seen: Look) -> CardsAnswer:
    """What the cards say as the case's last event left them; kept as derived data beside the reports."""
    return caching.remember(
        workspace, seen.state.id, "cards answer", lambda: _kept_or_made(workspace, actor, seen)
    )


def imported(state: CaseState) -> dict[str, Imported]:
    """What counts of each jurisdiction, by its name in lower-case letters and dashes."""
    readings: dict[str, list[tuple[CardImport, CardReading]]] = {}
    for each, reading in counting_cards(state.cards):
        readings.setdefault(slug(each.jurisdiction), []).append((each, reading))
    manifests = {slug(name): (name, record) for name, record in counting_manifests(state.manifests).items()}
    names = {key: found[0][0].jurisdiction for key, found in readings.items()}
    names |= {key: name for key, (name, _) in manifests.items() if key not in names}
    return {
        key: Imported(name, tuple(readings.get(key, ())), manifests[key][1] if key in manifests else None)
        for key, name in names.items()
    }


def findings_of(seen: Look) -> tuple[Finding, ...]:
    """The findings on cards, as they are ranked."""
    return tuple(each for each in seen.checked.findings if each.check in reconciling.CHECKS)


class BatchFindings:
    """Which finding tells of a batch that differs or is not listed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._ids = {(each.unit, each.topic): each.id for each in findings if each.check == "B15"}

    def of(self, line: BatchLine) -> str:
        """The id of the batch's own finding, else of the one that tells of many; empty without any."""
        kind = "unlisted" if line.listed is None else "over" if line.over else "short"
        whole = place_of(line.jurisdiction, "")
        known = ((place_of(line.jurisdiction, line.name), topic(kind)), (whole, topic(kind, "many")),
                 (whole, "ballots"))  # fmt: skip
        return next((self._ids[each] for each in known if each in self._ids), "")


# ---- made once, and kept until something is imported, undone or renamed


def _kept_or_made(workspace: Workspace, actor: Actor, seen: Look) -> CardsAnswer:
    if not has_cards(seen.state):
        return CardsAnswer()
    name = checking.report_name(seen.state, seen.state.active, "reports/cards-")
    if kept := _kept(workspace, name):
        return kept
    made = _made(workspace, actor, seen)
    workspace.files.put_named(name, msgspec.json.encode(made))
    return made


def _kept(workspace: Workspace, name: str) -> CardsAnswer | None:
    """An answer that was kept; None where there is none that can be read."""
    if not workspace.files.exists_named(name):
        return None
    with workspace.files.open_named(name) as stream:
        try:
            return msgspec.json.decode(stream.read(), type=CardsAnswer)
        except msgspec.DecodeError:
            return None


def _made(workspace: Workspace, actor: Actor, seen: Look) -> CardsAnswer:
    case = seen.state.id
    if not counting_cards(seen.state.cards):
        return CardsAnswer()
    workspace.progress("Reconciling cards")
    tables = reconciling.tables_of(checking.material_of(workspace, actor, case, with_cards=True))
    audited = card_audits.of_case(workspace, actor, case)
    styles = card_styles(audited.cards.parts)
    return CardsAnswer(
        tables.jurisdictions,
        (*tables.unlisted, *tables.differing),
        len(tables.batches),
        tables.contests,
        _contests(audited.pooled.contests),
        sum(len(each.styles) for each in styles),
        sum(each.rare for each in styles),
        sum(each.rare_cards for each in styles),
        faults=audited.pooled.faults,
    )


def _contests(contests: Sequence[CountedContest]) -> tuple[ContestAnswer, ...]:
    """Each contest's margin, within a time for each and a time for all."""
    solver, end = Solver(), time.monotonic() + ALL_SECONDS
    found = []
    try:
        for each in contests:
            solver.seconds = max(LEAST_SECONDS, min(SECONDS, end - time.monotonic()))
            found.append(ContestAnswer(margin_of(each, RISK_LIMIT, solver), each.recorded.vote_for))
    finally:
        solver.close()
    return tuple(found)
