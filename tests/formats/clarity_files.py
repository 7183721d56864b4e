"""Clarity files written from a few numbers, as tests and laws need them."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

Votes = Sequence[tuple[str, str]]
"""Units and their votes as text, in order; a name may come twice."""


def units(votes: Votes, tag: str = "Precinct") -> str:
    return "".join(f'<{tag} name="{escape(name)}" votes="{escape(text)}" />' for name, text in votes)


def vote_type(name: str, votes: Votes, stated: str = "", tag: str = "Precinct") -> str:
    attribute = f' votes="{stated}"' if stated else ""
    return f'<VoteType name="{escape(name)}"{attribute}>{units(votes, tag)}</VoteType>'


def choice(text: str, modes: Mapping[str, Votes], *, party: str = "", total: str = "") -> str:
    types = "".join(vote_type(name, votes) for name, votes in modes.items())
    return f'<Choice key="1" text="{escape(text)}" party="{party}" totalVotes="{total}">{types}</Choice>'


def contest(text: str, parts: Iterable[str], *, key: str = "1", more: str = "") -> str:
    return f'<Contest key="{key}" text="{escape(text)}" voteFor="1" {more}>{"".join(parts)}</Contest>'


def detail(
    folder: Path, contests: Iterable[str], *, region: str = "Fern", turnout: str = "", stamp: str = ""
) -> Path:
    """The file; ``turnout`` are its Precinct elements, in a county's list."""
    listed = f"<VoterTurnout><Precincts>{turnout}</Precincts></VoterTurnout>" if turnout else ""
    time = f"<Timestamp>{stamp}</Timestamp>" if stamp else ""
    path = folder / "detail.xml"
    body = "".join(contests)
    path.write_text(
        f"<ElectionResult>{time}<Region>{region}</Region>{listed}{body}</ElectionResult>", "utf-8"
    )
    return path
