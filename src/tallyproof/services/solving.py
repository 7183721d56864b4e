"""One JSON problem in, one answer out: the same for Python, the command line and the web."""

from __future__ import annotations

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
    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise RequestError(f"This is not JSON: {fault}.") from None
    if isinstance(given, list):
        return msgspec.json.encode([_answer(each, f"problem {n}: ") for n, each in enumerate(given, start=1)])
    return msgspec.json.encode(_answer(given, ""))


def solve(problem: Problem) -> Any:
    """The answer object to a problem object."""
    return SOLVERS[type(problem)](problem)


def _answer(given: object, where: str) -> Any:
    if not isinstance(given, dict) or given.get("kind") not in kinds():
        known = ", ".join(sorted(kinds()))
        raise RequestError(f"{where}a problem is an object whose 'kind' is one of: {known}.")
    try:
        return solve(msgspec.convert(given, kinds()[given["kind"]]))
    except msgspec.ValidationError as fault:
        raise RequestError(f"{where}{given['kind']}: {_plain(str(fault))}.") from None
    except RequestError as fault:
        raise RequestError(f"{where}{given['kind']}: {fault}") from None


def _plain(fault: str) -> str:
    """The library's message with the field named the way JSON users write it."""
    return fault.replace(" - at `$.", ", in `").replace("Object ", "it ").replace("`$`", "the problem")


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
