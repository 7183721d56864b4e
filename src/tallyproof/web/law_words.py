"""Days of the law and the acts they are counted from, in the page's language; in English as the law's own."""

from __future__ import annotations

import datetime as dt

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from tallyproof.recount.rule import EVENTS

ACTS_COUNTED = {
    "election": gettext_noop("election day"),
    "unofficial_returns": gettext_noop("the first unofficial returns"),
    "county_computation": gettext_noop("the county's computation of all its returns"),
    "county_canvass": gettext_noop("the canvass of the county"),
    "last_county_canvass": gettext_noop("the canvass of the last county"),
    "last_county_statement": gettext_noop("the state's receipt of the last county statement"),
    "state_canvass": gettext_noop("the canvass of the state"),
    "certification": gettext_noop("certification of the results"),
    "declaration": gettext_noop("declaration of the results"),
    "recount_determination": gettext_noop("the end of the recount"),
    "recount_order": gettext_noop("the order for a recount"),
    "court_adjournment": gettext_noop("adjournment of the board of canvass"),
    "post_canvass_audit": gettext_noop("the end of a risk-limiting audit"),
    "request": gettext_noop("the request"),
    "november_end": gettext_noop("the last day of November"),
    "december_wednesday": gettext_noop("the second Wednesday in December"),
    "electors_meeting": gettext_noop("the meeting of the electors"),
    "year_end": gettext_noop("the last day of the year"),
}
"""The words of ``EVENTS``, for the catalogue."""


def caution() -> str:
    """What every answer on the law carries."""
    return _("Research, not legal advice: read the clause, and ask a lawyer of the state.")


def event_words(event: str) -> str:
    """An official act that deadlines are counted from."""
    return _(ACTS_COUNTED.get(event, EVENTS[event]))


def date_words(day: dt.date) -> str:
    """A day with its month in full: "8 November 2016"."""
    return dateformat.format(day, pgettext("a day as Django's date formats", "j F Y"))


def said(at: dt.datetime) -> str:
    """A time with its zone: "Fri 25 Nov 2016, 17:00 CST"."""
    return f"{_weekday(at)}, {at:%H:%M} {at.tzname()}"


def day_said(at: dt.datetime) -> str:
    """A day, with the time of day and its zone where the law sets one: "Tue 13 Dec 2016"."""
    return _weekday(at) if at.time() == dt.time(23, 59) else said(at)


def _weekday(at: dt.datetime) -> str:
    return dateformat.format(at, pgettext("a weekday and day as Django's date formats", "D j M Y"))
