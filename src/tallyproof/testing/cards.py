"""Cast vote records made up from a seed, and written in each layout that importers read."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

Ranks = tuple[tuple[int, ...], ...]
"""For each rank the choices marked at it, by place; a contest without ranks has one."""

Cells = Literal["marks", "names", "separated"]
"""What a CSV of our own holds: 1 and 0 for each choice, names of choices, or names in one cell."""

ABSENT, SEPARATOR = "not there", "; "
FACTS = ("CvrNumber", "TabulatorNum", "BatchId", "RecordId", "ImprintedId")


@dataclass(frozen=True, slots=True)
class MadeContest:
    """A contest: its choices, votes per voter, ranks (0 where choices are not ranked)."""

    name: str
    choices: tuple[str, ...]
    vote_for: int = 1
    ranks: int = 0


@dataclass(frozen=True, slots=True)
class MadeCard:
    """A card: where it lies, and its marks in the contests that it bears, by their place."""

    tabulator: str
    batch: str
    record: str
    votes: Mapping[int, Ranks]

    @property
    def imprint(self) -> str:
        """What is printed on the card."""
        return f"{self.tabulator}-{self.batch}-{self.record}"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a version of Dominion's software writes its export; with ``newlines`` names break."""

    equal_signs: bool = False
    counting_group: bool = False
    unique_id: bool = False
    parties: bool = False
    byte_order_mark: bool = False
    all_quoted: bool = False
    newlines: bool = False
    line_end: str = "\r\n"
    encoding: str = "utf-8"


def make_cards(
    seed: int,
    contests: Sequence[MadeContest],
    cards: int,
    *,
    batch_cards: int = 100,
    absent: float = 0.2,
    wild: float = 0,
) -> list[MadeCard]:
    """So many cards: some contests absent, some blank, some overvoted. The same seed, the same cards.

    ``wild`` is the share of ranked contests whose ranks are empty, overvoted or repeat a choice at random.
    """
    chance = random.Random(seed)
    made = []
    for number in range(cards):
        batch, record = divmod(number, batch_cards)
        votes = {
            place: _marks(chance, contest, wild)
            for place, contest in enumerate(contests)
            if chance.random() >= absent
        }
        made.append(MadeCard(str(batch % 3 + 1), str(batch + 1), str(record + 1), votes))
    return made


def _marks(chance: random.Random, contest: MadeContest, wild: float) -> Ranks:
    """Up to one mark more than allowed in a plain contest; a ranking, cut at any place, in a ranked one."""
    places = list(range(len(contest.choices)))
    if contest.ranks and chance.random() < wild:
        most = min(2, len(places))
        return tuple(
            tuple(sorted(chance.sample(places, chance.randint(0, most)))) for _ in range(contest.ranks)
        )
    if not contest.ranks:
        most = min(contest.vote_for + (chance.random() < 0.05), len(places))
        return (tuple(sorted(chance.sample(places, chance.randint(0, most)))),)
    ranked = chance.sample(places, chance.randint(0, min(contest.ranks, len(places))))
    return tuple((choice,) for choice in ranked) + ((),) * (contest.ranks - len(ranked))


def dominion_text(
    contests: Sequence[MadeContest], cards: Iterable[MadeCard], variant: Variant | None = None
) -> str:
    """The cards as Dominion exports them."""
    how = variant or Variant()
    fields = [*FACTS, *["CountingGroup"] * how.counting_group, "PrecinctPortion", "BallotType"]
    fields += ["UniqueVotingIdentifier"] * how.unique_id
    columns = [
        (_title(contest), f"{choice}({rank})" if rank else choice)
        for contest in contests
        for rank in (range(1, contest.ranks + 1) if contest.ranks else (0,))
        for choice in contest.choices
    ]
    empty = [""] * len(fields)
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, lineterminator=how.line_end, quoting=csv.QUOTE_ALL if how.all_quoted else csv.QUOTE_MINIMAL
    )

    def named(name: str) -> str:
        return name.replace(" ", how.line_end) if how.newlines else name

    writer.writerow(["Made up", "5.10.1", *empty[2:], *[""] * len(columns)])
    writer.writerow([*empty, *(named(title) for title, _ in columns)])
    writer.writerow([*empty, *(named(choice) for _, choice in columns)])
    writer.writerow([*fields, *("DEM" if how.parties else "" for _ in columns)])
    for number, card in enumerate(cards, 1):
        facts = [str(number), card.tabulator, card.batch, card.record, "" if how.unique_id else card.imprint]
        facts += ["Mail"] * how.counting_group + ["Precinct 1", "Type 1"]
        facts += [card.imprint] * how.unique_id
        votes = [
            cell for place, contest in enumerate(contests) for cell in _bits(contest, card.votes.get(place))
        ]
        if how.equal_signs:  # written without the writer, which would quote the signs
            text.write(",".join([*(f'="{fact}"' for fact in facts), *votes]) + how.line_end)
        else:
            writer.writerow([*facts, *votes])
    return ("\ufeff" if how.byte_order_mark else "") + text.getvalue()


def dominion_bytes(contests: Sequence[MadeContest], cards: Iterable[MadeCard], variant: Variant) -> bytes:
    """The same in the variant's encoding."""
    return dominion_text(contests, cards, variant).encode(variant.encoding)


def _title(contest: MadeContest) -> str:
    if contest.ranks:
        return f"{contest.name} (Number of positions={contest.vote_for}, Number of ranks={contest.ranks})"
    return f"{contest.name} (Vote For={contest.vote_for})"


def _bits(contest: MadeContest, ranks: Ranks | None) -> list[str]:
    if ranks is None:
        return [""] * (len(contest.choices) * max(contest.ranks, 1))
    return ["1" if place in rank else "0" for rank in ranks for place in range(len(contest.choices))]


def raire_text(contests: Sequence[MadeContest], cards: Iterable[MadeCard]) -> str:
    """The cards as .raire text: contests and choices by number from 1; one choice at each rank."""
    lines = [str(len(contests))]
    for number, contest in enumerate(contests, 1):
        choices = ",".join(str(place + 1) for place in range(len(contest.choices)))
        lines.append(f"Contest,{number},{len(contest.choices)},{choices}")
    for card in cards:
        for place, ranks in card.votes.items():
            ranking = [str(rank[0] + 1) for rank in ranks if rank]
            lines.append(",".join([str(place + 1), card.imprint, *ranking]))
    return "\n".join(lines) + "\n"


def ranked_json_text(contest: MadeContest, cards: Iterable[MadeCard]) -> str:
    """The rankings of one contest, the first on every card, as JSON; neighbours that are equal together."""
    rankings = [[rank[0] for rank in card.votes[0] if rank] for card in cards if 0 in card.votes]
    votes = [{"n": len(list(same)), "prefs": ranking} for ranking, same in groupby(rankings)]
    metadata = {"candidates": list(contest.choices), "contest": contest.name}
    return json.dumps({"metadata": metadata, "num_candidates": len(contest.choices), "votes": votes})


def mapped_text(
    contests: Sequence[MadeContest], cards: Iterable[MadeCard], how: Cells = "marks"
) -> tuple[str, str]:
    """The cards as a CSV of our own, and the mapping that reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    widths = [_width(contest, how) for contest in contests]
    columns = [f"{place} {number}" for place, width in enumerate(widths) for number in range(width)]
    writer.writerow(["Tab", "Batch", "Record", "Imprint", *columns])
    for card in cards:
        votes = [cell for place, contest in enumerate(contests)
                 for cell in _cells(contest, card.votes.get(place), how)]  # fmt: skip
        writer.writerow([card.tabulator, card.batch, card.record, card.imprint, *votes])
    return text.getvalue(), _mapping(contests, how)


def _width(contest: MadeContest, how: Cells) -> int:
    """The columns of a contest: one for each rank; else for each choice, for each mark, or one for all."""
    if contest.ranks:
        return contest.ranks
    most = min(contest.vote_for + 1, len(contest.choices))
    return {"marks": len(contest.choices), "names": most, "separated": 1}[how]


def _cells(contest: MadeContest, ranks: Ranks | None, how: Cells) -> list[str]:
    if not contest.ranks and how == "marks":
        return _bits(contest, ranks)
    if ranks is None:
        return [ABSENT] * _width(contest, how)
    if contest.ranks or how == "separated":
        return [SEPARATOR.join(contest.choices[choice] for choice in rank) for rank in ranks]
    names = [contest.choices[choice] for choice in ranks[0]]
    return names + [""] * (_width(contest, how) - len(names))


def _mapping(contests: Sequence[MadeContest], how: Cells) -> str:
    lines = ["[facts]", 'tabulator = "Tab"', 'batch = "Batch"', 'record = "Record"', 'imprint = "Imprint"']
    for place, contest in enumerate(contests):
        lines += ["", "[[contest]]", f"name = {_toml(contest.name)}", f"vote_for = {contest.vote_for}"]
        if not contest.ranks and how == "marks":
            lines.append("[contest.choices]")
            lines += [f"{_toml(name)} = {_toml(f'{place} {number}')}"
                      for number, name in enumerate(contest.choices)]  # fmt: skip
            continue
        names = json.dumps([f"{place} {number}" for number in range(_width(contest, how))])
        lines += ["ranked = true"] * bool(contest.ranks)
        lines += [f"columns = {names}", f"absent = [{_toml(ABSENT)}]", 'empty = "undervote"']
        lines += [f"separator = {_toml(SEPARATOR)}"] * (bool(contest.ranks) or how == "separated")
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write(text: str, path: Path) -> Path:
    """Write a made-up file just as it is, line ends included."""
    path.write_bytes(text.encode())
    return path
