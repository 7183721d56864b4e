"""Recount law as it ships: a rule file for each state and a federal one, read when asked for, once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tallyproof.errors import StoreError
from tallyproof.recount.federal import FederalRules
from tallyproof.recount.loading import load, read
from tallyproof.recount.rule import StateRules

_FOLDER = files("tallyproof.recount") / "states"


@cache
def states() -> tuple[str, ...]:
    """Postal codes of the states that have a rule file, in order."""
    names = (each.name for each in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml").upper() for name in names if name.endswith(".toml")))


@cache
def rules_of(state: str) -> StateRules:
    """The rules of a state by its postal code.

    Raises StoreError where it has no file, RequestError naming file and line where the file has a fault.
    """
    return load(text_of(state), f"{state.lower()}.toml")


def text_of(state: str) -> str:
    """The text of a state's rule file. Raises StoreError where it has none."""
    name = f"{state.lower()}.toml"
    if state not in states():
        raise StoreError(f"There is no rule file {name}.")
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def federal() -> FederalRules:
    """The days that federal law sets. Raises RequestError naming file and line where the file has a fault."""
    name = "federal.toml"
    text = (files("tallyproof.recount") / name).read_text(encoding="utf-8")
    return read(text, name, FederalRules)
