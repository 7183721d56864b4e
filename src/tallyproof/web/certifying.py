"""Certification and the days that follow, as pages say where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.election.jurisdiction import STATES
from tallyproof.recount.acts import DueAnswer, Stand
from tallyproof.services.certifying import CaseCertification, StateCertification
from tallyproof.tracking.certification import Certified
from tallyproof.web.law_words import day_said
from tallyproof.web.wording import register, status_words, votes


@dataclass(frozen=True, slots=True)
class Row:
    """A state of the table: what its sources say, then when counties and state are to certify."""

    name: str
    code: str
    by_sources: str
    counties: str
    state: str


def rows(found: CaseCertification) -> list[Row]:
    """The states, those that are not wholly certified first."""
    ordered = sorted(found.states, key=lambda each: (each.by_sources.is_whole, each.by_sources.state))
    return [_row(each) for each in ordered]


def _row(each: StateCertification) -> Row:
    code = each.by_sources.state
    return Row(
        STATES.get(code, code),
        code,
        sources_words(each.by_sources),
        _settled(each.due("county"), each.by_sources) or stands(each.due("county")),
        _settled(each.due("state"), each.by_sources) or stands(each.due("state")),
    )


def sources_words(found: Certified) -> str:
    """How many contests the sources call certified; with one contest, its status and day."""
    day = f"{found.last.as_of:%Y-%m-%d}" if found.last.as_of else ""
    if found.contests == 1:
        words = status_words(found.last.status)
        return _("%(status)s, %(day)s") % {"status": words, "day": day} if day else words
    told = _("%(n)s of %(all)s contests certified") % {
        "n": votes(found.certified),
        "all": votes(found.contests),
    }
    return _("%(told)s, latest %(day)s") % {"told": told, "day": day} if day else told


def _settled(due: DueAnswer | None, by_sources: Certified) -> str:
    """When an act was due of which the sources say that it was done; nothing for others."""
    if due is None or due.stand is not Stand.PASSED or due.by is None or not by_sources.is_whole:
        return ""
    return _("was due %(when)s") % {"when": day_said(due.by)}


@register.filter("due_title")
def title(due: DueAnswer) -> SafeString:
    """What is due: the usual acts in the page's language, others in our own English words."""
    usual = {
        "the counties certify": _("the counties certify"),
        "the state certifies": _("the state certifies"),
    }
    if due.title in usual:
        return escape(usual[due.title])
    return format_html('<span lang="en">{}</span>', due.title)


@register.filter("due_stands")
def stands(due: DueAnswer | None) -> str:
    """Until when an act is due, and whether it was done, in a few words."""
    if due is None:
        return _("no rule known")
    when = day_said(due.by) if due.by else ""
    form = {"when": when, "done": f"{due.happens:%Y-%m-%d}" if due.happens else ""}
    if due.look_up:
        return _("rule from memory: look it up in %(citation)s") % {"citation": due.known.citation}
    match due.stand:
        case Stand.DONE if not due.happens:
            return _("%(when)s, which has passed") % form
        case Stand.DONE if when:
            return _("done %(done)s, due %(when)s") % form
        case Stand.DONE:
            return _("done %(done)s") % form
        case Stand.DONE_LATE:
            return _("done %(done)s, after %(when)s; a recount or a court may have moved it") % form
        case Stand.AHEAD:
            return _("due %(when)s") % form
        case Stand.NEAR:
            return _("due %(when)s, within a week") % form
        case Stand.PASSED:
            return _("was due %(when)s; the law’s files do not say whether it was done") % form
    return _("no day that can be counted: %(words)s") % {"words": due.words}


def sentence(found: CaseCertification) -> str:
    """How many states are certified by the sources."""
    whole = sum(each.by_sources.is_whole for each in found.states)
    return ngettext(
        "By its sources, %(whole)s of %(n)s state is wholly certified.",
        "By their sources, %(whole)s of %(n)s states are wholly certified.",
        len(found.states),
    ) % {"whole": votes(whole), "n": votes(len(found.states))}
