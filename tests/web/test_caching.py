"""Answers kept in memory: made once, made anew when the case changed, never wrong."""

import threading
import time
from collections.abc import Iterator

import pytest

from tallyproof.services import access, caching, cases
from tallyproof.services.workspace import Workspace

CASE = "no-returns-yet"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Each test begins and ends without kept answers."""
    caching.forget()
    yield
    caching.forget()


def test_an_answer_is_made_once(opened_home: Workspace) -> None:
    """The second asker gets what the first one got."""
    made = iter(range(10))
    answers = [caching.remember(opened_home, CASE, "question", lambda: next(made)) for _ in range(3)]
    assert answers == [0, 0, 0]


def test_another_question_has_its_own_answer(opened_home: Workspace) -> None:
    """Questions are told apart by everything in them."""
    assert caching.remember(opened_home, CASE, ("count", 1), lambda: "one") == "one"
    assert caching.remember(opened_home, CASE, ("count", 2), lambda: "two") == "two"


def test_an_event_makes_the_answer_anew(opened_home: Workspace) -> None:
    """What was kept before the case changed is not shown after it."""
    assert caching.remember(opened_home, CASE, "question", lambda: "before") == "before"
    opened_home.ledger.append(CASE, "terminal", cases.REOPENED, {"finding": "x", "words": "y"})
    assert caching.remember(opened_home, CASE, "question", lambda: "after") == "after"


def test_an_event_of_another_case_changes_nothing(opened_home: Workspace) -> None:
    """Cases do not make each other slow."""
    caching.remember(opened_home, CASE, "question", lambda: "kept")
    cases.open_case(opened_home, access.terminal(), "another")
    assert caching.remember(opened_home, CASE, "question", lambda: "anew") == "kept"


def test_a_question_that_failed_is_asked_again(opened_home: Workspace) -> None:
    """A fault is not kept."""
    with pytest.raises(ZeroDivisionError):
        caching.remember(opened_home, CASE, "question", lambda: 1 // 0)
    assert caching.remember(opened_home, CASE, "question", lambda: "now it works") == "now it works"


def test_several_askers_at_once_wait_for_one_answer(opened_home: Workspace) -> None:
    """A page that is asked for by many at once is worked out once."""
    made: list[int] = []

    def slow() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    def ask() -> None:
        caching.remember(opened_home, CASE, "question", slow)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_no_more_than_so_many_answers_are_kept(
    opened_home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer used longest ago goes first."""
    monkeypatch.setattr(caching, "KEPT", 2)
    for question in ("old", "new", "old", "newer"):
        caching.remember(opened_home, CASE, question, lambda: "first")
    assert caching.remember(opened_home, CASE, "old", lambda: "second") == "first"
    assert caching.remember(opened_home, CASE, "new", lambda: "second") == "second"
