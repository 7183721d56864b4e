"""Answers are kept until their case changes, made once, and forgotten when there are many."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from tallyproof.services import caching, cases
from tallyproof.services.access import Actor
from tallyproof.services.workspace import Workspace


class Question:
    """Something that can be asked, and counts how often it really is."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        sleep(0.02)
        return self.asked


@pytest.fixture
def demo(workspace: Workspace, clerk: Actor) -> Workspace:
    """A case with one event, and nothing kept."""
    caching.forget()
    cases.open_case(workspace, clerk, "demo")
    return workspace


def test_an_answer_is_kept_until_the_case_changes(demo: Workspace) -> None:
    """Asked again it is not made again; another question or another event makes it anew."""
    question = Question()
    answers = [caching.remember(demo, "demo", "q", question) for _ in range(2)]
    answers.append(caching.remember(demo, "demo", "other", question))
    demo.ledger.append("demo", "clerk", "noted", {})
    answers.append(caching.remember(demo, "demo", "q", question))
    assert answers == [1, 1, 2, 3]


def test_many_who_ask_together_get_one_answer(demo: Workspace) -> None:
    """The answer is made once for all threads."""
    question = Question()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: caching.remember(demo, "demo", "q", question), range(8))) == {1}


def test_a_question_that_fails_is_asked_again(demo: Workspace) -> None:
    """A fault is not kept as an answer."""

    def fails() -> int:
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        caching.remember(demo, "demo", "q", fails)
    assert caching.remember(demo, "demo", "q", lambda: 7) == 7


def test_the_answer_used_longest_ago_is_forgotten(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more answers than are kept the oldest goes first."""
    monkeypatch.setattr(caching, "KEPT", 2)
    question = Question()
    for name in ("a", "b", "a", "c", "a", "b"):
        caching.remember(demo, "demo", name, question)
    assert question.asked == 4
