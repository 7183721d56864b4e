"""Readers of the ranked ballots that come with published RAIRE results, for tests."""

import json
from collections import Counter
from pathlib import Path

from tallyproof.audit.irv_rankings import RankedBallots, Ranking, collapse


def read_ranked(file: Path) -> tuple[tuple[str, ...], RankedBallots]:
    """Choices and ballots of a .raire file or of raire-rs's JSON."""
    return _read_json(file) if file.suffix == ".json" else _read_raire(file)


def _read_raire(file: Path) -> tuple[tuple[str, ...], RankedBallots]:
    with file.open(encoding="utf-8") as lines:
        next(lines)
        _, _, number, *rest = next(lines).rstrip("\n").split(",")
        choices = tuple(rest[: int(number)])
        texts = Counter(
            line.rstrip("\n").split(",", 2)[2:][0] if line.count(",") > 1 else "" for line in lines
        )
    places = {name: place for place, name in enumerate(choices)}
    rankings: Counter[Ranking] = Counter()
    for text, ballots in texts.items():
        rankings[tuple(places[name] for name in text.split(",") if name)] += ballots
    return choices, collapse(len(choices), rankings)


def _read_json(file: Path) -> tuple[tuple[str, ...], RankedBallots]:
    read = json.loads(file.read_text(encoding="utf-8"))
    return tuple(read["metadata"]["candidates"]), from_votes(read["num_candidates"], read["votes"])


def from_votes(choices: int, votes: list[dict[str, object]]) -> RankedBallots:
    """Ballots from raire-rs's list of ``{n, prefs}``."""
    rankings: Counter[Ranking] = Counter()
    for vote in votes:
        prefs, ballots = vote["prefs"], vote["n"]
        assert isinstance(prefs, list) and isinstance(ballots, int)
        rankings[tuple(prefs)] += ballots
    return collapse(choices, rankings)
