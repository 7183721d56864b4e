"""The catalogue of all checks, and asking them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tallyproof.checks import (  # noqa: F401  registers them
    card_batches,
    card_bounds,
    card_limits,
    card_scans,
    card_totals,
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
from tallyproof.checks.check import Check, Missing, registered
from tallyproof.checks.material import Material
from tallyproof.election.evidence import Finding, ranked


def catalogue() -> dict[str, Check]:
    """All checks by id, in the order A1 … E5."""
    return dict(sorted(registered().items(), key=lambda item: (item[0][0], int(item[0][1:]))))


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
