"""Undoing an import: asked once, with what will happen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from tallyproof.services import importing, pages
from tallyproof.services.access import Actor
from tallyproof.web.access import OFFICIALS, open_to
from tallyproof.web.carried import workspace_of
from tallyproof.web.replying import LONGEST_LINE
from tallyproof.web.showing import show
from tallyproof.web.wording import address


@open_to(OFFICIALS)
def undo(request: HttpRequest, actor: Actor, case: str, sequence: int) -> HttpResponseBase:
    """The question, and with a reason the deed."""
    workspace = workspace_of(request)
    seen = pages.look(workspace, actor, case)
    record = pages.import_page(workspace, actor, case, sequence).record
    own_page = address("import", case=case, sequence=sequence)
    if record.undone:
        return HttpResponseRedirect(own_page)
    reason, fault = request.POST.get("reason", "").strip(), ""
    if request.method == "POST":
        fault = _fault(reason)
        if not fault:
            importing.undo_import(workspace, actor, case, sequence, reason)
            return HttpResponseRedirect(own_page)
    context = {"record": record, "reason": reason, "fault": fault, "own_page": own_page, "cite": None}
    title = _("Undo import %(n)s") % {"n": sequence}
    page = show(request, "undo.html", context, title=title, seen=seen, tab="record")
    page.status_code = 422 if fault else 200
    return page


def _fault(reason: str) -> str:
    if not reason:
        return _("Say why, for those who read the ledger later.")
    if len(reason) > LONGEST_LINE:
        return _("Shorten the reason to %(most)s letters.") % {"most": f"{LONGEST_LINE:,}"}
    return ""
