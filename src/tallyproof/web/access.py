"""Who may see a page: a rule beside each view, and a check at start that none is without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import update_wrapper

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tallyproof.errors import AccessError
from tallyproof.services.access import READER, Actor, Right
from tallyproof.web.accounts.actors import account_of, acting, reading
from tallyproof.web.accounts.models import Role

View = Callable[..., HttpResponseBase]
Route = URLPattern | URLResolver

SMALL = 65_536
"""Bytes that a request may send, unless its view says more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for a page, in words, and as whom they act when services are asked.

    ``actor`` answers None for a stranger where the page asks for somebody who is signed in.
    """

    words: str
    actor: Callable[[HttpRequest], Actor | None]
    methods: tuple[str, ...] = ("GET", "HEAD")


class Guarded:
    """A view behind its access rule; it is handed the request and the actor.

    ``largest`` is how many bytes a request may send, or tells it of a request; the middleware refuses
    more before it is read.
    """

    csrf_exempt = False
    largest: int | Callable[[HttpRequest], int] = SMALL

    def __init__(self, view: View, rule: Rule) -> None:
        self.view, self.rule, self.methods = view, rule, rule.methods
        update_wrapper(self, view)

    def __call__(self, request: HttpRequest, **named: object) -> HttpResponseBase:
        """Answer the request as the actor whom the rule makes of it."""
        if request.method not in self.methods:
            return HttpResponseNotAllowed(self.methods)
        actor = self.rule.actor(request)
        if actor is None:
            return _sign_in_first(request)
        return self.view(request, actor, **named)


def open_to(rule: Rule) -> Callable[[View], Guarded]:
    """Put an access rule beside a view."""

    def guard(view: View) -> Guarded:
        return Guarded(view, rule)

    return guard


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        raise AccessError(
            _("You are not signed in, or were signed out meanwhile. Sign in, then send the form again.")
        )
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")


def _official(request: HttpRequest) -> Actor | None:
    if (account := account_of(request)) is None:
        return None
    actor = acting(account)
    if Right.IMPORT not in actor.rights:
        raise AccessError(_("Your account may read, and change nothing. Ask an administrator of this place."))
    return actor


def _anybody_signed_in(request: HttpRequest) -> Actor | None:
    account = account_of(request)
    return acting(account) if account else None


def _administrator(request: HttpRequest) -> Actor | None:
    if (account := account_of(request)) is None:
        return None
    if account.role != Role.ADMINISTRATOR:
        raise AccessError(_("Only administrators may do this. Ask one of this place."))
    return acting(account)


WRITING = ("GET", "HEAD", "POST")

READERS = Rule("anyone may read what is shown to them: see accounts/actors.py", reading)
ANYONE = Rule("anyone may have a problem solved; nothing of a case is read", lambda request: READER)
VISITORS = Rule("anyone may sign in; nothing of a case is read", lambda request: READER, WRITING)
SIGNED_IN = Rule("anyone who is signed in, for the own account", _anybody_signed_in, WRITING)
OFFICIALS = Rule("officials and administrators, on their cases", _official, WRITING)
ADMINISTRATORS = Rule("administrators", _administrator, WRITING)


def may_act(request: HttpRequest, actor: Actor, case: str, right: Right) -> bool:
    """Whether the page of a case offers this action: to somebody signed in who has the right in that case."""
    return account_of(request) is not None and right in actor.rights and actor.acts_on(case)


def require_rules(routes: Iterable[Route]) -> None:
    """Raise RuntimeError naming the routes whose view has no access rule."""
    bare = [name for name, view in _views(routes) if not isinstance(view, Guarded)]
    if bare:
        raise RuntimeError(
            f"Pages without an access rule: {', '.join(bare)}. Put @open_to(…) above their views."
        )


def _views(routes: Iterable[Route]) -> Iterator[tuple[str, View]]:
    for route in routes:
        if isinstance(route, URLResolver):
            yield from _views(route.url_patterns)
        else:
            yield str(route.pattern) or "/", route.callback
