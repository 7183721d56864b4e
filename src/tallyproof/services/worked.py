"""A check's formula with a finding's numbers filled in, shown only where it comes out as the finding says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

from tallyproof.election.evidence import Number

Known = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Formula:
    """One reading of a formula: how it is written over the names of the numbers, and what it comes to.

    ``result`` names the number that it must come to, within ``slack`` for numbers that were rounded.
    """

    written: str
    result: str
    value: Callable[[Known], float]
    slack: float = 0.0

    def holds(self, numbers: Known) -> bool:
        """Whether every number is known and the formula comes to its result."""
        try:
            return math.isclose(self.value(numbers), numbers[self.result], rel_tol=0, abs_tol=self.slack)
        except (KeyError, ZeroDivisionError):
            return False


ROUNDED, POINTS = 6e-5, 0.02


def _exceeding(*limits: str) -> Formula:
    """Votes of one choice above the least of the limits that are known."""
    least = "min({" + "}, {".join(limits) + "})" if len(limits) > 1 else "{" + limits[0] + "}"
    return Formula(
        f"x = {{votes}} − {least} = {{x}}", "x", lambda n: n["votes"] - min(n[each] for each in limits)
    )


def _difference(result: str, more: str, less: str, symbol: str = "") -> Formula:
    """One number less another."""
    written = f"{symbol or result} = {{{more}}} − {{{less}}} = {{{result}}}"
    return Formula(written, result, lambda n: n[more] - n[less])


FORMULAS: dict[str, tuple[Formula, ...]] = {
    "B1": (
        Formula(
            "d = {votes} + {undervotes} + {overvotes} − {vote_for} × {ballots} = {d}",
            "d",
            lambda n: n["votes"] + n["undervotes"] + n["overvotes"] - n["vote_for"] * n["ballots"],
        ),
        Formula(
            "d = {votes} + {undervotes} + {vote_for} × {overvotes} − {vote_for} × {ballots} = {d}",
            "d",
            lambda n: n["votes"] + n["undervotes"] + n["vote_for"] * (n["overvotes"] - n["ballots"]),
        ),
        Formula(
            "d = {votes} + {undervotes} + {overvotes} − {ballots} = {d}",
            "d",
            lambda n: n["votes"] + n["undervotes"] + n["overvotes"] - n["ballots"],
        ),
    ),
    "B2": (
        Formula(
            "x = {votes} − {vote_for} × {ballots} = {x}",
            "x",
            lambda n: n["votes"] - n["vote_for"] * n["ballots"],
        ),
    ),
    "B3": (
        _exceeding("ballots", "registered"),
        _exceeding("voters", "registered"),
        _exceeding("ballots"),
        _exceeding("voters"),
        _exceeding("registered"),
    ),
    "B4": (_difference("x", "ballots", "registered"),),
    "B5": (_difference("d", "ballots", "voters"),),
    "B6": (
        Formula(
            "d = {ballots_issued} − ({ballots_cast} + {ballots_spoiled} + {ballots_unused}) = {d}",
            "d",
            lambda n: n["ballots_issued"] - n["ballots_cast"] - n["ballots_spoiled"] - n["ballots_unused"],
        ),
    ),
    "B7": (_difference("d", "modes", "total"),),
    "B8": (
        Formula(
            "x = {provisional_counted} + {provisional_rejected} − {provisional_issued} = {x}",
            "x",
            lambda n: n["provisional_counted"] + n["provisional_rejected"] - n["provisional_issued"],
        ),
        Formula(
            "x = {votes} − {vote_for} × {provisional_counted} = {x}",
            "x",
            lambda n: n["votes"] - n["vote_for"] * n["provisional_counted"],
        ),
    ),
    "B9": (
        _difference("d", "mail_returned", "mail_sent"),
        Formula(
            "d = {mail_accepted} + {mail_rejected} + {mail_pending} − {mail_returned} = {d}",
            "d",
            lambda n: n["mail_accepted"] + n["mail_rejected"] + n["mail_pending"] - n["mail_returned"],
        ),
        Formula(
            "d = {mail_accepted} + {mail_rejected} − {mail_returned} = {d}",
            "d",
            lambda n: n["mail_accepted"] + n["mail_rejected"] - n["mail_returned"],
        ),
    ),
    "B10": (_difference("x", "named", "bucket"),),
    "B15": (_difference("d", "found", "listed"),),
    "B18": (
        _difference("x", "ballots", "ballots_cast"),
        _difference("x", "ballots", "voters"),
        _difference("x", "cards", "listed"),
    ),
    "C1": (_difference("gap", "stated", "total"),),
    "C2": (
        Formula("{stated} / {total} = {ratio}", "ratio", lambda n: n["stated"] / n["total"], slack=ROUNDED),
    ),
    "E1": (
        Formula(
            "r = ({ballots} − {votes}) / {ballots} = {r}; z = {z}",
            "r",
            lambda n: (n["ballots"] - n["votes"]) / n["ballots"],
            slack=ROUNDED,
        ),
        Formula(
            "r = ({ballots} − {votes} / {vote_for}) / {ballots} = {r}; z = {z}",
            "r",
            lambda n: (n["ballots"] - n["votes"] / n["vote_for"]) / n["ballots"],
            slack=ROUNDED,
        ),
    ),
    "E2": (
        Formula(
            "r = ({S_top} − {S_c}) / max({S_top}, {S_c}) = {r}; z = {z}",
            "r",
            lambda n: (n["S_top"] - n["S_c"]) / max(n["S_top"], n["S_c"]),
            slack=ROUNDED,
        ),
    ),
    "E3": (
        Formula(
            "q = {now} / {before} = {ratio}; z = {z}", "ratio", lambda n: n["now"] / n["before"], ROUNDED
        ),
        Formula(
            "t = {ballots} / {registered} = {t}; z = {z}",
            "t",
            lambda n: n["ballots"] / n["registered"],
            ROUNDED,
        ),
    ),
    "E4": (
        Formula(
            "x = {margin_now} − {margin_before} = {swing}; z = {z}",
            "swing",
            lambda n: n["margin_now"] - n["margin_before"],
            slack=POINTS,
        ),
    ),
    "E5": (
        Formula(
            "x = {R_top} / {n_top} − {R_c} / {n_c} = {x}; z = {z}",
            "x",
            lambda n: n["R_top"] / n["n_top"] - n["R_c"] / n["n_c"],
            slack=ROUNDED,
        ),
    ),
}
"""By check, the readings of its formula in the order in which they are tried."""


def filled_in(check: str, numbers: Mapping[str, Number]) -> str:
    """The formula with every number in its place; nothing where one is unknown or it comes out otherwise.

    >>> filled_in("B2", {"votes": 34323, "vote_for": 1, "ballots": 31838, "x": 2485})
    'x = 34,323 − 1 × 31,838 = 2,485'
    """
    known = {name: value for name, value in numbers.items() if isinstance(value, int | float)}
    for formula in FORMULAS.get(check, ()):
        if formula.holds(known) and _names(formula.written) <= known.keys():
            return formula.written.format_map(_shown(known, formula.result))
    return ""


def _shown(known: Known, result: str) -> dict[str, str]:
    """Every number as it is written; one below zero in brackets where something stands before it."""
    written = {name: readable(value) for name, value in known.items()}
    return {
        name: f"({text})" if known[name] < 0 and name not in {result, "z"} else text
        for name, text in written.items()
    }


def _names(written: str) -> set[str]:
    return set(chain.from_iterable(part.split("}")[:1] for part in written.split("{")[1:]))


def readable(value: Number) -> str:
    """A number with thousands separated and a true minus sign; other values as they are."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}".replace("-", "−")
