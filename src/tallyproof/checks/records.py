"""Poll books, paper, provisional and mail ballots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.joining import with_unit_counts
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import UNIT_KEY, VOTES, Measure, Mode, countable, is_measure

ONE_BALLOT, FEW_BALLOTS, FEW_SHARE = 1, 4, 0.005
"""Poll book differences of one ballot are information; up to four and under 0.5 % of the voters a warning."""


@check(
    "B5", "Poll book balance",
    question="Were as many ballots counted in this unit as voters signed in?",
    formula="d = B - P; in balance when d = 0 (B ballots cast, P voters signed in); by county the sum of |d|",
    severity=Severity.ERROR,
    needs=("ballots cast", "voters signed in (poll book)"),
    benign=(
        "a jammed ballot was fed twice, or an envelope held no ballot",
        "a voter signed in and left without voting, or was sent to another unit",
        "a spoiled ballot was not logged",
        "absentee voters are in one of the two numbers and not in the other",
    ),
    record="the poll book, the tabulator's ballot counter and the spoiled-ballot log of the unit",
    holder="the municipal or county clerk",
)  # fmt: skip
def poll_book_balance(material: Material) -> Outcome:
    """By size of the difference: information, warning or error; across sources never more than a warning.

    Beside the units each county gets one summary, for the number of units alone says little:
    many units may each be off by one ballot.
    """
    is_ballots = pl.col("measure") == Measure.BALLOTS_CAST.value
    cast = material.unit_counts.filter(is_ballots & ~pl.col("summed"))
    places = cast.drop("county_key", "unit_key", "measure", "votes", "summed")
    rows = with_unit_counts(places, material.unit_counts) if places.height else places
    both = rows.filter(pl.col("voters").is_not_null()) if rows.height else rows
    if not both.height:
        return Missing("ballots cast and voters signed in (poll book) of the same units")
    judged = both.with_columns(d=pl.col("ballots") - pl.col("voters"))
    off = judged.filter(pl.col("d") != 0)
    return [
        *(_out_of_balance(material, row) for row in off.iter_rows(named=True)),
        *(_balance_of_county(material, row) for row in _by_county(judged).iter_rows(named=True)),
    ]


def _out_of_balance(material: Material, row: dict[str, Any]) -> Finding:
    contest, d = _contest(material, row), row["d"]
    same = row["voters_snapshot"] == row["snapshot"]
    other = "" if same else f" ({material.source(row['voters_snapshot'])} gives the voters)"
    return Finding(
        "B5", _severity(abs(d), row["voters"], same), contest, place(row),
        f"{place(row)}: {count(row['ballots'], 'ballot')} counted and {count(row['voters'], 'voter')} "
        f"signed in, {count(abs(d), 'ballot')} {'more' if d > 0 else 'fewer'} than voters{other}.",
        numbers={"ballots": row["ballots"], "voters": row["voters"], "d": d},
        votes_at_stake=abs(d), margin=material.margin(contest), source=source_of(row, "ballots cast"),
        also=(Source(row["voters_file"], row["voters_row"], "voters", row["voters_snapshot"]),),
        topic=_topic(material, row),
    )  # fmt: skip


def _severity(gap: int, voters: int, same: bool) -> Severity:
    """A difference of one ballot is information; five, or 0.5 % of the voters, are an error in one source."""
    if gap <= ONE_BALLOT:
        return Severity.INFO
    is_few = gap <= FEW_BALLOTS and gap < FEW_SHARE * voters
    return Severity.WARNING if is_few or not same else Severity.ERROR


def _contest(material: Material, row: dict[str, Any]) -> str:
    """The contest against whose margin a count of the whole unit is held: the one that heads the ballot."""
    return row["contest"] or material.top_contests.get(row["state"], "")


def _topic(material: Material, row: dict[str, Any], *parts: str) -> str:
    """Source, and the state where no contest's id names it."""
    state = "" if _contest(material, row) else row["state"]
    return topic(*parts, state, material.tag(row["snapshot"]))


def _by_county(judged: pl.DataFrame) -> pl.DataFrame:
    """Counties of which units are out of balance, with how many and by how much in sum."""
    units = judged.filter(pl.col("unit") != "")
    d = pl.col("d")
    counties = units.group_by("snapshot", "state", "county", "contest", maintain_order=True).agg(
        pl.len().alias("units"), (d != 0).sum().alias("out"),
        d.abs().sum().alias("gross"), d.sum().alias("net"), d.abs().max().alias("largest"),
        pl.col("file").first(), pl.col("row").sort_by(d.abs()).last(),
    )  # fmt: skip
    return counties.filter(pl.col("out") > 0).with_columns(unit=pl.lit(""))


def _balance_of_county(material: Material, row: dict[str, Any]) -> Finding:
    contest = _contest(material, row)
    return Finding(
        "B5", Severity.INFO, contest, place(row),
        f"{place(row)}: {row['out']:,} of {count(row['units'], 'unit')} out of balance, "
        f"by {count(row['gross'], 'ballot')} in all (net {row['net']:+,}, up to {row['largest']:,} in one).",
        numbers={name: row[name] for name in ("units", "out", "gross", "net", "largest")},
        margin=material.margin(contest), source=source_of(row), topic=_topic(material, row, "summary"),
    )  # fmt: skip


_PAPER = (Measure.BALLOTS_CAST, Measure.BALLOTS_ISSUED, Measure.BALLOTS_SPOILED, Measure.BALLOTS_UNUSED,
          Measure.PROVISIONAL_ISSUED)  # fmt: skip


@check(
    "B6", "Paper balance",
    question="Is every ballot paper accounted for: issued = voted + spoiled + unused (+ provisional)?",
    formula="d = issued - (B + spoiled + unused); adds up when d = 0, with or without provisional ballots",
    severity=Severity.WARNING,
    needs=("ballots issued", "ballots cast", "ballots spoiled", "ballots unused"),
    benign=(
        "a voter left with the ballot",
        "pads of ballots were counted by their labels and not by hand",
        "absentee or provisional ballots stand in one of the numbers only",
    ),
    record="the ballot accounting form of the unit and the sealed spoiled and unused ballots",
    holder="the municipal or county clerk",
)  # fmt: skip
def paper_balance(material: Material) -> Outcome:
    """Where a part is unknown, only more ballots than were issued are a finding."""
    rows = _side_by_side(material, _PAPER).filter(
        pl.col("ballots_issued").is_not_null() & pl.col("ballots_cast").is_not_null()
        & (pl.col("ballots_spoiled").is_not_null() | pl.col("ballots_unused").is_not_null())
    )  # fmt: skip
    if not rows.height:
        return Missing("ballots issued, cast, spoiled and unused by reporting unit")
    at_polls = rows.join(
        _ballots_at_polls(material), on=["snapshot", *UNIT_KEY], how="left", maintain_order="left"
    )
    rest = pl.col("ballots_issued") - pl.sum_horizontal("ballots_spoiled", "ballots_unused")
    readings = [
        rest - ballots - provisional
        for ballots in (pl.col("ballots_cast"), pl.col("at_polls"))
        for provisional in (pl.lit(0), pl.col("provisional_issued"))
    ]
    nearest = pl.concat_list(readings).list.drop_nulls()
    judged = at_polls.with_columns(d=nearest.list.eval(pl.element().sort_by(pl.element().abs())).list.first())
    complete = pl.col("ballots_spoiled").is_not_null() & pl.col("ballots_unused").is_not_null()
    off = judged.filter((complete & (pl.col("d") != 0)) | (nearest.list.max() < 0))
    return [_paper_finding(material, row) for row in off.iter_rows(named=True)]


def _paper_finding(material: Material, row: dict[str, Any]) -> Finding:
    contest, d = _contest(material, row), row["d"]
    parts = ", ".join(
        f"{row[name]:,} {words}" for name, words in _PAPER_WORDS.items() if row[name] is not None
    )
    end = f"{count(d, 'ballot')} missing" if d > 0 else f"{count(-d, 'ballot')} more than were issued"
    return Finding(
        "B6", Severity.WARNING, contest, place(row),
        f"{place(row)}: {count(row['ballots_issued'], 'ballot')} issued against {parts}: {end}; "
        "the paper does not add up.",
        numbers={**{measure.value: row[measure.value] for measure in _PAPER}, "d": d},
        votes_at_stake=abs(d), margin=material.margin(contest), source=source_of(row, "ballots issued"),
        topic=_topic(material, row),
    )  # fmt: skip


_PAPER_WORDS = {
    "ballots_cast": "cast",
    "ballots_spoiled": "spoiled",
    "ballots_unused": "unused",
    "provisional_issued": "provisional",
}


def _ballots_at_polls(material: Material) -> pl.DataFrame:
    """Ballots cast on election day, for sources that issue paper only for the polls."""
    at_polls = material.returns.filter(
        is_measure(Measure.BALLOTS_CAST)
        & (pl.col("mode") == Mode.ELECTION_DAY.value)
        & (pl.col("contest") == "")
    )
    return at_polls.group_by("snapshot", *UNIT_KEY).agg(at_polls=pl.col("votes").sum())


def _side_by_side(material: Material, measures: Sequence[Measure]) -> pl.DataFrame:
    """One row per snapshot and unit with one column per measure, null where the source does not give it."""
    names = [measure.value for measure in measures]
    rows = material.totals.filter(is_measure(*measures) & (pl.col("contest") == ""))
    values = [pl.col("votes").filter(pl.col("measure") == name).first().alias(name) for name in names]
    return rows.group_by("snapshot", *UNIT_KEY, maintain_order=True).agg(
        *values, pl.col("contest", "file").first(), pl.col("row").min()
    )


_PROVISIONAL = (Measure.PROVISIONAL_ISSUED, Measure.PROVISIONAL_COUNTED, Measure.PROVISIONAL_REJECTED)


@check(
    "B8", "Provisional ballots",
    question="Were no more provisional ballots counted and rejected than issued, and do their votes fit?",
    formula="counted + rejected <= issued; votes in provisional mode <= m·counted (m votes per ballot)",
    severity=Severity.ERROR,
    needs=("provisional ballots issued, counted and rejected", "or those counted, beside votes by mode"),
    benign=(
        "a provisional ballot of another unit was counted here",
        "a ballot that was counted in part stands under counted and under rejected",
        "the votes were entered after the number of ballots",
    ),
    record="the provisional ballot log and envelopes of the unit",
    holder="the municipal or county clerk",
)  # fmt: skip
def provisional_ballots(material: Material) -> Outcome:
    """More decided than issued is an error, more votes than counted ballots a warning."""
    units = _side_by_side(material, _PROVISIONAL)
    decided = pl.sum_horizontal("provisional_counted", "provisional_rejected")
    issued = units.filter(pl.col("provisional_issued").is_not_null() & (decided > 0))
    votes = _provisional_votes(material, units)
    known = pl.any_horizontal(pl.col("provisional_counted", "provisional_rejected").is_not_null())
    if not units.filter(pl.col("provisional_issued").is_not_null() & known).height and not votes.height:
        return Missing(
            "provisional ballots issued, counted and rejected, or votes by mode beside those counted"
        )
    too_many = issued.with_columns(x=decided - pl.col("provisional_issued")).filter(pl.col("x") > 0)
    too_voted = votes.filter(pl.col("x") > 0)
    return [
        *(_more_decided_than_issued(material, row) for row in too_many.iter_rows(named=True)),
        *(_more_votes_than_provisional(material, row) for row in too_voted.iter_rows(named=True)),
    ]


def _provisional_votes(material: Material, units: pl.DataFrame) -> pl.DataFrame:
    """Votes in provisional mode beside the unit's counted provisional ballots, where m is known."""
    is_provisional = pl.col("mode") == Mode.PROVISIONAL.value
    cast = material.returns.filter(
        is_provisional & is_measure(*VOTES) & pl.col("vote_for").is_not_null() & countable()
    )
    key = ["snapshot", *UNIT_KEY]
    sums = cast.group_by(*key, "contest", maintain_order=True).agg(
        votes=pl.col("votes").sum(), vote_for=pl.col("vote_for").max(), office=pl.col("office").first(),
        file=pl.col("file").first(), row=pl.col("row").min(),
    )  # fmt: skip
    counted = units.select(*key, "provisional_counted").drop_nulls()
    both = sums.join(counted, on=key, maintain_order="left")
    return both.with_columns(x=pl.col("votes") - pl.col("vote_for") * pl.col("provisional_counted"))


def _more_decided_than_issued(material: Material, row: dict[str, Any]) -> Finding:
    contest = _contest(material, row)
    parts = f"{row['provisional_counted'] or 0:,} counted and {row['provisional_rejected'] or 0:,} rejected"
    return Finding(
        "B8", Severity.ERROR, contest, place(row),
        f"{place(row)}: {parts} provisional ballots are {row['x']:,} more than the "
        f"{row['provisional_issued']:,} issued: reporting inconsistency; resolve at canvass.",
        numbers={**{measure.value: row[measure.value] for measure in _PROVISIONAL}, "x": row["x"]},
        votes_at_stake=row["x"], margin=material.margin(contest),
        source=source_of(row, "provisional ballots"), topic=_topic(material, row, "issued"),
    )  # fmt: skip


def _more_votes_than_provisional(material: Material, row: dict[str, Any]) -> Finding:
    return Finding(
        "B8", Severity.WARNING, row["contest"], place(row),
        f"{place(row)}: {count(row['votes'], 'provisional vote')} for {row['office']} are {row['x']:,} more "
        f"than {count(row['provisional_counted'], 'provisional ballot')} counted can hold.",
        numbers={name: row[name] for name in ("votes", "provisional_counted", "vote_for", "x")},
        votes_at_stake=row["x"], margin=material.margin(row["contest"]), source=source_of(row, "provisional"),
        topic=topic("votes", material.tag(row["snapshot"])),
    )  # fmt: skip


_MAIL = (Measure.MAIL_SENT, Measure.MAIL_RETURNED, Measure.MAIL_ACCEPTED, Measure.MAIL_REJECTED,
         Measure.MAIL_PENDING)  # fmt: skip


@check(
    "B9", "Mail ballots",
    question="Did no more mail ballots come back than were sent, and is each that came back accounted for?",
    formula="returned <= sent; returned = accepted + rejected + pending",
    severity=Severity.WARNING,
    needs=("mail or absentee ballots sent, returned, accepted, rejected and, before the end, pending",),
    benign=(
        "replacement ballots were sent and both came back",
        "ballots that came too late stand under returned only",
        "voters cured their envelopes after the numbers were drawn up",
        "in-person absentee ballots stand in one of the numbers only",
    ),
    record="the absentee ballot log and the envelopes",
    holder="the municipal or county clerk",
)  # fmt: skip
def mail_ballots(material: Material) -> Outcome:
    """While pending ballots are unknown, only more accepted and rejected than returned is a finding."""
    units = _side_by_side(material, _MAIL)
    returned, outcome = pl.col("mail_returned"), pl.col("mail_accepted", "mail_rejected", "mail_pending")
    sent = units.filter(returned.is_not_null() & pl.col("mail_sent").is_not_null())
    decided = units.filter(returned.is_not_null() & pl.any_horizontal(outcome.is_not_null()))
    if not sent.height and not decided.height:
        return Missing("mail or absentee ballots sent and returned, or returned, accepted and rejected")
    back = sent.with_columns(d=returned - pl.col("mail_sent")).filter(pl.col("d") > 0)
    judged = decided.with_columns(d=pl.sum_horizontal(outcome) - returned)
    off = judged.filter((pl.col("d") > 0) | (pl.all_horizontal(outcome.is_not_null()) & (pl.col("d") < 0)))
    return [
        *(_mail_finding(material, row, "returned") for row in back.iter_rows(named=True)),
        *(_mail_finding(material, row, "accounted") for row in off.iter_rows(named=True)),
    ]


def _mail_finding(material: Material, row: dict[str, Any], about: str) -> Finding:
    contest, d = _contest(material, row), row["d"]
    if about == "returned":
        back = count(row["mail_returned"], "mail ballot")
        said = f"{back} came back, {d:,} more than the {row['mail_sent']:,} sent"
    else:
        parts = ", ".join(
            f"{row[name.value]:,} {name.value[5:]}" for name in _MAIL[2:] if row[name.value] is not None
        )
        said = f"of {count(row['mail_returned'], 'mail ballot')} that came back, {parts}: {d:+,}"
    return Finding(
        "B9", Severity.WARNING, contest, place(row), f"{place(row)}: {said}; the mail ballots do not add up.",
        numbers={**{measure.value: row[measure.value] for measure in _MAIL}, "d": d},
        votes_at_stake=abs(d), margin=material.margin(contest), source=source_of(row, "mail ballots"),
        topic=_topic(material, row, about),
    )  # fmt: skip
