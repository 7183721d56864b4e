"""What a check is, and the catalogue of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tallyproof.checks.material import Material
from tallyproof.election.evidence import Finding, Severity, ranked


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


def catalogue() -> dict[str, Check]:
    """All checks by id, in the order A1 … E5."""
    from tallyproof.checks import (  # noqa: F401  registers them
        comparative,
        double_counting,
        identities,
        integrity,
        levels,
        patterns,
        records,
        write_ins,
        zeros,
    )

    return dict(sorted(_CATALOGUE.items(), key=lambda item: (item[0][0], int(item[0][1:]))))


@dataclass(frozen=True, slots=True)
class NotCheckable:
    """A check that could not be made on this material."""

    check: str
    question: str
    needs: str


@dataclass(frozen=True, slots=True)
class Report:
    """What all checks answered: findings ranked by votes at stake, and what could not be checked."""

    findings: tuple[Finding, ...]
    not_checkable: tuple[NotCheckable, ...]
    asked: tuple[str, ...]


def run(material: Material, only: Iterable[str] = ()) -> Report:
    """Ask every check (or only those named) and rank what they find."""
    wanted = set(only)
    chosen = [each for each in catalogue().values() if not wanted or each.id in wanted]
    findings: list[Finding] = []
    missing: list[NotCheckable] = []
    for each in chosen:
        outcome = each.answer(material)
        if isinstance(outcome, Missing):
            missing.append(NotCheckable(each.id, each.question, outcome.needs))
        else:
            findings.extend(outcome)
    return Report(tuple(ranked(findings)), tuple(missing), tuple(each.id for each in chosen))
