"""Contests of cards beside those of returns: the same by their wording, and the margin that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    return material.once(_matched)


def _matched(material: Material) -> CardContests:
    totals = contest_totals(material.card_counts)
    known = _by_wording(material)
    states = sorted(material.returns["state"].cast(str).unique()) if material.returns.height else []
    ids, found = dict[str, str](), set[str]()
    for name in totals:
        own = next((known[key] for key in _wordings(name, states) if key in known), "")
        ids[name] = own or slug(name) or "contest"
        found |= {name} if own else set()
    vote_for = {name: contest.vote_for for name, contest in totals.items()}
    margins = {name: contest.margin for name, contest in totals.items()}
    beside = _margins(material, {name: totals[name] for name in totals if name in found}, ids)
    return CardContests(ids, frozenset(found), {**margins, **beside}, vote_for)


def jurisdiction_key(name: str) -> str:
    """The key under which counties of returns and jurisdictions of cards meet."""
    return place_key(county_name(name))


def _margins(
    material: Material, totals: Mapping[str, GroupedContest], ids: Mapping[str, str]
) -> dict[str, int | None]:
    """The margins of contests that cards and returns know, by the seats that either of them states.

    First preferences have no margin: of a ranked contest only one that a source states counts.
    """
    standings = {name: material.standings[ids[name]] for name in totals if ids[name] in material.standings}
    rows = _rows_behind(material, standings.values())
    wider = _wider(material, standings, rows)
    seated = _seated(standings, {name: contest.vote_for for name, contest in totals.items()}, rows)
    found: dict[str, int | None] = {}
    for name, standing in standings.items():
        contest, reported = totals[name], seated.get(name, standing.margin)
        known = [each for each in (reported, contest.margin) if each is not None]
        if contest.ranks:
            found[name] = standing.margin if standing.stated else None
        else:
            found[name] = reported if name in wider and reported is not None else min(known, default=None)
    return found


def _rows_behind(material: Material, standings: Iterable[Standing]) -> pl.DataFrame:
    keys = [(each.contest, each.snapshot) for each in standings]
    wanted = pl.DataFrame(keys, schema=dict.fromkeys(["contest", "snapshot"], pl.String), orient="row")
    leaves = material.leaves.with_columns(pl.col("contest", "snapshot").cast(pl.String))
    return leaves.join(wanted.unique(), on=["contest", "snapshot"], how="semi")


def _wider(material: Material, standings: Mapping[str, Standing], rows: pl.DataFrame) -> set[str]:
    """Contests that the returns tell of in places whose cards are not here."""
    is_state = pl.col("level") == Level.STATE.value
    told = {
        contest: (whole, {jurisdiction_key(county) for county in counties} - {""})
        for contest, whole, counties in rows.group_by("contest")
        .agg(is_state.any(), pl.col("county").cast(pl.String).unique().alias("counties"))
        .iter_rows()
    }
    found = set()
    for name, standing in standings.items():
        own = {
            jurisdiction_key(each.jurisdiction)
            for each in material.card_counts
            if name in each.contests and each.contests[name].cards.any()
        }
        whole, counties = told.get(standing.contest, (False, set()))
        if "" not in own and (whole or (len(counties) > 1 and not counties <= own)):
            found.add(name)
    return found


def _seated(
    standings: Mapping[str, Standing], vote_for: Mapping[str, int | None], rows: pl.DataFrame
) -> dict[str, int | None]:
    """Margins by the returns of contests where only the cards say how many votes a voter has."""
    said = set(rows.filter(pl.col("vote_for").is_not_null())["contest"])
    seats = {
        each.contest: votes
        for name, each in standings.items()
        if (votes := vote_for[name]) is not None and not each.stated and each.contest not in said
    }
    own = rows.filter(pl.col("contest").is_in(list(seats)) & is_measure(*VOTES))
    counted = tracking.contest_totals(own).with_columns(
        vote_for=pl.col("contest").replace_strict(seats, default=None, return_dtype=pl.Int64)
    )
    margins = {each.contest: each.margin for each in tracking.from_votes(counted)}
    return {name: margins[each.contest] for name, each in standings.items() if each.contest in margins}


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
