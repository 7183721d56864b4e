"""Standard names as a TOML file, which people review: one line for each wording."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import tomlkit

from tallyproof.election.cast_vote_record import MOST_VOTE_FOR
from tallyproof.election.standard_names import (
    Decision,
    StandardChoice,
    StandardContest,
    StandardNames,
    Wording,
    faults,
    one_line,
)
from tallyproof.errors import RequestError
from tallyproof.formats.naming import LONGEST_NAME

LARGEST = 20 << 20
SHOWN = 5
HEAD = """Standard names of contests and choices.
Each [[contest]] has one standard name; wordings are what files call it instead.
Decide on each wording: accepted (it is read as the standard name) or refused.
What stays proposed has no effect."""

Why = Mapping[tuple[str, str, str], object]
"""Why a wording is proposed, by standard contest, standard choice (empty for the contest) and wording."""


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    contest: tuple[_Contest, ...] = ()


class _Contest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    vote_for: int | None = None
    jurisdictions: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    choice: tuple[StandardChoice, ...] = ()


def load(path: Path) -> str:
    """The text of a file of names. Raises RequestError where it cannot be read as UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise RequestError(f"{path.name} is too large for a file of names. Give the file of names.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise RequestError(
            f"{path}: cannot be opened ({fault.strerror}). Check the name and folder."
        ) from None
    except UnicodeDecodeError:
        remedy = "Give a file of names as TOML, saved as UTF-8."
        raise RequestError(f"{path.name} is not UTF-8 text. {remedy}") from None


def parse(text: str, name: str = "the file of names") -> StandardNames:
    """The names in this TOML. Raises RequestError with what is wrong, also for names at odds."""
    try:
        read = msgspec.convert(tomllib.loads(text), _Names)
    except tomllib.TOMLDecodeError as fault:
        raise RequestError(f"{name} is not TOML: {fault}. Look at this line.") from None
    except msgspec.ValidationError as fault:
        raise RequestError(f"{name}: {_said(str(fault))}") from None
    except RecursionError:
        raise RequestError(f"{name} is nested too deep for a file of names.") from None
    names = StandardNames(tuple(_contest(each) for each in read.contest))
    wrong = [*_unfit(names), *faults(names)]
    if wrong:
        more = f" And {len(wrong) - SHOWN:,} more." if len(wrong) > SHOWN else ""
        raise RequestError(f"{name}: {' '.join(wrong[:SHOWN])}{more}")
    return names


def _contest(each: _Contest) -> StandardContest:
    return StandardContest(each.name, each.vote_for, each.jurisdictions, each.wordings, each.choice)


_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
"""Signs that no comment of a TOML file may hold."""

_FIELD = re.compile(r"unknown field `([^`]*)`")
_PLACE = re.compile(r" - at `\$\.?([^`]*)`")
_KEYS = ("contest", "name", "vote_for", "jurisdictions", "wordings", "choice", "state")


def _said(fault: str) -> str:
    """A fault of the structure in a sentence with its place and, for a key, the closest that there is."""
    found = _PLACE.search(fault)
    place = f" at {_counted(found[1])}" if found and found[1] else ""
    if key := _FIELD.search(fault):
        near = difflib.get_close_matches(key[1], _KEYS, 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(_KEYS)}."
        return f"'{key[1]}' is not a key of a file of names{place}. {hint}"
    if "enum value" in fault:
        return f"the state is none of {', '.join(each.value for each in Decision)}{place}."
    return f"{_PLACE.sub('', fault)}{place}."


def _counted(path: str) -> str:
    """A path of keys as people count: the first contest is contest 1."""
    return re.sub(r"\[(\d+)\]", lambda place: f" {int(place[1]) + 1}", path).replace(".", ", ")


def _unfit(names: StandardNames) -> list[str]:
    """Sentences on names and numbers that none can have."""
    found = []
    for contest in names.contests:
        texts = [contest.name, *(each.name for each in contest.wordings)]
        for choice in contest.choices:
            texts += [choice.name, *(each.name for each in choice.wordings)]
        if any(not one_line(text) for text in texts):
            found.append(f"'{one_line(contest.name)}' has a name without a letter. Write it or take it out.")
        if any(len(text) > LONGEST_NAME for text in texts):
            found.append(
                f"'{one_line(contest.name)[:60]}…' has a name of more than {LONGEST_NAME:,} letters."
            )
        if contest.vote_for is not None and not 1 <= contest.vote_for <= MOST_VOTE_FOR:
            found.append(f"'{one_line(contest.name)}': vote_for is a number from 1 to {MOST_VOTE_FOR:,}.")
    return found


# ---- writing


def written(names: StandardNames, why: Why | None = None) -> str:
    """The names as TOML, which reads back as the same names; ``why`` becomes comments."""
    document, told = tomlkit.document(), why or {}
    for line in HEAD.splitlines():
        document.add(tomlkit.comment(line))
    contests = tomlkit.aot()
    for each in names.contests:
        contests.append(_contest_table(each, told))
    if names.contests:
        document.add("contest", contests)
    return tomlkit.dumps(document)


def _contest_table(contest: StandardContest, why: Why) -> Any:
    table = tomlkit.table()
    table.add("name", contest.name)
    if contest.vote_for is not None:
        table.add("vote_for", contest.vote_for)
    if contest.jurisdictions:
        table.add("jurisdictions", list(contest.jurisdictions))
    if contest.wordings:
        table.add("wordings", _wordings(contest.wordings, (contest.name, ""), why))
    choices = tomlkit.aot()
    for choice in contest.choices:
        inner = tomlkit.table()
        inner.add("name", choice.name)
        if choice.wordings:
            inner.add("wordings", _wordings(choice.wordings, (contest.name, choice.name), why))
        choices.append(inner)
    if contest.choices:
        table.add("choice", choices)
    return table


def _wordings(wordings: Sequence[Wording], of: tuple[str, str], why: Why) -> Any:
    """A list with one line for each wording, below the reason for it."""
    array = tomlkit.array()
    for each in wordings:
        if reason := why.get((*of, each.name)):
            array.add_line(comment=one_line(_CONTROLS.sub(" ", str(reason))), indent="    ")
        line = tomlkit.inline_table()
        line.add("state", each.state.value)
        line.add("name", each.name)
        if each.jurisdictions:
            line.add("jurisdictions", list(each.jurisdictions))
        array.add_line(line, indent="    ")
    array.add_line(indent="")
    return array
