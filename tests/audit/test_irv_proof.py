"""The proof: what it accepts rules out every order, and what it refuses does not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.audit.irv_assertion import Assertion
from tallyproof.audit.irv_proof import explain, prove

from .ranked import all_assertions, contradicts, other_orders

NAMES = ["Alice", "Bob", "Chuan", "Diego"]
GUIDE = [
    Assertion("NEB", 2, 1),
    Assertion("NEN", 0, 1, (0, 1, 2, 3)),
    Assertion("NEN", 0, 3, (0, 2, 3)),
    Assertion("NEN", 2, 0, (0, 2)),
    Assertion("NEN", 2, 3, (0, 2, 3)),
]


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1), sets(n))))
def test_a_proof_holds_just_where_every_order_is_contradicted(
    given: tuple[int, int, list[Assertion]],
) -> None:
    """Any set of assertions, checked order by order; a survivor is an order that none contradicts."""
    choices, winner, assertions = given
    orders = other_orders(choices, winner)
    open_orders = [order for order in orders if not any(contradicts(order, a) for a in assertions)]
    proof = prove(choices, winner, assertions)
    assert proof.sufficient == (not open_orders)
    assert proof.survivor is None or proof.survivor in open_orders


def sets(choices: int) -> st.SearchStrategy[list[Assertion]]:
    """Some assertions, from none to many."""
    there = all_assertions(choices)
    return st.lists(st.sampled_from(there), max_size=40) if there else st.just([])


def test_the_guides_set_is_proved_with_all_its_assertions() -> None:
    """All five are used; the walk looks at as many ends as the explanation has lines for them."""
    proof = prove(4, 2, GUIDE)
    assert proof.ends == len(EXPLANATION.splitlines()) - len(GUIDE)
    assert proof.sufficient
    assert proof.used == frozenset(GUIDE)


def test_without_any_one_the_guides_set_lets_an_order_through() -> None:
    """The order that survives is named."""
    for missing in GUIDE:
        proof = prove(4, 2, [assertion for assertion in GUIDE if assertion != missing])
        assert proof.survivor is not None
        assert contradicts(proof.survivor, missing)


def test_the_explanation_reads_as_in_the_guide() -> None:
    """Assertions with numbers, then each other winner with what contradicts it."""
    assert "\n".join(explain(NAMES, 2, GUIDE)) == EXPLANATION


def test_a_long_explanation_is_cut_with_a_remark() -> None:
    """A short one is whole."""
    assert list(explain(NAMES, 2, GUIDE, lines=7))[-1] == "… and so on; only the first 7 lines are shown."
    assert list(explain(NAMES, 2, GUIDE, lines=19)) == list(explain(NAMES, 2, GUIDE, lines=None))


def test_an_order_that_is_not_excluded_is_told() -> None:
    """Two choices and nothing to contradict the loser."""
    assert list(explain(["Ann", "Bob"], 0, [])) == [
        "Suppose Bob wins. Out just before:",
        "  Ann: nothing contradicts this order.",
    ]


EXPLANATION = """\
(1) Chuan is never eliminated before Bob: Chuan has more first preferences than there are ballots that rank \
Bob and not Chuan above Bob.
(2) Before anyone is eliminated, Alice has more votes than Bob.
(3) When only Alice, Chuan and Diego remain, Alice has more votes than Diego.
(4) When only Alice and Chuan remain, Chuan has more votes than Alice.
(5) When only Alice, Chuan and Diego remain, Chuan has more votes than Diego.
Suppose Alice wins. Out just before:
  Bob: contradicts (1).
  Chuan: contradicts (4).
  Diego. Out just before:
    Bob: contradicts (1).
    Chuan: contradicts (5).
Suppose Bob wins: contradicts (1).
Suppose Diego wins. Out just before:
  Alice: from here on as above, where the same choices were left.
  Bob: contradicts (1).
  Chuan. Out just before:
    Alice: contradicts (3).
    Bob. Out just before:
      Alice: contradicts (2)."""
