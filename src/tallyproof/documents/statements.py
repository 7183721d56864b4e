"""Statements of recount law as items of a paper: text, how it was counted, what to look up, clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from tallyproof.recount.budget import between
from tallyproof.recount.options import (
    Condition,
    CostAnswer,
    DeadlineAnswer,
    Knowledge,
    RecountOptionsAnswer,
    RequesterAnswer,
)

_WORDS = {"us-senate": "US Senate", "us-house": "US House"}
ACTS = {
    "request": "To ask for a recount",
    "waiver": "To waive it",
    "court-contest": "To go to court",
    "start": "The recount begins",
    "completion": "The recount ends",
    "appeal": "To appeal",
}
"""What a deadline is for, in words."""


class Item(TypedDict):
    """A statement on paper; empty texts are left out there."""

    text: str
    steps: str
    look_up: str
    citation: str


class Part(TypedDict):
    """A heading with its statements."""

    title: str
    items: list[Item]


def item(text: str, known: Knowledge | None, *, steps: str = "", look_up: str = "") -> Item:
    """A statement with its clause; what is from memory says what to look up."""
    if known is None:
        return Item(text=text, steps=steps, look_up=look_up, citation="")
    if not look_up and known.basis == "memory":
        look_up = f"From memory, not checked: look it up in {known.citation}."
    elif not look_up and known.memory:
        fields = " and ".join(each.replace("_", " ") for each in known.memory)
        look_up = f"From memory, not checked: {fields}; look it up in {known.citation}."
    return Item(text=text, steps=steps, look_up=look_up, citation=known.citation)


def part(title: str, items: Iterable[Item]) -> list[Part]:
    """A part as a list of one, empty where it has no items."""
    kept = list(items)
    return [Part(title=title, items=kept)] if kept else []


def condition(each: Condition) -> Item:
    """A test with its numbers and whether it holds."""
    returns = f" It reads the {each.returns}." if each.returns else ""
    waived = f" It may be waived by the {each.waivable_by}." if each.waivable_by else ""
    return item(f"{upper(each.sentence)}{returns}{waived}", each.known)


def requester(each: RequesterAnswer, asks: str) -> Item:
    """Somebody who may ask, and whether the one who asks is one of them."""
    number = f", {each.number} together" if each.number > 1 else ""
    per = f" in each {each.per}" if each.per else ""
    who = {True: f" {asks} qualifies.", False: f" {asks} does not qualify."}.get(bool(each.qualifies), "")
    said = who if asks and each.qualifies is not None else ""
    return item(f"{upper(each.words)}{number}{per}.{said} {each.because}".rstrip(), each.known)


def deadline(each: DeadlineAnswer) -> Item:
    """A deadline with its time and standing; one from memory has neither, and says where to look."""
    if each.look_up:
        return item(f"{ACTS[each.act]}: {each.words}.", each.known, look_up=each.look_up)
    steps = " → ".join(each.chain) if each.closes else ""
    return item(f"{ACTS[each.act]}: {each.sentence}", each.known, steps=steps)


def cost(each: CostAnswer) -> Item:
    """Who pays what; an amount is worked out only where its price was checked."""
    if each.free:
        return item(f"Free of charge here. Else: {each.words}.", each.known)
    tiers = [
        f"{one.words} = {between(one.amount, one.amount)}"
        if one.amount and each.has_checked_price
        else one.words
        for one in each.tiers
        if one.applies
    ]
    for_them = f" For this requester: {'; or '.join(tiers)}." if tiers and each.has_checked_price else ""
    unknown = " Whether it is free cannot be decided." if each.free is None else ""
    return item(f"{upper(each.payer)}: {each.words}.{for_them}{unknown}", each.known)


def refund(each: CostAnswer) -> Item:
    """When the money comes back."""
    return item(f"{upper(each.refund)}.", each.known)


def basis(found: RecountOptionsAnswer) -> str:
    """Which law this is, for which election days it is known, and how sure we are."""
    known = found.known
    if known is None:
        return "no rule known for this day"
    until = f" to {day(found.law_to)}" if found.law_to else ""
    begin = f" from {day(found.law_from)}" if found.law_from else ""
    how = "from memory, not checked" if known.basis == "memory" else "read in the sources named"
    return (
        f"{known.citation}; known for elections{begin}{until}; {how}; confidence {known.confidence}; "
        f"as of {known.as_of}"
    )


SHOWN = 10
"""Choices whose votes a paper names; a contest may have a thousand."""


def numbers(found: RecountOptionsAnswer, votes: Sequence[tuple[str, int]], asks: str = "") -> str:
    """Votes of the choices with most, and of the one who asks, where they are known; margin and total."""
    ranked = sorted(votes, key=lambda each: -each[1])
    named = [pair for place, pair in enumerate(ranked) if place < SHOWN or pair[0] == asks]
    shown = [f"{name} {count:,}" for name, count in named]
    if len(named) < len(ranked):
        shown.append(f"{len(ranked) - len(named):,} more")
    for name in ("margin", "total"):
        if name in found.numbers:
            shown.append(f"{name} {found.numbers[name]:,}")
    return "; ".join(shown)


def office(word: str) -> str:
    """An office as people write it: "US Senate", "State house"."""
    return _WORDS.get(word, upper(word.replace("-", " ")))


def day(when: date) -> str:
    """A day as people write it: "8 November 2016"."""
    return f"{when.day} {when:%B %Y}"


def upper(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
