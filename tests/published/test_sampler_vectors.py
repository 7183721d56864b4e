"""Draws and tickets that other programs and published audits made, from the same seeds."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

from tallyproof.sampling.arlo import arlo_ballots, number_batches
from tallyproof.sampling.colorado import contest_manifest, draw_cards, imprinted_id
from tallyproof.sampling.consistent import CardFrame, draw_consistently
from tallyproof.sampling.counter import cryptorandom_numbers
from tallyproof.sampling.draw import Stack, draw_positions
from tallyproof.sampling.rivest import first_number, next_number, rivest_tickets, trimmed, uniform_number
from tallyproof.sampling.seed import Seed

from .golden import vector

EXACT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "sampler-001": lambda given: uniform_number(given["text"]),
    "sampler-002": lambda given: first_number(old_seed(given), given["id"]),
    "sampler-003": lambda given: next_number(given["x"]),
    "sampler-004": lambda given: trimmed(given["x"], given["digits"]),
    "sampler-005": lambda given: rivest_ids(given),
    "sampler-009": lambda given: arlo_batch_tickets(given),
    "sampler-010": lambda given: positions_of(given),
    "sampler-012": lambda given: positions_of(given),
    "sampler-013": lambda given: positions_of(given),
    "sampler-015": lambda given: hinsdale(given),
    "sampler-016": lambda given: [str(n) for n in islice(cryptorandom_numbers(old_seed(given)), 3)],
    "sampler-consistent-20": lambda given: arlo_ballot_tickets(given),
    "sampler-first-fraction": lambda given: first_number(old_seed(given), given["id"]),
}


def old_seed(given: dict[str, Any]) -> Seed:
    return Seed(str(given["seed"]), reproducing=True)


def rivest_ids(given: dict[str, Any]) -> list[str]:
    drawn = rivest_tickets(old_seed(given), given["ids"], with_replacement=given["with_replacement"])
    return [ticket.id for ticket in islice(drawn, given["take"])]


def arlo_batch_tickets(given: dict[str, Any]) -> list[Any]:
    order = [tuple(key) for key in given["draw_order"]]
    return [[drawn.number, list(drawn.batch)] for drawn in number_batches(old_seed(given), order)]


def arlo_ballot_tickets(given: dict[str, Any]) -> list[Any]:
    batches = {f"pct {number}": 25 for number in range(1, 5)}
    drawn = islice(arlo_ballots(old_seed(given), batches, with_replacement=True), given["take"])
    return [[ticket.number, list(ticket.id), ticket.generation] for ticket in drawn]


def positions_of(given: dict[str, Any]) -> list[int]:
    replaced = given.get("with_replacement", True)
    return list(draw_positions(old_seed(given), given["N"], given["n"], with_replacement=replaced))


def hinsdale(given: dict[str, Any]) -> list[Any]:
    stacks = [Stack((scanner, batch), cards) for scanner, batch, cards in given["manifest"]]
    manifest = contest_manifest({"Hinsdale": stacks})
    numbers = draw_positions(old_seed(given), manifest.cards, given["n"], with_replacement=True)
    places = draw_cards(old_seed(given), manifest, given["n"])
    return [list(numbers), [imprinted_id(place) for place in places]]


@pytest.mark.parametrize("name", EXACT)
def test_the_draw_is_the_published_one(name: str) -> None:
    """Every number, id and ticket agrees to the last digit."""
    asked = vector(name)
    assert EXACT[name](asked["inputs"]) == asked["expected"]


def test_cards_of_several_styles_share_their_tickets() -> None:
    """Vector consistent-001: order and thresholds of a sample for three contests."""
    asked = vector("consistent-001")
    given, ids = asked["inputs"], list(asked["inputs"]["cards"])
    styles = tuple(frozenset(contests) for contests in given["cards"].values())
    tickets = np.array([given["ticket"][card] for card in ids])
    sample = draw_consistently(CardFrame(ids, np.arange(len(ids)), styles, tickets), given["sizes"])
    thresholds = {contest: tickets[card] for contest, card in sample.thresholds().items()}
    assert [ids[card] for card in sample.order] == asked["expected"]["order"]
    assert thresholds == asked["expected"]["thresholds"]
