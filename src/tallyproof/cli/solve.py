"""``tallyproof solve``: JSON in, JSON out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tallyproof.errors import RequestError

Problem = Annotated[str, typer.Argument(metavar="FILE|-", help="A JSON file, or - for standard input.")]


def solve(problem: Problem) -> None:
    """One problem gives one answer, a list gives a list."""
    from tallyproof.services.solving import solve_json

    sys.stdout.write(solve_json(_text(problem)).decode() + "\n")


def _text(problem: str) -> bytes:
    if problem == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(problem).read_bytes()
    except OSError as fault:
        raise RequestError(
            f"{problem} cannot be read ({fault.strerror}). Name a JSON file, or - for standard input."
        ) from None
