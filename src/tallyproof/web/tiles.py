"""The states of a case as tiles: who leads there, by how much, and how final it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Status
from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale
from tallyproof.figures.tiles import Mark, Tile, state_tiles
from tallyproof.services.counting import ContestCount
from tallyproof.services.versions import margin_share
from tallyproof.web.maps import Sides, map_words, sides_of
from tallyproof.web.stands import sentence_of
from tallyproof.web.wording import address, points, status_words, surname, votes

SIGNS = {
    Status.UNKNOWN: "?",
    Status.PRE_ELECTION: "–",
    Status.UNOFFICIAL_PARTIAL: "…",
    Status.UNOFFICIAL_COMPLETE: "u",
    Status.CANVASSED: "c",
    Status.CERTIFIED: "✓",
    Status.CORRECTION: "✎",
    Status.RECOUNT: "↻",
}
"""One small sign for each status."""


def by_state(contests: Sequence[ContestCount]) -> dict[str, ContestCount]:
    """The statewide contests of the office that most states vote on; empty where it is one state's."""
    statewide = [each for each in contests if each.contest.state in STATES and not each.contest.district]
    offices = Counter(each.contest.office for each in statewide)
    office, states = offices.most_common(1)[0] if offices else ("", 0)
    if states < 2:
        return {}
    return {each.contest.state: each for each in statewide if each.contest.office == office}


def tiles(contests: Sequence[ContestCount], case: str, as_of: str = "") -> SafeString:
    """The tiles of ``by_state``, each a link to its contest; empty where it is one state's."""
    shown = by_state(contests)
    sides = _sides(list(shown.values()))
    if not shown or sides is None:
        return mark_safe("")
    made = {state: _tile(each, sides, address("contest", as_of, case=case, contest=each.contest.id))
            for state, each in shown.items()}  # fmt: skip
    has_another = any(each.standing.leader not in sides.names for each in shown.values())
    words = map_words(has_another=has_another)
    statuses = {status.value: Mark(sign, status_words(status)) for status, sign in SIGNS.items()}
    return mark_safe(  # the drawing escapes every name
        state_tiles(
            made, scale=margin_scale(*sides.names, words), statuses=statuses, words=words, id="tiles",
            title=_("States by lead, each as one tile"), description=_described(shown, sides),
        )
    )  # fmt: skip


def _sides(contests: Sequence[ContestCount]) -> Sides | None:
    """The two choices with most votes over all states, else the two that lead in most."""
    counted: Counter[str] = Counter()
    for each in contests:
        counted.update({one.choice: one.votes or 0 for one in each.choices if one.measure == "choice"})
        counted.update({each.standing.leader: 1, each.standing.runner_up: 1})
    names = tuple(name for name, _number in counted.most_common() if name)[:2]
    largest = max(contests, key=lambda each: each.standing.total or 0, default=None)
    return sides_of(largest, names) if largest and len(names) == 2 else None


def _tile(counted: ContestCount, sides: Sides, href: str) -> Tile:
    standing, part = counted.standing, margin_share(counted)
    sign = 1 if standing.leader == sides.names[0] else -1
    is_known = standing.margin is not None and standing.leader in sides.names
    value = MapValue(
        sign * standing.margin if is_known and standing.margin is not None else None,
        standing.total,
        words=sentence_of(counted),
        href=href,
        name=STATES[counted.contest.state],
    )
    short = "" if part is None else f"{100 * part:.1f}" if part >= 0.001 else f"{100 * part:.2f}"
    return Tile(value, short, counted.snapshot.status.value)


def _described(shown: dict[str, ContestCount], sides: Sides) -> str:
    leaders = Counter(each.standing.leader for each in shown.values())
    closest = min(shown.values(), key=lambda each: (margin_share(each) is None, margin_share(each) or 0.0))
    return _(
        "%(first)s leads in %(ahead)s states and %(second)s in %(behind)s; the closest is %(state)s, "
        "%(leader)s by %(points)s. The table of contests below has the same numbers."
    ) % {
        "first": sides.names[0],
        "ahead": votes(leaders[sides.names[0]]),
        "second": sides.names[1],
        "behind": votes(leaders[sides.names[1]]),
        "state": STATES[closest.contest.state],
        "leader": surname(closest.standing.leader),
        "points": points(margin_share(closest)),
    }
