"""That a set of assertions suffices: a walk through the elimination orders, written apart from the search.

An order's end, such as (…, B, A), says that A wins, B goes out last before A, and all others earlier. The
walk starts from each other winner and puts every choice in front, until an assertion contradicts the
end. If no complete order is left, the assertions imply that the reported winner won.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tallyproof.audit.irv_assertion import Assertion

End = tuple[int, ...]


@dataclass(frozen=True)
class Proof:
    """``survivor`` is a complete elimination order that no assertion contradicts; None proves the set.

    ``ends`` counts the ends of orders that were looked at. ``used`` are the assertions that were needed.
    """

    survivor: End | None
    ends: int
    used: frozenset[Assertion]

    @property
    def sufficient(self) -> bool:
        """Whether the assertions rule out every other winner."""
        return self.survivor is None


@dataclass(eq=False)
class _Claims:
    """Assertions by what they say."""

    choices: int
    beaten_by: dict[int, dict[int, Assertion]] = field(default_factory=lambda: defaultdict(dict))
    not_next: dict[tuple[frozenset[int], int], Assertion] = field(default_factory=dict)

    def add(self, assertion: Assertion) -> None:
        if assertion.kind == "NEB":
            self.beaten_by[assertion.loser][assertion.winner] = assertion
        else:
            self.not_next[frozenset(assertion.continuing), assertion.winner] = assertion

    def contradiction(self, end: End) -> Assertion | None:
        """An assertion against which the first choice of this end goes out where it does.

        That is one by which somebody never goes out before it who is gone already, or by which it has more
        votes than another when just these remain.
        """
        gone_before = (claim for who, claim in self.beaten_by[end[0]].items() if who not in end)
        return next(gone_before, None) or self.not_next.get((frozenset(end), end[0]))


def prove(choices: int, winner: int, assertions: Sequence[Assertion]) -> Proof:
    """Walk through all ends of orders in which another choice wins.

    Two ends of the same choices go on alike, so each set is walked from once; the walk always ends.
    """
    claims = _claims(choices, assertions)
    todo: list[End] = [(other,) for other in range(choices) if other != winner]
    walked: set[frozenset[int]] = set()
    used: set[Assertion] = set()
    ends = 0
    while todo:
        end, ends = todo.pop(), ends + 1
        contradicted = claims.contradiction(end)
        if contradicted is not None:
            used.add(contradicted)
        elif len(end) == choices:
            return Proof(end, ends, frozenset(used))
        elif frozenset(end) not in walked:
            walked.add(frozenset(end))
            todo += [(choice, *end) for choice in range(choices) if choice not in end]
    return Proof(None, ends, frozenset(used))


def _claims(choices: int, assertions: Sequence[Assertion]) -> _Claims:
    claims = _Claims(choices)
    for assertion in assertions:
        claims.add(assertion)
    return claims


def explain(
    names: Sequence[str], winner: int, assertions: Sequence[Assertion], lines: int | None = 200
) -> Iterator[str]:
    """The proof in words: the numbered assertions, then for each other winner what contradicts it.

    Below a choice who is not contradicted at once stand, indented, all who can go out before. ``lines``
    cuts a long text short, with a remark; None writes all.
    """
    text = _explanation(names, winner, assertions)
    yield from islice(text, lines)
    if lines is not None and next(text, None) is not None:
        yield f"… and so on; only the first {lines} lines are shown."


def _explanation(names: Sequence[str], winner: int, assertions: Sequence[Assertion]) -> Iterator[str]:
    for number, assertion in enumerate(assertions, start=1):
        yield f"({number}) {assertion.sentence(names)}"
    story = _Story(names, _claims(len(names), assertions), list(assertions))
    for other in range(len(names)):
        if other != winner:
            yield from story.of((other,))


@dataclass(eq=False)
class _Story:
    names: Sequence[str]
    claims: _Claims
    assertions: list[Assertion]
    told: set[frozenset[int]] = field(default_factory=set)

    def of(self, end: End) -> Iterator[str]:
        """What becomes of one end of an order."""
        name = self.names[end[0]]
        who = f"{'  ' * (len(end) - 1)}{name}" if end[1:] else f"Suppose {name} wins"
        contradicted = self.claims.contradiction(end)
        if contradicted is not None:
            yield f"{who}: contradicts ({self.assertions.index(contradicted) + 1})."
        elif len(end) == len(self.names):
            yield f"{who}: nothing contradicts this order."
        elif frozenset(end) in self.told:
            yield f"{who}: from here on as above, where the same choices were left."
        else:
            self.told.add(frozenset(end))
            yield f"{who}. Out just before:"
            for choice in range(len(self.names)):
                if choice not in end:
                    yield from self.of((choice, *end))
