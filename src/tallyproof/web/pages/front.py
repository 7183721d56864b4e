"""The front page: the cases, with where each stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.election.evidence import Severity
from tallyproof.services import pages
from tallyproof.services.access import Actor, Right
from tallyproof.services.pages import Look
from tallyproof.web import sentences
from tallyproof.web.access import READERS, open_to
from tallyproof.web.carried import workspace_of
from tallyproof.web.showing import show
from tallyproof.web.stands import is_tied
from tallyproof.web.wording import status_words, votes


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list: its answer in a sentence, and the few numbers behind it."""

    seen: Look
    sentence: str
    leader: str
    margin: int | None
    margin_of: str
    status: str
    open: dict[Severity, int]


@open_to(READERS)
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All cases, newest election first."""
    rows = [_row(each) for each in pages.overview(workspace_of(request), actor)]
    title = ngettext("%(n)s election", "%(n)s elections", len(rows)) % {"n": votes(len(rows))}
    context = {"rows": rows, "may_open": Right.IMPORT in actor.rights}
    return show(request, "cases.html", context, title=title if rows else _("Cases"))


def _row(seen: Look) -> CaseRow:
    closest = seen.closest
    counted = Counter(each.severity for each in seen.open_findings)
    return CaseRow(
        seen, f"{sentences.of_count(seen)} {sentences.of_findings(seen.open_findings)}",
        _leader(seen), closest.standing.margin if closest else None,
        closest.contest.title if closest and len(seen.count.contests) > 1 else "", _status(seen),
        {severity: counted[severity] for severity in Severity if counted[severity]},
    )  # fmt: skip


def _leader(seen: Look) -> str:
    if seen.count.electors:
        return seen.count.electors[0].choice
    leaders = {"" if is_tied(each.standing) else each.standing.leader for each in seen.count.contests}
    return leaders.pop() if len(leaders) == 1 else ""


def _status(seen: Look) -> str:
    """How final the contests are: one word where all are alike, else how many of each."""
    counted = Counter(status_words(each.snapshot.status) for each in seen.count.contests)
    if len(counted) <= 1:
        return next(iter(counted), "")
    return ", ".join(f"{number:,} {words}" for words, number in counted.most_common())
