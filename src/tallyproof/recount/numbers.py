"""The numbers of a contest that margin tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallyproof.errors import RequestError

Known = dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What tests read: ``contest`` compares the highest loser, ``request`` the one who asks.

    ``asks`` names the one who asks, "" for the highest loser; ``has_won`` where that is a winner, so that
    the numbers of the request are unknown.
    """

    contest: Known
    request: Known
    asks: str = ""
    has_won: bool = False


def of_votes(votes: Mapping[str, int], seats: int, total: int | None, requester: str) -> Numbers:
    """Margin, total, top two, winner and loser from votes by choice.

    The winner is the lowest winner, the loser the highest loser or, for the request, the one who asks.
    Raises RequestError for votes below 0, where nobody can lose, for a total below the sum, and for a
    requester who is not among the choices.
    """
    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    if any(number < 0 for number in votes.values()):
        raise RequestError("Votes cannot be below 0.")
    if len(ordered) <= seats:
        raise RequestError(
            f"With {_counted(len(ordered), 'choice')} for {_counted(seats, 'seat')} nobody can lose. "
            "Name all choices."
        )
    counted = sum(votes.values())
    if total is not None and total < counted:
        raise RequestError(f"The total is {total:,}, less than the choices' {counted:,} votes.")
    place = _place(ordered, requester) if requester else seats
    winner = ordered[seats - 1][1]
    shared: Known = {
        "total": counted if total is None else total,
        "winner": winner,
        "seats": seats,
        "choices": len(ordered),
    }
    has_won = ordered[place][1] > ordered[seats][1]  # with as many votes as the first loser nobody has won
    asked = None if has_won else ordered[place][1]
    contest = shared | _against(winner, ordered[seats][1])
    return Numbers(contest, shared | _against(winner, asked), requester, has_won)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _place(ordered: list[tuple[str, int]], requester: str) -> int:
    names = [name for name, _ in ordered]
    if requester not in names:
        raise RequestError(f"'{requester}' is not among the choices: {', '.join(names)}.")
    return names.index(requester)


def _against(winner: int, loser: int | None) -> Known:
    if loser is None:
        return dict.fromkeys(("margin", "margin_petitioner", "top2", "loser"))
    margin = winner - loser
    return {"margin": margin, "margin_petitioner": margin, "top2": winner + loser, "loser": loser}


def of_margin(margin: int, total: int | None, seats: int, *, only_two: bool = False) -> Numbers:
    """The same from a margin and a total alone; what they do not tell is unknown.

    ``only_two`` takes all votes as those of the two compared; where margin and total are not both even or
    both odd, the vote between is the winner's. Raises RequestError for a margin below 0 or larger than
    the total.
    """
    if margin < 0:
        raise RequestError("The margin cannot be below 0: it is the winner's votes less the loser's.")
    if total is not None and margin > total:
        raise RequestError(f"The margin of {margin:,} is larger than all {total:,} votes.")
    known: Known = {"margin": margin, "margin_petitioner": margin, "total": total, "seats": seats}
    if only_two and total is not None:
        winner = (total + margin + 1) // 2
        known |= {"top2": total, "winner": winner, "loser": winner - margin, "choices": 2}
    return Numbers(known, known)
