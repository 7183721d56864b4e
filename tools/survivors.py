"""What came of mutation tests: survivors against their explanations, and the page that lists both."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".mutants" / "results.json"
EXPLAINED = Path(__file__).with_name("survivors.toml")
PAGE = ROOT / "docs" / "reference" / "mutation-tests.md"
BEGIN = "<!-- written by tools/mutants.py --page -->"


@dataclass(frozen=True)
class Result:
    """Changes made to a module, and the names of those that no test noticed."""

    made: int
    survived: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why some changes of a module alter no answer."""

    module: str
    why: str
    changes: tuple[str, ...]


def reasons() -> list[Reason]:
    """The explanations, in the order of the file."""
    told = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivor"]
    return [Reason(entry["module"], entry["why"], tuple(entry["changes"])) for entry in told]


def results() -> dict[str, Result]:
    """What the last run of each module gave."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return {module: Result(made, tuple(survived)) for module, (made, survived) in kept.items()}


def keep(found: Mapping[str, Result]) -> None:
    """Add the results of a run."""
    merged = {**results(), **found}
    RESULTS.write_text(
        json.dumps({module: (result.made, result.survived) for module, result in merged.items()})
    )


def explained() -> dict[str, set[str]]:
    """The changes that have an explanation, by module."""
    found: dict[str, set[str]] = {}
    for reason in reasons():
        found.setdefault(reason.module, set()).update(reason.changes)
    return found


def complaints(found: Mapping[str, Result]) -> Iterator[str]:
    """Survivors that nobody explained, and explanations of changes that did not survive."""
    with_reason = explained()
    for module, result in found.items():
        known, alive = with_reason.get(module, set()), set(result.survived)
        yield from (f"{module}: {change}: survived, not explained" for change in sorted(alive - known))
        yield from (f"{module}: {change}: explained, did not survive" for change in sorted(known - alive))


def write_page() -> None:
    """Write counts and explanations below the page's own text."""
    text = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]
    PAGE.write_text(f"{text}{BEGIN}\n\n{_counts()}\n{_explanations()}", encoding="utf-8")


def _counts() -> str:
    with_reason, found = explained(), results()
    rows: list[tuple[str, list[int]]] = []
    for module in sorted(found, key=lambda name: (name.startswith("audit"), name)):
        made, alive = found[module].made, set(found[module].survived)
        known = len(alive & with_reason.get(module, set()))
        rows.append((f"`{module}`", [made, made - len(alive), known, len(alive) - known]))
    rows.append(("together", [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)]))
    shown = 4 if rows[-1][1][3] else 3  # "Open" only while something is
    heads = ["Module", "Changes", "Noticed", "Explained", "Open"][: shown + 1]
    lines = [f"| {' | '.join(heads)} |", f"|---{'|---:' * shown}|"]
    for name, numbers in rows:
        lines.append(f"| {name} | {' | '.join(f'{number:,}' for number in numbers[:shown])} |")
    return "\n".join(lines) + "\n"


def _explanations() -> str:
    parts: list[str] = []
    last = ""
    for reason in sorted(reasons(), key=lambda reason: (reason.module.startswith("audit"), reason.module)):
        if reason.module != last:
            parts.append(f"\n## {reason.module}\n")
            last = reason.module
        changes = "".join(f"- ``{change}``\n" for change in reason.changes)
        parts.append(f"\n{reason.why.strip()}\n\n{changes}")
    return "".join(parts)
