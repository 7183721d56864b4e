"""The words by which sources name what is not a candidate, a place or a plain number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

from tallyproof.election.returns import Level, Measure, UnitKind
from tallyproof.election.voting_modes import mode as mode

Word = TypeVar("Word")


def _rules(*rules: tuple[Word, tuple[str, ...]]) -> tuple[tuple[re.Pattern[str], Word], ...]:
    """Patterns that must match a whole text, in the order in which they are tried."""
    return tuple(
        (re.compile(rf"^(?:{'|'.join(patterns)})$", re.IGNORECASE), word) for word, patterns in rules
    )


_UNIT_MEASURES = _rules(
    (Measure.REGISTERED, (
        r"(total )?(number of )?(registered|eligible|active) voters?( ?- ?total)?",
        r"registrants?", r"registration",
        r"voters registered", r"registered",
    )),
    (Measure.BALLOTS_BLANK, (r"ballots? cast ?-? ?blank", r"blank ballots?( cast)?", r"ballots blank")),
    (Measure.BALLOTS_CAST, (
        r"(total )?ballots?( votes)? (cast|counted|voted)( ?- ?total)?",
        r"(total|number of) ballots( cast| counted)?",
        r"cards cast", r"times counted", r"public count", r"turnout total", r"ballots",
    )),
    (Measure.VOTERS, (
        r"(total )?voters?", r"(total )?voters (checked in|voting|signed in|participated)",
        r"poll ?book( count| total)?", r"check-?ins?", r"signatures",
    )),
    (Measure.BALLOTS_ISSUED, (r"ballots issued( at polls)?",)),
    (Measure.BALLOTS_SPOILED, (r"(ballots )?spoiled( ballots)?",)),
    (Measure.BALLOTS_UNUSED, (r"(ballots )?unused( ballots)?",)),
    (Measure.PROVISIONAL_ISSUED, (r"provisionals? (ballots )?issued",)),
    (Measure.PROVISIONAL_COUNTED, (r"provisionals? (ballots )?counted",)),
    (Measure.PROVISIONAL_REJECTED, (r"provisionals? (ballots )?rejected",)),
    (Measure.MAIL_SENT, (r"(absentee|mail)( ballots)? (sent|issued|transmitted|mailed)",)),
    (Measure.MAIL_RETURNED, (r"(absentee|mail)( ballots)? (returned|received)",)),
    (Measure.MAIL_ACCEPTED, (r"(absentee|mail)( ballots)? (accepted|counted)",)),
    (Measure.MAIL_REJECTED, (r"(absentee|mail)( ballots)? rejected",)),
    (Measure.MAIL_PENDING, (r"(absentee|mail)( ballots)? pending",)),
    (Measure.BALLOTS_BY_DEVICE, (r"(paper|optical scan|dre|auto-?mark|bmd)( ballots)?",)),
)  # fmt: skip

# Anchored at both ends: Paul Glover, Julian Castro, Mr. Overby and Ms. Blankenship are people.
_CHOICE_MEASURES = _rules(
    (Measure.OVERVOTES, (
        r"(number of |total |times )?over[ _-]?vote[sd]?( count)?s?", r"over-? ?votes?:?",
    )),
    (Measure.UNDERVOTES, (
        r"(number of |total |times )?under[ _-]?vote[sd]?( count)?s?", r"blank(s| votes?| voted)?",
        r"voids?( votes?)?", r"no vote", r"times blank voted",
        r"(over|under) ?(votes?)? ?[/&] ?(over|under) ?votes?",
    )),
    (Measure.WRITE_IN, (
        r"((unqualified|unresolved|unassigned|rejected|qualified|certified|other|misc\.?|miscellaneous|total|all"
        r"|invalid|valid|unregistered|registered|declared|undeclared) )*"
        r"write[ -]?0?ins?( votes?| totals?| candidates?)*"
        r"( ?[-:]? ?\(?(totals?|unassigned|unresolved|rejected|misc|miscellaneous|scatter(ed|ing)?|other|all)"
        r"\)?)?",
        r"scatter(ing|ed)?s?( votes)?", r"not assigned", r"unassigned", r"unresolved", r"rejected",
    )),
    (Measure.TOTAL_VOTES, (
        r"(total|cast)\b.*\bvotes?( cast)?( for \S.*)?", r"total( contest)? votes?( cast)?", r"votes cast",
        r"totals?", r"contest totals?",
    )),
    (Measure.OTHER, (r"all others?( candidates)?", r"other candidates", r"others?", r"minor candidates")),
)  # fmt: skip

_YES = {"true", "t", "yes", "y", "1"}
_WRITTEN_IN = re.compile(r"\bwrite[ -]?in\b", re.IGNORECASE)
_STRAIGHT_PARTY = re.compile(r"^straight[ -]?(party|ticket)( ticket| voting)?\b", re.IGNORECASE)
_SHARE = re.compile(
    r"^((voter|total|election|ballot) )*turnout( ?\(?(pct|percent(age)?|%|rate)\)?)?( ?- ?total)?$"
    r"|^(%|pct|percent(age)?)( (of )?(the )?(total |registered )?(votes?|voters|turnout|total|cast))*$"
    r"|^(votes?|voters?|ballots?|precincts?( reporting)?)( cast)? ?\(?(pct|percent(age)?|%)\)?$",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def unit_measure(text: str) -> Measure | None:
    """What an office or column wording counts where it belongs to a unit as a whole, such as ballots cast."""
    return _first(_UNIT_MEASURES, _plain(text))


@lru_cache(maxsize=65_536)
def choice_measure(text: str) -> Measure | None:
    """What a pseudo-candidate counts (write-ins, over- and undervotes, totals); None for a real choice."""
    return _first(_CHOICE_MEASURES, _plain(text)) or _contest_ballots(text)


def _contest_ballots(text: str) -> Measure | None:
    """Ballots and registration given as a pseudo-candidate of a contest."""
    found = unit_measure(text)
    return found if found in {Measure.BALLOTS_CAST, Measure.REGISTERED, Measure.BALLOTS_BLANK} else None


def is_yes(text: str) -> bool:
    """Whether a column of TRUE and FALSE says yes."""
    return text.strip().casefold() in _YES


def written_in(name: str) -> str:
    """The name of a candidate with the mark that it is written in, once.

    >>> written_in("Jane Doe"), written_in("Jane Doe (Write-In)"), written_in("")
    ('Jane Doe (write-in)', 'Jane Doe (Write-In)', '')
    """
    return name if not name or _WRITTEN_IN.search(name) else f"{name} (write-in)"


def is_straight_party(office: str) -> bool:
    """Whether the office is the straight-party device and not a contest."""
    return bool(_STRAIGHT_PARTY.match(office.strip()))


def is_percentage(text: str) -> bool:
    """Whether the wording announces a share and not a count; a question on a 2.5% levy does not."""
    return bool(_SHARE.match(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace(".", " ").split()).strip(" :*")


def _first(rules: tuple[tuple[re.Pattern[str], Word], ...], text: str) -> Word | None:
    return next((word for pattern, word in rules if pattern.match(text)), None)


_WHOLE = re.compile(
    r"^(county|grand|precincts?|office|election|contest|state(wide)?|district|cumulative|all)?[ -]*totals?:?$"
    r"|^cumulative( totals?)?$|^(all precincts|county ?-?wide( totals?)?|total county)$|^total$",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r"\b(sub-?totals?|totals?):?$", re.IGNORECASE)
_ADJUSTMENT = re.compile(r"\b(statistical )?adjustments?\b", re.IGNORECASE)
_FLOATING = re.compile(r"\bfloating\b|^\[?(jurisdiction|county|state)[ -]?wide\]?$", re.IGNORECASE)
_TEST = re.compile(
    r"(?<![a-z])(test (deck|ballots?|precinct|election|data|county|votes?)|l ?(&|and) ?a test"
    r"|logic (&|and) accuracy)(?![a-z])",
    re.IGNORECASE,
)


@lru_cache(maxsize=262_144)
def unit_kind(unit: str, county: str) -> tuple[UnitKind, Level]:
    """What a unit's name says it is, and the level that its row speaks of."""
    name = unit.strip()
    if not name:
        return (UnitKind.TOTAL if _is_whole(county) else UnitKind.PLACE, _upper_level(county))
    if _is_whole(name, county):
        return UnitKind.TOTAL, _upper_level(county)
    if _SUBTOTAL.search(name):
        return UnitKind.TOTAL, Level.UNIT
    if _ADJUSTMENT.search(name):
        return UnitKind.ADJUSTMENT, Level.UNIT
    return (UnitKind.FLOATING if is_floating(name) else UnitKind.PLACE), Level.UNIT


def is_floating(text: str) -> bool:
    """Whether the name stands for votes that were reported above the level of places."""
    return bool(_FLOATING.search(text.strip()))


def is_test(text: str) -> bool:
    """Whether the words announce test data: a test deck, a logic and accuracy test."""
    return bool(_TEST.search(text))


def _is_whole(name: str, county: str = "") -> bool:
    if _WHOLE.match(name.strip()):
        return True
    plain = county.strip()
    if not plain or plain.casefold() not in name.casefold():
        return False
    rest = re.sub(re.escape(plain) + r"\b( county)?", "", name, flags=re.IGNORECASE).strip()
    return rest != name.strip() and bool(_WHOLE.match(rest))


def _upper_level(county: str) -> Level:
    plain = county.strip()
    return Level.STATE if not plain or _is_whole(plain) or plain.casefold() == "statewide" else Level.COUNTY
