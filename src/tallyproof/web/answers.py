"""The sentences that answer for a place, a search and an import."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.election.returns import Measure
from tallyproof.services.pages import ImportNotes
from tallyproof.services.places import ContestHere, Place, UnitPage
from tallyproof.services.searching import Found
from tallyproof.web.wording import status_words, votes


def of_unit(page: UnitPage) -> str:
    """Who leads in a place, by how much; with several contests, in how many it voted too."""
    told = [each for each in page.contests if each.reports[0].total is not None]
    if not told:
        return _without_votes(page)
    lead = _lead(told[0])
    if len(told) == 1:
        return lead
    return ngettext(
        "%(n)s contest was voted on here. %(contest)s: %(lead)s",
        "%(n)s contests were voted on here. %(contest)s: %(lead)s",
        len(told),
    ) % {"n": votes(len(told)), "contest": told[0].contest.title, "lead": lead}


def _without_votes(page: UnitPage) -> str:
    if page.contests:
        return _("Sources speak of a contest here, but none gives all its votes.")
    return _("Sources give ballots or voters here, but no votes of a contest.")


def _lead(here: ContestHere) -> str:
    report = here.reports[0]
    named = [each for each in report.counts if each.measure == Measure.CHOICE and each.votes is not None]
    form = {"total": votes(report.total), "status": status_words(report.snapshot.status)}
    if not named:
        return _("%(total)s votes, %(status)s.") % form
    first, *others = sorted(named, key=lambda each: -(each.votes or 0))
    form |= {"leader": first.choice, "votes": votes(first.votes)}
    if not others:
        return _("%(leader)s has %(votes)s of %(total)s votes, %(status)s.") % form
    ahead = (first.votes or 0) - (others[0].votes or 0)
    form |= {"second": others[0].choice, "ahead": votes(ahead)}
    if not ahead:
        return _("%(leader)s and %(second)s are tied, %(total)s votes in all, %(status)s.") % form
    return _("%(leader)s is %(ahead)s ahead of %(second)s, of %(total)s votes, %(status)s.") % form


def of_places(found: list[Place]) -> str:
    """How many places sources speak of."""
    if not found:
        return _("No source speaks of a place yet.")
    return ngettext("Sources speak of one place.", "Sources speak of %(n)s places.", len(found)) % {
        "n": votes(len(found))
    }


def of_search(found: Found, asked: str) -> str:
    """What was found, or that nothing was."""
    if not asked:
        return _("Write a part of a place’s, contest’s or choice’s name, or a word of a finding.")
    if not found.words:
        return _("“%(asked)s” holds no letter or digit to search for.") % {"asked": asked}
    if not found.number:
        return _("Nothing here holds “%(asked)s”.") % {"asked": asked}
    parts = (
        (found.places, ngettext("one place", "%(n)s places", len(found.places))),
        (found.findings, ngettext("one finding", "%(n)s findings", len(found.findings))),
        (found.contests, ngettext("one contest", "%(n)s contests", len(found.contests))),
    )
    said = [form % {"n": votes(len(things))} for things, form in parts if things]
    return _("“%(asked)s” is in %(said)s.") % {"asked": asked, "said": _listed(said)}


def _listed(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def of_import(notes: ImportNotes) -> str:
    """How many rows were read, stored and rejected, and whether they still count."""
    rows = notes.record.rows
    form = {name: votes(rows[name]) for name in ("read", "stored", "rejected")}
    if notes.record.undone:
        return _("This import was undone; its %(stored)s rows no longer count.") % form
    if not rows["rejected"]:
        return (
            ngettext(
                "One row was read and stored; none was rejected.",
                "%(read)s rows were read and all were stored; none was rejected.",
                rows["read"],
            )
            % form
        )
    return (
        ngettext(
            "%(read)s rows were read; one was not stored, and the reason stands below.",
            "%(read)s rows were read; %(rejected)s were not stored, and the reasons stand below.",
            rows["rejected"],
        )
        % form
    )
