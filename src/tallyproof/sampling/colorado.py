"""Colorado's draws: which cards a county contest and a statewide contest take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from tallyproof.errors import RequestError
from tallyproof.sampling.draw import Manifest, Place, Stack, draw_positions
from tallyproof.sampling.seed import Seed

LAST_COUNTY = "Broomfield"
"""The 64th county, made in 2001 and numbered after all others."""


def county_order(counties: Iterable[str]) -> tuple[str, ...]:
    """Counties in the order of their state numbers: by name without spaces, Broomfield last."""
    return tuple(sorted(counties, key=lambda name: (name == LAST_COUNTY, name.replace(" ", "").casefold())))


def contest_manifest(
    manifests: Mapping[str, Sequence[Stack]], counties: Iterable[str] | None = None
) -> Manifest:
    """The cards that a contest draws from: all cards of its counties, one county after the other.

    Within a county, cards are numbered in the order of its manifest's rows. ``counties`` None means
    statewide. Each stack's names gain the county in front. Raises RequestError for a county without
    a manifest.
    """
    chosen = county_order(manifests if counties is None else counties)
    if missing := [name for name in chosen if name not in manifests]:
        raise RequestError(f"no manifest for {', '.join(missing)}; all counties of the contest are needed.")
    stacks = ((Stack((county, *s.names), s.cards) for s in manifests[county]) for county in chosen)
    return Manifest(tuple(chain.from_iterable(stacks)))


def draw_cards(seed: Seed, manifest: Manifest, size: int, *, already: int = 0) -> tuple[Place, ...]:
    """The next ``size`` draws, with replacement: a card drawn twice stands twice and counts twice."""
    drawn = draw_positions(seed, manifest.cards, size, with_replacement=True, already=already)
    return tuple(manifest.place(position) for position in drawn)


def imprinted_id(place: Place) -> str:
    """The id printed on the card: scanner, batch and position, such as "102-23-5"."""
    return "-".join((*place.names[-2:], str(place.position)))
