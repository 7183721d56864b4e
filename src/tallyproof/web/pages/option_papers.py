"""What the law allows in a contest, to be taken away: its deadlines for a calendar, and a memo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.errors import RequestError
from tallyproof.services import papers
from tallyproof.services.access import Actor
from tallyproof.services.bounded import BusyError
from tallyproof.services.papers import Answered
from tallyproof.web.access import READERS, open_to
from tallyproof.web.attached import private_file
from tallyproof.web.faults import UnreadableAddressError
from tallyproof.web.pages.options import found_in

PATIENCE = 5.0
"""Seconds to wait for the papers of others."""
_printing = Lock()
"""One paper at a time, so that nobody can keep the server from answering others."""


@open_to(READERS)
def deadlines(request: HttpRequest, actor: Actor, case: str, contest: str) -> HttpResponse:
    """The deadlines of a contest as a calendar file (RFC 5545), asked as its page is."""
    asked = _answered(request, actor, case, contest)
    with _turn():
        made = papers.calendar([asked])
    if not made.events:
        raise RequestError(
            _("No day can be counted for a deadline of this contest, so there is nothing for a calendar.")
        )
    kind = "text/calendar; charset=utf-8"
    return private_file(made.content, kind, case, contest, "deadlines", ending="ics")


@open_to(READERS)
def memo(request: HttpRequest, actor: Actor, case: str, contest: str) -> HttpResponse:
    """The memo of one page on a contest (PDF), asked as its page is."""
    asked = _answered(request, actor, case, contest)
    with _turn():
        made = papers.memo(asked)
    return private_file(made, "application/pdf", case, contest, "memo", ending="pdf")


def _answered(request: HttpRequest, actor: Actor, case: str, contest: str) -> Answered:
    """The question of the address with its answer.

    Raises UnreadableAddressError for a field that cannot be read, as a paper shows no fault beside it, and
    RequestError where there is no such contest or nothing can be asked of the law.
    """
    _seen, asked, found = found_in(request, actor, case, contest)
    for fault in asked.faults.values():
        raise UnreadableAddressError(fault)
    if found.problem is None or found.answer is None:
        raise RequestError(found.why)
    if found.why:
        raise UnreadableAddressError(found.why)
    return papers.ask(found.problem, found.contest.sentence)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for the papers of others. Raises BusyError where that takes long."""
    if not _printing.acquire(timeout=PATIENCE):
        raise BusyError(_("Papers of others are being made here. Ask again in a few seconds."))
    try:
        yield
    finally:
        _printing.release()
