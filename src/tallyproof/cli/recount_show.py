"""How the answers of ``tallyproof recount options`` look in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tallyproof.cli import show

if TYPE_CHECKING:
    from tallyproof.recount.options import (
        CostAnswer,
        DeadlineAnswer,
        Knowledge,
        RecountOptions,
        RecountOptionsAnswer,
        RequesterAnswer,
    )
    from tallyproof.recount.survey import Survey

_ACTS = {
    "request": "To ask for a recount",
    "waiver": "To waive it",
    "court-contest": "To go to court",
    "start": "To begin",
    "completion": "To finish",
    "appeal": "To appeal",
}


def answer(found: RecountOptionsAnswer, problem: RecountOptions, on: datetime, numbers: str) -> None:
    """The answer first, then every condition, person, deadline and price behind it, with its citation."""
    from tallyproof.recount.deadlines import said

    show.wrapped(found.sentence)
    show.say()
    office = found.office if problem.election == "general" else f"{found.office}, {problem.election}"
    show.wrapped(f"Asked {said(on)}, of the election of {_day(found.date)} for {office}.")
    show.wrapped(f"Numbers: {numbers or _numbers(found)}")
    if found.known is None:
        _end(found)
        return
    _conditions(found)
    _who(found)
    _deadlines(found.deadlines)
    for title, text in (
        ("Where to file", found.file_with),
        ("How it is counted", found.method),
        ("What may be recounted", found.area),
    ):
        _block(title, text)
    _costs(found.costs)
    _block("Note", found.note)
    _basis(found)
    _end(found)


def _numbers(found: RecountOptionsAnswer) -> str:
    shown = ("margin", "total", "winner", "loser", "top2", "seats")
    return ", ".join(f"{name} {found.numbers[name]:,}" for name in shown if name in found.numbers) + "."


def _conditions(found: RecountOptionsAnswer) -> None:
    if not found.conditions:
        return
    show.say("\nConditions")
    for each in found.conditions:
        stage = f"Stage {each.stage}: " if each.stage > 1 else ""
        returns = f" It reads the {each.returns}." if each.returns else ""
        method = f" Counted: {each.method}." if each.method else ""
        waived = f" May be waived by the {each.waivable_by}." if each.waivable_by else ""
        _item(f"{stage}{_then(each.then)} – {each.sentence}{returns}{method}{waived}", each.known, found)


def _then(word: str) -> str:
    return {"requestable": "on request", "free": "free of charge", "discretionary": "to be weighed"}.get(
        word, word
    )


def _who(found: RecountOptionsAnswer) -> None:
    if not found.requesters:
        return
    show.say("\nWho may ask")
    shown = " ".join(each.sentence for each in found.conditions)
    for each in found.requesters:
        number = f", {each.number} together" if each.number > 1 else ""
        per = f" in each {each.per}" if each.per else ""
        _item(f"{_upper(each.words)}{number}{per}.{_qualifies(each, found.requester, shown)}", each.known)


def _qualifies(each: RequesterAnswer, asks: str, shown: str) -> str:
    """Whether the one who asks qualifies, with the reason where the conditions do not show it."""
    if each.qualifies is None:
        return f" {each.because}"
    because = "" if each.because.rstrip(".") in shown else each.because.rstrip(".")
    if not asks:
        return f" ({because}.)" if because else ""
    return f" {asks} {'qualifies' if each.qualifies else 'does not qualify'}{because and ': '}{because}."


def _deadlines(deadlines: Sequence[DeadlineAnswer]) -> None:
    if not deadlines:
        return
    show.say("\nDeadlines")
    for each in deadlines:
        _item(f"{_ACTS[each.act]}: {each.sentence}", each.known)
        if each.chain and each.closes:
            show.wrapped(f"Counted: {' → '.join(each.chain)}.", "      ")


_FREE = {True: " Free here.", None: " Whether it is free cannot be decided from these numbers.", False: ""}


def _costs(costs: Sequence[CostAnswer]) -> None:
    if not costs:
        return
    show.say("\nCost")
    for each in costs:
        _item(f"{_upper(each.payer)}: {each.words}.{_FREE[each.free]}", each.known)
        for tier in each.tiers if not each.free else ():
            if tier.applies:
                amount = f" = ${float(tier.amount):,.2f}".removesuffix(".00") if tier.amount else ""
                lacks = f" (needs the number of {', '.join(tier.missing)})" if tier.missing else ""
                show.wrapped(f"{tier.name}: {tier.words}{amount}{lacks}", "      ")
        if each.cap:
            show.wrapped(f"At most ${float(each.cap):,.2f}".removesuffix(".00") + ".", "      ")
        if each.refund:
            show.wrapped(f"Returned: {each.refund}.", "      ")


def _basis(found: RecountOptionsAnswer) -> None:
    assert found.known is not None
    until = f" to {_day(found.law_to)}" if found.law_to else " on"
    begin = f"from {_day(found.law_from)}" if found.law_from else ""
    known = found.known
    how = "from memory, not checked" if known.basis == "memory" else "read in the sources named"
    _block(
        "Basis",
        f"{known.citation}; known for elections {begin}{until}. {_upper(how)}, "
        f"confidence {known.confidence}, as of {known.as_of}.",
    )
    for source in found.sources:
        show.say(f"  {source}")


def _end(found: RecountOptionsAnswer) -> None:
    show.say()
    show.wrapped(found.caution)


def _item(text: str, known: Knowledge, found: RecountOptionsAnswer | None = None) -> None:
    """A statement with its citation; what is from memory says so."""
    memory = ""
    if known.basis == "memory":
        memory = ", from memory: look it up"
    elif known.memory:
        memory = f", {' and '.join(known.memory)} from memory: look it up"
    text = f"{text} [{known.citation}{memory}]"
    show.wrapped(f"{text} {known.note}".rstrip() if known.note else text, "  ")


def _block(title: str, text: str) -> None:
    if text:
        show.say(f"\n{title}")
        show.wrapped(_upper(text), "  ")


def several(found: Sequence[RecountOptionsAnswer], contests: Sequence[str]) -> None:
    """A sentence for each contest."""
    for each, contest in zip(found, contests, strict=True):
        show.wrapped(f"{contest}: {each.sentence}")
    show.say()
    show.wrapped(f"Name a contest to see its conditions, deadlines and costs. {found[0].caution}")


def survey(found: Survey, problem: RecountOptions) -> None:
    """The sentences, then a line for each state, then who is blind."""
    show.wrapped(found.sentence)
    show.wrapped(found.trigger_sentence)
    show.say()
    show.table(
        ["state", "verdict", "free", "what decides", "citation"],
        [
            (
                each.state,
                each.verdict.replace("-", " "),
                _free(each),
                _decides(each),
                each.known.citation if each.known else "",
            )
            for each in found.answers
        ],
    )
    show.say()
    show.wrapped(f"Law of the election day {_day(problem.date)}, office {problem.office}. {found.caution}")


def _decides(each: RecountOptionsAnswer) -> str:
    """The name of the condition that decides."""
    from tallyproof.recount.saying import lacking

    kinds = {"discretionary": ("discretionary", "requestable")}.get(each.verdict, (each.verdict,))
    held = [one.name for kind in kinds for one in each.conditions if one.then == kind and one.holds]
    if held:
        return held[0]
    if each.verdict != "cannot-be-decided":
        return ""
    return f"needs {lacking(each.conditions)}"


def _free(each: RecountOptionsAnswer) -> str:
    """Whether asking costs nothing, where somebody may ask."""
    if each.verdict not in {"requestable", "discretionary"}:
        return ""
    return {True: "yes", False: "no", None: "perhaps"}[each.free]


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
