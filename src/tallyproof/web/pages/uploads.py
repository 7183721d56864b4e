"""Uploading results files: choosing them, looking at what will be read, saying how, importing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Rejection
from tallyproof.errors import RequestError
from tallyproof.services import pages, receiving, source_typed, uploading
from tallyproof.services.access import Actor
from tallyproof.services.uploading import Upload
from tallyproof.services.workspace import Workspace
from tallyproof.web import uploading as told
from tallyproof.web.access import OFFICIALS, SMALL, open_to
from tallyproof.web.asked import Column, ordered, paged
from tallyproof.web.carried import workspace_of
from tallyproof.web.headers import SCRIPT_POLICY
from tallyproof.web.showing import show

PATIENCE = 2.0
"""Seconds that a page waits for reading or importing before it shows how far that is."""

PIECE = 1 << 16
ROWS = 200
LARGEST_FORM = 4_000_000
"""Bytes of a form that says how to read a table of many columns."""


def _room(request: HttpRequest) -> int:
    return workspace_of(request).largest_upload + SMALL


@open_to(OFFICIALS)
def uploads(request: HttpRequest, actor: Actor, case: str) -> HttpResponseBase:
    """The form for files, with what was left unfinished; sent, it begins an upload."""
    workspace, fault = workspace_of(request), ""
    if request.method == "POST":
        try:
            return _received(request, workspace, actor, case)
        except RequestError as known:
            fault = str(known)
    return _form(request, workspace, actor, case, fault)


uploads.largest = _room


def _received(request: HttpRequest, workspace: Workspace, actor: Actor, case: str) -> HttpResponse:
    files = request.FILES.getlist("files")
    if request.headers.get("X-Upload") == "begin":  # our script sends the files itself, in pieces
        draft = receiving.begin(workspace, actor, case)
        page = reverse("upload", args=[case, draft.id])
        return HttpResponse(status=201, headers={"Location": page})
    if not files:
        raise RequestError(_("No file came. Choose one or more, then send the form again."))
    draft_id = receiving.begin(workspace, actor, case).id
    try:
        for each in files:
            receiving.receive(workspace, actor, case, draft_id, each.name or "", each.chunks(PIECE))
    except RequestError:
        receiving.discard(workspace, actor, case, draft_id)
        raise
    uploading.read(workspace, actor, case, draft_id, PATIENCE)
    return HttpResponseRedirect(reverse("upload", args=[case, draft_id]))


def _form(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, fault: str) -> HttpResponse:
    seen = pages.look(workspace, actor, case)
    context = {
        "cite": None,  # a page for officials, which nobody else can look up
        "fault": fault,
        "unfinished": [told.Unfinished.of(each) for each in uploading.unfinished(workspace, actor, case)],
        "most": workspace.largest_upload,
        "most_words": told.size_words(workspace.largest_upload),
        "said": told.for_script(workspace.largest_upload),
    }
    answer = show(request, "uploads.html", context, title=_("Upload results"), seen=seen)
    answer.headers["Content-Security-Policy"] = SCRIPT_POLICY
    answer.status_code = 422 if fault else 200
    return answer


# ---- one upload


@open_to(OFFICIALS)
def upload(request: HttpRequest, actor: Actor, case: str, draft: str) -> HttpResponseBase:
    """One upload: what each file will be read as, what is still to be said, and one button to import."""
    workspace, fault = workspace_of(request), ""
    if request.method == "POST":
        try:
            return _act(request, workspace, actor, case, draft)
        except RequestError as known:
            fault = str(known)
    found = uploading.look(workspace, actor, case, draft)
    if found.draft.imported:
        return _to_import(found)
    return _page(request, workspace, actor, found, fault)


upload.largest = LARGEST_FORM


def _to_import(found: Upload) -> HttpResponse:
    page = reverse("import", args=[found.draft.case, found.draft.imported])
    return HttpResponseRedirect(f"{page}?{'already' if found.draft.already else 'done'}=1")


def _page(
    request: HttpRequest, workspace: Workspace, actor: Actor, found: Upload, fault: str
) -> HttpResponse:
    seen = pages.look(workspace, actor, found.draft.case)
    title = _("Upload of %(files)s") % {"files": told.names(found)}
    shared: dict[str, object] = {"cite": None, "upload": found}
    if found.work:
        context = shared | {"work": told.Progress.of(found.work), "answer": told.of_work(found.work)}
        answer = show(request, "upload_working.html", context, title=title, seen=seen)
        answer.headers["Refresh"] = "2"
        return answer
    context = shared | {
        "answer": told.of_upload(found),
        "files": [told.Card.of(found, each, workspace) for each in found.draft.files],
        "about": told.About.of(found),
        "fault": fault or found.draft.problem,
        "note": _("The files were read again as you said. Look at the sums, then import.")
        if request.GET.get("again")
        else "",
        "import_words": told.import_words(found),
    }
    answer = show(request, "upload.html", context, title=title, seen=seen)
    answer.status_code = 422 if fault else 200
    return answer


Act = Callable[[HttpRequest, Workspace, Actor, str, str], None]


def _act(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> HttpResponseBase:
    """Do what the pressed button says, then show the upload, at the file that it was about."""
    wanted = request.POST.get("do", "")
    act = ACTS.get(wanted)
    if act is None:
        raise RequestError(_("The form does not say what to do. Load the page again, then press a button."))
    before = uploading.look(workspace, actor, case, draft).draft.about
    act(request, workspace, actor, case, draft)
    if wanted == "discard":
        return HttpResponseRedirect(reverse("uploads", args=[case]))
    if wanted == "import":
        if _reads_otherwise(request, before):
            uploading.read(workspace, actor, case, draft, PATIENCE)
            return HttpResponseRedirect(f"{reverse('upload', args=[case, draft])}?again=1")
        found = uploading.look(workspace, actor, case, draft)
        if found.draft.imported:
            return _to_import(found)
    else:
        uploading.read(workspace, actor, case, draft, PATIENCE)
    anchor = f"#file-{_number(request)}" if request.POST.get("file") else ""
    return HttpResponseRedirect(reverse("upload", args=[case, draft]) + anchor)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("file", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise RequestError(_("The form does not say which file. Load the page again."))
    return int(text)


def _import(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    """Keep what was typed and import, unless that makes the files read otherwise than they were shown."""
    before = uploading.look(workspace, actor, case, draft).draft.about
    uploading.describe(workspace, actor, case, draft, _about(request, workspace, actor, case, draft))
    if not _reads_otherwise(request, before):
        uploading.import_upload(workspace, actor, case, draft, PATIENCE)


def _reads_otherwise(request: HttpRequest, before: Mapping[str, str]) -> bool:
    """Whether a state or encoding was typed by which the files are read anew."""
    typed = {name: request.POST.get(name, before.get(name, "")) for name in source_typed.READS}
    return source_typed.how_read(typed) != source_typed.how_read(before)


def _about(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> dict[str, str]:
    known = uploading.look(workspace, actor, case, draft).draft.about
    return {name: request.POST.get(name, known.get(name, "")) for name in source_typed.ABOUT}


def _describe(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    uploading.describe(workspace, actor, case, draft, _about(request, workspace, actor, case, draft))


def _discard(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    receiving.discard(workspace, actor, case, draft)


def _remove(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    receiving.remove(workspace, actor, case, draft, _number(request))


def _again(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    again = request.POST.get("again") == "on"
    uploading.import_again(workspace, actor, case, draft, _number(request), again)


def _read_as(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    importer = request.POST.get("importer", "")
    if importer not in {"", "mapping", *told.formats()}:
        raise RequestError(_("Choose a format of the list."))
    uploading.read_as(workspace, actor, case, draft, _number(request), importer)


def _map(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    typed = {name: text for name, text in request.POST.items() if isinstance(text, str)}
    uploading.read_by(workspace, actor, case, draft, _number(request), typed)


def _map_text(request: HttpRequest, workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    text = request.POST.get("mapping", "")
    uploading.read_by_text(workspace, actor, case, draft, _number(request), text)


ACTS: dict[str, Act] = {
    "import": _import, "about": _describe, "discard": _discard, "remove": _remove, "again": _again,
    "read-as": _read_as, "map": _map, "map-text": _map_text,
}  # fmt: skip


# ---- rows that will not be stored


@open_to(OFFICIALS)
def rejected(request: HttpRequest, actor: Actor, case: str, draft: str, number: int) -> HttpResponseBase:
    """Every row of a file that will not be stored, with the reason, page by page."""
    workspace = workspace_of(request)
    found = uploading.look(workspace, actor, case, draft)
    if found.draft.imported:
        return _to_import(found)
    file = found.draft.file(number)
    columns: list[Column[Rejection]] = [
        Column("row", _("Row"), lambda each: each.row, numeric=True),
        Column("reason", _("Reason"), lambda each: (each.reason, each.row)),
    ]
    rows, headings = ordered(request, uploading.rejections(workspace, file), columns)
    context = {
        "cite": None,
        "upload": found,
        "file": file,
        "headings": headings,
        "page": paged(request, rows, ROWS),
    }
    title = _("Rows of %(file)s that will not be stored") % {"file": file.name}
    seen = pages.look(workspace, actor, case)
    return show(request, "upload_rejected.html", context, title=title, seen=seen)
