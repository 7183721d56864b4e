"""``tallyproof calendar``: certification, federal days and audit law after an election."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options, recount
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.recount.acts import ElectoralCalendarAnswer
    from tallyproof.recount.options import Knowledge

State = Annotated[str, typer.Option("--state", help="Postal code or name, such as WI.")]
Date = Annotated[str, typer.Option("--date", help="Election day, such as 2016-11-08.")]
Office = Annotated[str, typer.Option("--office", help="president, governor, us-senate …")]
On = Annotated[
    str, typer.Option("--on", help="When it is asked, such as 2016-11-23T12:00 in the state; else now.")
]
Acts = Annotated[
    list[str] | None,
    typer.Option("--act", metavar="EVENT=DAY", help="An act whose day is known: certification=2016-11-29."),
]

STANDS = {
    "done": "done",
    "done-late": "done late",
    "ahead": "ahead",
    "near": "near",
    "passed": "passed",
    "unknown": "no day",
}


def calendar(
    state: State = "",
    date: Date = "",
    office: Office = "president",
    on: On = "",
    act: Acts = None,
    json: options.Json = False,
) -> None:
    """Say when counties and state certify, which federal days follow, and which audit the law asks for."""
    import msgspec

    from tallyproof.cli import show
    from tallyproof.recount.acts import ElectoralCalendar
    from tallyproof.services.calendars import electoral_calendar

    day = options.day(date)
    if not state or day is None:
        raise RequestError("Say which state's calendar of which election: --state WI --date 2016-11-08.")
    found = electoral_calendar(
        ElectoralCalendar(
            state=state,
            date=day,
            office=office,
            on=recount.time_of_asking(on),
            acts=recount.days_of_acts(act or []),
        )
    )
    if json:
        show.as_json(msgspec.to_builtins(found))
        return
    _print(found)


def _print(found: ElectoralCalendarAnswer) -> None:
    """The sentence, warnings, every act with its clause, audits and paper."""
    from tallyproof.cli import show
    from tallyproof.recount.deadlines import said
    from tallyproof.recount.office import in_sentence

    show.wrapped(found.sentence)
    show.say()
    election = f"{found.date.day} {found.date:%B %Y}"
    show.wrapped(f"Asked {said(found.on)}, of the election of {election} in {in_sentence(found.state_name)}.")
    for warning in found.warnings:
        show.wrapped(f"Note: {warning}")
    show.say("\nActs and days")
    for each in found.dues:
        show.wrapped(f"{STANDS[each.stand.value]:9} {each.sentence} {_known(each.known)}", "  ")
        if each.chain and each.by:
            show.wrapped(f"Counted: {' → '.join(each.chain)}.", "      ")
    for level in found.missing:
        show.wrapped(f"No rule known for certification by the {level}.", "  ")
    _audits(found)
    show.say()
    show.wrapped(found.caution)


def _audits(found: ElectoralCalendarAnswer) -> None:
    from tallyproof.cli import show

    show.say("\nAudit and paper")
    if not found.audits:
        show.wrapped("No rule known for an audit of this election.", "  ")
    for each in found.audits:
        binds = {True: "It binds the result.", False: "It does not bind the result.", None: ""}[each.binding]
        parts = [each.type, each.scope, each.timing]
        show.wrapped(f"Audit: {'; '.join(filter(None, parts))}. {binds} {_known(each.known)}", "  ")
    for paper in found.papers:
        told = ", ".join(filter(None, (paper.category.replace("_", " "), paper.detail)))
        show.wrapped(f"Paper: {told}. {_known(paper.known)}", "  ")


def _known(known: Knowledge) -> str:
    """The clause, and a word where nobody has checked it."""
    doubt = "; from memory" if known.basis == "memory" else ""
    return f"({known.citation}{doubt})"
