"""One JSON problem in, one answer out: the same for Python, the command line and the web."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec

from tallyproof.errors import RequestError
from tallyproof.tracking import margin

SOLVERS: dict[type[Any], Callable[[Any], Any]] = {
    margin.Margin: margin.solve_margin,
    margin.NeededShare: margin.solve_needed_share,
    margin.VotesAtStake: margin.solve_votes_at_stake,
}
ANSWERS: dict[str, type[Any]] = {
    "margin": margin.MarginAnswer,
    "needed_share": margin.NeededShareAnswer,
    "votes_at_stake": margin.VotesAtStakeAnswer,
}
Problem = margin.Margin | margin.NeededShare | margin.VotesAtStake


def kinds() -> dict[str, type[Any]]:
    """Problem types by the word in their ``kind`` field."""
    return {str(problem.__struct_config__.tag): problem for problem in SOLVERS}


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
    return int(number) if number.is_integer() and abs(number) <= margin.MOST else number


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def solve(problem: Problem) -> Any:
    """The answer object to a problem object."""
    return SOLVERS[type(problem)](problem)


def _answer(given: object, where: str) -> Any:
    kind = given.get("kind") if isinstance(given, dict) else None
    problem = kinds().get(kind) if isinstance(kind, str) else None
    if problem is None:
        known = ", ".join(sorted(kinds()))
        raise RequestError(f"{where}a problem is an object whose 'kind' is one of: {known}.")
    try:
        return solve(msgspec.convert(given, problem))
    except msgspec.ValidationError as fault:
        raise RequestError(f"{where}{kind}: {_plain(str(fault))}.") from None
    except RequestError as fault:
        raise RequestError(f"{where}{kind}: {fault}") from None


_WORDS = (
    ("Expected `object` of length >= 2", "at least two choices are needed"),
    ("Object missing required field", "there is no field"),
    ("Object contains unknown field", "there is an unknown field"),
    ("Expected `int`", "expected a whole number"),
    ("Expected `str`", "expected a text"),
    ("Expected `object`", "expected an object"),
    ("`", "'"),
)


def _plain(fault: str) -> str:
    """The library's message in the words of JSON users, with the field named."""
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
    for kind, problem in kinds().items():
        made[f"{kind}.problem"] = _schema(problem, f"{kind} problem")
        made[f"{kind}.answer"] = _schema(ANSWERS[kind], f"{kind} answer")
    return made


def _schema(of: type[Any], title: str) -> dict[str, Any]:
    schema = msgspec.json.schema(of)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}
