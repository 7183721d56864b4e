"""Where a recount may end: what is left at most against the margin, and the final margin to expect.

The bound is arithmetic: no unit holds more votes than it has ballots. The projection takes the recounted
units for a random sample of all that can be recounted, and its interval is a betting confidence interval
for the mean of a finite population drawn without replacement (Waudby-Smith, Stark and Ramdas 2021), which
holds for any values within their bounds: nothing is assumed of how errors are spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from tallyproof.errors import RequestError
from tallyproof.recount.changes import NOT_STATED, Held, State, change
from tallyproof.recount.comparison import Bound, Lead, Projection, Share
from tallyproof.risk.confidence import confidence_sequence
from tallyproof.risk.function import Floats

OPEN = (State.LEFT, State.PARTLY)


def running(units: Sequence[Held], choices: Sequence[str]) -> dict[str, int]:
    """Votes of each choice now: the recount's where a unit is recounted, else those before."""
    return {name: sum(_now(each, name) or 0 for each in units if each.state in COUNTED) for name in choices}


COUNTED = (State.RECOUNTED, State.PARTLY, State.CANNOT, State.LEFT)


def _now(each: Held, choice: str) -> int | None:
    return (each.after if each.state is State.RECOUNTED else each.before).get(choice, 0)


def lead(units: Sequence[Held], now: Mapping[str, int], seats: int) -> Lead | None:
    """The last winner and the first loser by the votes ``now``; None where nobody loses."""
    ordered = sorted(now, key=lambda name: (-now[name], name))
    if len(ordered) <= seats:
        return None
    winner, loser = ordered[seats - 1], ordered[seats]
    first, second = (
        sum(each.before.get(name) or 0 for each in units if each.state in COUNTED) for name in (winner, loser)
    )
    return Lead(winner=winner, loser=loser, before=first - second, now=now[winner] - now[loser])


def most(each: Held) -> int:
    """The most votes that this unit can hold."""
    return max(each.votes, each.unit.most or 0, 0)


def bound(units: Sequence[Held], now: Mapping[str, int], seats: int) -> Bound | None:
    """The winner and loser that what is left could bring nearest to each other.

    In finished units (recounted, or beyond recounting) the winner leads by L; units still open hold at most
    R votes. Were all R the loser's, the margin would be L - R, so the outcome can change only if L <= R.
    While units are open, that it cannot is said only where R and all votes in finished units are known.
    """
    ordered = sorted(now, key=lambda name: (-now[name], name))
    if len(ordered) <= seats:
        return None
    open_units = [each for each in units if each.state in OPEN]
    finished = [each for each in units if each.state in (State.RECOUNTED, State.CANNOT)]
    votes = {name: now[name] - sum(each.before.get(name) or 0 for each in open_units) for name in now}
    winner, loser = min(
        ((first, second) for first in ordered[:seats] for second in ordered[seats:]),
        key=lambda pair: votes[pair[0]] - votes[pair[1]],
    )
    ahead = votes[winner] - votes[loser]
    left = sum(most(each) for each in open_units)
    unknown = {name for each in finished for name in ordered if _now(each, name) is None}
    is_bounded = all(each.unit.most is not None or None not in each.before.values() for each in open_units)
    can_change: bool | None = left > 0 and ahead <= left
    if unknown & {winner, loser} or (open_units and not can_change and (unknown or not is_bounded)):
        can_change = None
    return Bound(winner=winner, loser=loser, lead=ahead, left=left, can_change=can_change)


def project(
    units: Sequence[Held],
    found: Lead | None,
    largest_change: int | None,
    confidence: float,
    order: np.random.Generator,
) -> Projection:
    """The final margin to expect and the interval it lies in, or why nothing can be said.

    ``order`` shuffles the recounted units, for the interval needs a random order of draws. Expected is the
    ratio estimator: the change per vote so far, times the votes left. Raises RequestError where a unit
    already changed by more than ``largest_change``.
    """
    if found is None:
        return Projection(cannot="Nobody can lose, so there is no margin to project.", confidence=confidence)
    done = [each for each in units if each.state is State.RECOUNTED]
    rest = [each for each in units if each.state in OPEN]
    if not rest:
        return Projection(expected=found.now, low=found.now, high=found.now, confidence=confidence)
    alike, unlike = _by_likeness(done, rest)
    if why := _why_not(done, alike, unlike, found):
        return Projection(cannot=why, confidence=confidence, unlike=_share(unlike))
    changes = np.array([_margin_change(each, found) for each in done], dtype=np.float64)
    reach = largest_change or max(most(each) + abs(_margin(each.before, found)) for each in (*done, *alike))
    if beyond := _beyond(done, changes, reach):
        if largest_change is not None:
            raise RequestError(f"{beyond} that one unit was said to change at most. Give a larger one.")
        return Projection(cannot=f"{beyond} that ballots allow.", confidence=confidence)
    low, high = _total_change(order.permutation(changes), len(done) + len(alike), reach, confidence)
    so_far = int(changes.sum())
    down, up = _reachable(alike, found, largest_change)
    more_down, more_up = _reachable(unlike, found, largest_change)
    least = found.now + max(low - so_far, -down) - more_down
    greatest = found.now + min(high - so_far, up) + more_up
    votes = sum(each.votes for each in done)
    rate = so_far / votes if votes > 0 else 0.0
    return Projection(
        expected=min(max(found.now + rate * sum(each.votes for each in rest), least), greatest),
        low=least,
        high=greatest,
        confidence=confidence,
        largest_change=reach,
        is_assumed=largest_change is not None,
        unlike=_share(unlike),
    )


def _share(units: Sequence[Held]) -> Share:
    return Share(len(units), sum(each.votes for each in units))


def _by_likeness(done: Sequence[Held], rest: Sequence[Held]) -> tuple[list[Held], list[Held]]:
    """Open units whose every label some recounted unit shares, and the others: of these nothing is known."""
    labels = dict.fromkeys(name for each in (*done, *rest) for name in each.unit.labels)

    def said(each: Held) -> set[tuple[str, str]]:
        return {(label, each.unit.labels.get(label) or NOT_STATED) for label in labels}

    seen = {pair for each in done for pair in said(each)}
    alike = [each for each in rest if said(each) <= seen]
    return alike, [each for each in rest if not said(each) <= seen]


def _why_not(done: Sequence[Held], alike: Sequence[Held], unlike: Sequence[Held], found: Lead) -> str:
    """Why no projection can be made, nothing where one can."""
    if not done:
        return "No unit is recounted yet."
    if not alike:
        return (
            "What is recounted says nothing of what is left: no unit that is left shares its equipment and "
            "method with one that is recounted."
        )
    pair = (found.winner, found.loser)
    unknown = sum(each.before.get(name, 0) is None for each in (*done, *alike, *unlike) for name in pair)
    if unknown:
        return f"{unknown:,} {'number' if unknown == 1 else 'numbers'} of the first count are unknown."
    return ""


def _margin(votes: Mapping[str, int | None], found: Lead) -> int:
    return (votes.get(found.winner) or 0) - (votes.get(found.loser) or 0)


def _margin_change(each: Held, found: Lead) -> int:
    return (change(each, found.winner) or 0) - (change(each, found.loser) or 0)


def _beyond(done: Sequence[Held], changes: Floats, reach: int) -> str:
    """The unit that changed by more than this, as the beginning of a sentence; nothing where none did."""
    largest = int(np.argmax(np.abs(changes)))
    if abs(changes[largest]) <= reach:
        return ""
    by = int(changes[largest])
    return f"{done[largest].unit.unit} changed the margin by {by:+,} votes, beyond the {reach:,}"


def _total_change(changes: Floats, size: int, reach: int, confidence: float) -> tuple[int, int]:
    """Bounds of the change of the margin in all units that can be recounted."""
    found = confidence_sequence(
        changes + reach, 1 - confidence, upper=2.0 * reach, size=size, draws=[len(changes)]
    ).mapped(float(size), -float(size) * reach)
    return math.floor(found.lower[-1] + 1e-6), math.ceil(found.upper[-1] - 1e-6)


def _reachable(rest: Sequence[Held], found: Lead, largest_change: int | None) -> tuple[int, int]:
    """By how much what is left can lower and raise the margin at most."""
    down = up = 0
    for each in rest:
        limit = most(each) * 2 if largest_change is None else largest_change
        margin = _margin(each.before, found)
        down += min(limit, most(each) + margin)
        up += min(limit, most(each) - margin)
    return max(down, 0), max(up, 0)
