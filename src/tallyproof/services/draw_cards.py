"""Draws from a frame of cards: by place, by lowest tickets, for several contests at once."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.sampling.consistent import CardFrame, ConsistentSample, draw_consistently, draw_next_round
from tallyproof.sampling.draw import draw_positions
from tallyproof.sampling.frame import BatchKey, CardStyle, Head, line, read_card
from tallyproof.sampling.lowest import Low, cut, lowest_by_place, share_with_room
from tallyproof.sampling.rivest import first_number, rivest_tickets
from tallyproof.services import frame_files
from tallyproof.services.draw_records import FrameFacts
from tallyproof.services.drawn import Asked, Outcome, drawn
from tallyproof.services.frame_files import Frame


def draw(path: Path, asked: Asked) -> Outcome:
    """All rounds of a draw from a card frame. Raises RequestError where they cannot be drawn."""
    chosen = _Chosen.of(path, asked.jurisdictions)
    if asked.method == "uniform":
        return _uniform(path, asked, chosen)
    if asked.method == "rivest":
        return _rivest(path, asked, chosen)
    return _by_contest(path, asked, chosen)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The part of a frame that is drawn from: ids that begin with one of ``prefixes``, all where empty."""

    prefixes: tuple[bytes, ...]
    head: Head

    @classmethod
    def of(cls, path: Path, jurisdictions: Sequence[str]) -> _Chosen:
        """The cards of these jurisdictions, counted by style where they are not all."""
        prefixes = tuple(f"{line([name])},".encode() for name in jurisdictions)
        if not prefixes:
            return cls((), frame_files.head_of(path))
        frame = frame_files.open_frame(path)
        counts: Counter[bytes] = Counter()
        names: Counter[bytes] = Counter()
        for block in cls(prefixes, frame.head).of_blocks(frame.blocks()):
            parts = [text.partition(b",") for text in block.split(b"\n")[:-1]]
            counts.update(style for style, _, _ in parts)
            names.update(prefix for prefix in prefixes if any(part[2].startswith(prefix) for part in parts))
        for prefix, name in zip(prefixes, jurisdictions, strict=True):
            if not names[prefix]:
                raise RequestError(f"The frame has no card of jurisdiction '{name}'. Look how it is written "
                                   "in the frame.")  # fmt: skip
        styles = tuple(
            CardStyle(style.contests, counts[b"%d" % number])
            for number, style in enumerate(frame.head.styles)
        )
        return cls(prefixes, Head("cards", frame.head.order, styles))

    def of_blocks(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks with only the lines that are chosen."""
        if not self.prefixes:
            yield from blocks
            return
        for block in blocks:
            lines = block.split(b"\n")[:-1]
            kept = [text for text in lines if text.partition(b",")[2].startswith(self.prefixes)]
            if kept:
                yield b"\n".join(kept) + b"\n"


def _facts(frame: Frame) -> FrameFacts:
    return FrameFacts(frame.name, frame.sha256, "cards", frame.head.order, frame.head.cards)


# ---- by place


def _uniform(path: Path, asked: Asked, chosen: _Chosen) -> Outcome:
    numbers = draw_positions(
        asked.seed, chosen.head.cards, asked.size, with_replacement=asked.with_replacement
    )
    frame = frame_files.open_frame(path)
    ids = _lines_at(chosen.of_blocks(frame.blocks()), sorted(set(numbers)))
    draws = tuple(
        drawn(draw_number, *_card(frame, frame.text(ids[number])), number=number)
        for draw_number, number in enumerate(numbers, 1)
    )
    return Outcome(_facts(frame), draws, asked.ends)


def _lines_at(blocks: Iterable[bytes], numbers: Sequence[int]) -> dict[int, bytes]:
    """The ids at these places, from 1 and rising; every block is taken."""
    found: dict[int, bytes] = {}
    before = place = 0
    for block in blocks:
        ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
        while place < len(numbers) and numbers[place] <= before + len(ends):
            which = numbers[place] - before - 1
            start = int(ends[which - 1]) + 1 if which else 0
            found[numbers[place]] = block[start : int(ends[which])].partition(b",")[2]
            place += 1
        before += len(ends)
    return found


def _card(frame: Frame, name: str) -> tuple[BatchKey, str]:
    try:
        return read_card(name)
    except RequestError as fault:
        raise UnreadableError(frame.name, str(fault).rstrip(".")) from fault


# ---- Rivest


def _rivest(path: Path, asked: Asked, chosen: _Chosen) -> Outcome:
    """Only as many cards as are drawn can be among the draws, those with the lowest first tickets."""
    if not asked.with_replacement and asked.size > chosen.head.cards:
        raise RequestError(f"There are {chosen.head.cards:,} cards; without replacement no more are drawn.")
    frame = frame_files.open_frame(path)
    names = (
        frame.text(text.partition(b",")[2])
        for block in chosen.of_blocks(frame.blocks())
        for text in block.split(b"\n")[:-1]
    )
    lowest = heapq.nsmallest(asked.size, ((first_number(asked.seed, name), name) for name in names))
    ids = [name for _, name in lowest]
    tickets = rivest_tickets(asked.seed, ids, with_replacement=asked.with_replacement)
    draws = tuple(
        drawn(number, *_card(frame, ticket.id), ticket=ticket.number)
        for number, ticket in enumerate(islice(tickets, asked.size), 1)
    )
    return Outcome(_facts(frame), draws, asked.ends)


# ---- for several contests


def _by_contest(path: Path, asked: Asked, chosen: _Chosen) -> Outcome:
    sizes = _checked_sizes(asked, chosen.head)
    room = 1.0
    while True:
        frame = frame_files.open_frame(path)
        shares = {
            contest: room * share_with_room(size, chosen.head.cards_with(contest))
            for contest, size in sizes.items()
        }
        cards = _low_cards(frame, asked, chosen, _cuts(frame.head, shares))
        drawable = _drawable(frame, cards)
        if _are_enough(drawable, sizes, shares):
            return _sampled(frame, asked, drawable)
        room *= 4


def _checked_sizes(asked: Asked, head: Head) -> dict[str, int]:
    """Each contest's cards after the last round. Raises RequestError for what the frame cannot give."""
    sizes: dict[str, int] = {}
    for each in asked.rounds:
        sizes |= each.sizes
    for contest, size in sizes.items():
        there = head.cards_with(contest)
        if not there:
            from difflib import get_close_matches

            near = get_close_matches(contest, head.contests, 1)
            hint = f" The closest is '{near[0]}'." if near else ""
            hint = hint or (
                "" if head.contests else " It names no contests: it was made without cast vote records."
            )
            raise RequestError(f"The frame has no card with the contest '{contest}'.{hint}")
        if not 0 <= size <= there:
            raise RequestError(f"{contest} is on {there:,} cards, so {size:,} cannot be drawn for it.")
    return sizes


def _cuts(head: Head, shares: Mapping[str, float]) -> dict[bytes, bytes]:
    """For each style that bears a wanted contest the ticket up to which its cards are kept."""
    wanted = [(number, [shares[name] for name in style.contests if name in shares])
              for number, style in enumerate(head.styles)]  # fmt: skip
    return {b"%d" % number: cut(max(found)) for number, found in wanted if found}


def _low_cards(frame: Frame, asked: Asked, chosen: _Chosen, cuts: Mapping[bytes, bytes]) -> Iterator[Low]:
    prefix = f"{asked.seed.text},".encode()
    found: Iterable[list[Low]]
    if asked.method == "shangrla":
        found = lowest_by_place(chosen.of_blocks(frame.blocks()), prefix, cuts)
    else:
        found = frame_files.lowest(frame, prefix, cuts)
    for each in found:
        yield from (card for card in each if not chosen.prefixes or card[1].startswith(chosen.prefixes))


def _drawable(frame: Frame, cards: Iterable[Low]) -> CardFrame:
    """The kept cards as a frame for the draw. Raises RequestError where one stands twice."""
    ids: list[str] = []
    styles: list[int] = []
    tickets: list[bytes] = []
    for style, name, ticket in cards:
        ids.append(frame.text(name))
        styles.append(int(style))
        tickets.append(ticket)
    words = np.frombuffer(b"".join(tickets), dtype=">u8").reshape(-1, 4).astype(np.uint64)
    contests = tuple(frozenset(style.contests) for style in frame.head.styles)
    return CardFrame(ids, np.array(styles, dtype=np.int64), contests, words)


def _are_enough(drawable: CardFrame, sizes: Mapping[str, int], shares: Mapping[str, float]) -> bool:
    """Whether every contest's lowest cards are surely among those kept: enough lie below its own cut."""
    for contest, size in sizes.items():
        if shares[contest] < 1:
            below = drawable.lead[drawable.cards_with(contest)] < np.uint64(int(shares[contest] * 2**64))
            if int(below.sum()) < size:
                return False
    return True


def _sampled(frame: Frame, asked: Asked, drawable: CardFrame) -> Outcome:
    sample: ConsistentSample = draw_consistently(drawable, {})
    ends = []
    for each in asked.rounds:
        sample = draw_next_round(sample, each.sizes)
        ends.append(len(sample.order))
    ids, tickets = drawable.ids, [_hex(drawable, int(card)) for card in sample.order]
    draws = tuple(
        drawn(number, *_card(frame, ids[card]), ticket=ticket)
        for number, (card, ticket) in enumerate(zip(sample.order.tolist(), tickets, strict=True), 1)
    )
    number_of = {card: number for number, card in enumerate(sample.order.tolist(), 1)}
    usable = {
        contest: tuple(number_of[card] for card in cards.tolist()) for contest, cards in sample.usable.items()
    }
    thresholds = {contest: _hex(drawable, card) for contest, card in sample.thresholds().items()}
    return Outcome(_facts(frame), draws, ends, usable, thresholds)


def _hex(drawable: CardFrame, card: int) -> str:
    from tallyproof.sampling.tickets import ticket_hex

    return ticket_hex(drawable.tickets, card)
