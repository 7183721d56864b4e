"""The fields of the planner's form: what each asks for, what was typed, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tallyproof.web.plan_form import FIELDS, USUAL, Asked


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it; ``mode`` is the keyboard that a phone offers."""

    name: str
    label: str
    help: str
    value: str
    fault: str
    mode: str = "numeric"


def fields(asked: Asked) -> list[Field]:
    """Every field in the order of the form."""
    labels = _labels()
    return [
        Field(
            name,
            *labels[name],
            asked.typed[name] or USUAL.get(name, ""),
            asked.faults.get(name, ""),
            "decimal" if name in DECIMAL else "numeric",
        )
        for name in FIELDS
    ]


DECIMAL = frozenset(["risk_limit", "two_votes", "one_vote", "pooled"])


def _labels() -> dict[str, tuple[str, str]]:
    """Label and help of each field."""
    return {
        "votes": (_("Reported votes"), _("One choice per line: name, then votes.")),
        "lead": (_("Or the lead, in votes"), _("In place of the votes of each choice.")),
        "cast": (_("Votes for the two in front"), _("Beside the lead; unless given, every card has one.")),
        "cards": (
            _("Cards cast"),
            _("All that may bear the contest, not its votes. Unless known, take the votes and some more."),
        ),
        "winners": (_("Winners"), _("How many choices win.")),
        "vote_for": (_("Votes per card"), _("How many choices a voter may mark.")),
        "risk_limit": (
            _("Risk limit, %"),
            _("The largest chance that a wrong outcome is confirmed. Usual: 5 or 10."),
        ),
        "two_votes": (
            _("Cards two votes over, %"),
            _("Expected share of records that overstate the lead by two votes."),
        ),
        "one_vote": (_("Cards one vote over, %"), _("The same by one vote.")),
        "pooled": (
            _("Cards without own records, %"),
            _("For ONEAudit; leave it empty where every card has a record."),
        ),
        "batch_cards": (_("Cards in a batch"), _("For batch comparison; leave it empty to leave it out.")),
    }
