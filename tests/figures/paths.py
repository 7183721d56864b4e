"""Reads outlines back from their path data, as a browser does."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from tallyproof.figures.geometry import Sheet

Point = tuple[int, int]
Edge = tuple[Point, Point]


def rings(path: str) -> Iterator[list[Point]]:
    """The closed rings of a path of M, l and z, each point once."""
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        ring = [(numbers[0], numbers[1])]
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            ring.append((ring[-1][0] + right, ring[-1][1] + down))
        yield ring


def edges(path: str) -> Iterator[Edge]:
    """Every edge of its rings, in its direction."""
    for ring in rings(path):
        yield from pairwise([*ring, ring[0]])


def neighbours(sheet: Sheet, name: str) -> set[str]:
    """The counties that share an edge, run through the other way, with the county of this name."""
    own = {(b, a) for each in sheet.outlines if each.name == name for a, b in edges(each.path)}
    return {each.name for each in sheet.outlines if own & set(edges(each.path))}


def gaps(paths: Iterable[str]) -> list[float]:
    """The areas that outlines leave free among themselves: loops of their common shore that run backwards."""
    areas = [_area(loop) for loop in _loops(_shore(paths))]
    direction = 1 if sum(areas) > 0 else -1
    return [abs(area) for area in areas if area * direction < 0]


def _shore(paths: Iterable[str]) -> Counter[Edge]:
    """Edges with land on one side only."""
    directed = Counter(edge for path in paths for edge in edges(path))
    return directed - Counter({(b, a): count for (a, b), count in directed.items()})


def _loops(shore: Counter[Edge]) -> Iterator[list[Point]]:
    following: dict[Point, list[Point]] = {}
    for a, b in shore.elements():
        following.setdefault(a, []).append(b)
    for start in list(following):
        while following[start]:
            loop = [start]
            while following.get(loop[-1]):
                loop.append(following[loop[-1]].pop())
            yield loop


def _area(loop: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*loop, loop[0]])) / 2
