"""Reads who asks the law when, and what they know beside the case; faults stand beside their field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from tallyproof.recount.calendar import YEARS
from tallyproof.recount.office import OFFICES
from tallyproof.recount.rule import EVENTS
from tallyproof.services.allowed import Asking
from tallyproof.web.law_words import event_words

LONGEST = 200
MOST = 1_000_000_000
NUMBERS = ("precincts", "ballots", "areas")
_PLUS = re.compile(r" (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it: its help, what was typed, what is wrong; ``options`` for a choice."""

    name: str
    label: str
    help: str
    value: str
    fault: str
    options: tuple[tuple[str, str], ...] = ()
    mode: str = "text"


@dataclass
class Asked:
    """What was typed, what of it is wrong, and the asking that it makes."""

    typed: dict[str, str]
    asking: Asking
    faults: dict[str, str] = field(default_factory=dict)


def asked(given: QueryDict, now: datetime) -> Asked:
    """The asking of an address; a field with a fault counts as empty. ``now`` where no time is given."""
    typed = {name: _clean(given.get(name, "")) for name in _names(given)}
    found = Asked(typed, Asking(now))
    on = _time(found, "on")
    found.asking = Asking(
        on=on or now,
        requester=typed.get("requester", ""),
        election=_day(found, "election"),
        office=_office(found),
        acts=_acts(found),
        numbers={name: number for name in NUMBERS if (number := _number(found, name)) is not None},
    )
    return found


def _names(given: QueryDict) -> list[str]:
    events = [f"act-{event}" for event in EVENTS if f"act-{event}" in given]
    return [name for name in ("on", "requester", "election", "office", *NUMBERS) if name in given] + events


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]


def _time(found: Asked, name: str) -> datetime | None:
    """A day (its first minute) or a time, with a zone or in that of the state."""
    text = found.typed.get(name, "")
    if not text:
        return None
    try:
        given = datetime.fromisoformat(_PLUS.sub(r"+\1", text))
        if given.year in YEARS:
            return given
    except ValueError:
        pass
    found.faults[name] = _("“%(text)s” is no time. Write it like 2016-11-28 or 2016-11-28T17:00.") % {
        "text": text
    }
    return None


def _day(found: Asked, name: str) -> date | None:
    at = _time(found, name)
    return at.date() if at else None


def _acts(found: Asked) -> dict[str, str]:
    """Days or times of official acts, as the law's engine takes them."""
    names = [name for name in found.typed if name.startswith("act-") and _time(found, name)]
    return {name.removeprefix("act-"): _plain(found.typed[name]) for name in names}


def refuse_before(found: Asked, day: date) -> None:
    """Leave out acts given for a day before the election, with a fault beside their fields."""
    early = [event for event, text in found.asking.acts.items() if date.fromisoformat(text[:10]) < day]
    for event in early:
        found.faults[f"act-{event}"] = _("“%(text)s” is before the election of %(day)s.") % {
            "text": found.typed[f"act-{event}"],
            "day": day.isoformat(),
        }
    kept = {event: text for event, text in found.asking.acts.items() if event not in early}
    found.asking = replace(found.asking, acts=kept)


def _plain(text: str) -> str:
    """The time of an act in the state's zone; a day stays a day."""
    at = datetime.fromisoformat(_PLUS.sub(r"+\1", text))
    is_day = not re.search(r"[T ]", text)
    return at.date().isoformat() if is_day else at.replace(tzinfo=None).isoformat(timespec="minutes")


def _office(found: Asked) -> str:
    text = found.typed.get("office", "")
    if text and text not in OFFICES:
        found.faults["office"] = _("“%(text)s” is no office of the law. Choose one of the list.") % {
            "text": text
        }
        return ""
    return text


def _number(found: Asked, name: str) -> int | None:
    text = found.typed.get(name, "").replace(",", "")
    if not text:
        return None
    if re.fullmatch(r"\d{1,10}", text, re.ASCII) and int(text) <= MOST:
        return int(text)
    found.faults[name] = _("“%(text)s” is no whole number up to 1,000,000,000.") % {"text": found.typed[name]}
    return None


def case_fields(found: Asked, *, has_day: bool) -> list[Field]:
    """The fields of the page of a whole case."""
    names = ["on", "requester", *([] if has_day else ["election"])]
    return [_field(found, name, *_labels()[name]) for name in names]


def contest_fields(
    found: Asked, choices: Iterable[str], events: Iterable[str], acts: Mapping[str, str], *,
    asks_office: bool, has_day: bool,
) -> list[Field]:  # fmt: skip
    """The fields of the page of one contest: the acts that its law counts from, and what prices need.

    ``acts`` are the days of acts that stand in the rules; they are shown as help.
    """
    labels = _labels()
    anybody = (("", _("nobody in particular")), *((each, each) for each in choices))
    fields = [_field(found, "on", *labels["on"])]
    fields.append(_field(found, "requester", labels["requester"][0], "", options=anybody))
    if not has_day:
        fields.append(_field(found, "election", *labels["election"]))
    if asks_office:
        offices = (("", _("as the case names it")), *((word, word.replace("-", " ")) for word in OFFICES))
        fields.append(_field(found, "office", *labels["office"], options=offices))
    for event in events:
        told = _("Known: %(day)s.") % {"day": acts[event]} if event in acts else ""
        help_ = _("Such as 2016-11-28 or 2016-11-28T16:00, in the state’s time. %(known)s") % {"known": told}
        fields.append(_field(found, f"act-{event}", _upper(event_words(event)), help_.strip()))
    return fields + [_field(found, name, *labels[name], mode="numeric") for name in NUMBERS[:2]]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _field(
    found: Asked, name: str, label: str, help_: str = "", *, options: tuple[tuple[str, str], ...] = (),
    mode: str = "text",
) -> Field:  # fmt: skip
    return Field(name, label, help_, found.typed.get(name, ""), found.faults.get(name, ""), options, mode)


def _labels() -> dict[str, tuple[str, str]]:
    return {
        "on": (
            _("Time of asking"),
            _("Such as 2016-11-23T12:00, in the state’s time; a day alone is its first minute."),
        ),
        "requester": (_("Who asks"), _("A choice of the contest, or a part of the name.")),
        "election": (_("Election day"), _("Such as 2016-11-08: rules hold from day to day.")),
        "office": (_("Office to the law"), _("By which rules name this contest.")),
        "precincts": (_("Precincts to be recounted"), _("For prices by the precinct.")),
        "ballots": (_("Ballots to be recounted"), _("For prices by the ballot.")),
    }
