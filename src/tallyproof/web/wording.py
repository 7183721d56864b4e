"""How numbers, times and states of things are written on every page; filters and tags for templates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from tallyproof.election.canvass import Status
from tallyproof.election.contest import family_name
from tallyproof.election.evidence import Severity
from tallyproof.election.returns import VOTES
from tallyproof.services.cases import STATE_AFTER, Reading
from tallyproof.services.versions import margin_share
from tallyproof.services.worked import readable
from tallyproof.tracking.difference import Change
from tallyproof.web import language

register = template.Library()
register.simple_tag(lambda name, **named: address(name, **named), name="address")

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)")


@register.filter
def votes(number: int | float | str | None) -> str:
    """A number with thousands separated; an unknown one is said to be unknown, never shown as 0."""
    return _("not given") if number is None else readable(number)


def counted_votes(number: int) -> str:
    """So many votes, as part of a sentence."""
    return ngettext("%(n)s vote", "%(n)s votes", number) % {"n": votes(number)}


@register.filter
def recognised(reading: Reading) -> str:
    """What a file was recognised as, in words."""
    from tallyproof.services import importers

    if reading.mapping:
        return _("a table read by a mapping")
    return importers.title_of(reading.importer)


@register.filter
def signed(number: int | None) -> str:
    """A change with its sign: +440, −355, or 0."""
    if number is None:
        return _("not given")
    return readable(number) if number <= 0 else f"+{number:,}"


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage; a part too small to show is said to be more than nothing."""
    if share is None:
        return _("not given")
    if share == float("inf"):
        return _("all of a tie")
    smallest = 10**-digits
    if 0 < 100 * share < smallest / 2:
        return _("under %(number)s%%") % {"number": f"{smallest:g}"}
    return f"{100 * share:,.{digits}f}%"


@register.filter
def points(share: float | None) -> str:
    """A lead as points of all votes: "10.3 points"; two decimals where it is a close one."""
    if share is None:
        return _("not given")
    number = 100 * share
    written = f"{number:,.2f}" if abs(number) < 1 else f"{number:,.1f}"
    return _("%(number)s points") % {"number": written.replace("-", "−")}


@register.filter
def signed_points(share: float | None) -> str:
    """A lead in points for a column: +10.3 or −0.45."""
    if share is None:
        return _("not given")
    number = 100 * share
    return (f"{number:+,.2f}" if abs(number) < 1 else f"{number:+,.1f}").replace("-", "−")


@register.filter
def moment(when: datetime | str | None) -> SafeString | str:
    """A time with its zone, as a machine-readable time element."""
    if when is None or when == "":
        return _("no time stated")
    known = datetime.fromisoformat(when) if isinstance(when, str) else when
    date, hour = written(known).split(" ", 1)
    return format_html(
        '<time datetime="{}"><span class="nowrap">{}</span> <span class="nowrap">{}</span></time>',
        known.isoformat(timespec="minutes"),
        date,
        hour,
    )


@register.filter
def day(when: datetime | None) -> SafeString | str:
    """The day of a time at its own place; its zone is in the time element."""
    if when is None:
        return _("no time stated")
    return format_html(
        '<time datetime="{}">{}</time>', when.isoformat(timespec="minutes"), f"{when:%Y-%m-%d}"
    )


def written(when: datetime) -> str:
    """A time with its zone in plain text: 2016-12-12 15:00 UTC−06:00."""
    zone = "UTC" if when.utcoffset() == UTC.utcoffset(None) else f"{when:%Z}".replace("-", "−")
    return f"{when:%Y-%m-%d %H:%M} {zone}"


_STATUS = {
    Status.UNKNOWN: gettext_noop("status not stated"),
    Status.PRE_ELECTION: gettext_noop("before the election"),
    Status.UNOFFICIAL_PARTIAL: gettext_noop("unofficial, partial"),
    Status.UNOFFICIAL_COMPLETE: gettext_noop("unofficial, all units in"),
    Status.CANVASSED: gettext_noop("canvassed"),
    Status.CERTIFIED: gettext_noop("certified"),
    Status.CORRECTION: gettext_noop("certified, corrected"),
    Status.RECOUNT: gettext_noop("recounted"),
}


def status_words(status: Status) -> str:
    """How final a count is, in plain words."""
    return _(_STATUS[status])


def status_word(status: Status) -> str:
    """How final a count is, in a word or two that fit under a step of a chart."""
    short = {Status.UNOFFICIAL_PARTIAL: _("unofficial"), Status.UNOFFICIAL_COMPLETE: _("unofficial"),
             Status.UNKNOWN: "", Status.CORRECTION: _("corrected")}  # fmt: skip
    return short.get(status, status_words(status))


def severity_words(severity: Severity) -> str:
    """How much a finding weighs, in one word."""
    return {
        Severity.ERROR: pgettext("severity", "Error"),
        Severity.WARNING: pgettext("severity", "Warning"),
        Severity.INFO: pgettext("severity", "Note"),
    }[severity]


def severity_count(severity: Severity, number: int) -> str:
    """So many findings of a severity: "1 error", "29 warnings"."""
    form = {
        Severity.ERROR: ngettext("%(n)s error", "%(n)s errors", number),
        Severity.WARNING: ngettext("%(n)s warning", "%(n)s warnings", number),
        Severity.INFO: ngettext("%(n)s note", "%(n)s notes", number),
    }[severity]
    return form % {"n": votes(number)}


def life_words(state: str) -> str:
    """Where a finding stands, in one word."""
    return {"open": _("open"), "explained": _("explained"), "resolved": _("resolved")}.get(state, state)


register.filter("status", status_words)
register.filter("margin_share", margin_share)
register.simple_tag(life_words, name="life_word")

# Each severity has a shape of its own, so that it is told without colour too.
SHAPES = {
    Severity.ERROR: "M8 1 15.5 14.5H.5Z",
    Severity.WARNING: "M8 .5 15.5 8 8 15.5.5 8Z",
    Severity.INFO: "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z",
}


@register.filter
def life_after(kind: str) -> str:
    """Where a finding stands after an event of this kind."""
    return STATE_AFTER.get(kind, "open")


@register.filter
def dated(sentence: str) -> SafeString:
    """A sentence whose days do not break at the end of a line."""
    return mark_safe(
        _DAY.sub(r'<span class="nowrap">\1</span>', escape(sentence))
    )  # everything else is escaped


@register.filter
def counted(change: Change) -> str:
    """What a changed number counts: a choice's votes, or another measure in words."""
    return change.choice if change.measure in VOTES else change.measure.replace("_", " ")


@register.filter
def hyphened(name: str) -> str:
    """A name whose very long words may break with a hyphen, so that no column is wider than needed."""
    return re.sub(r"(\w{9})(?=\w{5})", "\\1\u00ad", name)


def surname(choice: str) -> str:
    """The family name within a choice's name as the source writes it; the whole name where there is none."""
    family = family_name(choice)
    found = [word.strip(",.") for word in choice.split() if word.casefold().strip(",.") in family]
    return " ".join(found) or choice


@register.filter
def typeset(formula: str) -> str:
    """A formula with the signs that print has for what a keyboard writes."""
    for typed, printed in (("<=", "≤"), (">=", "≥"), (" - ", " − "), ("sqrt(", "√(")):
        formula = formula.replace(typed, printed)
    return formula


@register.filter
def plain(value: object) -> str:
    """A value as it was read: numbers with thousands separated, everything else as text."""
    return readable(value) if isinstance(value, int | float) else str(value)


@register.simple_tag
def severity(which: Severity, number: int | None = None) -> SafeString:
    """A badge: shape and word, or shape and how many."""
    return format_html(
        '<span class="badge severity {}">'
        '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg> {}</span>',
        which.value,
        SHAPES[which],
        severity_words(which) if number is None else severity_count(which, number),
    )  # fmt: skip


@register.simple_tag
def life(state: str) -> SafeString:
    """A badge of where a finding stands."""
    return format_html('<span class="badge life {}">{}</span>', state, life_words(state))


@register.simple_tag(takes_context=True)
def href(context: Context, name: str, **named: Any) -> str:
    """The address of a page, at the same ``as_of`` as the page that links to it."""
    return address(name, str(context.get("as_of_text") or ""), **named)


@register.simple_tag(takes_context=True)
def place_link(context: Context, words: str) -> SafeString:
    """The words as a link to the page of the row ``each`` of a table of units."""
    row = context["each"]
    place = context["places"].get((row.state, row.county, row.unit))
    if place is None:
        return format_html("{}", words)
    return format_html(
        '<a href="{}">{}</a>', href(context, "unit", case=context["case"].id, place=place.key), words
    )


def address(name: str, as_of: str = "", **named: Any) -> str:
    """The address of a page, as of a time where one is given, in the language that was asked for."""
    place = reverse(name, kwargs=named)
    kept = {key: value for key, value in (("as_of", as_of), ("lang", language.asked())) if value}
    return f"{place}?{urlencode(kept)}" if kept else place


@register.filter
def short(digest: str) -> SafeString:
    """The first signs of a SHA-256, with the whole of it for those who point at it."""
    return format_html('<code title="{}">{}…</code>', digest, digest[:12])


@register.filter
def breakable(name: str) -> SafeString:
    """A file name or id that may break after its separators, so that it fits a narrow screen."""
    return mark_safe(re.sub(r"([/_.-])(?!$)", r"\1<wbr>", escape(name)))  # every other sign is escaped
