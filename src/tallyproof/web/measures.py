"""Words for what a number of returns counts, and for the ways of voting."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tallyproof.election.returns import Measure, Mode

_MEASURES = {
    Measure.CHOICE: _("Votes"),
    Measure.WRITE_IN: _("Write-ins"),
    Measure.OTHER: _("Other choices together"),
    Measure.OVERVOTES: _("Overvotes"),
    Measure.UNDERVOTES: _("Undervotes"),
    Measure.STRAIGHT_PARTY: _("Straight-party votes"),
    Measure.TOTAL_VOTES: _("All votes, as stated"),
    Measure.MARGIN: _("Margin, as stated"),
    Measure.BALLOTS_CAST: _("Ballots cast"),
    Measure.BALLOTS_BLANK: _("Blank ballots"),
    Measure.BALLOTS_BY_DEVICE: _("Ballots by device"),
    Measure.VOTERS: _("Voters signed in"),
    Measure.REGISTERED: _("Registered voters"),
    Measure.BALLOTS_ISSUED: _("Ballots issued"),
    Measure.BALLOTS_SPOILED: _("Ballots spoiled"),
    Measure.BALLOTS_UNUSED: _("Ballots unused"),
    Measure.PROVISIONAL_ISSUED: _("Provisional ballots issued"),
    Measure.PROVISIONAL_COUNTED: _("Provisional ballots counted"),
    Measure.PROVISIONAL_REJECTED: _("Provisional ballots rejected"),
    Measure.MAIL_SENT: _("Mail ballots sent"),
    Measure.MAIL_RETURNED: _("Mail ballots returned"),
    Measure.MAIL_ACCEPTED: _("Mail ballots accepted"),
    Measure.MAIL_REJECTED: _("Mail ballots rejected"),
    Measure.MAIL_PENDING: _("Mail ballots pending"),
    Measure.ELECTORS: _("Electors pledged"),
    Measure.ELECTORS_CAST: _("Electors’ votes cast"),
}
_MODES = {
    Mode.TOTAL: _("All"),
    Mode.ELECTION_DAY: _("Election day"),
    Mode.EARLY: _("Early"),
    Mode.ABSENTEE: _("Absentee"),
    Mode.ABSENTEE_IN_PERSON: _("Absentee in person"),
    Mode.ABSENTEE_MAIL: _("Absentee by mail"),
    Mode.PROVISIONAL: _("Provisional"),
    Mode.UOCAVA: _("Military and overseas"),
    Mode.OTHER: _("Other ways"),
}


def measure_words(measure: str) -> str:
    """What a number counts, in words that head a row."""
    return gettext(_MEASURES[Measure(measure)])


def mode_words(mode: str) -> str:
    """A way of voting, in words that head a column."""
    return gettext(_MODES[Mode(mode)])
