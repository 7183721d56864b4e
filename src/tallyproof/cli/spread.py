"""Options that several commands share: said once, as the fields of a dataclass."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any

Command = Callable[..., None]


def spread(shared: type[Any], name: str) -> Callable[[Command], Command]:
    """What gives a command an option for each field of ``shared`` in place of its parameter ``name``."""
    names = [each.name for each in fields(shared)]

    def on(command: Command) -> Command:
        options = inspect.signature(shared, eval_str=True).parameters.values()
        listed = inspect.signature(command, eval_str=True).parameters.values()
        taken = [each for own in listed for each in (options if own.name == name else [own])]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            told = {each: given.pop(each) for each in names}
            command(**{name: shared(**told)}, **given)

        by_name = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in taken]
        run.__signature__ = inspect.Signature(by_name)  # type: ignore[attr-defined]
        return run

    return on
