"""What published files say of one thing: once, or from two files that disagree and so not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tallyproof.services.reproduction import Line, unknown

T = TypeVar("T")


@dataclass
class Once(Generic[T]):
    """Values by key, each from the one file that tells it; a copy that says the same is no second one.

    ``needs`` says of what has no value although files tell it what that would need.
    """

    what: str
    values: dict[str, T] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    _told: dict[str, tuple[object, str]] = field(default_factory=dict)
    _clashes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, key: str, name: str, value: T, said: object, file: str) -> None:
        """Keep what a file says, unless another file says something else than ``said``: then neither counts.

        ``name`` names the thing where the sentence about two files does.
        """
        before, first = self._told.setdefault(key, (said, file))
        if before != said:
            self.values.pop(key, None)
            self._clashes.setdefault(key, (name, file))
            of = f" of {name}" if name else ""
            self.needs.setdefault(
                key, f"needs one {self.what}{of}: {first} and {file} differ, so neither is used"
            )
        elif key not in self.needs:
            self.values[key] = value

    def lose(self, key: str, need: str) -> None:
        """Keep that something is told in a way that cannot be read, and what it needs."""
        self.values.pop(key, None)
        self.needs.setdefault(key, need)

    def clashes(self) -> Iterator[Line]:
        """A line for each thing that two files tell differently."""
        for key, (name, file) in self._clashes.items():
            yield unknown(self.what, name, "", file, None, self.needs[key])
