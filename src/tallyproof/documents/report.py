"""Reports as PDF: a recount held against the count before it, and a plan for recounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from tallyproof.documents import press, statements
from tallyproof.documents.press import Sheet
from tallyproof.recount.budget import RecountPlanAnswer, StateBudget, between
from tallyproof.recount.comparison import GroupChange, RecountComparisonAnswer, UnitState
from tallyproof.recount.deadlines import said, said_between
from tallyproof.recount.options import DeadlineAnswer

_CAUTION = "A difference between two counts is no reproach: each unit's record says what it was."


class Table(TypedDict):
    """A table of texts: which columns are numbers, and how they share the width (0: as wide as its texts)."""

    title: str
    header: list[str]
    rows: list[list[str]]
    right: list[bool]
    widths: list[int]


def comparison(
    found: RecountComparisonAnswer,
    contest: str,
    made: datetime,
    *,
    source: str = "",
    sheet: Sheet = Sheet.LETTER,
) -> bytes:
    """What a recount changed, as a PDF: sentences, changes by choice and by label, and units to be named."""
    labels = dict.fromkeys(each.label for each in found.groups)
    units = (
        ("Only in the recount", found.only_after),
        ("Recounted in part", found.partly),
        ("Cannot be recounted", found.cannot),
        ("Said to be beyond recounting, and recounted", found.anyway),
        ("Left", found.left),
    )
    tables = [
        _choices(found),
        *(_groups(label, [each for each in found.groups if each.label == label]) for label in labels),
        *(_units(title, own) for title, own in units if own),
    ]
    data = {
        "kind": "Recount report",
        "title": f"Recount compared: {contest}",
        "sentence": found.sentence,
        "sentences": [each for each in found.sentences if each not in found.sentence],
        "tables": tables,
        "source": f"{source or 'Two counts of the same contest.'} Made {said(made)}.",
        "caution": _CAUTION,
    }
    return press.printed("report", data, made, sheet)


def _table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> Table:
    """A table whose first columns are texts and whose others are numbers."""
    cells = [list(row) for row in rows]
    right = [place >= texts for place in range(len(header))]
    longest = [max((len(row[place]) for row in cells), default=0) for place in range(len(header))]
    widths = [
        0 if number or size < 12 else min(size, 60) for number, size in zip(right, longest, strict=True)
    ]
    return Table(title=title, header=list(header), rows=cells, right=right, widths=widths)


def _choices(found: RecountComparisonAnswer) -> Table:
    header = ("choice", "before", "after", "net", "added", "removed", "units changed")
    rows = [
        (
            each.choice, f"{each.before:,}", f"{each.after:,}", _signed(each.net), f"{each.added:,}",
            f"{each.removed:,}", f"{each.units_changed:,}",
        )
        for each in found.choices
    ]  # fmt: skip
    return _table("Changes by choice", header, rows)


def _groups(label: str, groups: Sequence[GroupChange]) -> Table:
    header = (label, "units", "left", "votes", "net", "gross", "gross %", "two leading %", "margin")
    rows = [
        (
            each.value, f"{each.units:,}", f"{each.left:,}", f"{each.votes:,}", _signed(each.net),
            f"{each.gross:,}", _percent(each.percent), _percent(each.two_percent),
            _signed(each.margin_change),
        )
        for each in groups
    ]  # fmt: skip
    return _table(f"Changes by {label}", header, rows)


def _units(title: str, units: Sequence[UnitState]) -> Table:
    rows = [(each.unit, each.why, f"{each.votes:,}") for each in units]
    return _table(f"{title} ({len(units):,})", ("unit", "why", "votes"), rows, texts=2)


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else "0"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def plan(found: RecountPlanAnswer, made: datetime, sheet: Sheet = Sheet.LETTER) -> bytes:
    """The budget and the checklist of a plan, as a PDF."""
    lines = [
        (each.state_name, line.jurisdiction or "whole", line.words, _dollars(line.amount))
        for each in found.states
        if len(each.lines) > 1
        for line in each.lines
    ]
    parts = ("state", "jurisdiction", "price", "dollars")
    tables = [
        _table("Budget", ("state", "price", "basis", "dollars"), map(_budget, found.states), texts=3),
        *([_table("By jurisdiction", parts, lines, texts=3)] if lines else []),
        _table(
            "Checklist",
            ("what", "state", "until", "clause"),
            [
                (
                    f"{statements.ACTS[task.deadline.act]}: {task.deadline.words}", task.state,
                    _until(task.deadline),
                    task.deadline.known.citation,
                )
                for task in found.checklist
            ],
            texts=4,
        ),
    ]  # fmt: skip
    names = dict.fromkeys(each.state_name for each in found.states)
    data = {
        "kind": "Recount plan",
        "title": "Plan for recounts",
        "sentence": found.sentence,
        "sentences": [],
        "tables": tables,
        "source": f"As of {said(made)}. Tallyproof's rules of {', '.join(names)}.",
        "caution": found.caution,
    }
    return press.printed("report", data, made, sheet)


def _until(deadline: DeadlineAnswer) -> str:
    if deadline.closes is None:
        return "look up" if deadline.look_up else "needs the day of an act"
    return said_between(deadline.earliest, deadline.closes)


def _budget(each: StateBudget) -> tuple[str, str, str, str]:
    amount = between(each.low, each.high) if each.low is not None and each.high is not None else "unknown"
    source = f"{each.basis}: {each.source}" if each.source else each.basis
    price = f"{statements.upper(each.cost)}. {each.look_up}".strip()
    return each.state_name, price, source, amount


def _dollars(amount: str | None) -> str:
    return "unknown" if amount is None else between(amount, amount)
