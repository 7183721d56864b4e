"""How a statement of a rule file is known, with the file's own words where it says nothing else."""

from __future__ import annotations

from tallyproof.recount.federal import FederalRules
from tallyproof.recount.options import Knowledge
from tallyproof.recount.rule import Basis, StateRules, Told


def known_of(told: Told, rules: StateRules | FederalRules) -> Knowledge:
    """Citation, basis, confidence and as-of date to show beside a statement."""
    return Knowledge(
        citation=told.citation,
        basis=told.basis.value,
        memory=told.memory,
        confidence=(told.confidence or rules.confidence).value,
        as_of=told.as_of or rules.as_of,
        note=told.note,
    )


def is_checked(told: Told, *fields: str) -> bool:
    """True where the statement, and each of these fields of it, has been read in a source."""
    return told.basis is Basis.SOURCE and not set(fields) & set(told.memory)
