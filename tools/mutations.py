"""The small changes that mutation tests make to a module: one operator, number, condition or call each.

A change is named by the function it is in and by what it turns into what, so that the name outlives moves
of the code. Messages, annotations, decorators and class headers are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
NAMES = {
    "min": "max",
    "minimum": "maximum",
    "any": "all",
    "floor": "ceil",
    "argmin": "argmax",
}
NAMES |= {there: here for here, there in NAMES.items()}
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "bases"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutation:
    """One change: put ``new`` into ``name`` of ``parent`` (at ``index`` where that is a list).

    ``live`` is true where it lies in a function's body, so that the function can be changed in place.
    """

    function: str
    line: int
    before: str
    after: str
    live: bool
    number: int = 1
    parent: ast.AST = field(repr=False, compare=False, default_factory=ast.Pass)
    name: str = field(repr=False, compare=False, default="")
    index: int | None = field(repr=False, compare=False, default=None)
    new: ast.AST | None = field(repr=False, compare=False, default=None)

    @property
    def key(self) -> str:
        """Name of the change in its module: ``function: before → after``, numbered where it recurs."""
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.function}: {self.before} → {self.after}{again}"

    def make(self) -> None:
        """Change the tree that the mutation was found in."""
        if self.index is None:
            setattr(self.parent, self.name, self.new)
        else:
            getattr(self.parent, self.name)[self.index] = self.new


def mutations(tree: ast.Module) -> list[Mutation]:
    """All changes of a module, in the order of its text."""
    seen: Counter[str] = Counter()
    numbered = []
    for mutation in _within(tree, "", False):
        seen[mutation.key] += 1
        numbered.append(replace(mutation, number=seen[mutation.key]))
    return numbered


def outermost_functions(node: ast.AST, place: str = "") -> Iterator[tuple[ast.FunctionDef, str]]:
    """The functions and methods that are not inside another, with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child, _place(child, place)
        elif isinstance(child, ast.ClassDef):
            yield from outermost_functions(child, _place(child, place))


def _within(node: ast.AST, function: str, live: bool) -> Iterator[Mutation]:
    for name, value in ast.iter_fields(node):
        if name in SKIPPED_FIELDS or (isinstance(node, ast.ClassDef) and name == "keywords"):
            continue
        inside = live or (isinstance(node, FUNCTIONS) and name == "body" and function != "")
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_left_alone(node, name, index, child):
                for new, before, after in _replacements(child):
                    line = getattr(child, "lineno", getattr(node, "lineno", 0))
                    yield Mutation(
                        function or "module", line, before, after, inside, 1, node, name, index, new
                    )
                yield from _within(child, function if inside else _place(child, function), inside)


def _place(node: ast.AST, function: str) -> str:
    """Qualified name of a function or class inside ``function``; that of other nodes is ``function``."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return function
    return f"{function}.{node.name}" if function else node.name


def _is_left_alone(node: ast.AST, name: str, index: int | None, child: ast.AST) -> bool:
    """Words for people, types, and conditions that are there for the type checker."""
    words = isinstance(child, ast.JoinedStr) or isinstance(node, ast.Raise | ast.Assert)
    docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    message = isinstance(node, ast.Call) and _called(node) == "require" and name == "args" and index != 0
    alias = isinstance(child, ast.AnnAssign) and ast.unparse(child.annotation) == "TypeAlias"
    kind = isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal"
    label = isinstance(node, ast.Assign) and isinstance(child, ast.Constant) and isinstance(child.value, str)
    return words or label or docstring or message or alias or kind


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _replacements(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """What a node may turn into, with the text before and after."""
    if isinstance(node, ast.If):
        text = ast.unparse(node.test)
        for fixed in (True, False):
            yield _with(node, test=ast.Constant(fixed)), f"if {text}", f"if {fixed}"
    elif isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            ifs = [*node.ifs[:index], *node.ifs[index + 1 :]]
            yield _with(node, ifs=ifs), f"… if {ast.unparse(test)}", "…"
    else:
        for new in _changed(node):
            yield new, _text(node), _text(new)


def _changed(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Constant):
        yield from _other_constant(node)
    elif isinstance(node, ast.Call) and _called(node) in NAMES:
        renamed = {"id" if isinstance(node.func, ast.Name) else "attr": NAMES[_called(node)]}
        yield _with(node, func=_with(node.func, **renamed))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.Break | ast.Continue):
        yield ast.copy_location(ast.Continue() if isinstance(node, ast.Break) else ast.Break(), node)


def _other_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int | float):
        yield _with(node, value=node.value + 1)
    elif isinstance(node.value, str):
        yield _with(node, value=f"{node.value}?")


def _with(node: Any, **changes: Any) -> Any:
    new = copy.copy(node)
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())
