"""Reads what the planner page is asked, and says beside each field what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tallyproof.audit.contest import Contest
from tallyproof.audit.plan import ErrorRates
from tallyproof.errors import RequestError
from tallyproof.services.planning import Closest, Question, closest_of

FIELDS = ("votes", "lead", "cast", "cards", "winners", "vote_for", "risk_limit", "two_votes", "one_vote",
          "pooled", "batch_cards")  # fmt: skip
USUAL: Mapping[str, str] = {
    "winners": "1",
    "vote_for": "1",
    "risk_limit": "5",
    "two_votes": "0",
    "one_vote": "0",
}
EXAMPLE: Mapping[str, str] = {
    "votes": "Ann 5,204\nBo 4,796\nCy 310", "cards": "10,500", "pooled": "10", "batch_cards": "250",
    "two_votes": "0.01", "one_vote": "0.1",
}  # fmt: skip
LONGEST = 20_000
"""Signs of a field that are read."""
MOST_CARDS = 1_000_000_000
MOST_CHOICES = 200
LONGEST_NAME = 200

_LINE = re.compile(r"(.*?)[\s:=;,]+(\d{1,3}(?:,\d{3}){1,5}|\d{1,18})", re.DOTALL | re.ASCII)
"""A name, then votes that stand apart from it: “Bo 1.000” and “Ann -5” are no count of votes."""
_WHOLE, _DECIMAL = r"\d{1,18}", r"\d{1,18}(\.\d{0,18})?|\.\d{1,18}"


@dataclass
class Asked:
    """What was typed, what of it is wrong, and the question that it makes where nothing is."""

    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    choices: dict[str, int] = field(default_factory=dict)
    closest: Closest | None = None
    question: Question | None = None
    no_sample: str = ""
    winners: int = 1
    vote_for: int = 1


def asked(given: QueryDict) -> Asked | None:
    """The request of an address; None where nothing was asked yet."""
    typed = {name: given.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    return read(typed) if any(typed.values()) else None


def example() -> Asked:
    """The worked example that an empty page shows."""
    return read({name: EXAMPLE.get(name, USUAL.get(name, "")) for name in FIELDS})


def query_of(typed: Mapping[str, str]) -> str:
    """What was typed as the part of an address after the question mark; empty fields left out."""
    return urlencode({name: typed[name] for name in FIELDS if typed.get(name)})


def contest_query(votes: Mapping[str, int], cards: int, winners: int, vote_for: int) -> str:
    """The address part that asks for the plan of a contest."""
    lines = "\n".join(f"{_one_line(name)} {number}" for name, number in votes.items())
    return query_of({"votes": lines, "cards": str(cards), "winners": str(winners), "vote_for": str(vote_for)})


def read(typed: dict[str, str]) -> Asked:
    """Every field in turn; a question only where none has a fault."""
    found = Asked(typed)
    cards = _whole(found, "cards", 1, MOST_CARDS, _("Write how many cards were cast, such as 10,500."))
    found.winners = _whole(found, "winners", 1, MOST_CHOICES) or 1
    found.vote_for = _whole(found, "vote_for", 1, MOST_CHOICES) or 1
    limit = _number(found, "risk_limit", 0.01, 50)
    two, one = (_number(found, name, 0, 20) or 0.0 for name in ("two_votes", "one_vote"))
    pooled = _number(found, "pooled", 0.1, 99) if typed["pooled"] else None
    batch = _whole(found, "batch_cards", 1, 1_000_000) if typed["batch_cards"] else None
    if typed["votes"]:
        _votes(found)
    lead, cast = _lead(found, cards)
    if found.faults or not cards:
        return found
    _closest(found, cards, lead, cast)
    if found.closest and limit:
        closest = found.closest
        rates = ErrorRates(two / 100, one / 100)
        share = None if pooled is None else pooled / 100
        found.question = Question(cards, closest.margin, closest.voted, limit / 100, rates, share, batch)
    return found


def _whole(found: Asked, name: str, low: int, high: int, missing: str = "") -> int | None:
    """A whole number in a field, None (with a sentence beside the field) where it is none or out of range."""
    text = _written(found, name, _WHOLE, _("“%(text)s” is no whole number."), missing)
    return int(text) if text and _within(found, name, float(text), low, high) else None


def _number(found: Asked, name: str, low: float, high: float) -> float | None:
    """The same for a number that may have decimals and a percent sign."""
    text = _written(found, name, _DECIMAL, _("“%(text)s” is no number."), "")
    return float(text) if text and _within(found, name, float(text), low, high) else None


def _written(found: Asked, name: str, pattern: str, fault: str, missing: str) -> str:
    """The digits in a field; nothing where there is a fault."""
    text = found.typed[name] or USUAL.get(name, "")
    plain = text.replace(",", "").removesuffix("%").strip()
    if re.fullmatch(pattern, plain, re.ASCII):
        return plain
    found.faults[name] = fault % {"text": _short(text)} if text else missing
    return ""


def _within(found: Asked, name: str, number: float, low: float, high: float) -> bool:
    if low <= number <= high:
        return True
    form = {"low": f"{low:,g}", "high": f"{high:,.0f}"}
    found.faults[name] = _("This must be from %(low)s to %(high)s.") % form
    return False


def _votes(found: Asked) -> None:
    """One choice per line, its name and its votes."""
    if len(found.typed["votes"]) > LONGEST:
        found.faults["votes"] = _("This is too long; only the choices of one contest are needed.")
        return
    for line in filter(None, map(str.strip, found.typed["votes"].splitlines())):
        told = _LINE.fullmatch(line)
        name = told[1].strip(" \t:=;,").rstrip(" -–—")[:LONGEST_NAME] if told else ""
        if told is None or not name:
            found.faults["votes"] = _("“%(line)s” is no name and number, such as Ann 5,204.") % {
                "line": _short(line)
            }
            return
        if name in found.choices:
            found.faults["votes"] = _(
                "“%(name)s” stands there twice; give each choice a name of its own."
            ) % {"name": _short(name)}
            return
        found.choices[name] = int(told[2].replace(",", ""))
    if len(found.choices) > MOST_CHOICES:
        found.faults["votes"] = _("At most %(most)s choices can be planned for.") % {"most": MOST_CHOICES}


def _lead(found: Asked, cards: int | None) -> tuple[int | None, int | None]:
    """The lead and the votes of the two in front, in place of the votes of each choice."""
    typed = found.typed
    if typed["votes"]:
        if typed["lead"]:
            found.faults["lead"] = _("Give the votes of each choice or the lead, not both.")
        return None, None
    if not typed["lead"]:
        found.faults["votes"] = _("Write each choice and its votes, such as Ann 5,204, or the lead below.")
        return None, None
    most = cards or MOST_CARDS
    lead = _whole(found, "lead", 1, most)
    if not typed["cast"]:
        return lead, lead and most
    cast = _whole(found, "cast", 1, most)
    if lead and cast and lead > cast:
        found.faults["lead"] = _("The lead cannot be larger than the votes for the two.")
    return lead, cast


def _closest(found: Asked, cards: int, lead: int | None, cast: int | None) -> None:
    if lead and cast:
        found.closest = Closest(lead / cards, cast / cards, lead=lead)
        return
    if max(found.choices.values()) > cards:
        found.faults["cards"] = _("There are fewer cards than votes for one choice.")
    elif sum(found.choices.values()) > cards * found.vote_for:
        found.faults["cards"] = _("So many cards cannot bear %(votes)s votes.") % {
            "votes": f"{sum(found.choices.values()):,}"
        }
    if found.faults:
        return
    contest = Contest(found.choices, cards, seats=found.winners, votes_per_card=found.vote_for)
    try:
        found.closest = closest_of(contest)
    except RequestError as fault:
        found.no_sample = str(fault)


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= 60 else f"{line[:60]}…"
