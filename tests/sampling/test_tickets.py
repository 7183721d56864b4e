"""Tickets follow from seed and counter, or seed and card, and from nothing else."""

from hashlib import sha256
from itertools import islice

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.sampling.counter import counter_number, counter_numbers
from tallyproof.sampling.seed import Seed
from tallyproof.sampling.tickets import card_tickets, counter_tickets, ticket_hex

SEED = Seed("53417960661093690826")


def test_a_ticket_is_the_hash_that_any_program_prints() -> None:
    """``printf '53417960661093690826,7' | sha256sum`` prints the ticket of counter 7."""
    expected = sha256(b"53417960661093690826,7").hexdigest()
    assert f"{counter_number(SEED, 7):064x}" == expected
    assert ticket_hex(counter_tickets(SEED, 10), 6) == expected
    assert ticket_hex(card_tickets(SEED, ["7"]), 0) == expected


def test_many_tickets_at_once_are_the_single_ones() -> None:
    """Counters around the thousands, where the text is put together in another way."""
    tickets = counter_tickets(SEED, 2_001)
    for counter in (1, 999, 1000, 1001, 1999, 2000, 2001):
        assert int(ticket_hex(tickets, counter - 1), 16) == counter_number(SEED, counter)
    assert tickets.shape == (2_001, 4)
    assert counter_tickets(SEED, 0).shape == (0, 4)


def test_numbers_may_start_at_any_counter() -> None:
    """A later round starts where the last one ended."""
    assert list(islice(counter_numbers(SEED, 5), 3)) == [counter_number(SEED, i) for i in (5, 6, 7)]


@settings(deadline=None)
@given(st.permutations([f"card {number}" for number in range(6)]))
def test_a_card_keeps_its_ticket_in_any_order(ids: list[str]) -> None:
    """Tickets belong to cards, not to places in a list."""
    tickets = {card: ticket_hex(card_tickets(SEED, ids), place) for place, card in enumerate(ids)}
    alone = {card: ticket_hex(card_tickets(SEED, [card]), 0) for card in ids}
    assert tickets == alone


def test_more_cards_than_are_hashed_together_keep_their_order() -> None:
    """5,000 cards cross the borders between blocks."""
    ids = [f"102-{number}" for number in range(5_000)]
    tickets = card_tickets(SEED, iter(ids))
    for place in (0, 2_047, 2_048, 4_999):
        assert ticket_hex(tickets, place) == sha256(f"{SEED.text},{ids[place]}".encode()).hexdigest()


def test_tickets_are_spread_evenly() -> None:
    """Chi-square of the leading byte over 100,000 tickets lies within four standard deviations of 255."""
    lead = (counter_tickets(SEED, 100_000)[:, 0] >> np.uint64(56)).astype(int)
    counts = np.bincount(lead, minlength=256)
    chi_square = float(((counts - 100_000 / 256) ** 2 / (100_000 / 256)).sum())
    assert abs(chi_square - 255) < 4 * (2 * 255) ** 0.5
