"""The Cards tab, which says whether cards and manifests agree, and what an audit of each contest takes."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.reconciliation import JurisdictionLine
from tallyproof.election.evidence import slug
from tallyproof.services import card_answers, card_margins, pages
from tallyproof.services.access import Actor
from tallyproof.services.card_answers import BatchFindings, CardsAnswer, ContestAnswer, Imported
from tallyproof.services.pages import Look
from tallyproof.web import card_words
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import ROWS_IN_A_FILE, Column, ordered, paged, word
from tallyproof.web.carried import is_published, workspace_of
from tallyproof.web.findings import listed
from tallyproof.web.pages.record import EVENTS
from tallyproof.web.plan_link import card_query
from tallyproof.web.showing import show
from tallyproof.web.wording import address

CONTESTS, BATCHES, FIRST, FINDINGS, JURISDICTIONS, FILES, WINNERS = 50, 200, 20, 5, 100, 3, 6
LONGER = 600
"""Seconds that the command gives a ranked contest for which the page's do not suffice."""


@dataclass(frozen=True, slots=True)
class Event:
    """An import of cards or of a manifest: what, when, and its row in the record."""

    what: str
    sequence: int
    at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class JurisdictionRow:
    """A jurisdiction: its line (None where it has a manifest alone), how it stands, what was imported."""

    name: str
    line: JurisdictionLine | None
    stands: str
    differs: bool
    files: tuple[str, ...] = ()
    more_files: int = 0
    events: tuple[Event, ...] = ()

    @property
    def difference(self) -> int | None:
        """Cards over those that the manifest says have records; None without a manifest."""
        if self.line is None or self.line.expected is None:
            return None
        return self.line.cards - self.line.expected


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch that differs or is not listed, and its finding's id."""

    line: BatchLine
    finding: str


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest with its words, the planner's address, and what the search needs on the command line.

    ``told`` is why nobody can tell who won.
    """

    answer: ContestAnswer
    kind: str
    bound_by: str
    status: str
    winners: tuple[str, ...]
    more_winners: int
    share: float | None
    remarks: tuple[str, ...] = ()
    plan: str = ""
    command: str = ""
    told: str = ""


@open_to(READERS)
def cards(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Cards beside manifests by jurisdiction, batches that differ, contests, and how to draw."""
    seen, found = _found(request, actor, case)
    imported = card_answers.imported(seen.state)
    findings = card_answers.findings_of(seen)
    rows, headings = ordered(request, found.contests, _contest_columns(), "percent")
    notes = list(dict.fromkeys([*found.faults, *(f for c in found.contests for f in c.margin.bound.faults)]))
    page = paged(request, rows, CONTESTS)
    places = _jurisdictions(request, seen, found, imported)
    context = {
        "answer": card_words.of_cards(found, imported),
        "found": found,
        "imported": imported,
        "has_manifest": any(each.manifest for each in imported.values()),
        "places": places[:JURISDICTIONS],
        "more_places": max(0, len(places) - JURISDICTIONS),
        "batches": _batches(seen, found.batches[:FIRST]),
        "refused": any(line.over for line in found.batches),
        "findings": findings,
        "listed": listed(seen, findings[:FINDINGS]),
        "more_findings": max(0, len(findings) - FINDINGS),
        "notes": notes,
        "headings": headings,
        "page": page,
        "contests": [_contest(case, each, notes) for each in page.rows],
        "risk_limit": f"{100 * card_answers.RISK_LIMIT:g}",
        "draw": _draw(found.contests),
    }
    return show(request, "cards.html", context, title=_("Cards"), seen=seen, tab="cards")


@open_to(READERS)
def batches(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """All batches that differ from their manifest or are not listed there."""
    seen, found = _found(request, actor, case)
    names = list(dict.fromkeys(line.jurisdiction for line in found.batches if line.jurisdiction))
    chosen = word(request, "jurisdiction", names)
    left = [line for line in found.batches if not chosen or line.jurisdiction == chosen]
    rows, headings = ordered(request, left, _batch_columns())
    page = paged(request, rows, BATCHES)
    context = {
        "answer": card_words.of_batches(found),
        "found": found,
        "jurisdictions": names,
        "jurisdiction": chosen,
        "headings": headings,
        "page": page,
        "batches": _batches(seen, page.rows),
    }
    return show(request, "card_batches.html", context, title=_("Batches of cards"), seen=seen, tab="cards")


def _found(request: HttpRequest, actor: Actor, case: str) -> tuple[Look, CardsAnswer]:
    workspace = workspace_of(request)
    seen = pages.look(workspace, actor, case)
    return seen, card_answers.answer(workspace, actor, seen)


# ---- jurisdictions


def _jurisdictions(
    request: HttpRequest, seen: Look, found: CardsAnswer, imported: dict[str, Imported]
) -> list[JurisdictionRow]:
    """Those that differ first, then those with a manifest alone, then the others by name."""
    lines = {slug(line.jurisdiction): line for line in found.jurisdictions}
    rows = [_jurisdiction(request, seen, each, lines.get(key)) for key, each in imported.items()]
    return sorted(rows, key=lambda row: (not row.differs, row.line is not None, row.name.casefold()))


def _jurisdiction(
    request: HttpRequest, seen: Look, each: Imported, line: JurisdictionLine | None
) -> JurisdictionRow:
    events = {record.sequence: (_("cards"), record.at) for record, _reading in each.readings}
    if each.manifest:
        events[each.manifest.sequence] = (_("manifest"), each.manifest.at)
    told = tuple(
        Event(what, sequence, datetime.fromisoformat(at), _event_href(request, seen, sequence))
        for sequence, (what, at) in sorted(events.items())
    )
    files = tuple(reading.file.name for _record, reading in each.readings)
    name = each.name or _("without a name")
    return JurisdictionRow(
        name, line, card_words.stands(line) if line else _("a manifest, and no cast vote records"),
        bool(line and card_words.differs(line)), files[:FILES], max(0, len(files) - FILES), told[-FILES:],
    )  # fmt: skip


def _event_href(request: HttpRequest, seen: Look, sequence: int) -> str:
    """The event's row in the record; its list where the row may stand on a later page."""
    rows = ROWS_IN_A_FILE if is_published(request) else EVENTS
    is_on_first = seen.state.sequence - sequence < rows
    place = address("record", case=seen.state.id)
    return f"{place}#event-{sequence}" if is_on_first else f"{place}#events"


# ---- batches


def _batches(seen: Look, lines: Sequence[BatchLine]) -> list[BatchRow]:
    finding = BatchFindings(seen.checked.findings).of
    return [BatchRow(line, finding(line)) for line in lines]


def _batch_columns() -> list[Column[BatchLine]]:
    return [
        Column("jurisdiction", _("Jurisdiction"), lambda line: line.jurisdiction.casefold()),
        Column("tabulator", _("Tabulator"), lambda line: line.tabulator),
        Column("batch", _("Batch"), lambda line: line.batch),
        Column("listed", _("Listed"), lambda line: line.listed, numeric=True),
        Column("found", _("Found"), lambda line: line.found, numeric=True),
        Column("difference", _("Difference"), lambda line: line.difference, numeric=True),
    ]


# ---- contests


def _contest_columns() -> list[Column[ContestAnswer]]:
    return [
        Column("contest", _("Contest"), lambda each: each.margin.name.casefold()),
        Column("cards", _("Cards that may bear it"), lambda each: each.margin.bound.cards, numeric=True),
        Column("winner", _("Ahead"), lambda each: ", ".join(each.margin.winners).casefold() or None),
        Column("margin", _("Margin in votes"), lambda each: each.margin.smallest, numeric=True),
        Column("percent", _("Of its cards"), lambda each: each.margin.percent, numeric=True),
        Column("sample", _("Sample"), lambda each: each.sample, numeric=True),
    ]


def _contest(case: str, each: ContestAnswer, notes: Collection[str]) -> ContestRow:
    margin = each.margin
    is_late = margin.status == card_margins.TOO_LONG
    asked = ["tallyproof", "cards", "assertions", case, "--contest", margin.name, "--seconds", str(LONGER)]
    return ContestRow(
        each,
        card_words.kind(each),
        card_words.bound_by(each),
        card_words.status(each),
        margin.winners[:WINNERS],
        max(0, len(margin.winners) - WINNERS),
        None if margin.percent is None else margin.percent / 100,
        tuple(remark for remark in margin.remarks if remark not in notes),
        card_query(each),
        shlex.join(asked) if is_late else "",
        margin.sentence if margin.status == card_margins.REFUSED else "",
    )


def _draw(contests: Sequence[ContestAnswer]) -> str:
    """The closest contest with its sample, as the command that draws takes it."""
    known = [
        (each.margin.percent or 0.0, f"{each.margin.name}={each.sample}")
        for each in contests
        if each.sample and each.sample < each.margin.bound.cards
    ]
    return shlex.quote(min(known)[1]) if known else ""
