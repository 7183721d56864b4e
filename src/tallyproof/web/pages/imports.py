"""An import: what its files were recognised as, what was read, and every row that was not stored and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Rejection
from tallyproof.services import pages
from tallyproof.services.access import Actor, Right
from tallyproof.services.cases import Reading
from tallyproof.web import answers
from tallyproof.web.access import READERS, may_act, open_to
from tallyproof.web.asked import Column, ordered, paged, word
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show
from tallyproof.web.wording import recognised

ROWS = 200


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the import and what it was recognised as."""

    reading: Reading
    recognised: str


@open_to(READERS)
def imported(request: HttpRequest, actor: Actor, case: str, sequence: int) -> HttpResponse:
    """One import."""
    workspace = workspace_of(request)
    seen = pages.look(workspace, actor, case)
    notes = pages.import_page(workspace, actor, case, sequence)
    files = sorted({each.file for each in notes.rejections})
    file, sought = word(request, "file", files), request.GET.get("q", "").strip()
    left = [each for each in notes.rejections if _fits(each, file, sought.casefold())]
    rows, headings = ordered(request, left, _columns())
    context = {
        "answer": answers.of_import(notes),
        "record": notes.record,
        "said": _said(request),
        "may_undo": may_act(request, actor, case, Right.IMPORT) and not notes.record.undone,
        "number": str(sequence),
        "files": [FileRow(each, recognised(each)) for each in notes.record.readings],
        "remarks": notes.remarks,
        "rejections": notes.rejections,
        "rejecting": files,
        "file": file,
        "sought": sought,
        "reasons": _reasons(notes.rejections),
        "headings": headings,
        "page": paged(request, rows, ROWS),
    }
    title = _("Import %(n)s: %(source)s") % {"n": sequence, "source": notes.record.snapshot.source}
    return show(request, "import.html", context, title=title, seen=seen, tab="record")


def _said(request: HttpRequest) -> str:
    """What the upload that led here came to."""
    if request.GET.get("done"):
        return _("Imported just now. Count and checks include it.")
    if request.GET.get("already"):
        return _("These files were imported before, as you see here; nothing was imported twice.")
    return ""


def _fits(each: Rejection, file: str, sought: str) -> bool:
    return (not file or each.file == file) and sought in f"{each.reason} {each.raw}".casefold()


def _reasons(rejections: Sequence[Rejection]) -> list[tuple[str, int]]:
    """The reasons with how many rows each has, most first."""
    counted: dict[str, int] = {}
    for each in rejections:
        counted[each.reason] = counted.get(each.reason, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:10]


def _columns() -> list[Column[Rejection]]:
    return [
        Column("file", _("File"), lambda each: (each.file, each.row)),
        Column("row", _("Row"), lambda each: each.row, numeric=True),
        Column("reason", _("Reason"), lambda each: (each.reason, each.file, each.row)),
    ]
