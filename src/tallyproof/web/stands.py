"""Where a contest stands in one sentence, in the page's language; in English the sentence of the service."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.jurisdiction import STATES
from tallyproof.services.counting import ContestCount
from tallyproof.tracking.standing import Standing
from tallyproof.web.wording import register, votes

_FINALITY = {
    Status.UNKNOWN: gettext_noop("status not stated"),
    Status.PRE_ELECTION: gettext_noop("before the election"),
    Status.UNOFFICIAL_PARTIAL: gettext_noop("unofficial and partial"),
    Status.UNOFFICIAL_COMPLETE: gettext_noop("unofficial, all units in"),
    Status.CANVASSED: gettext_noop("canvassed, not yet certified"),
    Status.CERTIFIED: gettext_noop("certified"),
    Status.CORRECTION: gettext_noop("certified and corrected"),
    Status.RECOUNT: gettext_noop("after the recount"),
}


def sentence_of(counted: ContestCount) -> str:
    """Who leads by how much, of how many, how final: what ``ContestCount.sentence`` says."""
    where = STATES.get(counted.contest.state, "")
    stands = f"{_lead(counted.standing)}{_left_out(counted.standing)}, {_how_final(counted.snapshot)}."
    return f"{where}: {stands}" if where else stands


def is_tied(standing: Standing) -> bool:
    """Whether nobody leads because the first two have as many votes."""
    return standing.margin == 0 and standing.seats <= 1


@register.filter
def leader(standing: Standing) -> str:
    """Who leads, for a table; where the first two tie, that they do."""
    return _("Tied") if is_tied(standing) else standing.leader


def _lead(standing: Standing) -> str:
    winner = standing.last_winner if standing.margin else standing.last_winner or standing.leader
    form = {"leader": standing.leader, "second": standing.runner_up, "seats": standing.seats,
            "winner": winner, "margin": votes(standing.margin)}  # fmt: skip
    if standing.is_unopposed:
        return _in_all(_("%(leader)s has no opponent") % form, standing)
    if standing.margin is None:
        return _in_all(_("the margin is not known"), standing)
    if standing.margin == 0:
        return _in_all(_("%(winner)s and %(second)s are tied") % form, standing)
    if standing.seats > 1:
        return _of(
            _("%(leader)s leads; for the last of %(seats)s seats %(winner)s leads %(second)s by %(margin)s")
            % form,
            standing,
        )
    return _of(_("%(leader)s leads by %(margin)s") % form, standing)


def _of(stands: str, standing: Standing) -> str:
    if standing.total is None:
        return stands
    said = ngettext("%(stands)s of %(total)s vote", "%(stands)s of %(total)s votes", standing.total)
    return said % {"stands": stands, "total": votes(standing.total)}


def _in_all(stands: str, standing: Standing) -> str:
    if standing.total is None:
        return stands
    said = ngettext("%(stands)s, %(total)s vote in all", "%(stands)s, %(total)s votes in all", standing.total)
    return said % {"stands": stands, "total": votes(standing.total)}


def _left_out(standing: Standing) -> str:
    if not standing.unknown:
        return ""
    told = ngettext("without %(n)s unknown number", "without %(n)s unknown numbers", standing.unknown)
    return f" ({told % {'n': votes(standing.unknown)}})"


def _how_final(snapshot: Snapshot) -> str:
    words = _(_FINALITY[snapshot.status])
    if snapshot.as_of:
        words = _("%(status)s as of %(day)s") % {"status": words, "day": f"{snapshot.as_of:%Y-%m-%d}"}
    return f"{words} ({snapshot.source})"
