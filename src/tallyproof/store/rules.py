"""Recount law as it ships: one rule file for each state, read when it is asked for, once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tallyproof.errors import StoreError
from tallyproof.recount.loading import load
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
