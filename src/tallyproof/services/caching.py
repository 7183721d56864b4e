"""Answers kept in memory until their case changes; they may be forgotten at any time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

from tallyproof.services.workspace import Workspace

KEPT = 256
"""Answers kept at most; the one used longest ago goes first."""

Answer = TypeVar("Answer")


class _Slot:
    """One answer, made once even where several threads ask for it together."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.answer: Any = None
        self.made = False


_slots: OrderedDict[Hashable, _Slot] = OrderedDict()
_lock = Lock()


def remember(workspace: Workspace, case: str, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """The answer to a question about a case as its last event left it: kept, or made now.

    ``question`` names what is asked, with everything the answer depends on beside the case's events.
    A question that fails is asked again the next time.
    """
    slot = _slot((workspace, case, workspace.ledger.head(case), question))
    with slot.lock:
        if not slot.made:
            slot.answer = make()
            slot.made = True
    return cast(Answer, slot.answer)


def forget() -> None:
    """Forget every answer."""
    with _lock:
        _slots.clear()


def _slot(key: Hashable) -> _Slot:
    with _lock:
        slot = _slots.setdefault(key, _Slot())
        _slots.move_to_end(key)
        while len(_slots) > KEPT:
            _slots.popitem(last=False)
    return slot
