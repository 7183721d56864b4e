"""Refuses a request that its page does not take, by method or size, before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from tallyproof.web.access import SMALL
from tallyproof.web.faults import too_large


class Fitting:
    """Holds requests to the methods and the size that their view takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_parts: Any
    ) -> HttpResponse | None:
        """The refusal; None lets the request pass."""
        methods: tuple[str, ...] = getattr(view, "methods", ())
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        allowed: int | Callable[[HttpRequest], int] = getattr(view, "largest", SMALL)
        largest = allowed(request) if callable(allowed) else allowed
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if stated.isdigit() and int(stated) <= largest:
            return None
        told = _("This page takes %(largest)s bytes at most; the request has %(stated)s.")
        return too_large(request, told % {"largest": f"{largest:,}", "stated": stated[:20]})
