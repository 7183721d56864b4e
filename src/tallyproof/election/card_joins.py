"""Contests of one name from several places: whether their choices say that they are one contest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

SHOWN = 3
ANSWERS = frozenset({"yes", "no", "for", "against"})
"""First words of the choices of a measure, which say nothing about which measure it is."""

COMMAND = "(in a case: tallyproof cards names)"


@dataclass(frozen=True, slots=True)
class Join:
    """A contest whose cards of several places are counted together under one name.

    ``groups`` are places whose choices meet, ``choices`` those of each place without write-ins. Several
    groups have no choice in common but answers such as Yes; ``is_measure`` where there are no others.
    """

    contest: str
    groups: tuple[tuple[str, ...], ...]
    choices: Mapping[str, tuple[str, ...]]
    is_measure: bool

    @property
    def places(self) -> tuple[str, ...]:
        """All places, by name."""
        return tuple(sorted(self.choices))

    @property
    def is_apart(self) -> bool:
        """Whether some places have no choice in common that names somebody or something."""
        return len(self.groups) > 1 and not self.is_measure


def join_of(contest: str, choices: Mapping[str, Collection[str]], write_ins: Collection[str]) -> Join | None:
    """How cards of these places, each with its choices, meet under one name; None for a single place."""
    if len(choices) < 2:
        return None
    told = {place: tuple(name for name in names if name not in write_ins) for place, names in choices.items()}
    names = {place: {name for name in own if not is_answer(name)} for place, own in told.items()}
    is_measure = not any(names.values()) and any(told.values())
    return Join(contest, tuple(_groups(names)), told, is_measure)


def is_answer(choice: str) -> bool:
    """Whether a choice answers a question and names nobody, such as "Yes/For"."""
    words = re.findall(r"\w+", choice.casefold())
    return bool(words) and words[0] in ANSWERS


def _groups(names: Mapping[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """Places that are linked by names in common, directly or through others."""
    left = sorted(names)
    while left:
        group, known = [left.pop(0)], set[str]()
        while True:
            known |= names[group[-1]]
            near = next((place for place in left if names[place] & known), None)
            if near is None:
                break
            left.remove(near)
            group.append(near)
        yield tuple(sorted(group))


def sentence(join: Join) -> str:
    """What a reader must know of the join; empty where all places have the same choices by name."""
    places = and_list(join.places)
    if join.is_apart:
        shown = "; ".join(f"{and_list(group)}: {_choices(join, group)}" for group in join.groups[:SHOWN])
        more = f"; and {len(join.groups) - SHOWN:,} more" if len(join.groups) > SHOWN else ""
        return (
            f"The cards of {places} have this name, and no choice in common but answers and write-ins "
            f"({shown}{more}). These look like different contests: another standard name for one "
            f"jurisdiction keeps them apart; if it is one contest, give its choices one name {COMMAND}."
        )
    if join.is_measure:
        return (
            f"The cards of {places} are counted together, for they have this name and answers such as Yes "
            "and No. If these are different questions, the sum means nothing: another standard name for one "
            f"jurisdiction keeps them apart {COMMAND}."
        )
    if not (told := _differing(join)):
        return ""
    return (
        f"The cards of {places} are counted together, and their choices differ: {told}. Standard names make "
        f"spellings one, or keep contests apart {COMMAND}."
    )


def _choices(join: Join, group: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for place in group for name in join.choices[place]))
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more if names else "write-ins only"


def _differing(join: Join) -> str:
    """Which choices stand in some of the places only."""
    names = dict.fromkeys(name for own in join.choices.values() for name in own)
    having = {name: [place for place in join.places if name in join.choices[place]] for name in names}
    partly = {name: places for name, places in having.items() if len(places) < len(join.places)}
    shown = [f"{name} stands in {and_list(places)} only" for name, places in list(partly.items())[:SHOWN]]
    return ", ".join(shown) + (f", and so {len(partly) - SHOWN:,} more" if len(partly) > SHOWN else "")


def and_list(names: Sequence[str]) -> str:
    """Names in a sentence; of many the first and how many more."""
    if len(names) > SHOWN + 1:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
