"""Contests of cards beside those of returns: the same by their wording, and the margin that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tallyproof.audit.card_counts import CountedCards, contest_totals
from tallyproof.audit.card_votes import GroupedContest
from tallyproof.checks.material import Material
from tallyproof.election import contest as wording
from tallyproof.election.evidence import Source, slug
from tallyproof.election.jurisdiction import county_name, place_key
from tallyproof.election.returns import VOTES, Level, is_measure
from tallyproof.tracking import standing as tracking
from tallyproof.tracking.standing import Standing

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

    The id is that of the returns where they have the contest, else it comes from the cards. The margin is
    the smaller of the two; where the returns tell of places whose cards are not here, it is theirs.
    """

    ids: Mapping[str, str]
    in_returns: frozenset[str]
    margins: Mapping[str, int | None]
    vote_for: Mapping[str, int | None]

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
        margins[name] = _margin(material, own, contest) if own else contest.margin
        found |= {name} if own else set()
    vote_for = {name: contest.vote_for for name, contest in totals.items()}
    return CardContests(ids, frozenset(found), margins, vote_for)


def _margin(material: Material, own: str, contest: GroupedContest) -> int | None:
    """The margin of a contest that cards and returns know, by the seats that either of them states.

    First preferences have no margin: of a ranked contest only one that a source states counts.
    """
    standing = material.standings.get(own)
    if standing is None:
        return contest.margin
    if contest.ranks:
        return standing.margin if standing.stated else None
    reported = _reported_margin(material, standing, contest.vote_for)
    if reported is not None and _is_wider(material, standing, contest.name):
        return reported
    if contest.vote_for is None:
        return reported
    return min((each for each in (reported, contest.margin) if each is not None), default=None)


def _reported_margin(material: Material, standing: Standing, vote_for: int | None) -> int | None:
    """The margin by the returns; where they do not say how many votes a voter has, the cards do."""
    if standing.stated or vote_for is None:
        return standing.margin
    rows = _rows_of(material, standing).filter(is_measure(*VOTES))
    if rows["vote_for"].drop_nulls().len():
        return standing.margin
    by_choice = tracking.contest_totals(rows).with_columns(vote_for=pl.lit(vote_for))
    return next((each.margin for each in tracking.from_votes(by_choice)), None)


def _is_wider(material: Material, standing: Standing, name: str) -> bool:
    """Whether the returns tell of the contest in places whose cards are not here."""
    own = {
        place_key(county_name(each.jurisdiction))
        for each in material.card_counts
        if name in each.contests and each.contests[name].cards.any()
    }
    if "" in own:
        return False
    rows = _rows_of(material, standing)
    if (rows["level"] == Level.STATE.value).any():
        return True
    told = {place_key(county_name(str(county))) for county in rows["county"].unique()} - {""}
    return len(told) > 1 and not told <= own


def _rows_of(material: Material, standing: Standing) -> pl.DataFrame:
    return material.leaves.filter(
        (pl.col("contest") == standing.contest) & (pl.col("snapshot") == standing.snapshot)
    )


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
