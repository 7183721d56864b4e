"""How answers look in a terminal: aligned tables, plain sentences, JSON."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160))}


def harmless(text: str) -> str:
    """The text with signs that would steer the terminal spelled out: names in files are not ours."""
    return text.translate(_CONTROLS)


def say(text: str = "") -> None:
    """A line of the answer, on standard output."""
    print(harmless(text))


def tell(text: str) -> None:
    """A line about the answer, on standard error."""
    print(harmless(text), file=sys.stderr)


def progress(phrase: str) -> None:
    """What is being done, on standard error, only where a person watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{phrase} …", end="", file=sys.stderr, flush=True)


def done() -> None:
    """Clear the line of progress."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def counted(number: int, word: str) -> str:
    """The number with its word in the right form: "1 vote", "2,485 votes"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def as_json(value: Any) -> None:
    """The value as indented JSON on standard output; spelled out in ASCII where that is not UTF-8."""
    has_unicode = (sys.stdout.encoding or "").casefold().replace("-", "").startswith("utf8")
    print(json.dumps(value, indent=1, ensure_ascii=not has_unicode, allow_nan=False))


def width() -> int:
    """Columns of the terminal, at most 110."""
    return min(shutil.get_terminal_size((100, 24)).columns, 110)


def wrapped(text: str, indent: str = "") -> None:
    """A paragraph, wrapped to the terminal."""
    for line in textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=indent) or [""]:
        say(line)


def item(text: str, indent: str = "  ") -> None:
    """One entry of a list, wrapped under its first word."""
    for line in textwrap.wrap(text, width(), initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  "):
        say(line)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, indent: str = "  ") -> None:
    """Rows in aligned columns; numbers right-aligned with thousands separated, long texts cut."""
    texts = [[_cell(cell) for cell in row] for row in rows]
    numeric = [all(_is_number(row[place]) for row in texts) for place in range(len(header))]
    widths = [max(len(row[place]) for row in [list(header), *texts]) for place in range(len(header))]
    widths = _fitted(widths, numeric, len(indent))
    for row in [list(header), *texts]:
        cells = (_fit(text, size, right) for text, size, right in zip(row, widths, numeric, strict=True))
        say((indent + "  ".join(cells)).rstrip())


def _fitted(widths: list[int], numeric: list[bool], indent: int) -> list[int]:
    """Shrink the widest text columns until a row fits the terminal."""
    room = width() - indent - 2 * (len(widths) - 1)
    fitted = list(widths)
    while sum(fitted) > room:
        texts = [place for place, number in enumerate(numeric) if not number and fitted[place] > 12]
        if not texts:
            return fitted
        widest = max(texts, key=lambda place: fitted[place])
        fitted[widest] -= 1
    return fitted


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").strip("+-− %").isdigit() or text in {"", "unknown"}


def _fit(text: str, size: int, right: bool) -> str:
    shown = text if len(text) <= size else text[: size - 1] + "…"
    return shown.rjust(size) if right else shown.ljust(size)
