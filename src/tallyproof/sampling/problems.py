"""Draws as problems and answers: cards by position, batches by bound, cards for several contests.

Arrays are needed only by the last two, so NumPy is loaded there and not when a program starts.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tallyproof.errors import RequestError
from tallyproof.sampling.bounds import draw_by_bounds
from tallyproof.sampling.draw import Manifest, Stack, draw_positions
from tallyproof.sampling.seed import Seed

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Size = Annotated[int, Meta(ge=0, le=1_000_000, description="how many are drawn now")]
SeedText = Annotated[str, Meta(min_length=1, description="as it was rolled: at least 20 decimal digits")]
Bound = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,18}(\.[0-9]{1,18}|/0*[1-9][0-9]{0,17})?$",
        description='an error bound such as "3/400" or "0.25"',
    ),
]
Names = Annotated[tuple[str, ...], Meta(min_length=1, description="a batch's names, outermost first")]


class ManifestBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch and its cards, as the ballot manifest lists it."""

    batch: Names
    cards: Count


class CardDraw(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="card_draw"):
    """Cards drawn alike from a manifest, by SHA-256 of "seed,1", "seed,2" and so on.

    ``already`` were drawn in earlier rounds. ``reproducing`` admits the short seed of an old audit.
    """

    seed: SeedText
    manifest: Annotated[tuple[ManifestBatch, ...], Meta(min_length=1)]
    size: Size
    already: Size = 0
    with_replacement: bool = True
    reproducing: bool = False


class DrawnCard(msgspec.Struct, frozen=True):
    """The draw's number from 1, the card's position among all cards, and where it lies."""

    draw: int
    position: int
    batch: tuple[str, ...]
    position_in_batch: int


class CardDrawAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="card_draw"):
    """The cards in the order drawn; a card drawn twice stands twice."""

    cards_in_manifest: int
    draws: tuple[DrawnCard, ...]


class BoundedBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch and the most by which its error could change a margin, as a share of that margin."""

    batch: Names
    bound: Bound


class BatchDraw(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="batch_draw"):
    """Batches drawn with probability proportional to their error bounds, with replacement.

    ``method`` "sha256" is exact and does not depend on the order of the batches; "arlo" reproduces an audit
    run with Arlo, on NumPy ``numpy_major``, from batches in its order.
    """

    seed: SeedText
    batches: Annotated[tuple[BoundedBatch, ...], Meta(min_length=1)]
    size: Size
    already: Size = 0
    method: Literal["sha256", "arlo"] = "sha256"
    numpy_major: Literal[1, 2] = 1
    reproducing: bool = False


class NumberedBatch(msgspec.Struct, frozen=True):
    """The draw's number from 1, the batch, and the ticket number that Arlo prints, where it is Arlo's."""

    draw: int
    batch: tuple[str, ...]
    ticket: str | None


class BatchDrawAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="batch_draw"):
    """The batches in the order drawn; a batch drawn twice stands twice."""

    draws: tuple[NumberedBatch, ...]


class StyledCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card's id and the contests on it."""

    id: str
    contests: tuple[str, ...]


class ContestDraw(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="contest_draw"
):
    """Cards for several contests at once, each contest's lowest tickets among the cards that bear it.

    ``earlier`` gives the sizes of the rounds before, the first first; ``sizes`` those of this round in all.
    """

    seed: SeedText
    cards: tuple[StyledCard, ...]
    sizes: dict[str, Count]
    earlier: tuple[dict[str, Count], ...] = ()
    reproducing: bool = False


class TicketedCard(msgspec.Struct, frozen=True):
    """A card, its ticket (64 hexadecimal digits), and the contests for which it counts."""

    id: str
    ticket: str
    counts_for: tuple[str, ...]


class ContestDrawAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="contest_draw"):
    """This round's new cards in the order drawn, all cards so far, and each contest's last ticket."""

    new: tuple[TicketedCard, ...]
    drawn_in_all: int
    thresholds: dict[str, str]


def solve_card_draw(problem: CardDraw) -> CardDrawAnswer:
    """Draw cards. Raises RequestError where the seed is too short or there are too few cards."""
    names = [row.batch for row in problem.manifest]
    if len(set(names)) < len(names):
        twice = next(each for place, each in enumerate(names) if each in names[:place])
        raise RequestError(f"'manifest' lists {', '.join(twice)} twice; each batch needs names of its own.")
    manifest = Manifest(tuple(Stack(row.batch, row.cards) for row in problem.manifest))
    drawn = draw_positions(
        Seed(problem.seed, problem.reproducing),
        manifest.cards,
        problem.size,
        with_replacement=problem.with_replacement,
        already=problem.already,
    )
    places = [manifest.place(position) for position in drawn]
    return CardDrawAnswer(
        manifest.cards,
        tuple(
            DrawnCard(draw, position, place.names, place.position)
            for draw, (position, place) in enumerate(
                zip(drawn, places, strict=True), start=problem.already + 1
            )
        ),
    )


def solve_batch_draw(problem: BatchDraw) -> BatchDrawAnswer:
    """Draw batches. Raises RequestError for a short seed, a batch listed twice, or no bound above 0."""
    from tallyproof.sampling.arlo import arlo_batches

    seed, first = Seed(problem.seed, problem.reproducing), problem.already + 1
    bounds = {row.batch: Fraction(row.bound) for row in problem.batches}
    if len(bounds) < len(problem.batches):
        raise RequestError("'batches' lists one twice; each batch needs names of its own.")
    if problem.method == "sha256":
        drawn = draw_by_bounds(seed, bounds, problem.size, already=problem.already)
        return BatchDrawAnswer(tuple(NumberedBatch(n, batch, None) for n, batch in enumerate(drawn, first)))
    arlo = arlo_batches(seed, bounds, problem.size, already=problem.already, numpy_major=problem.numpy_major)
    return BatchDrawAnswer(tuple(NumberedBatch(n, d.batch, d.number) for n, d in enumerate(arlo, first)))


def solve_contest_draw(problem: ContestDraw) -> ContestDrawAnswer:
    """Draw a round of cards for all contests. Raises RequestError for a short seed or impossible sizes."""
    import numpy as np

    from tallyproof.sampling.consistent import card_frame, draw_consistently, draw_next_round
    from tallyproof.sampling.tickets import ticket_hex

    styles = {frozenset(card.contests): 0 for card in problem.cards}
    styles = {style: place for place, style in enumerate(styles)}
    style_of = np.array([styles[frozenset(card.contests)] for card in problem.cards], dtype=np.int64)
    ids = [card.id for card in problem.cards]
    frame = card_frame(Seed(problem.seed, problem.reproducing), ids, style_of, styles)
    sample, before = draw_consistently(frame, {}), 0
    for sizes in (*problem.earlier, problem.sizes):
        before = len(sample.order)
        sample = draw_next_round(sample, sizes)
    counts_for = {
        int(card): [c for c, cards in sample.usable.items() if card in cards]
        for card in sample.order[before:]
    }
    return ContestDrawAnswer(
        tuple(TicketedCard(ids[c], ticket_hex(frame.tickets, c), tuple(counts_for[c])) for c in counts_for),
        len(sample.order),
        {contest: ticket_hex(frame.tickets, card) for contest, card in sample.thresholds().items()},
    )
