"""Opening a case: its title, its short name and the election day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tallyproof.election.evidence import slug
from tallyproof.errors import RequestError
from tallyproof.services.access import Actor
from tallyproof.web.access import OFFICIALS, open_to
from tallyproof.web.accounts.opening import open_case
from tallyproof.web.showing import show

LONGEST = 100


@open_to(OFFICIALS)
def new_case(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The form; sent, it opens the case and leads on to its first upload."""
    typed = {name: request.POST.get(name, "").strip()[:500] for name in ("title", "case", "election")}
    fault = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("uploads", args=[_opened(request, actor, typed)]))
        except RequestError as known:
            fault = str(known)
    page = show(request, "new_case.html", {"typed": typed, "fault": fault}, title=_("New case"))
    page.status_code = 422 if fault else 200
    return page


def _opened(request: HttpRequest, actor: Actor, typed: dict[str, str]) -> str:
    title = typed["title"]
    case = typed["case"] or slug(title.encode("ascii", "ignore").decode())
    if not title:
        raise RequestError(_("Say which election it is, such as “Sauk County, November 2024”."))
    if len(title) > LONGEST or len(case) > LONGEST:
        raise RequestError(_("A title and a short name have %(n)s letters at most.") % {"n": LONGEST})
    open_case(request, actor, case, title=title, election=_day(typed["election"]))
    return case


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RequestError(_("“%(text)s” is no day. Write it like 2024-11-05.") % {"text": text}) from None
