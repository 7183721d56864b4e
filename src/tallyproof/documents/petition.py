"""Worksheets for a recount petition: facts filled in, the rest to write; one per district where asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tallyproof.documents import press, statements
from tallyproof.documents.press import Sheet
from tallyproof.documents.statements import Item
from tallyproof.errors import RequestError
from tallyproof.recount.deadlines import said
from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import (
    Condition,
    CostAnswer,
    DeadlineAnswer,
    RecountOptions,
    RecountOptionsAnswer,
    RequesterAnswer,
    Standing,
    Verdict,
)


@dataclass(frozen=True)
class District:
    """An election district, with its votes by choice where they are known."""

    name: str
    county: str = ""
    votes: dict[str, int] = field(default_factory=dict)


def refusal(found: RecountOptionsAnswer, asks: str = "") -> str:
    """Why there is no worksheet, and what to look up or give; "" where there is one.

    What is known from memory only never becomes a petition.
    """
    match found.verdict:
        case Verdict.AUTOMATIC:
            return f"{found.sentence} Nobody has to petition for it, so there is no worksheet."
        case Verdict.NO_RULE_KNOWN | Verdict.NOT_AVAILABLE | Verdict.CANNOT_BE_DECIDED:
            return f"{found.sentence} So there is no worksheet."
    if not _grounds(found):
        clauses = " and ".join(dict.fromkeys(each.known.citation for each in _rights(found)))
        return _unchecked("The right to ask for a recount", found, clauses)
    if found.requesters and not _who(found):
        if asks and all(each.qualifies is False for each in found.requesters):
            return f"{asks} does not qualify: {found.requesters[0].because} So there is no worksheet."
        clauses = " and ".join(dict.fromkeys(each.known.citation for each in found.requesters))
        return _unchecked("Who may ask", found, clauses)
    return ""


def _unchecked(what: str, found: RecountOptionsAnswer, clauses: str) -> str:
    return (
        f"{what} in {in_sentence(found.state_name)} is known from memory only, so there is no worksheet. "
        f"Look it up in {clauses or 'the election code'} first."
    )


def worksheet(
    found: RecountOptionsAnswer,
    problem: RecountOptions,
    on: datetime,
    *,
    source: str = "",
    sheet: Sheet = Sheet.LETTER,
) -> bytes:
    """One worksheet for the whole contest, as a PDF. Raises RequestError with the reason for refusal."""
    data = _data(found, problem, on, source) | {"districts": [_whole(problem)]}
    return press.printed("petition", data, on, sheet, pages=1)


def worksheets(
    found: RecountOptionsAnswer,
    problem: RecountOptions,
    on: datetime,
    districts: Sequence[District],
    *,
    source: str = "",
    sheet: Sheet = Sheet.LETTER,
) -> bytes:
    """A worksheet for each district, each on a page of its own. Raises RequestError as ``worksheet`` does.

    A sheet takes about half a megabyte of memory while its file is printed: print few at a time.
    """
    data = _data(found, problem, on, source)
    longest = max(districts, key=lambda each: (len(each.name) + len(each.county), len(each.votes)))
    size = press.fitting_size("petition", data | {"districts": [_district(longest)]}, sheet)
    data["districts"] = [_district(each) for each in districts]
    return press.printed("petition", data, on, sheet, size=size)


def _whole(problem: RecountOptions) -> dict[str, Any]:
    return {"name": "", "county": "", "votes": _votes(problem.votes)}


def _district(each: District) -> dict[str, Any]:
    return {"name": each.name, "county": each.county, "votes": _votes(each.votes)}


def _area(found: RecountOptionsAnswer) -> str:
    """What may be recounted; where a part of that is from memory, what to look up instead."""
    assert found.known is not None
    if "area" in found.known.memory or "from memory" in found.area:
        return f"Look up in {found.known.citation} which parts may be recounted."
    return statements.upper(found.area)


def _votes(votes: dict[str, int]) -> list[list[str]]:
    ordered = sorted(votes.items(), key=lambda each: -each[1])
    return [[name, f"{count:,}"] for name, count in ordered]


def _data(found: RecountOptionsAnswer, problem: RecountOptions, on: datetime, source: str) -> dict[str, Any]:
    if reason := refusal(found, problem.requester):
        raise RequestError(reason)
    name = statements.office(found.office)
    who = _who(found)
    margin = found.numbers.get("margin")
    facts = [
        ("To", statements.upper(found.file_with)),
        (
            "Contest",
            f"{name}, {found.state_name}, {problem.election} election of {statements.day(found.date)}",
        ),
        ("Margin", f"{margin:,} votes" if margin is not None else ""),
        ("Numbers by", source),
        ("Area", _area(found)),
    ]
    return {
        "kind": "Worksheet, not an official form",
        "title": f"Recount petition: {name}, {found.state_name}, {statements.day(found.date)}",
        "facts": [fact for fact in facts if fact[1]],
        "notes": _warnings(found),
        "grounds": [statements.condition(each) for each in _grounds(found)],
        "who": [statements.requester(each, problem.requester) for each in who],
        "deadlines": [_deadline(each) for each in found.deadlines if each.act == "request"],
        "costs": [] if found.free else [_price(each) for each in found.costs],
        "free": found.free is True,
        "petitioner": problem.requester,
        "signers": max((each.number for each in who), default=1),
        "source": f"As of {said(on)}. {statements.upper(statements.basis(found))}.",
        "caution": found.caution,
    }  # fmt: skip


def _rights(found: RecountOptionsAnswer) -> list[Condition]:
    """Conditions that let somebody ask."""
    return [each for each in found.conditions if each.then == "requestable" and each.holds]


def _grounds(found: RecountOptionsAnswer) -> list[Condition]:
    """Of these, those that were read in a source."""
    checked = [each for each in _rights(found) if each.known.is_checked("when", "then", "scope")]
    return checked if found.known is not None and found.known.basis == "source" else []


def _who(found: RecountOptionsAnswer) -> list[RequesterAnswer]:
    return [
        each
        for each in found.requesters
        if each.qualifies is not False and each.known.is_checked("words", "number", "who", "when", "scope")
    ]


def _price(each: CostAnswer) -> Item:
    """The price; where that is from memory no amount, but what to look up."""
    if each.has_checked_price:
        return statements.cost(each)
    return Item(
        text="The amount is left out.",
        steps="",
        look_up=f"It is known from memory only: look it up in {each.known.citation}.",
        citation="",
    )


def _deadline(each: DeadlineAnswer) -> Item:
    if each.look_up:
        return Item(
            text="A time limit is left out.",
            steps="",
            look_up=f"It is known from memory only: look it up in {each.known.citation}.",
            citation="",
        )
    return statements.deadline(each)


def _warnings(found: RecountOptionsAnswer) -> list[str]:
    """What a petitioner has to know before writing anything."""
    asking = [each for each in found.deadlines if each.act == "request"]
    ended = [each for each in asking if each.standing is Standing.PAST]
    weighed = [each.discretionary for each in found.requesters if each.discretionary]
    notes = [f"Somebody will weigh {weighed[0]}."] if weighed else []
    if ended:
        notes.append(f"Before you write: {' '.join(each.sentence for each in ended)}")
    return notes
