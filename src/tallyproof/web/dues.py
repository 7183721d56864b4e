"""Deadlines of the law as a time line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.figures.deadlines import Due, deadlines_axis
from tallyproof.recount.options import DeadlineAnswer, Standing
from tallyproof.services.allowed import Allowed, urgency
from tallyproof.web.allowed_words import ACTS, act_words, asked_words, stands
from tallyproof.web.wording import address

DRAWN = 24
"""Contests whose deadlines are drawn; the others stand in the table alone."""

KINDS = {Standing.OPEN: "open", Standing.PAST: "past", Standing.NOT_YET_RUNNING: "coming"}


def of_contest(allowed: Allowed, asked: datetime) -> SafeString:
    """Every deadline of a contest whose day is known; nothing where none is."""
    answer = allowed.answer
    if answer is None:
        return mark_safe("")
    known = sorted((each for each in answer.deadlines if each.closes), key=lambda each: each.closes or asked)
    return _drawn([_due(each, act_words(each.act)) for each in known], asked)


def of_case(found: Sequence[Allowed], asked: datetime, case: str, as_of: str) -> tuple[SafeString, int]:
    """Deadlines to ask where somebody may, contests in court, and how many are not drawn."""
    dues = [
        _due(deadline, each.contest.contest.title,
             address("option", as_of, case=case, contest=each.contest.contest.id), act_words(deadline.act))
        for each in found
        for deadline in _worth_drawing(each)
    ]  # fmt: skip
    return _drawn(dues[:DRAWN], asked), max(0, len(dues) - DRAWN)


def _worth_drawing(allowed: Allowed) -> list[DeadlineAnswer]:
    """The deadline to ask that matters most, and contests in court that are open or to come."""
    if allowed.answer is None:
        return []
    asking = allowed.asking if allowed.may_ask else None
    court = [
        each
        for each in allowed.answer.deadlines
        if each.act == "court-contest" and each.standing in (Standing.OPEN, Standing.NOT_YET_RUNNING)
    ]
    return [each for each in (asking, *court) if each and each.closes]


def listed(deadlines: Sequence[DeadlineAnswer]) -> list[DeadlineAnswer]:
    """Deadlines as the page lists them: to ask and to go to court first, and of each those open first."""
    acts = list(ACTS)
    return sorted(deadlines, key=lambda each: (acts.index(each.act), urgency(each)))


def _due(deadline: DeadlineAnswer, name: str, href: str = "", note: str = "") -> Due:
    closes = deadline.closes
    assert closes is not None  # callers leave out the others
    kind = KINDS.get(deadline.standing, "")
    return Due(name, closes, stands(deadline), deadline.opens or deadline.starts, note, href, kind)


def _drawn(dues: Sequence[Due], asked: datetime) -> SafeString:
    return mark_safe(  # it is made of escaped text
        deadlines_axis(
            dues,
            asked,
            caption=_(
                "Each bar runs from the act that time is counted from to the end; the upright line is the "
                "time of asking. The same times stand in the table below."
            ),
            asked_told=asked_words(asked),
            day=lambda time: f"{time:%m-%d}",
        )
    )
