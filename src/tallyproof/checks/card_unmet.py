"""What stands on one side only and so was not compared: jurisdictions, contests, choices, units."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from tallyproof.audit.card_counts import CountedCards
from tallyproof.checks.card_cells import Beside, by_mode, items_of, of_jurisdiction, unit_column
from tallyproof.checks.card_contests import CardContests, jurisdiction_key, opening, place_of
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, topic
from tallyproof.election.ballot_manifest import closest
from tallyproof.election.cast_vote_record import is_write_in
from tallyproof.election.evidence import Finding, Severity, Source, slug
from tallyproof.election.returns import VOTES, countable, is_measure
from tallyproof.election.standardizing import returns_name

NOT_COMPARED, ANOTHER_COUNTY = "not compared", "another county"
"""How the topics of these findings begin; the second is compared, but under another name."""
NAMED = 12
"""Names spelled out in a message."""
REMEDY = "If two of them are the same, give them one name with: tallyproof cards names."


def not_compared(material: Material, contests: CardContests, pairs: Sequence[Beside]) -> list[Finding]:
    """A finding for each kind of thing that met nothing, by jurisdiction; none where all was compared."""
    votes = material.returns.filter(countable() & is_measure(*VOTES))
    by_place = {each.jurisdiction: of_jurisdiction(material, each, votes) for each in material.card_counts}
    found = [*_jurisdictions(material, votes, by_place, bool(pairs))]
    for counted in material.card_counts:
        rows, own = by_place[counted.jurisdiction], counted.jurisdiction
        if rows.height:
            found += _contests(contests, counted, rows, [each for each in pairs if each.jurisdiction == own])
    by_name = {each.jurisdiction: each for each in material.card_counts}
    for pair in pairs:
        found += _choices(material, contests, by_name[pair.jurisdiction], pair)
        found += _units(material, by_name[pair.jurisdiction], pair)
        found += _withheld(material, pair)
    return found


def is_aside(finding: Finding) -> bool:
    """Whether a finding tells what met nothing, or met under another name only, and no difference."""
    return finding.check == "B14" and finding.topic.startswith((NOT_COMPARED, ANOTHER_COUNTY))


# ---- jurisdictions


def other_county(jurisdiction: str, rows: pl.DataFrame) -> str:
    """The county of which rows speak where it is not the one whose cards they were held against."""
    counties = [str(name) for name in rows["county"].unique() if name]
    is_other = len(counties) == 1 and jurisdiction_key(counties[0]) != jurisdiction_key(jurisdiction)
    return counties[0] if jurisdiction and is_other else ""


def _jurisdictions(
    material: Material, votes: pl.DataFrame, by_place: Mapping[str, pl.DataFrame], any_met: bool
) -> Iterator[Finding]:
    own = {jurisdiction_key(name) for name in by_place}
    taken = {str(county) for rows in by_place.values() for county in rows["county"].unique()}
    free = sorted(
        str(county) for county in votes["county"].unique()
        if county and str(county) not in taken and jurisdiction_key(str(county)) not in own
    )  # fmt: skip
    for counted in material.card_counts:
        rows, name = by_place[counted.jurisdiction], counted.jurisdiction
        if votes.height and not rows.height:
            yield _not_reported(counted, votes, free, any_met)
        elif county := other_county(name, rows):
            yield _finding(
                Severity.INFO, "", name, ANOTHER_COUNTY,
                f"{opening(name)}: {rows['file'][0]} speaks of {county} and of no other county. Its numbers "
                f"were compared with the cards of {name} all the same: are both of one place?",
                {}, _first(rows), counted.files,
            )  # fmt: skip
    if free:
        first = votes.filter(pl.col("county").cast(pl.String) == free[0])
        yield _finding(
            Severity.INFO, "", "", "counties",
            f"{_counted(len(free), 'county', 'counties')} of the returns {_have(len(free))} no cast vote "
            f"records here and {_were(len(free))} not compared: {_listed(free)}.",
            {"counties": len(free)}, _first(first), (),
        )  # fmt: skip


def _not_reported(counted: CountedCards, votes: pl.DataFrame, free: Sequence[str], any_met: bool) -> Finding:
    name = counted.jurisdiction
    near = nearest(name, free)
    hint = (
        f" The closest there is {near}: if it is the same, import the cards as those of {near}."
        if near
        else ""
    )
    return _finding(
        Severity.WARNING if near or not any_met else Severity.INFO, "", name, "jurisdiction",
        f"{opening(place_of(name, ''))}: the returns tell nothing of it, so no number of its "
        f"{count(counted.cards, 'card')} was compared.{hint}",
        {"cards": counted.cards}, Source(counted.files[0]), tuple(votes["file"].unique().cast(pl.String)),
    )  # fmt: skip


# ---- contests


def _contests(
    contests: CardContests, counted: CountedCards, rows: pl.DataFrame, pairs: Sequence[Beside]
) -> Iterator[Finding]:
    told = _votes_by(rows, ["contest", "office", "district"])
    reported = {
        str(row["contest"]): returns_name(str(row["office"]), str(row["district"]))
        for row in told.iter_rows(named=True) if row["contest"]
    }  # fmt: skip
    with_votes = set(told.filter(pl.col("votes") > 0)["contest"].cast(pl.String))
    met = {contest for pair in pairs for contest in pair.names} & set(reported)
    borne = [name for name, contest in counted.contests.items() if contest.cards.any()]
    on_cards = [name for name in borne if contests.ids[name] not in met]
    in_returns = {key: name for key, name in reported.items() if key in with_votes - met}
    if not on_cards and not in_returns:
        return
    file = str(rows["file"][0])
    first = rows.filter(pl.col("contest").cast(pl.String).is_in(list(in_returns)))
    parts = [_side(on_cards, f"on cards {_are(len(on_cards))} not in the returns", list(in_returns.values()))]
    parts += [
        _side(list(in_returns.values()), f"of the returns {_stand(len(in_returns))} on no card", on_cards)
    ]
    unit = counted.jurisdiction
    yield _finding(
        Severity.WARNING if in_returns else Severity.INFO, "", unit, "contests",
        f"{opening(place_of(unit, ''))}: not compared. {' '.join(part for part in parts if part)}"
        f"{f' {REMEDY}' if on_cards and in_returns else ''}",
        {"on_cards": len(on_cards), "reported": len(in_returns)},
        _first(first) if first.height else Source(file), counted.files,
    )  # fmt: skip


def _side(names: Sequence[str], what: str, others: Collection[str]) -> str:
    return f"{_counted(len(names), 'contest', 'contests')} {what}: {_listed(names, others)}." if names else ""


# ---- choices


def _choices(
    material: Material, contests: CardContests, counted: CountedCards, pair: Beside
) -> Iterator[Finding]:
    known = items_of(pair.rows, counted, pair.names)
    key = ["contest", "choice_id", "choice", "measure"]
    rows = by_mode(pair.rows.filter(is_measure(*VOTES)), {}).with_columns(pl.col(key).cast(pl.String))
    strange = _votes_by(rows.join(known, on=key, how="anti"), ["contest", "choice"]).filter(
        pl.col("votes") > 0
    )
    met = set(known.select("contest", "item").iter_rows())
    for contest, name in pair.names.items():
        if not rows.filter(pl.col("contest") == contest).height:
            continue
        on_cards = {
            choice: votes for choice, votes in counted.contests[name].total().items()
            if votes and not is_write_in(choice) and (contest, choice) not in met
        }  # fmt: skip
        own = strange.filter(pl.col("contest") == contest)
        reported = {str(row["choice"]): int(row["votes"]) for row in own.iter_rows(named=True)}
        if on_cards or reported:
            first = rows.filter((pl.col("contest") == contest) & pl.col("choice").is_in(list(reported)))
            yield _choices_finding(material, contests, counted, pair, name, on_cards, reported, first)


def _choices_finding(
    material: Material, contests: CardContests, counted: CountedCards, pair: Beside, name: str,
    on_cards: Mapping[str, int], reported: Mapping[str, int], first: pl.DataFrame,
) -> Finding:  # fmt: skip
    stake = contests.stake(name, max([*on_cards.values(), *reported.values()]))
    source, unit = material.source(pair.snapshot), counted.jurisdiction
    parts = []
    if on_cards:
        parts += [f"On cards only: {_with_votes(on_cards, reported)}."]
    if reported:
        parts += [f"In {source} only: {_with_votes(reported, on_cards)}."]
    return _finding(
        Severity.WARNING, stake.contest, unit, topic("choices", material.tag(pair.snapshot)),
        f"{opening(place_of(unit, ''))}: choices of {name} that were not compared. {' '.join(parts)}"
        f"{f' {REMEDY}' if on_cards and reported else ''}",
        {**{f"{choice} on cards": votes for choice, votes in list(on_cards.items())[:NAMED]},
         **{f"{choice} reported": votes for choice, votes in list(reported.items())[:NAMED]}},
        _first(first) if first.height else Source(source), counted.files, stake.votes, stake.margin,
    )  # fmt: skip


def _with_votes(names: Mapping[str, int], others: Collection[str]) -> str:
    return _listed([*names], others, {name: count(votes, "vote") for name, votes in names.items()})


# ---- units, numbers withheld


def _units(material: Material, counted: CountedCards, pair: Beside) -> Iterator[Finding]:
    """Units of one side only; where one side tells no units apart there is nothing to bring together."""
    keyed = pair.rows.select(pl.col("unit").cast(pl.String), "votes", key=unit_column(pair.rows, pair.units))
    told = keyed.filter((pl.col("unit") != "") & (pl.col("votes") > 0)).unique("unit", maintain_order=True)
    borne = np.sum([counted.contests[name].cards for name in pair.names.values()], axis=0)
    own = counted.groups.with_columns(borne=pl.Series(borne)).filter(
        (pl.col("borne") > 0) & (pl.col("unit") != "")
    )
    units = own["unit"].unique(maintain_order=True).to_list()
    if not units or not told.height:
        return
    met = set(told["key"]) & set(pair.units.values()) if pair.units else set()
    on_cards = sorted(unit for unit in units if pair.units.get(unit) not in met)
    reported = told.filter(~pl.col("key").is_in(list(met)))["unit"].sort().to_list()
    if not on_cards and not reported:
        return
    source, unit = material.source(pair.snapshot), counted.jurisdiction
    sides = [(on_cards, "on cards", reported), (reported, f"in {source}", on_cards)]
    parts = [f"{len(own):,} {where}: {_listed(own, others)}" for own, where, others in sides if own]
    first = pair.rows.filter(pl.col("unit").cast(pl.String).is_in(reported))
    yield _finding(
        Severity.INFO, "", unit, topic("units", material.tag(pair.snapshot)),
        f"{opening(place_of(unit, ''))}: units without a counterpart, {'; '.join(parts)}. They count in the "
        "sums that were compared, but votes that stand with another unit cannot be seen there.",
        {"on_cards": len(on_cards), "reported": len(reported)},
        _first(first) if first.height else Source(source), counted.files,
    )  # fmt: skip


def _withheld(material: Material, pair: Beside) -> Iterator[Finding]:
    """Numbers that the returns do not give, with which no sum can be compared."""
    rows = by_mode(pair.rows.filter(is_measure(*VOTES)), {}).filter(pl.col("votes").is_null())
    if not rows.height:
        return
    source, unit = material.source(pair.snapshot), pair.jurisdiction
    names = [pair.names[str(contest)] for contest in rows["contest"].unique(maintain_order=True)]
    yield _finding(
        Severity.INFO, "", unit, topic("withheld", material.tag(pair.snapshot)),
        f"{opening(place_of(unit, ''))}: {source} leaves {count(rows.height, 'number')} open. Neither they "
        f"nor the sums that they belong to were compared, in {_listed(names)}.",
        {"numbers": rows.height}, _first(rows), (),
    )  # fmt: skip


# ---- words


def nearest(name: str, others: Collection[str]) -> str:
    """The name most like this one: one that has all words of the shorter of the two, else by spelling."""
    words = set(slug(name).split("-")) - {""}
    shared = {}
    for other in others:
        own = set(slug(other).split("-")) - {""}
        if own and words and (own <= words or words <= own):
            shared[other] = len(own & words) / len(own | words)
    return max(shared, key=lambda other: (shared[other], other)) if shared else closest(name, others)


def _listed(
    names: Sequence[str], others: Collection[str] = (), notes: Mapping[str, str] | None = None
) -> str:
    """Names, each with its note and the name on the other side that is most like it; the rest counted."""
    parts = []
    for name in names[:NAMED]:
        near = nearest(name, others) if others else ""
        told = [note for note in ((notes or {}).get(name, ""), f"closest: {near}" if near else "") if note]
        parts.append(f"{name} ({'; '.join(told)})" if told else name)
    rest = len(names) - len(parts)
    return ", ".join(parts) + (f" and {rest:,} more" if rest else "")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


def _votes_by(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    return rows.group_by(key, maintain_order=True).agg(pl.col("votes").sum())


def _first(rows: pl.DataFrame) -> Source:
    row = rows.head(1).to_dicts()[0]
    return Source(row["file"], row["row"], None, str(row["snapshot"]))


def _finding(
    severity: Severity, contest: str, unit: str, what: str, message: str, numbers: Mapping[str, int],
    source: Source, also: Sequence[str], votes: int | None = None, margin: int | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        "B14", severity, contest, place_of(unit, ""), message, numbers=dict(numbers), votes_at_stake=votes,
        margin=margin, source=source, also=tuple(Source(file) for file in also),
        topic=what if what == ANOTHER_COUNTY else f"{NOT_COMPARED} {what}",
    )  # fmt: skip
