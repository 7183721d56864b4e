"""Pages for what went wrong: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from tallyproof.errors import AccessError, RequestError, StoreError
from tallyproof.services.bounded import BusyError


class UnreadableAddressError(RequestError):
    """The part of an address after the question mark cannot be read."""


class PlainFaults:
    """Turns faults that services raise into pages in plain words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for a fault that we know; None leaves it to the page for unexpected ones."""
        if isinstance(fault, UnreadableAddressError):
            return bad_request(request, fault)
        if isinstance(fault, AccessError):
            return _page(request, 403, _("You may not do this."), str(fault))
        if isinstance(fault, BusyError):
            page = _page(request, 503, _("This server is busy."), str(fault))
            page.headers["Retry-After"] = "5"
            return page
        if isinstance(fault, RequestError):
            return _page(request, 404, _("There is no such page."), str(fault))
        if isinstance(fault, StoreError):
            return _page(request, 500, _("Something that this page needs cannot be read."), str(fault))
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: an address or host that cannot be read."""
    if isinstance(exception, TooManyFieldsSent):
        request.GET = QueryDict()  # no page can read it, not even this one
    known = isinstance(exception, UnreadableAddressError)
    told = (
        str(exception)
        if known
        else _("The request came under a name or in a form that is not accepted here.")
    )
    return _page(request, 400, _("This address cannot be read."), told)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, 403, _("You may not see this page."), "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no page has this address."""
    told = _("Nothing has the address %(path)s.") % {"path": request.path}
    return _page(request, 404, _("There is no such page."), told)


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of the program, which is also written to the server's log."""
    told = _("The program met a fault of its own while making this page.")
    return _page(request, 500, _("This page could not be made."), told)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the token that our own pages put into it."""
    told = _(
        "The form came from another page, or from one that was opened before you signed in. "
        "Load the page again, then send the form."
    )
    return _page(request, 403, _("This form was not accepted."), told)


def too_large(request: HttpRequest, told: str) -> HttpResponse:
    """413: more bytes than the page takes."""
    return _page(request, 413, _("This is too much at once."), told)


def _page(request: HttpRequest, status: int, title: str, told: str) -> HttpResponse:
    return render(request, "fault.html", {"title": title, "told": told, "status": status}, status=status)
