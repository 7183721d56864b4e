"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from tallyproof.errors import RequestError
from tallyproof.services.access import Actor
from tallyproof.web.access import SIGNED_IN, VISITORS, open_to
from tallyproof.web.accounts import attempts, people
from tallyproof.web.accounts.actors import account_of, has_accounts
from tallyproof.web.accounts.models import LONGEST, key_of
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show

LONGEST_PASSWORD = 1_000


@open_to(VISITORS)
@sensitive_post_parameters()
def sign_in(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The form; with a right password, the page that was asked for."""
    if not has_accounts(workspace_of(request)):
        return show(request, "nobody.html", {}, title=_("Sign in"))
    onward = next_page(request)
    if account_of(request) is not None and request.method != "POST":
        return HttpResponseRedirect(onward)
    name, fault = request.POST.get("name", "").strip(), ""
    if request.method == "POST":
        fault = _try(request, name, request.POST.get("password", ""))
        if not fault:
            return HttpResponseRedirect(onward)
    context = {"name": name[:LONGEST], "fault": fault, "next": onward}
    return _shown(request, "sign_in.html", context, _("Sign in"), fault)


def _try(request: HttpRequest, name: str, password: str) -> str:
    """Sign in, or say why not; the words are the same whether there is such an account or not."""
    address = request.META.get("REMOTE_ADDR", "")
    if wait := attempts.minutes_to_wait(name, address):
        return ngettext(
            "Too many attempts did not fit. Try again in %(n)s minute.",
            "Too many attempts did not fit. Try again in %(n)s minutes.",
            wait,
        ) % {"n": wait}
    account = None
    if len(name) <= LONGEST and len(password) <= LONGEST_PASSWORD and "\x00" not in name:
        account = authenticate(request, username=key_of(name), password=password)
    if account is None:
        return _("Name and password do not fit together. Check both, then try again.")
    attempts.forget(name, address)
    login(request, account)
    return ""


@open_to(SIGNED_IN)
def sign_out(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Sign out by a button; an address alone does nothing."""
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect(reverse("cases"))


@open_to(SIGNED_IN)
@sensitive_post_parameters()
def password(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Change the own password; other places where one is signed in are signed out."""
    fault, done = "", request.GET.get("changed") == "1"
    if request.method == "POST":
        fault = _change(request)
        if not fault:
            return HttpResponseRedirect(f"{reverse('password')}?changed=1")
    context = {"fault": fault, "done": done and not fault}
    return _shown(request, "password.html", context, _("Change your password"), fault)


def _change(request: HttpRequest) -> str:
    account = account_of(request)
    assert account is not None  # the rule saw to it
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    address = request.META.get("REMOTE_ADDR", "")
    if wait := attempts.minutes_to_wait(account.name, address):
        return _("Too many attempts did not fit. Try again in a quarter of an hour.") if wait else ""
    if max(map(len, (old, new, again))) > LONGEST_PASSWORD or not account.check_password(old):
        return _("The password that you have now is another one. Write it again.")
    attempts.forget(account.name, address)
    if new != again:
        return _("The two new passwords differ. Write the new one twice.")
    try:
        people.require_strong(new, account)
    except RequestError as fault:
        return str(fault)
    account.set_password(new)
    account.save(update_fields=["password"])
    update_session_auth_hash(request, account)
    return ""


def next_page(request: HttpRequest) -> str:
    """The page on this server that ``next`` names; the list of cases for anything else."""
    given = request.POST.get("next") or request.GET.get("next", "")
    own = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if own and not given.startswith("/-/sign-") else reverse("cases")


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], title: str, fault: str
) -> HttpResponse:
    page = show(request, template, context, title=title)
    page.status_code = 422 if fault else 200
    page.headers["Cache-Control"] = "no-store"
    return page
