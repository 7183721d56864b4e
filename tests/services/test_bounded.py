"""What strangers may ask: the same answers, within a time and a memory."""

import json
import time
from collections.abc import Iterator

import pytest

from tallyproof.errors import RequestError
from tallyproof.services import bounded, solving
from tallyproof.services.bounded import BusyError, Solver, TooHeavyError

LIGHT = {"kind": "margin", "votes": {"Ann": 60, "Bo": 50}}
HEAVY = {"kind": "sample_size", "cards": 10_000, "margins": [0.1], "methods": ["comparison"]}
ENDLESS = {**HEAVY, "methods": ["alpha_polling"], "cards": 10**9, "margins": [0.0001], "most_drawn": 10**11}
MANY_DRAWS = {
    "kind": "card_draw", "seed": "12345678901234567890", "manifest": [{"batch": ["A"], "cards": 10**9}],
    "size": 1_000_000,
}  # fmt: skip


@pytest.fixture
def solver() -> Iterator[Solver]:
    """A solver with usual limits, ended after the test."""
    made = Solver(seconds=60)
    yield made
    made.close()


def ask(solver: Solver, problem: object) -> bytes:
    return solver.solve_json(json.dumps(problem).encode())


@pytest.mark.parametrize("problem", [LIGHT, HEAVY, [LIGHT, HEAVY], []])
def test_the_answer_is_the_same_as_without_limits(solver: Solver, problem: object) -> None:
    """Byte for byte, from whichever process it comes."""
    assert ask(solver, problem) == solving.solve_json(json.dumps(problem))


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff", b"[" * 60_000, b'{"kind": "sample_size"}', b'{"kind": 3}']
)
def test_what_is_no_problem_is_refused_in_the_same_words(solver: Solver, text: bytes) -> None:
    """And the process goes on to the next one."""
    with pytest.raises(RequestError) as plainly:
        solving.solve_json(text)
    with pytest.raises(RequestError) as within:
        solver.solve_json(text)
    assert str(within.value) == str(plainly.value)
    assert ask(solver, HEAVY)


def test_what_takes_too_long_is_ended_and_the_next_is_answered() -> None:
    """Within the time allowed and little more, with a sentence that says what to do."""
    solver = Solver(seconds=1.5)
    began = time.monotonic()
    with pytest.raises(TooHeavyError, match=r"more than 1\.5 seconds.*tallyproof solve"):
        ask(solver, ENDLESS)
    assert time.monotonic() - began < 10
    solver.seconds = 60
    assert ask(solver, HEAVY)
    solver.close()


def test_what_takes_too_much_memory_is_ended() -> None:
    """A million draws do not fit where there is room for few."""
    solver = Solver(seconds=60, memory=128 << 20)
    assert ask(solver, {**MANY_DRAWS, "size": 10})
    with pytest.raises(TooHeavyError, match="128 MB of memory"):
        ask(solver, MANY_DRAWS)
    solver.close()


def test_others_are_not_kept_waiting(solver: Solver) -> None:
    """While one problem is solved another is told to come again; a formula is answered all the same."""
    solver.patience = 0.05
    with solver._turn:
        with pytest.raises(BusyError, match="Ask again"):
            ask(solver, HEAVY)
        assert ask(solver, LIGHT)


def test_a_process_that_was_ended_from_outside_is_replaced(solver: Solver) -> None:
    """Nobody has to start the pages again."""
    ask(solver, HEAVY)
    assert solver._worker is not None
    solver._worker.kill()
    solver._worker.wait()
    assert ask(solver, HEAVY)


def test_a_very_long_answer_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length is named."""
    monkeypatch.setattr(bounded, "LONGEST", 10)
    kind, told = bounded._solved(json.dumps(LIGHT).encode())
    assert (kind, told.decode()[:14]) == (b"r", "The answer has")
