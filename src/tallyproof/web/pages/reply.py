"""An office's reply to a finding, sent from the finding's own page."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from tallyproof.errors import RequestError
from tallyproof.services import findings, pages
from tallyproof.services.access import Actor
from tallyproof.web.access import OFFICIALS, open_to
from tallyproof.web.carried import workspace_of
from tallyproof.web.pages.finding import page_of
from tallyproof.web.replying import Draft, draft_of, faults_of
from tallyproof.web.wording import address


@open_to(OFFICIALS)
def reply(request: HttpRequest, actor: Actor, case: str, finding_id: str) -> HttpResponseBase:
    """Record the reply, or show the page again with what was typed and what is wrong with it."""
    own_page = address("finding", case=case, finding_id=finding_id)
    if request.method != "POST":
        return HttpResponseRedirect(own_page)
    shown = pages.finding_page(workspace_of(request), actor, case, finding_id)
    draft = draft_of(request.POST)
    faults = faults_of(draft, shown.life) or _record(request, actor, case, finding_id, draft)
    if not faults:
        return HttpResponseRedirect(f"{own_page}#history")
    page = page_of(request, actor, case, finding_id, replace(draft, faults=faults))
    page.status_code = 422
    return page


def _record(request: HttpRequest, actor: Actor, case: str, finding_id: str, draft: Draft) -> dict[str, str]:
    workspace = workspace_of(request)
    try:
        if draft.step == "reopen":
            findings.reopen(workspace, actor, case, finding_id, draft.words, draft.note)
        else:
            verb = findings.explain if draft.step == "explain" else findings.resolve
            verb(workspace, actor, case, finding_id, draft.words, draft.cite, draft.note)
    except RequestError as fault:
        return {"step": str(fault)}
    return {}
