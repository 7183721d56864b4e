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

Ranks = tuple[tuple[int, ...], ...]
"""For each rank the choices marked at it, by place; a contest without ranks has one."""

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
    """How a version of Dominion's software writes its export."""

    equal_signs: bool = False
    counting_group: bool = False
    unique_id: bool = False
    parties: bool = False
    byte_order_mark: bool = False
    all_quoted: bool = False
    line_end: str = "\r\n"


def make_cards(
    seed: int, contests: Sequence[MadeContest], cards: int, *, batch_cards: int = 100, absent: float = 0.2
) -> list[MadeCard]:
    """So many cards: some contests absent, some blank, some overvoted. The same seed, the same cards."""
    chance = random.Random(seed)
    made = []
    for number in range(cards):
        batch, record = divmod(number, batch_cards)
        votes = {
            place: _marks(chance, contest)
            for place, contest in enumerate(contests)
            if chance.random() >= absent
        }
        made.append(MadeCard(str(batch % 3 + 1), str(batch + 1), str(record + 1), votes))
    return made


def _marks(chance: random.Random, contest: MadeContest) -> Ranks:
    """Up to one mark more than allowed in a plain contest; a ranking, cut at any place, in a ranked one."""
    places = list(range(len(contest.choices)))
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
    writer.writerow(["Made up", "5.10.1", *empty[2:], *[""] * len(columns)])
    writer.writerow([*empty, *(title for title, _ in columns)])
    writer.writerow([*empty, *(choice for _, choice in columns)])
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


def mapped_text(contests: Sequence[MadeContest], cards: Iterable[MadeCard]) -> tuple[str, str]:
    """The cards as a CSV of our own, and the mapping that reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = [
        f"{place} {number}"
        for place, contest in enumerate(contests)
        for number in range(contest.ranks or len(contest.choices))
    ]
    writer.writerow(["Tab", "Batch", "Record", "Imprint", *columns])
    for card in cards:
        votes = [
            cell for place, contest in enumerate(contests) for cell in _cells(contest, card.votes.get(place))
        ]
        writer.writerow([card.tabulator, card.batch, card.record, card.imprint, *votes])
    return text.getvalue(), _mapping(contests)


def _cells(contest: MadeContest, ranks: Ranks | None) -> list[str]:
    if not contest.ranks:
        return _bits(contest, ranks)
    if ranks is None:
        return ["not there"] * contest.ranks
    return [contest.choices[rank[0]] if rank else "" for rank in ranks]


def _mapping(contests: Sequence[MadeContest]) -> str:
    lines = ["[facts]", 'tabulator = "Tab"', 'batch = "Batch"', 'record = "Record"', 'imprint = "Imprint"']
    for place, contest in enumerate(contests):
        lines += [
            "",
            "[[contest]]",
            f"name = {json.dumps(contest.name, ensure_ascii=False)}",
            f"vote_for = {contest.vote_for}",
        ]
        if contest.ranks:
            names = json.dumps([f"{place} {rank}" for rank in range(contest.ranks)])
            lines += ["ranked = true", f"columns = {names}", 'absent = ["not there"]', 'empty = "undervote"']
        else:
            lines.append("[contest.choices]")
            lines += [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(f'{place} {number}')}"
                      for number, name in enumerate(contest.choices)]  # fmt: skip
    return "\n".join(lines) + "\n"


def write(text: str, path: Path) -> Path:
    """Write a made-up file just as it is, line ends included."""
    path.write_bytes(text.encode())
    return path
