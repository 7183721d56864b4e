"""Who may see a page: a rule beside each view, and a check at start that none is without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import update_wrapper

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver

from tallyproof.services.access import READER, Actor

View = Callable[..., HttpResponseBase]
Route = URLPattern | URLResolver


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for a page, in words, and as whom they act when services are asked."""

    words: str
    actor: Callable[[HttpRequest], Actor]


READERS = Rule("anyone who reaches this server may read", lambda request: READER)


ANYONE = Rule("anyone may have a problem solved; nothing of a case is read", lambda request: READER)


class Guarded:
    """A view behind its access rule; it is handed the request and the actor, and changes nothing."""

    methods: tuple[str, ...] = ("GET", "HEAD")
    csrf_exempt = False

    def __init__(self, view: View, rule: Rule) -> None:
        self.view, self.rule = view, rule
        update_wrapper(self, view)

    def __call__(self, request: HttpRequest, **named: object) -> HttpResponseBase:
        """Answer the request as the actor whom the rule makes of it."""
        if request.method not in self.methods:
            return HttpResponseNotAllowed(self.methods)
        return self.view(request, self.rule.actor(request), **named)


def open_to(rule: Rule) -> Callable[[View], Guarded]:
    """Put an access rule beside a view."""

    def guard(view: View) -> Guarded:
        return Guarded(view, rule)

    return guard


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
