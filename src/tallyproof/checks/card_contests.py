"""Contests of cards beside those of returns: the same by their wording, and the margin that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallyproof.audit.card_counts import CountedCards, contest_totals
from tallyproof.checks.material import Material
from tallyproof.election import contest as wording
from tallyproof.election.evidence import Source, slug

NO_CARDS = "cast vote records of the case (tallyproof cards import)"
NO_MANIFEST = "a ballot manifest beside the cast vote records (tallyproof cards import CASE --manifest FILE)"


@dataclass(frozen=True, slots=True)
class Stake:
    """The contest in which something weighs most: its id, its name on cards, votes at stake and margin."""

    contest: str
    name: str
    votes: int | None
    margin: int | None

    @property
    def ratio(self) -> float:
        """Votes at stake over the margin, as findings are ranked."""
        if self.votes is None or self.margin is None:
            return -1.0
        return self.votes / self.margin if self.margin else float("inf") if self.votes else 0.0


@dataclass(frozen=True, slots=True)
class CardContests:
    """For each contest on cards, by its name: its id, and the margin that findings are held against.

    The id is that of the returns where they have the contest, and the margin is theirs then; else both
    come from the cards.
    """

    ids: Mapping[str, str]
    in_returns: frozenset[str]
    margins: Mapping[str, int | None]

    def stake(self, name: str, votes: int | None) -> Stake:
        """What so many votes mean in this contest."""
        return Stake(self.ids.get(name, slug(name)), name, votes, self.margins.get(name))

    def worst(self, most: Mapping[str, int]) -> Stake:
        """The contest in which votes weigh most against the margin, of those given with votes."""
        stakes = [self.stake(name, votes) for name, votes in most.items()]
        known = max(stakes, key=lambda each: (each.ratio, each.votes or 0, each.name), default=None)
        return known or Stake("", "", None, None)


def card_contests(material: Material) -> CardContests:
    """Match the contests of the case's cards with those of its returns."""
    totals = contest_totals(material.card_counts)
    known = _by_wording(material)
    states = sorted(material.returns["state"].cast(str).unique()) if material.returns.height else []
    ids, margins, found = dict[str, str](), dict[str, int | None](), set[str]()
    for name, contest in totals.items():
        own = next((known[key] for key in _wordings(name, states) if key in known), "")
        ids[name] = own or slug(name) or "contest"
        margins[name] = material.margin(own) if own else contest.margin
        found |= {name} if own else set()
    return CardContests(ids, frozenset(found), margins)


def _by_wording(material: Material) -> dict[str, str]:
    """Contest ids of the returns, under themselves and under their office and district as words."""
    rows = material.returns.select("contest", "office", "district").unique(maintain_order=True)
    named = [(str(each), str(office), str(district)) for each, office, district in rows.rows() if each]
    words = {slug(f"{office} {district}"): each for each, office, district in reversed(named)}
    return {**words, **{each: each for each, _, _ in named}}


def _wordings(name: str, states: Sequence[str]) -> list[str]:
    office = wording.office(name)
    ids = [wording.contest_id(state, office.name, office.district) for state in states]
    return [*ids, slug(f"{office.name} {office.district}"), slug(name)]


def opening(name: str) -> str:
    """A place as the first word of a sentence."""
    return name[:1].upper() + name[1:]


def depends(stake: Stake) -> str:
    """A sentence on what depends on it, to end a message with; nothing where that is not known."""
    if stake.votes is None or not stake.name:
        return ""
    votes = "1 vote of a lead" if stake.votes == 1 else f"{stake.votes:,} votes of a lead"
    return f" At most {votes} in {stake.name} depend{'s' if stake.votes == 1 else ''} on it."


def source_of(counted: CountedCards, part: int, row: int | None, column: str = "") -> Source:
    """A row of one of a jurisdiction's card files."""
    return Source(counted.files[part], row, column or None)


def place_of(jurisdiction: str, what: str) -> str:
    """A batch or precinct with its jurisdiction, as people name it."""
    return ", ".join(part for part in (jurisdiction, what) if part) or "all cards"
