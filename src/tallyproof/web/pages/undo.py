"""Undoing an import: it says what will happen, asks once, and needs a reason for the ledger."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.errors import RequestError
from tallyproof.services import importing, pages
from tallyproof.services.access import Actor
from tallyproof.services.cases import ImportRecord
from tallyproof.web.access import OFFICIALS, open_to
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show
from tallyproof.web.wording import votes


@open_to(OFFICIALS)
def undo(request: HttpRequest, actor: Actor, case: str, sequence: int) -> HttpResponseBase:
    """What undoing will change; sent with a reason, it is done."""
    workspace = workspace_of(request)
    record = pages.import_page(workspace, actor, case, sequence).record
    reason, fault = request.POST.get("reason", "").strip()[:500], ""
    if request.method == "POST":
        try:
            if not reason:
                raise RequestError(_("Say why, for those who read the record later."))
            importing.undo_import(workspace, actor, case, sequence, reason)
            return HttpResponseRedirect(reverse("import", args=[case, sequence]))
        except RequestError as known:
            fault = str(known)
    context = {"record": record, "answer": _answer(record), "reason": reason, "fault": fault}
    title = _("Undo import %(n)s") % {"n": sequence}
    seen = pages.look(workspace, actor, case)
    page = show(request, "undo.html", context, title=title, seen=seen, tab="record")
    page.status_code = 422 if fault else 200
    return page


def _answer(record: ImportRecord) -> str:
    stored = record.rows["stored"]
    return ngettext("Its one row will no longer count.", "Its %(n)s rows will no longer count.", stored) % {
        "n": votes(stored)
    }
