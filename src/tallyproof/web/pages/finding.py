"""One finding: the question, the numbers, the innocent explanations, the record that settles it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Snapshot
from tallyproof.election.evidence import Finding, Number
from tallyproof.services import pages, places
from tallyproof.services.access import Actor, Right
from tallyproof.services.cases import ImportRecord, Life
from tallyproof.services.findings import SourceRow
from tallyproof.services.pages import Look
from tallyproof.web import sentences
from tallyproof.web.access import READERS, may_act, open_to
from tallyproof.web.asked import as_of
from tallyproof.web.carried import workspace_of
from tallyproof.web.findings import drawn
from tallyproof.web.replying import Draft, Form, form_after
from tallyproof.web.showing import show
from tallyproof.web.stands import sentence_of
from tallyproof.web.wording import plain, votes

RESULTS = ("x", "d", "gap", "ratio", "r", "t", "swing", "z")
READ_AS = ("contest", "county", "unit", "choice", "party", "measure", "mode", "votes", "note")


@dataclass(frozen=True, slots=True)
class Beside:
    """A source row as it stands in the file, and what was read from it."""

    row: SourceRow
    snapshot: Snapshot
    sha256: str
    cells: list[tuple[str, str]]
    empty: str
    columns: list[str]
    read: list[list[tuple[str, str]]]


@open_to(READERS)
def finding(request: HttpRequest, actor: Actor, case: str, finding_id: str) -> HttpResponse:
    """One finding."""
    return page_of(request, actor, case, finding_id, Draft())


def page_of(request: HttpRequest, actor: Actor, case: str, finding_id: str, draft: Draft) -> HttpResponse:
    """The page of a finding; those who may reply see the form, with what they typed so far."""
    workspace, moment = workspace_of(request), as_of(request)
    seen = pages.look(workspace, actor, case, moment)
    shown = pages.finding_page(workspace, actor, case, finding_id, moment)
    known, found = places.places(workspace, actor, case, moment), shown.finding
    context = {
        "shown": shown,
        "stands": sentences.of_finding(shown),
        "stands_now": sentence_of(shown.contest) if shown.contest else "",
        "stake": sentences.of_stake(found) if found else "",
        "bar": drawn(found) if found else "",
        "numbers": _numbers(found) if found else [],
        "place": places.place_of(known, found) if found else None,
        "beside": [_beside(seen, row) for row in shown.rows],
        "reply": _form(request, actor, case, shown.life, draft),
    }
    if draft.faults:
        context["cite"] = None  # a form that came back has no address of its own
    title = found.message if found else shown.check.title
    return show(request, "finding.html", context, title=title, seen=seen, tab="checks")


def _form(request: HttpRequest, actor: Actor, case: str, life: Life, draft: Draft) -> Form | None:
    """The form for those who may reply, on the page as it stands now; None for everybody else."""
    if not may_act(request, actor, case, Right.EXPLAIN) or request.GET.get("as_of"):
        return None
    return form_after(life, draft)


def _numbers(found: Finding) -> list[tuple[str, Number]]:
    """The numbers by name, what the formula makes of them last."""
    names = sorted(found.numbers, key=lambda name: (name in RESULTS, name))
    return [(_name(name), found.numbers[name]) for name in names]


def _beside(seen: Look, row: SourceRow) -> Beside:
    record = _import_of(seen, row)
    sha = next((each.file.sha256 for each in record.readings if each.file.name == row.source.file), "")
    cells = list(zip(row.header, row.cells, strict=False))
    filled = [(name, cell) for name, cell in cells if cell.strip()]
    empty = ", ".join(name for name, cell in cells if not cell.strip())
    used = [name for name in READ_AS if any(one.get(name) not in ("", None) for one in row.parsed)]
    read = [[(_name(name), _read(name, one.get(name))) for name in used] for one in row.parsed]
    return Beside(row, record.snapshot, sha, filled, empty, [_name(name) for name in used], read)


def _import_of(seen: Look, row: SourceRow) -> ImportRecord:
    """The import that a source row was read in; the newest with that file where it names no snapshot."""
    if row.source.snapshot:
        return next(each for each in seen.state.imports if each.snapshot.id == row.source.snapshot)
    return next(
        each
        for each in reversed(seen.state.active)
        if any(reading.file.name == row.source.file for reading in each.readings)
    )


def _read(name: str, value: object) -> str:
    if value is None:
        return votes(None)
    return plain(value) if name != "measure" else str(value).replace("_", " ")


def _name(key: str) -> str:
    """A number's name in plain words; keys that are not listed are shown as they are."""
    names: dict[str, str] = {
        "votes": _("votes"),
        "ballots": _("ballots cast"),
        "vote_for": _("votes allowed per ballot"),
        "registered": _("registered voters"),
        "voters": _("voters signed in"),
        "x": _("votes above the limit (x)"),
        "d": _("difference (d)"),
        "undervotes": _("undervotes"),
        "overvotes": _("overvotes"),
        "modes": _("sum over the ways of voting"),
        "total": _("stated total"),
        "S_top": _("votes in the top contest"),
        "S_c": _("votes in the other contest"),
        "r": _("relative difference (r)"),
        "median": _("median of the units (r)"),
        "z": _("robust z"),
        "sd": _("robust standard deviation"),
        "n": _("votes in the contest"),
        "R": _("Republican votes"),
        "D": _("Democratic votes"),
        "R_before": _("Republican votes before"),
        "D_before": _("Democratic votes before"),
        "units": _("units"),
        "measure": _("counts"),
        "mode": _("way of voting"),
        "contest": _("contest"),
        "county": _("county"),
        "unit": _("unit"),
        "choice": _("choice"),
        "party": _("party"),
        "note": _("note"),
    }
    return names.get(key, key.replace("_", " "))
