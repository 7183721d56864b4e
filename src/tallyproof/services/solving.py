"""One JSON problem in, one answer out: the same for Python, the command line and the web."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from tallyproof.errors import RequestError
from tallyproof.tracking import margin


@dataclass(frozen=True)
class Kind:
    """A type of problem, the type of its answer, and the function between them."""

    problem: type[Any]
    solve: Callable[[Any], Any]
    answer: type[Any]

    @property
    def word(self) -> str:
        """What stands in the field ``kind``."""
        return str(self.problem.__struct_config__.tag)


def _counting() -> list[Kind]:
    return [
        Kind(margin.Margin, margin.solve_margin, margin.MarginAnswer),
        Kind(margin.NeededShare, margin.solve_needed_share, margin.NeededShareAnswer),
        Kind(margin.VotesAtStake, margin.solve_votes_at_stake, margin.VotesAtStakeAnswer),
    ]


def _drawing() -> list[Kind]:
    from tallyproof.sampling import problems

    return [
        Kind(problems.CardDraw, problems.solve_card_draw, problems.CardDrawAnswer),
        Kind(problems.BatchDraw, problems.solve_batch_draw, problems.BatchDrawAnswer),
        Kind(problems.ContestDraw, problems.solve_contest_draw, problems.ContestDrawAnswer),
    ]


def _auditing() -> list[Kind]:
    from tallyproof.audit import batch_audit, card_audit, contest, irv, irv_answer, plan, sample_risk
    from tallyproof.audit import contests_audit as several
    from tallyproof.audit import contests_size as sizes
    from tallyproof.audit import stratified_audit as strata

    return [
        Kind(sizes.ContestsSize, sizes.solve_contests_size, sizes.ContestsSizeAnswer),
        Kind(several.ContestsAudit, several.solve_contests_audit, several.ContestsAuditAnswer),
        Kind(strata.StratifiedAudit, strata.solve_stratified_audit, strata.StratifiedAuditAnswer),
        Kind(contest.Assertions, contest.solve_assertions, contest.AssertionsAnswer),
        Kind(irv.IrvAssertions, irv_answer.solve_irv_assertions, irv.IrvAssertionsAnswer),
        Kind(plan.SampleSize, plan.solve_sample_size, plan.SampleSizeAnswer),
        Kind(card_audit.CardAudit, card_audit.solve_card_audit, card_audit.CardAuditAnswer),
        Kind(card_audit.SuperSimple, card_audit.solve_super_simple, card_audit.SuperSimpleAnswer),
        Kind(batch_audit.BatchAudit, batch_audit.solve_batch_audit, batch_audit.BatchAuditAnswer),
        Kind(sample_risk.SampleRisk, sample_risk.solve_sample_risk, sample_risk.SampleRiskAnswer),
        Kind(sample_risk.MarginInterval, sample_risk.solve_margin_interval, sample_risk.MarginIntervalAnswer),
        Kind(sample_risk.PollingRounds, sample_risk.solve_polling_rounds, sample_risk.PollingRoundsAnswer),
        Kind(sample_risk.StratifiedRisk, sample_risk.solve_stratified_risk, sample_risk.StratifiedRiskAnswer),
        Kind(sample_risk.SuiteRisk, sample_risk.solve_suite_risk, sample_risk.SuiteRiskAnswer),
    ]


def _recounting() -> list[Kind]:
    from tallyproof.recount import acts, budget, compared, comparison, options, paper, parts
    from tallyproof.services import calendars, recount_plans, recounting

    return [
        Kind(options.RecountOptions, recounting.options, options.RecountOptionsAnswer),
        Kind(parts.RecountDeadline, recounting.deadlines, parts.RecountDeadlineAnswer),
        Kind(parts.RecountCost, recounting.cost, parts.RecountCostAnswer),
        Kind(budget.RecountPlan, recount_plans.plan, budget.RecountPlanAnswer),
        Kind(
            comparison.RecountComparison,
            compared.solve_recount_comparison,
            comparison.RecountComparisonAnswer,
        ),
        Kind(paper.PaperTrail, paper.solve_paper_trail, paper.PaperTrailAnswer),
        Kind(acts.ElectoralCalendar, calendars.electoral_calendar, acts.ElectoralCalendarAnswer),
    ]


ROOMS = (_counting, _drawing, _auditing, _recounting)
"""Where problems are solved; a room is loaded when a problem is asked that the ones before do not know."""


@cache
def _of_room(room: Callable[[], list[Kind]]) -> dict[str, Kind]:
    return {kind.word: kind for kind in room()}


def kind_of(word: str) -> Kind | None:
    """The kind of problem with this word, None where there is none."""
    return next((found for room in ROOMS if (found := _of_room(room).get(word))), None)


def kinds() -> dict[str, type[Any]]:
    """Problem types by the word in their ``kind`` field."""
    return {word: kind.problem for room in ROOMS for word, kind in _of_room(room).items()}


def answers() -> dict[str, type[Any]]:
    """Answer types by the word in their problem's ``kind`` field."""
    return {word: kind.answer for room in ROOMS for word, kind in _of_room(room).items()}


def solve_json(text: bytes | str) -> bytes:
    """Answer a JSON problem with JSON; a list of problems with a list of answers.

    Raises RequestError naming the problem, the field and what is wrong with it.
    """
    given = _parse(text)
    if isinstance(given, list):
        return msgspec.json.encode([_answer(each, f"problem {n}: ") for n, each in enumerate(given, start=1)])
    return msgspec.json.encode(_answer(given, ""))


def _parse(text: bytes | str) -> Any:
    """JSON as standards have it: no name twice in an object, no NaN, and 3.0 is the whole number 3."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_constant=_no_number)
    except RecursionError:
        raise RequestError("This is not a problem: it is nested too deeply.") from None
    except (UnicodeDecodeError, UnicodeEncodeError) as fault:
        raise RequestError(f"This is not JSON in UTF-8: {fault.reason}.") from None
    except ValueError as fault:  # also numbers of thousands of digits
        raise RequestError(f"This is not JSON: {fault}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        name.encode()  # half a character could not be written into the answer
        if name in found:
            raise ValueError(f"the name '{name}' stands twice in one object")
        found[name] = value
    return found


def _number(digits: str) -> int | float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large a number")
    return int(number) if number.is_integer() and abs(number) <= margin.MOST else number


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def solve(problem: msgspec.Struct) -> Any:
    """The answer object to a problem object, which is checked as one read from JSON is."""
    found = kind_of(str(problem.__struct_config__.tag))
    if found is None or not isinstance(problem, found.problem):
        raise RequestError(f"{type(problem).__name__} is no problem; kinds: {', '.join(sorted(kinds()))}.")
    given = msgspec.to_builtins(problem)
    _require_numbers(given)
    try:
        return found.solve(msgspec.convert(given, found.problem))
    except msgspec.ValidationError as fault:
        raise RequestError(f"{found.word}: {plain(str(fault))}.") from None


def _require_numbers(given: Any, where: str = "") -> None:
    """Refuse NaN and infinity anywhere, naming the field."""
    if isinstance(given, dict):
        for name, value in given.items():
            _require_numbers(value, name)
    elif isinstance(given, list | tuple):
        for value in given:
            _require_numbers(value, where)
    elif isinstance(given, float) and not math.isfinite(given):
        raise RequestError(f"'{where}' is {given}; it must be a number, not NaN or infinity.")


def _answer(given: object, where: str) -> Any:
    kind = given.get("kind") if isinstance(given, dict) else None
    found = kind_of(kind) if isinstance(kind, str) else None
    if found is None:
        known = ", ".join(sorted(kinds()))
        raise RequestError(f"{where}a problem is an object whose 'kind' is one of: {known}.")
    try:
        return found.solve(msgspec.convert(given, found.problem))
    except msgspec.ValidationError as fault:
        raise RequestError(f"{where}{kind}: {plain(str(fault))}.") from None
    except RequestError as fault:
        raise RequestError(f"{where}{kind}: {fault}") from None


_WORDS = (
    ("Expected `object` of length >= 2", "at least two choices are needed"),
    ("Object missing required field", "there is no field"),
    ("Object contains unknown field", "there is an unknown field"),
    ("Invalid RFC3339 encoded datetime", 'expected a time such as "2016-11-23T12:00:00-06:00"'),
    ("Invalid RFC3339 encoded date", 'expected a day such as "2016-11-08"'),
    ("Invalid enum value", "there is no such word here:"),
    ("Expected `int`", "expected a whole number"),
    ("Expected `float`", "expected a number"),
    ("Expected `str`", "expected a text"),
    ("Expected `object`", "expected an object"),
    ("`", "'"),
)


def plain(fault: str) -> str:
    """A fault of a problem in the words of JSON users, with the field named."""
    message, _, place = fault.partition(" - at `$")
    if "matching regex" in message:
        message = 'expected a share such as "19/20" or "0.95"'
    for theirs, ours in _WORDS:
        message = message.replace(theirs, ours)
    field = place.strip(".`").replace("[...]", "")
    return f"{message}, in '{field}'" if field else message


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas (draft 2020-12) of every problem and answer, made from the types."""
    made = {}
    for kind in (kind for room in ROOMS for kind in _of_room(room).values()):
        made[f"{kind.word}.problem"] = _schema(kind.problem, f"{kind.word} problem")
        made[f"{kind.word}.answer"] = _schema(kind.answer, f"{kind.word} answer")
    return made


def _schema(of: type[Any], title: str) -> dict[str, Any]:
    schema = msgspec.json.schema(of)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}
