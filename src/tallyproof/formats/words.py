"""The words by which sources name what is not a candidate, a place or a plain number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

from tallyproof.election.returns import Level, Measure, Mode, UnitKind

Word = TypeVar("Word")


def _rules(*rules: tuple[str, Word]) -> tuple[tuple[re.Pattern[str], Word], ...]:
    return tuple((re.compile(rf"^(?:{pattern})$", re.IGNORECASE), word) for pattern, word in rules)


_UNIT_MEASURES = _rules(
    (r"(total )?(number of )?(registered|eligible) voters?( - total)?|registrants?|registration|voters registered"
     r"|registered", Measure.REGISTERED),
    (r"ballots? cast ?-? ?blank|blank ballots?( cast)?|ballots blank", Measure.BALLOTS_BLANK),
    (r"(total )?ballots?( votes)? (cast|counted|voted)( - total)?|(total|number of) ballots( cast| counted)?"
     r"|cards cast|times counted|public count|turnout total|ballots counted - total|ballots", Measure.BALLOTS_CAST),
    (r"(total )?voters?|(total )?voters (checked in|voting|signed in|participated)|poll ?book( count| total)?"
     r"|check-?ins?|signatures", Measure.VOTERS),
    (r"ballots issued( at polls)?", Measure.BALLOTS_ISSUED),
    (r"(ballots )?spoiled( ballots)?", Measure.BALLOTS_SPOILED),
    (r"(ballots )?unused( ballots)?", Measure.BALLOTS_UNUSED),
    (r"provisionals? (ballots )?issued", Measure.PROVISIONAL_ISSUED),
    (r"provisionals? (ballots )?counted", Measure.PROVISIONAL_COUNTED),
    (r"provisionals? (ballots )?rejected", Measure.PROVISIONAL_REJECTED),
    (r"(absentee|mail)( ballots)? (sent|issued|transmitted|mailed)", Measure.MAIL_SENT),
    (r"(absentee|mail)( ballots)? (returned|received)", Measure.MAIL_RETURNED),
    (r"(absentee|mail)( ballots)? (accepted|counted)", Measure.MAIL_ACCEPTED),
    (r"(absentee|mail)( ballots)? rejected", Measure.MAIL_REJECTED),
    (r"(absentee|mail)( ballots)? pending", Measure.MAIL_PENDING),
    (r"(paper|optical scan|dre|auto-?mark|bmd)( ballots)?", Measure.BALLOTS_BY_DEVICE),
)  # fmt: skip

_CHOICE_MEASURES = _rules(
    (r"over[ _-]?votes?( count)?s?|total over ?votes", Measure.OVERVOTES),
    (r"under[ _-]?votes?( count)?s?|total under ?votes|blank(s| votes?)?|voids?( votes?)?|no vote|times blank voted",
     Measure.UNDERVOTES),
    (r"(over|under) ?(votes?)? ?[/&] ?(over|under) ?votes?", Measure.UNDERVOTES),
    (r"(unqualified |unresolved |unassigned |rejected |qualified |certified |other |misc\.? |miscellaneous |total )*"
     r"write[ -]?0?ins?( votes?| totals?)*( \(.*\))?|write-?ins?.*\b(totals?|unassigned|unresolved|rejected|misc).*"
     r"|write0ins|scatter(ing|ed)?s?( votes)?|not assigned|unassigned|unresolved|rejected", Measure.WRITE_IN),
    (r"total( contest)? votes?( cast)?|votes cast|cast votes|totals?|total:|contest totals?", Measure.TOTAL_VOTES),
    (r"all others?( candidates)?|other candidates|others?|minor candidates", Measure.OTHER),
)  # fmt: skip

_STRAIGHT_PARTY = re.compile(r"^straight[ -]?(party|ticket)( ticket| voting)?\b", re.IGNORECASE)
_PERCENTAGE = re.compile(r"\b(turnout|percent(age)?|pct|%)", re.IGNORECASE)


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


def is_straight_party(office: str) -> bool:
    """Whether the office is the straight-party device and not a contest."""
    return bool(_STRAIGHT_PARTY.match(office.strip()))


def is_percentage(text: str) -> bool:
    """Whether the wording announces a share and not a count."""
    return bool(_PERCENTAGE.search(text))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace(".", " ").split()).strip(" :*")


def _first(rules: tuple[tuple[re.Pattern[str], Word], ...], text: str) -> Word | None:
    return next((word for pattern, word in rules if pattern.match(text)), None)


_MODES = _rules(
    (r"total|totals?( votes)?|votes|all|", Mode.TOTAL),
    (r"election day( votes?| voting| in person)?|polling( place)?|polls?|precinct|ed|e day|in person"
     r"|regular|day of", Mode.ELECTION_DAY),
    (r"early( vot(e|es|ing))?( in person)?|advance[d]?( vot(ing|e))?( votes)?|one ?stop|ev|ev (local|county|site)"
     r"|early in person|in person early|early vote (north|south)", Mode.EARLY),
    (r"absentee in person|in person absentee|ip absentee", Mode.ABSENTEE_IN_PERSON),
    (r"(absentee by )?mail( in)?( ballots?| votes?)?( ?/ ?absentee)?|vote by mail|by mail|vbm|absentee (by )?mail( votes?)?"
     r"|mailed|mail in / absentee|mail absentee|absentee / mail", Mode.ABSENTEE_MAIL),
    (r"absentee( ballots?| votes?)?|av|av counting boards?|avcb|absentee counting boards?|absent", Mode.ABSENTEE),
    (r"provisionals?( ballots?| votes?)?|prov|affidavit", Mode.PROVISIONAL),
    (r"military( / overseas| overseas)?|uocava|overseas|federal( only| absentee)?|fwab|fpca|ufwab", Mode.UOCAVA),
)  # fmt: skip
_EARLY_SITE = re.compile(r"^(ev|early)\b")


@lru_cache(maxsize=16_384)
def mode(text: str) -> Mode:
    """The NIST mode for a source's own wording; ``other`` where none fits."""
    plain = " ".join(re.sub(r"[_.\-]+", " ", text.casefold()).split()).removesuffix(" votes")
    return _first(_MODES, plain) or (Mode.EARLY if _EARLY_SITE.match(plain) else Mode.OTHER)


_WHOLE = re.compile(
    r"^(county|grand|precincts?|office|election|contest|state(wide)?|district|cumulative|all)?[ -]*totals?:?$"
    r"|^cumulative( totals?)?$|^(all precincts|county ?-?wide( totals?)?|total county)$|^total$",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r"\b(sub-?totals?|totals?):?$", re.IGNORECASE)
_ADJUSTMENT = re.compile(r"\b(statistical )?adjustments?\b", re.IGNORECASE)
_FLOATING = re.compile(r"\bfloating\b|^\[?(jurisdiction|county|state)[ -]?wide\]?$", re.IGNORECASE)


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
    return (UnitKind.FLOATING if _FLOATING.search(name) else UnitKind.PLACE), Level.UNIT


def _is_whole(name: str, county: str = "") -> bool:
    rest = (
        re.sub(re.escape(county) + r"\b( county)?", "", name, flags=re.IGNORECASE).strip() if county else name
    )
    return bool(_WHOLE.match(name.strip()) or (rest != name and _WHOLE.match(rest)))


def _upper_level(county: str) -> Level:
    plain = county.strip()
    return Level.STATE if not plain or _is_whole(plain) or plain.casefold() == "statewide" else Level.COUNTY
