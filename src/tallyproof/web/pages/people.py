"""Who may sign in: the list, adding somebody, and each person's role, cases and password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from tallyproof.errors import RequestError
from tallyproof.services import cases
from tallyproof.services.access import Actor
from tallyproof.services.cases import CaseState
from tallyproof.services.workspace import Workspace
from tallyproof.web.access import ADMINISTRATORS, open_to
from tallyproof.web.accounts import people as accounts
from tallyproof.web.accounts.models import Role
from tallyproof.web.accounts.people import Person
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show

LONGEST_PASSWORD = 1_000


@open_to(ADMINISTRATORS)
@sensitive_post_parameters()
def people(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Everybody with an account, and the form for one more."""
    workspace = workspace_of(request)
    known, chosen, fault = cases.cases(workspace, actor), request.POST.getlist("case"), ""
    if request.method == "POST":
        fault = _try(lambda: _add(request, workspace, known))
        if not fault:
            return HttpResponseRedirect(reverse("people"))
    found = accounts.people(workspace)
    context = {
        "answer": _answer(found),
        "people": [(each, role_words(each.role)) for each in found],
        "name": request.POST.get("name", "")[:200],
        "role": request.POST.get("role", Role.OFFICIAL.value),
        "roles": _roles(),
        "known": known,
        "chosen": chosen,
    }
    return _shown(request, "people.html", context, _("People"), fault)


def _add(request: HttpRequest, workspace: Workspace, known: list[CaseState]) -> None:
    sent = request.POST
    password = sent.get("password", "")
    _require_fit(password)
    accounts.add(workspace, sent.get("name", ""), sent.get("role", ""), password, _cases(request, known))


@open_to(ADMINISTRATORS)
@sensitive_post_parameters()
def person(request: HttpRequest, actor: Actor, account_id: str) -> HttpResponseBase:
    """One person: role and cases, a new password, and whether the person may sign in."""
    workspace = workspace_of(request)
    shown, known, fault = accounts.by_id(workspace, account_id), cases.cases(workspace, actor), ""
    if request.method == "POST":
        fault = _try(lambda: _change(request, workspace, shown, known))
        if not fault:
            return HttpResponseRedirect(reverse("people"))
    context = {"person": shown, "words": role_words(shown.role), "roles": _roles(), "known": known}
    return _shown(request, "person.html", context, shown.name, fault)


def _change(request: HttpRequest, workspace: Workspace, shown: Person, known: list[CaseState]) -> None:
    sent, name = request.POST, shown.name
    deeds: dict[str, Callable[[], object]] = {
        "disable": lambda: accounts.disable(workspace, name),
        "enable": lambda: accounts.enable(workspace, name),
        "password": lambda: _set_password(workspace, name, sent.get("password", "")),
        "part": lambda: _set_part(workspace, name, sent.get("role", ""), _cases(request, known)),
    }
    deed = deeds.get(sent.get("deed", ""))
    if deed is None:
        raise RequestError(_("The form does not say what to do. Load the page again."))
    deed()


def _set_part(workspace: Workspace, name: str, role: str, chosen: list[str]) -> None:
    accounts.set_role(workspace, name, role)
    accounts.set_cases(workspace, name, chosen)


def _set_password(workspace: Workspace, name: str, password: str) -> None:
    _require_fit(password)
    accounts.set_password(workspace, name, password)


def _require_fit(password: str) -> None:
    if len(password) > LONGEST_PASSWORD:
        raise RequestError(_("A password has %(most)s signs at most.") % {"most": f"{LONGEST_PASSWORD:,}"})


def _cases(request: HttpRequest, known: list[CaseState]) -> list[str]:
    """The cases that were ticked; others than those of the list are passed over."""
    names = {each.id for each in known}
    return [case for case in request.POST.getlist("case") if case in names]


def _try(deed: Callable[[], object]) -> str:
    try:
        deed()
    except RequestError as fault:
        return str(fault)
    return ""


def role_words(role: Role) -> str:
    """What a role may do, in words."""
    return {
        Role.ADMINISTRATOR: _("Administrator: every case, and these pages"),
        Role.OFFICIAL: _("Official: imports, replies and publishes in the cases given, and opens new ones"),
        Role.READER: _("Reader: reads the cases given, also before they are published"),
    }[role]


def _roles() -> list[tuple[str, str]]:
    return [(each.value, role_words(each)) for each in Role]


def _answer(found: list[Person]) -> str:
    able = sum(each.is_active for each in found)
    return ngettext("One person can sign in.", "%(n)s people can sign in.", able) % {"n": able}


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], title: str, fault: str
) -> HttpResponse:
    page = show(request, template, {**context, "fault": fault}, title=title)
    page.status_code = 422 if fault else 200
    return page
