"""Floors for imports that are written as text, such as "tallyproof.web.urls" in Django's settings."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "tallyproof"
DOTTED = re.compile(rf"{PACKAGE}[.:]([A-Za-z_]\w*)(?:[.:/]\w+)*")

Floors = Mapping[str, int]


@dataclass(frozen=True)
class UpwardName:
    """A text that names a module of a room which its own room may not know."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """Say where it stands and what is wrong, in one line."""
        return f"{self.file}:{self.line}: {self.text!r} names a room on the same floor or above"


def floors(layers: list[str]) -> dict[str, int]:
    """Return each room's floor, counted from the top, from the layers of the import contract."""
    return {
        room.strip(" ()"): floor for floor, layer in enumerate(layers) for room in re.split(r"[|:]", layer)
    }


def layers_of(pyproject: Path) -> list[str]:
    """Return the layers that import-linter holds, read from pyproject.toml."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["type"] == "layers")


def upward_names(package: Path, floor_of: Floors) -> Iterator[UpwardName]:
    """Yield every text in the package's code that names a module it may not import."""
    for file in sorted(package.rglob("*.py")):
        own = file.relative_to(package).parts[0].removesuffix(".py")
        if own not in floor_of:
            continue
        for line, text in _texts(file):
            named = DOTTED.fullmatch(text)
            if named and not _may_know(own, named.group(1), floor_of):
                yield UpwardName(file, line, text)


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _may_know(own: str, named: str, floor_of: Floors) -> bool:
    return named == own or named not in floor_of or floor_of[own] < floor_of[named]


def main() -> int:
    """Print the names that break the floors; answer 1 where there are any."""
    top = Path(__file__).resolve().parents[1]
    found = list(upward_names(top / "src" / PACKAGE, floors(layers_of(top / "pyproject.toml"))))
    for name in found:
        print(name)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
