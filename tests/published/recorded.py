"""Published answers that know which of their parts a test has read."""

from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


class Reading:
    """The parts of one answer that no test has read yet, each by the keys that lead to it."""

    def __init__(self, expected: Any) -> None:
        self.unread: set[Path] = set()
        self.answer = Mapping({"expected": expected}, (), self)

    def seen(self, path: Path) -> None:
        self.unread.discard(path)


class Mapping(dict[str, Any]):
    """A mapping that notes which values are asked for; its keys alone tell nothing."""

    def __init__(self, values: dict[str, Any], path: Path, reading: Reading) -> None:
        super().__init__({key: recorded(value, (*path, key), reading) for key, value in values.items()})
        self.path, self.reading = path, reading

    def __getitem__(self, key: str) -> Any:
        self.reading.seen((*self.path, key))
        return super().__getitem__(key)

    def __eq__(self, other: object) -> bool:
        return bool(plain(self) == plain(other))

    __hash__ = None

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 – it would call itself

    def values(self) -> list[Any]:  # type: ignore[override]
        return [self[key] for key in self]

    def items(self) -> list[tuple[str, Any]]:  # type: ignore[override]
        return [(key, self[key]) for key in self]


class Items(list[Any]):
    """A list that notes which items are asked for."""

    def __init__(self, items: list[Any], path: Path, reading: Reading) -> None:
        super().__init__(recorded(item, (*path, place), reading) for place, item in enumerate(items))
        self.path, self.reading = path, reading

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        self.reading.seen((*self.path, place % len(self)))
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return bool(plain(self) == plain(other))

    __hash__ = None


def recorded(value: Any, path: Path, reading: Reading) -> Any:
    """The value with its reading noted; whatever is no mapping and no list is one part."""
    if isinstance(value, dict) and value:
        return Mapping(value, path, reading)
    if isinstance(value, list) and value:
        return Items(value, path, reading)
    reading.unread.add(path)
    return value


def plain(value: Any) -> Any:
    """The whole value, all of it read."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
