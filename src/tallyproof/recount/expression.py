"""Margin tests of recount law: exact expressions over whole numbers, three truth values, no ``eval``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tallyproof.errors import RequestError

VARIABLES = {
    "margin": "votes between the lowest winner and the choice compared",
    "margin_petitioner": "votes between the lowest winner and the one who asks",
    "total": "votes for the office",
    "top2": "votes of the two choices compared",
    "winner": "votes of the lowest winner",
    "loser": "votes of the choice compared",
    "seats": "how many win",
    "ballots": "ballots cast",
    "choices": "how many choices there are",
    "precincts": "precincts to be recounted",
    "areas": "areas to be recounted",
    "category_votes": "absentee and early votes",
    "votes_for": "votes for the question or candidate",
    "required": "votes required for passage or a majority",
    "overvotes": "ballots with more marks than votes allowed",
    "undervotes": "ballots with no vote for the office",
    "discrepancy": "votes by which an audit and the count differ in one district",
    "districts": "voting districts",
    "gained": "votes that the one who asked gained in the recount",
    "write_ins": "how many of the two compared are write-in candidates",
    "registered": "registered voters of the county",
}
"""What a test may read; unknown values make an answer unknown, never false."""

FUNCTIONS: dict[str, Callable[..., Fraction]] = {"min": min, "max": max, "abs": abs}
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_RUN_ON = re.compile(r"(?<![\w.])\d[\d.]*[A-Za-z_][\w.]*")
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Fraction, Fraction], bool]]] = {
    ast.Lt: ("<", lambda a, b: a < b),
    ast.LtE: ("≤", lambda a, b: a <= b),
    ast.Gt: (">", lambda a, b: a > b),
    ast.GtE: ("≥", lambda a, b: a >= b),
    ast.Eq: ("=", lambda a, b: a == b),
}
_COMBINE: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
LONGEST = 500
"""Characters of the longest expression; the law's longest has about 200."""

Known = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of a test with its numbers; ``value`` and the sides are None where unknown."""

    text: str
    left: Fraction | None
    sign: str
    right: Fraction | None
    value: bool | None


@dataclass(frozen=True, slots=True)
class Tested:
    """The answer of a test: true, false, or None where a number that decides it is unknown.

    ``missing`` names the variables without which it cannot be decided.
    """

    value: bool | None
    compared: tuple[Compared, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """A parsed test."""

    text: str
    tree: ast.expr

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables read, in the order of the text."""
        names = (each for each in ast.walk(self.tree) if isinstance(each, ast.Name))
        ordered = sorted(names, key=lambda name: (name.lineno, name.col_offset))
        return tuple(dict.fromkeys(name.id for name in ordered if name.id not in FUNCTIONS))

    def test(self, known: Known) -> Tested:
        """Decide the test exactly; unknown numbers are carried as unknown (Kleene's logic).

        Raises RequestError where it divides by 0.
        """
        seen: list[Compared] = []
        value = _Reader(self.text, known, seen).truth(self.tree)
        missing = tuple(name for name in self.variables if known.get(name) is None)
        return Tested(value, tuple(seen), missing if value is None else ())


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expression:
    """Read a test such as ``margin <= min(0.5%*total, 10000)``.

    Numbers are decimals, read exactly, with ``%`` for a hundredth; operators ``+ - * /``; functions
    min, max, abs; comparisons ``< <= > >= ==``; ``and``, ``or``; True and False.
    Raises ValueError saying what is wrong and where.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the expression has {len(text):,} characters, more than {LONGEST}")
    plain = _percent(text)
    if run := _RUN_ON.search(plain):
        raise ValueError(f"'{run.group()}' is not a number")
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        where = f" at character {fault.offset}" if isinstance(fault, SyntaxError) and fault.offset else ""
        raise ValueError(f"'{text}' cannot be read{where}") from None
    _require(tree, plain.strip(), is_truth=True)
    return Expression(plain.strip(), tree)


def _percent(text: str) -> str:
    """``0.5%`` as ``(0.5/100)``; nothing else has a percent sign."""
    found = re.sub(r"(?a)(\d+(?:\.\d+)?)\s*%", r"(\1/100)", text)
    if "%" in found:
        raise ValueError(f"'{text}' has a percent sign that follows no number")
    return found


def _require(node: ast.expr, text: str, *, is_truth: bool) -> None:
    """Raise ValueError unless the tree is of the language, tests where tests belong."""
    match node:
        case ast.BoolOp(values=values) if is_truth:
            for value in values:
                _require(value, text, is_truth=True)
        case ast.Compare(left=left, ops=ops, comparators=others) if is_truth:
            for op in ops:
                if type(op) not in _COMPARE:
                    raise ValueError(f"'{text}' has a comparison that is none of < <= > >= ==")
            for side in (left, *others):
                _require(side, text, is_truth=False)
        case ast.Constant(value=bool()) if is_truth:
            pass
        case ast.BinOp(left=left, op=op, right=right) if not is_truth and type(op) in _COMBINE:
            _require(left, text, is_truth=False)
            _require(right, text, is_truth=False)
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not is_truth:
            _require(operand, text, is_truth=False)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if not is_truth and name in FUNCTIONS:
            if len(args) < (1 if name == "abs" else 2) or (name == "abs" and len(args) > 1):
                raise ValueError(f"'{text}' gives {name} {len(args)} numbers")
            for arg in args:
                _require(arg, text, is_truth=False)
        case ast.Name(id=name) if not is_truth:
            if name not in VARIABLES:
                raise ValueError(f"'{name}' is no variable; there are: {', '.join(VARIABLES)}")
        case ast.Constant() if not is_truth and _NUMBER.fullmatch(_source(text, node)):
            pass
        case _:
            kind = "a test" if is_truth else "a number"
            raise ValueError(f"'{_source(text, node)}' is not {kind}")


def _source(text: str, node: ast.expr) -> str:
    return ast.get_source_segment(text, node) or text


def _shown(text: str, node: ast.expr) -> str:
    """A part of the expression as the law's readers write it: percent signs, thousands separated."""
    plain = re.sub(r"\((\d+(?:\.\d+)?)/100\)", r"\1 %", _source(text, node)).replace("*", " × ")
    return re.sub(r"(?<![\w.])\d{4,}(?![\w.])", lambda found: f"{int(found[0]):,}", plain)


@dataclass(frozen=True)
class _Reader:
    """Walks one tree with the numbers known."""

    text: str
    known: Known
    seen: list[Compared]

    def truth(self, node: ast.expr) -> bool | None:
        match node:
            case ast.BoolOp(op=op, values=values):
                found = [self.truth(value) for value in values]  # all, so that every condition is shown
                decides = isinstance(op, ast.Or)
                if decides in found:
                    return decides
                return None if None in found else not decides
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                pairs = zip(sides, ops, sides[1:], strict=False)
                found = [self._compare(a, op, b) for a, op, b in pairs]
                return False if False in found else None if None in found else True
            case ast.Constant(value=value):
                return bool(value)
        raise AssertionError(node)  # pragma: no cover: parse admits nothing else

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool | None:
        sign, holds = _COMPARE[type(op)]
        a, b = self.number(left), self.number(right)
        value = None if a is None or b is None else holds(a, b)
        text = f"{_shown(self.text, left)} {sign} {_shown(self.text, right)}"
        self.seen.append(Compared(text, a, sign, b, value))
        return value

    def number(self, node: ast.expr) -> Fraction | None:
        match node:
            case ast.Constant():
                return Fraction(_source(self.text, node))
            case ast.Name(id=name):
                given = self.known.get(name)
                return None if given is None else Fraction(given)
            case ast.UnaryOp(operand=operand):
                value = self.number(operand)
                return None if value is None else -value
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self.number(left), self.number(right)
                if a is None or b is None:
                    return None
                if isinstance(op, ast.Div) and b == 0:
                    raise RequestError(f"'{_source(self.text, right)}' is 0, and the law divides by it.")
                return _COMBINE[type(op)](a, b)
            case ast.Call(func=ast.Name(id=name), args=args):
                numbers = list(self._numbers(args))
                return None if None in numbers else FUNCTIONS[name](*numbers)
        raise AssertionError(node)  # pragma: no cover: parse admits nothing else

    def _numbers(self, nodes: list[ast.expr]) -> Iterator[Fraction | None]:
        return (self.number(node) for node in nodes)
