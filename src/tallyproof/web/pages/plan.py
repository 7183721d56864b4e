"""The planner: how many cards a paper audit would take, by method, for votes that anybody types in."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.errors import RequestError
from tallyproof.figures.sizes import Point
from tallyproof.figures.sizes_page import SizeWords, sizes_drawing
from tallyproof.services import planning
from tallyproof.services.access import Actor
from tallyproof.services.planning import Planned, Question
from tallyproof.web import plan_fields, plan_form, plan_words
from tallyproof.web.access import ANYONE, open_to
from tallyproof.web.asked import query
from tallyproof.web.plan_form import Asked
from tallyproof.web.showing import show

_closely = Lock()
"""One closer simulation at a time, so that nobody can keep the server from answering others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a method with its two sizes, and how they are known."""

    title: str
    done: str
    half: str
    nine: str
    share: float | None
    how: str
    batches: str


@open_to(ANYONE)
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form and, where it was filled, the answer; a worked example where it was not."""
    asked = plan_form.asked(request.GET)
    shown = asked or plan_form.example()
    question, is_closer = _question(shown, wants="closely" in request.GET)
    answered = _planned(question, shown)
    context = {
        "asked": shown,
        "fields": plan_fields.fields(shown),
        "is_example": asked is None,
        "answer": plan_words.answer(shown, answered),
        "planned": answered,
        "closer": "" if is_closer or answered is None or asked is None else _closer(request, answered),
        "busy": "closely" in request.GET and not is_closer and question is not None,
        **(_told(question, answered, shown) if question and answered else {}),
    }
    return show(request, "plan.html", context, title=_("Plan a paper audit"))


def _planned(question: Question | None, asked: Asked) -> Planned | None:
    """The sizes; where the numbers together cannot be, what is wrong with them stands in the answer."""
    if question is None:
        return None
    try:
        return planning.planned(question)
    except RequestError as fault:
        asked.no_sample = str(fault)
        return None


def _question(asked: Asked, *, wants: bool) -> tuple[Question | None, bool]:
    """The question, and whether it is answered more closely: then the answer is made here, one at a time."""
    if asked.question is None or not wants:
        return asked.question, False
    closely = replace(asked.question, closely=True)
    if not _closely.acquire(blocking=False):
        return asked.question, False
    try:
        _planned(closely, asked)
    finally:
        _closely.release()
    return closely, True


def _closer(request: HttpRequest, answered: Planned) -> str:
    """The address of a closer simulation, where some figure would gain from it."""
    sizes = [size for row in answered.rows for size in (row.half, row.nine) if size.how == "simulated"]
    is_short = any(size.replications < planning.AUDITS for size in sizes)
    return query(request, closely="1") if is_short else ""


def _told(question: Question, answered: Planned, asked: Asked) -> dict[str, object]:
    margins = sorted({size.margin for size in answered.others}, reverse=True)
    return {
        "question": question,
        "closest": asked.closest,
        "lines": [_line(row, question.cards) for row in answered.rows],
        "margins": margins,
        "others": _others(answered, margins),
        "methods": [
            {"title": plan_words.title_of(row.method), "of": plan_words.METHODS[row.method]}
            for row in answered.rows
        ],
        "chart": _charts(question, answered, margins),
        "command": _command(question, asked),
        "problem": msgspec.json.encode(
            planning.problem_of(question, planning.NINE_IN_TEN, question.margin)
        ).decode(),
    }


def _line(row: planning.Row, cards: int) -> Line:
    batches = "" if row.nine.draws is None or row.nine.cards is None else f"{row.nine.draws:,}"
    known = row.nine.cards if row.nine.cards is not None else None if row.nine.low else cards
    return Line(
        plan_words.title_of(row.method),
        _(plan_words.METHODS[row.method].done),
        plan_words.cell(row.half),
        plan_words.cell(row.nine),
        None if known is None else known / cards,
        plan_words.how(row.nine),
        batches,
    )


def _others(answered: Planned, margins: Sequence[float]) -> list[dict[str, object]]:
    found = {(size.method, size.margin): size for size in answered.others}
    return [
        {
            "title": plan_words.title_of(row.method),
            "cells": [plan_words.cell(found[row.method, margin]) for margin in margins],
        }
        for row in answered.rows
    ]


def _charts(question: Question, answered: Planned, margins: Sequence[float]) -> SafeString:
    """The drawing twice, for wide and for narrow screens."""
    lines: dict[str, list[Point]] = {}
    names = {row.method: plan_words.chart_name(row.method) for row in answered.rows}
    for size in [*answered.others, *(row.nine for row in answered.rows)]:
        if size.cards is not None:
            lines.setdefault(names[size.method], []).append(
                Point(size.margin, size.cards, size.low, size.high)
            )
    words = SizeWords(_("cards"), _("margin, share of all cards"), _("all cards"))

    def drawn(width: float, names: float) -> str:
        return sizes_drawing(
            lines, title=_title(lines), all_cards=question.cards, ours=question.margin, words=words,
            margins=margins, width=width, names=names,
        )  # fmt: skip

    return mark_safe(  # both are made of numbers and our own words
        f'<div class="wide">{drawn(720, 170)}</div><div class="narrow">{drawn(288, 102)}</div>'
    )


def _title(lines: Mapping[str, Sequence[Point]]) -> str:
    return _("Cards that nine audits in ten need at most, by margin: %(methods)s") % {
        "methods": ", ".join(lines)
    }


def _command(question: Question, asked: Asked) -> str:
    """The same question on the command line."""
    if asked.choices:
        parts = [f"{name}={number}" for name, number in asked.choices.items()]
        parts += ["--seats", str(asked.winners), "--vote-for", str(asked.vote_for)]
    else:
        parts = ["--margin", repr(question.margin), "--voted", repr(question.voted)]
    problem = planning.problem_of(question, planning.NINE_IN_TEN, question.margin)
    for method in problem.methods:
        parts += ["--method", method]
    parts += [
        "--cards", str(question.cards), "--risk-limit", f"{question.risk_limit:g}",
        "--two-votes", f"{question.rates.two_votes:g}", "--one-vote", f"{question.rates.one_vote:g}",
        "--pooled", f"{problem.pooled:g}", "--batch-cards", str(problem.batch_cards),
        "--most-drawn", str(problem.most_drawn), "--replications", str(problem.replications),
        "--chance", f"{problem.quantile:g}",
    ]  # fmt: skip
    return shlex.join(["tallyproof", "plan", *parts])
