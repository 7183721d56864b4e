"""The Record tab, which says how anybody checks all this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Rejection
from tallyproof.services import card_records, cases, name_records, pages
from tallyproof.services.access import Actor
from tallyproof.services.pages import ImportNotes
from tallyproof.web import sentences
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import paged
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show
from tallyproof.web.wording import address, votes

if TYPE_CHECKING:
    from tallyproof.store.chain import Event

EVENTS, REJECTIONS = 100, 50


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with what it says in a phrase and the page it leads to, if any."""

    event: Event
    what: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import with the first rows that it rejected."""

    notes: ImportNotes
    rejections: tuple[Rejection, ...]
    more: int


@open_to(READERS)
def record(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Head of the ledger, imports with their originals' SHA-256, and every event."""
    workspace = workspace_of(request)
    seen = pages.look(workspace, actor, case)
    shown = pages.record_page(workspace, actor, case)
    page = paged(request, shown.events, EVENTS)
    context = {
        "answer": sentences.of_record(shown),
        "shown": shown,
        "imports": [_import(each) for each in shown.imports],
        "page": page,
        "events": [_event(case, each) for each in page.rows],
    }
    return show(request, "record.html", context, title=_("Record"), seen=seen, tab="record")


def _import(notes: ImportNotes) -> ImportRow:
    return ImportRow(notes, notes.rejections[:REJECTIONS], max(0, len(notes.rejections) - REJECTIONS))


def _event(case: str, event: Event) -> EventRow:
    body = event.body
    about, href = "", ""
    if event.kind == cases.OPENED:
        about = str(body.get("title", ""))
    elif event.kind == cases.IMPORTED:
        about = str(body.get("source", ""))
        href = address("import", case=case, sequence=event.sequence)
    elif event.kind == card_records.CARDS_IMPORTED:
        about, href = str(body.get("jurisdiction", "")), address("cards", case=case)
    elif event.kind == card_records.MANIFEST_IMPORTED:
        about, href = str(body.get("name", "")), address("cards", case=case)
    elif event.kind == name_records.NAMES_SET:
        about = str(body.get("reason") or body.get("file", ""))
    elif event.kind == cases.UNDONE:
        about = _("import %(number)s: %(reason)s") % {
            "number": body.get("import"),
            "reason": body.get("reason"),
        }
    elif event.kind == cases.ANSWERED:
        about, href = _answer(body), address("checks", case=case)
    elif event.kind == cases.PUBLISHED:
        about = _published(body)
    elif event.kind in cases.STATE_AFTER:
        about = str(body.get("finding", ""))
        href = address("finding", case=case, finding_id=about)
    return EventRow(event, _kind(event.kind), about, href)


def _answer(body: Mapping[str, Any]) -> str:
    counted = body.get("findings", {})
    return _("%(errors)s errors, %(warnings)s warnings, %(notes)s notes") % {
        "errors": votes(counted.get("error", 0)),
        "warnings": votes(counted.get("warning", 0)),
        "notes": votes(counted.get("info", 0)),
    }


def _published(body: Mapping[str, Any]) -> str:
    return _("as of event %(number)s") % {"number": body["head"]["sequence"]}


def _kind(kind: str) -> str:
    return {
        cases.OPENED: _("Case opened"),
        cases.IMPORTED: _("Returns imported"),
        card_records.CARDS_IMPORTED: _("Cards imported"),
        card_records.MANIFEST_IMPORTED: _("Ballot manifest imported"),
        name_records.NAMES_SET: _("Standard names set"),
        cases.UNDONE: _("Import undone"),
        cases.ANSWERED: _("Checks answered"),
        cases.EXPLAINED: _("Finding explained"),
        cases.RESOLVED: _("Finding resolved"),
        cases.REOPENED: _("Finding opened again"),
        cases.PUBLISHED: _("Case published"),
    }.get(kind, kind)
