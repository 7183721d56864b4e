"""Card styles: which contests stand together on cards, and whether the ballot types stated agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tallyproof.election.card_part import CardPart, column
from tallyproof.election.evidence import slug

BITS = 60
"""Contests whose presence goes into one whole number."""
RARE = 10
"""A style on fewer cards than this can tell how somebody voted."""
NAMED = 5


@dataclass(frozen=True, slots=True)
class CardStyle:
    """Contests that stand together on cards, how many cards bear just these, and what they state.

    ``stated`` counts the cards by the ballot type that they state; cards that state none are not in it.
    """

    contests: tuple[str, ...]
    cards: int
    stated: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StylesReport:
    """The styles of a jurisdiction, most cards first.

    ``rare`` styles stand on fewer than ``rare_below`` cards, ``rare_cards`` together. ``contests_per_card``
    counts cards by how many contests they bear. ``remarks`` say where stated ballot types and contests do
    not go together; most have harmless reasons, which they name.
    """

    jurisdiction: str
    cards: int
    styles: tuple[CardStyle, ...]
    rare_below: int
    rare: int
    rare_cards: int
    contests_per_card: Mapping[int, int]
    remarks: tuple[str, ...]


def card_styles(parts: Iterable[CardPart], rare_below: int = RARE) -> tuple[StylesReport, ...]:
    """The card styles of each jurisdiction, over all files that it sent."""
    found: dict[str, tuple[str, dict[tuple[str, ...], Counter[str]]]] = {}
    for part in parts:
        _, sets = found.setdefault(slug(part.jurisdiction), (part.jurisdiction, {}))
        for places, stated in contest_sets(part).items():
            names = tuple(part.contests[place].name for place in places)
            sets.setdefault(names, Counter()).update(stated)
    return tuple(_report(name, sets, rare_below) for name, sets in found.values())


def _report(jurisdiction: str, sets: Mapping[tuple[str, ...], Counter[str]], rare_below: int) -> StylesReport:
    styles = [
        CardStyle(names, stated.total(), {style: stated[style] for style in sorted(stated) if style})
        for names, stated in sets.items()
    ]
    styles.sort(key=lambda each: (-each.cards, each.contests))
    rare = [each.cards for each in styles if each.cards < rare_below]
    per_card = Counter[int]()
    for each in styles:
        per_card[len(each.contests)] += each.cards
    remarks = (*_several_sets(styles), *_several_types(styles))
    return StylesReport(
        jurisdiction, sum(per_card.values()), tuple(styles), rare_below, len(rare), sum(rare),
        dict(sorted(per_card.items())), remarks,
    )  # fmt: skip


def _several_sets(styles: Sequence[CardStyle]) -> list[str]:
    """A sentence for each ballot type that stands on cards with different contests."""
    by_type: dict[str, list[CardStyle]] = {}
    for each in styles:
        for stated in each.stated:
            by_type.setdefault(stated, []).append(each)
    return [
        f"Ballot type {stated} stands on cards with {len(found)} different sets of contests "
        f"({_cards(each.stated[stated] for each in found)}). So it is where a ballot has several sheets; "
        "else contests are missing on some of these cards."
        for stated, found in sorted(by_type.items())
        if len(found) > 1
    ]


def _several_types(styles: Sequence[CardStyle]) -> list[str]:
    """A sentence for each set of contests that stands on cards of different ballot types."""
    return [
        f"{len(each.stated)} ballot types bear the same {_contests(len(each.contests))} "
        f"({_named(list(each.stated))}). So it is where types differ in precinct, language or the order of "
        "names; else one of these types bears the wrong contests."
        for each in styles
        if len(each.stated) > 1
    ]


def _cards(numbers: Iterable[int]) -> str:
    known = sorted(numbers, reverse=True)
    more = ", …" if len(known) > NAMED else ""
    return ", ".join(f"{number:,}" for number in known[:NAMED]) + more + " cards"


def _contests(number: int) -> str:
    return "contest" if number == 1 else f"{number:,} contests"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def contest_sets(part: CardPart) -> dict[tuple[int, ...], dict[str, int]]:
    """How many cards bear just these contests (by their places), by the ballot type that they state."""
    places = range(len(part.contests))
    groups = [places[start : start + BITS] for start in range(0, len(places), BITS)]
    masks = [_mask(group).alias(f"m{number}") for number, group in enumerate(groups)]
    grouped = part.cards.select("style", *masks).group_by("style", *(f"m{n}" for n in range(len(groups))))
    found: dict[tuple[int, ...], dict[str, int]] = {}
    for style, *bits, cards in grouped.len().sort(pl.all()).collect().iter_rows():
        borne = tuple(
            place
            for mask, group in zip(bits, groups, strict=True)
            for place in group
            if mask >> (place - group[0]) & 1
        )
        found.setdefault(borne, {})[style] = cards
    return found


def _mask(places: Sequence[int]) -> pl.Expr:
    """Which of these contests a card bears, as bits."""
    return pl.sum_horizontal(
        pl.col(column(place)).is_not_null().cast(pl.Int64) * (1 << bit) for bit, place in enumerate(places)
    )
