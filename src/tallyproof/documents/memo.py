"""A memo of one page for one client: what the law allows, until when, at what cost, by which clause."""

from __future__ import annotations

from datetime import datetime

from tallyproof.documents import press, statements
from tallyproof.documents.press import Sheet
from tallyproof.documents.statements import Part, part
from tallyproof.recount.budget import acts_ahead
from tallyproof.recount.deadlines import said
from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import RecountOptions, RecountOptionsAnswer


def memo(
    found: RecountOptionsAnswer,
    problem: RecountOptions,
    on: datetime,
    *,
    client: str = "",
    source: str = "",
    sheet: Sheet = Sheet.LETTER,
) -> bytes:
    """The memo as a PDF. ``on`` is the time of asking in the state, ``source`` who states the numbers."""
    name = statements.office(found.office)
    facts = [
        ("For", client),
        ("Who asks", problem.requester),
        (
            "Contest",
            f"{name}, {found.state_name}, {problem.election} election of {statements.day(found.date)}",
        ),
        ("Numbers", statements.numbers(found, list(problem.votes.items()), problem.requester)),
        ("Numbers by", source),
        ("Where to file", statements.upper(found.file_with)),
        ("How counted", statements.upper(found.method)),
        ("Area", statements.upper(found.area)),
        ("Law", statements.upper(statements.basis(found))),
    ]
    data = {
        "kind": "Recount memo",
        "title": f"Recount: {name}, {found.state_name}, {statements.day(found.date)}",
        "sentence": found.sentence,
        "notes": [found.note] if found.note else [],
        "facts": [fact for fact in facts if fact[1]],
        "parts": _parts(found, problem.requester),
        "source": f"As of {said(on)}. Tallyproof's rules of {in_sentence(found.state_name)}.",
        "sources": list(found.sources),
        "caution": found.caution,
    }
    return press.printed("memo", data, on, sheet, pages=1)


def _parts(found: RecountOptionsAnswer, asks: str) -> list[Part]:
    costs = [each for each in found.costs if each.words]
    return [
        *part("Deadlines", map(statements.deadline, acts_ahead(found))),
        *part("Who may ask", (statements.requester(each, asks) for each in found.requesters)),
        *part("Conditions", map(statements.condition, found.conditions)),
        *part("Cost", map(statements.cost, costs)),
        *part("Refund", (statements.refund(each) for each in costs if each.refund)),
    ]
