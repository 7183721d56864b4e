"""Opening a case in the browser: whoever opens it takes part in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpRequest

from tallyproof.services import cases
from tallyproof.services.access import Actor
from tallyproof.web.accounts import people
from tallyproof.web.accounts.actors import account_of
from tallyproof.web.carried import workspace_of


def open_case(
    request: HttpRequest, actor: Actor, case: str, *, title: str = "", election: date | None = None
) -> Actor:
    """Open a case, and answer the actor as it acts on it from now on.

    Raises RequestError where the name is taken, by a case that the actor sees or not, or unfit.
    """
    workspace = workspace_of(request)
    own = actor if actor.cases is None else replace(actor, cases=actor.cases | {case})
    cases.open_case(workspace, own, case, title=title, election=election)
    if account := account_of(request):
        people.join(workspace, account.id, case)
    return own
