"""Frames for tests, made up from a seed."""

import random
from fractions import Fraction
from pathlib import Path

from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import CardStyle, FrameBatch, Head, Order
from tallyproof.services import drawing, frame_files
from tallyproof.services.draw_records import DrawRecord, Method

SEED = "53417960661093690826"
STYLES = (("Council", "Mayor"), ("Mayor",), ("Council", "Judge, 1st"), ())
JURISDICTIONS = ("Broomfield", "El Paso", "Elbert", 'The "North"')


def made_batches(seed: int, batches: int = 20) -> list[FrameBatch]:
    """Batches in no order, of 1 to 9 cards, some without a tabulator, one of bound 0."""
    chance = random.Random(seed)
    found = [
        FrameBatch(
            (chance.choice(JURISDICTIONS), chance.choice(("", "7", "12")), f"{number}, a"),
            chance.randint(1, 9), Fraction(chance.randint(0, 40), chance.randint(1, 60)),
        )
        for number in range(batches)
    ]  # fmt: skip
    return [*found, FrameBatch(("Elbert", "7", "sure"), 3, Fraction(1, 3))]


def batch_frame(path: Path, seed: int = 1, order: Order = "as-listed") -> Path:
    """A frame of such batches."""
    batches = made_batches(seed)
    listed = frames.canonical(batches) if order == "canonical" else batches
    frame_files.write_frame(
        path, Head("batches", order), (f"{frames.batch_line(batch)}\n".encode() for batch in listed)
    )
    return path


def card_frame(path: Path, seed: int = 1, batches: int = 20) -> Path:
    """A frame of the cards of such batches, each of a style by chance."""
    chance = random.Random(seed)
    rows = [
        (chance.randrange(len(STYLES)), frames.card_id(batch.key, str(card)))
        for batch in made_batches(seed, batches)
        for card in range(1, batch.cards + 1)
    ]
    styles = tuple(
        CardStyle(contests, sum(style == number for style, _ in rows))
        for number, contests in enumerate(STYLES)
    )
    lines = (f"{style},{name}\n".encode() for style, name in rows)
    frame_files.write_frame(path, Head("cards", "as-listed", styles), lines)
    return path


def drawn(
    path: Path,
    method: Method,
    size: int = 0,
    sizes: dict[str, int] | None = None,
    *,
    seed: str = SEED,
    with_replacement: bool = True,
    jurisdictions: tuple[str, ...] = (),
) -> DrawRecord:
    """A first round."""
    asked = drawing.asked(
        seed, method, size, sizes or {}, with_replacement=with_replacement, jurisdictions=jurisdictions
    )
    return drawing.draw(path, asked)
