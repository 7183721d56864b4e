"""Card styles: which contests stand together on cards, and whether the ballot types stated agree."""

from __future__ import annotations

import polars as pl

from tallyproof.election.card_part import CardPart, column

BITS = 60
"""Contests whose presence goes into one whole number."""


def contest_sets(part: CardPart) -> dict[tuple[int, ...], dict[str, int]]:
    """How many cards bear just these contests (by their places), by the ballot type that they state."""
    groups = [
        range(start, min(start + BITS, len(part.contests))) for start in range(0, len(part.contests), BITS)
    ]
    masks = [
        pl.sum_horizontal(
            pl.col(column(place)).is_not_null().cast(pl.Int64) * (1 << place - group.start) for place in group
        ).alias(f"m{number}")
        for number, group in enumerate(groups)
    ]
    grouped = part.cards.select("style", *masks).group_by("style", *(f"m{n}" for n in range(len(groups))))
    found: dict[tuple[int, ...], dict[str, int]] = {}
    for style, *bits, cards in grouped.len().collect().sort(pl.all()).iter_rows():
        places = (
            place
            for mask, group in zip(bits, groups, strict=True)
            for place in group
            if mask >> (place - group.start) & 1
        )
        found.setdefault(tuple(places), {})[style] = cards
    return found
