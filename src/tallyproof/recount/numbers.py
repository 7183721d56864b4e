"""The numbers of a contest that margin tests read."""

from __future__ import annotations

from collections.abc import Mapping

from tallyproof.errors import RequestError

Known = dict[str, int | None]


def of_votes(votes: Mapping[str, int], seats: int, total: int | None, requester: str) -> Known:
    """Margin, total, top two, winner and loser from votes by choice.

    The winner is the lowest winner, the loser the highest loser; ``margin_petitioner`` is counted to the
    one who asks, to the highest loser where nobody is named, and unknown where the one who asks has won.
    Raises RequestError where nobody can lose or a name is not among the choices.
    """
    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    if any(number < 0 for number in votes.values()):
        raise RequestError("Votes cannot be below 0.")
    if len(ordered) <= seats:
        raise RequestError(f"{len(ordered)} choices for {seats:,} seats: nobody can lose. Name all choices.")
    counted = sum(votes.values())
    if total is not None and total < counted:
        raise RequestError(f"The total is {total:,}, less than the choices' {counted:,} votes.")
    winner, loser = ordered[seats - 1][1], ordered[seats][1]
    return {
        "margin": winner - loser,
        "margin_petitioner": _to_requester(ordered, seats, requester),
        "total": counted if total is None else total,
        "top2": winner + loser,
        "winner": winner,
        "loser": loser,
        "seats": seats,
        "choices": len(ordered),
    }


def _to_requester(ordered: list[tuple[str, int]], seats: int, requester: str) -> int | None:
    lowest = ordered[seats - 1][1]
    if not requester:
        return lowest - ordered[seats][1]
    place = next((n for n, (name, _) in enumerate(ordered) if name == requester), None)
    if place is None:
        names = ", ".join(name for name, _ in ordered)
        raise RequestError(f"'{requester}' is not among the choices: {names}.")
    return None if place < seats else lowest - ordered[place][1]


def of_margin(margin: int, total: int | None, seats: int, *, only_two: bool = False) -> Known:
    """The same from a margin and a total alone; what they do not tell is unknown.

    ``only_two`` takes all votes as those of the two compared. Raises RequestError for a margin below 0
    or larger than the total.
    """
    if margin < 0:
        raise RequestError("The margin cannot be below 0: it is the winner's votes less the loser's.")
    if total is not None and margin > total:
        raise RequestError(f"The margin of {margin:,} is larger than all {total:,} votes.")
    known: Known = {"margin": margin, "margin_petitioner": margin, "total": total, "seats": seats}
    if only_two and total is not None:
        winner = (total + margin + 1) // 2
        known |= {"top2": total, "winner": winner, "loser": winner - margin, "choices": 2}
    return known
