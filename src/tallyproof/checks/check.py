"""What a check is, and the catalogue of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tallyproof.checks.material import Material
from tallyproof.election.evidence import Finding, Severity


@dataclass(frozen=True, slots=True)
class Missing:
    """The third answer: this check cannot be made, and what it would need."""

    needs: str


Outcome = Sequence[Finding] | Missing
Question = Callable[[Material], Outcome]


@dataclass(frozen=True, slots=True)
class Check:
    """One question about returns.

    ``severity`` is the gravest a finding of it can be; ``record`` the paper or file that settles one
    and ``holder`` the office that has it.
    """

    id: str
    title: str
    question: str
    formula: str
    severity: Severity
    needs: tuple[str, ...]
    benign: tuple[str, ...]
    record: str
    holder: str
    run: Question

    def answer(self, material: Material) -> Outcome:
        """Ask the question; every finding carries this check's innocent explanations."""
        outcome = self.run(material)
        if isinstance(outcome, Missing):
            return outcome
        return [replace(finding, benign=finding.benign or self.benign) for finding in outcome]


_CATALOGUE: dict[str, Check] = {}


def check(
    id: str, title: str, *, question: str, formula: str, severity: Severity, needs: Iterable[str],
    benign: Iterable[str], record: str, holder: str,
) -> Callable[[Question], Question]:  # fmt: skip
    """Register a function as a check; the function stays as it is."""

    def register(function: Question) -> Question:
        if id in _CATALOGUE and _CATALOGUE[id].run.__qualname__ != function.__qualname__:
            raise ValueError(f"two checks are called {id}")
        _CATALOGUE[id] = Check(
            id, title, question, formula, severity, tuple(needs), tuple(benign), record, holder, function
        )
        return function

    return register


def registered() -> dict[str, Check]:
    """The checks registered so far; ``catalogue.catalogue`` knows all of them."""
    return dict(_CATALOGUE)
