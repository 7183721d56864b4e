"""Write-in votes: named ones within the bucket, and counties that report none."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.checks.written_in import is_named, is_uncounted
from tallyproof.election.evidence import Finding, Severity
from tallyproof.election.returns import VOTES, Measure, countable, is_measure

_BUCKET = r"(?i)^(total )?write[ -]?0?ins?( votes?| totals?)*$"
_SCATTERED = r"(?i)^scatter"
MOST_COUNTIES, FEWEST_COUNTIES = 0.5, 3
IMPROBABLE = 1e-6
HALF, FEWEST_CHOICES = 0.5, 3
_COUNTY = ("snapshot", "state", "county", "contest")
_CONTEST = ("snapshot", "state", "contest")


@check(
    "B10", "Write-in votes",
    question="Do named write-ins fit into the write-in total, and does each county report write-ins?",
    formula="named + unresolved <= write-in total; none in a county while most have, or where (1-p)^n < 1e-6",
    severity=Severity.INFO,
    needs=("write-in votes by county or unit",),
    benign=(
        "state law has write-ins tallied only for registered candidates, or only where they could win",
        "the county keeps its scattering votes on paper",
        "the write-in total leaves out the named ones",
    ),
    record="the tally sheets of write-in votes and the canvass statement",
    holder="the county clerk",
)  # fmt: skip
def write_ins(material: Material) -> Outcome:
    """Information by county: named above the total, none at all, none by name, no votes for minor choices."""
    cells = _by_county(material.leaves.filter(is_measure(*VOTES)))
    if not cells.filter((pl.col("measure") == Measure.WRITE_IN.value) | pl.col("named")).height:
        return Missing("write-in votes by county or unit")
    return [
        *(_exceeds(material, row) for row in _above_bucket(material.returns).iter_rows(named=True)),
        *(_none(material, row) for row in _without_write_ins(cells).iter_rows(named=True)),
        *(_none_by_name(material, row) for row in _without_named(cells).iter_rows(named=True)),
        *(_leading_only(material, row) for row in _without_minor(cells).iter_rows(named=True)),
    ]


def _by_county(votes: pl.DataFrame) -> pl.DataFrame:
    """Votes by county, contest and choice, with n, the votes of the county, and p, the share in others.

    Counties of which a number in the contest is unknown are left out.
    """
    known = votes.filter(~pl.col("votes").is_null().any().over(_COUNTY))
    cells = known.group_by(*_COUNTY, "choice_id", "measure", maintain_order=True).agg(
        pl.col("votes").sum(),
        pl.col("office", "file").first(),
        pl.col("row").min(),
        pl.lit("").alias("unit"),
        is_named().any().alias("named"),
    )
    n, named = pl.col("votes").sum().over(_COUNTY), pl.col("named")
    others = pl.col("votes").sum().over(_CONTEST) - n
    elsewhere = pl.col("votes").sum().over(*_CONTEST, "choice_id") - pl.col("votes")
    return cells.with_columns(
        n=n, counties=pl.col("county").n_unique().over(_CONTEST), all=elsewhere + pl.col("votes"),
        p=pl.when(others > 0).then(elsewhere / others), uncounted=is_uncounted(named),
    )  # fmt: skip


def _above_bucket(frame: pl.DataFrame) -> pl.DataFrame:
    """Counties and contests where named and unresolved write-ins of a unit exceed its write-in total."""
    text, is_write_in = pl.col("choice").cast(pl.String), pl.col("measure") == Measure.WRITE_IN.value
    is_bucket = is_write_in & text.str.contains(_BUCKET)
    is_part = (is_write_in & ~is_bucket & ~text.str.contains(_SCATTERED)) | is_named()
    rows = frame.filter(countable() & is_measure(*VOTES) & (is_bucket | is_part))
    unit = [*_COUNTY, "unit", "level", "mode"]
    is_given = is_bucket.any() & pl.col("votes").filter(is_bucket).is_not_null().all()
    units = rows.group_by(unit, maintain_order=True).agg(
        pl.col("votes").filter(is_part).sum().alias("named"), is_part.any().alias("has_parts"),
        pl.when(is_given).then(pl.col("votes").filter(is_bucket).sum()).alias("bucket"),
        pl.col("office").first(), pl.col("file", "row").filter(is_bucket).first(),
    ).filter(pl.col("has_parts") & (pl.col("named") > pl.col("bucket")))  # fmt: skip
    counties = units.group_by(*_COUNTY, "level", "mode", maintain_order=True).agg(
        pl.col("named", "bucket").sum(), pl.len().alias("units"), pl.col("office", "file", "row").first(),
        pl.lit("").alias("unit"),
    )  # fmt: skip
    largest = counties.sort(pl.col("named") - pl.col("bucket"), descending=True, maintain_order=True)
    return largest.unique(_COUNTY, keep="first", maintain_order=True)


def _exceeds(material: Material, row: dict[str, Any]) -> Finding:
    x = row["named"] - row["bucket"]
    return Finding(
        "B10", Severity.INFO, row["contest"], place(row),
        f"{place(row)}: named and unresolved write-ins for {row['office']} ({row['named']:,}) exceed the "
        f"write-in total ({row['bucket']:,}) by {x:,} in {count(row['units'], 'unit')}.",
        numbers={"named": row["named"], "bucket": row["bucket"], "x": x, "units": row["units"]},
        votes_at_stake=x, margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic("named", material.tag(row["snapshot"])),
    )  # fmt: skip


def _without_write_ins(cells: pl.DataFrame) -> pl.DataFrame:
    """Counties without a write-in vote in contests where other counties let one expect some."""
    is_write_in = pl.col("measure") == Measure.WRITE_IN.value
    counties = cells.group_by(_COUNTY, maintain_order=True).agg(
        pl.col("n", "counties", "office", "file").first(), pl.col("row").min(),
        is_write_in.any().alias("given"), pl.col("votes").filter(is_write_in).sum().alias("write_ins"),
    )  # fmt: skip
    others = pl.col("n").sum().over(_CONTEST) - pl.col("n")
    share = (pl.col("write_ins").sum().over(_CONTEST) - pl.col("write_ins")) / others
    judged = counties.with_columns(
        p=share, expected=share * pl.col("n"), common=pl.col("given").mean().over(_CONTEST)
    )
    is_rare = pl.col("n") * (1 - pl.col("p")).log() < math.log(IMPROBABLE)
    none = judged.filter(
        (pl.col("counties") >= FEWEST_COUNTIES) & (pl.col("n") > 0) & (pl.col("write_ins") == 0)
        & pl.when("given").then(is_rare).otherwise(pl.col("common") >= MOST_COUNTIES)
    )  # fmt: skip
    most_first = none.sort("expected", descending=True, maintain_order=True)
    return most_first.group_by("snapshot", "state", "county", maintain_order=True).agg(
        pl.len().alias("contests"), pl.lit("").alias("unit"),
        pl.col("contest", "office", "file", "row", "n", "expected", "given").first(),
    )  # fmt: skip


def _none(material: Material, row: dict[str, Any]) -> Finding:
    expected = round(row["expected"])
    more = f" and {count(row['contests'] - 1, 'more contest')}" if row["contests"] > 1 else ""
    how = "0 write-in votes" if row["given"] else "no count of write-in votes"
    return Finding(
        "B10", Severity.INFO, row["contest"], place(row),
        f"{place(row)}: {how} for {row['office']}{more}; at the share of other counties there would be about "
        f"{expected:,} among {count(row['n'], 'vote')} for {row['office']}.",
        numbers={"contests": row["contests"], "votes": row["n"], "expected": expected},
        votes_at_stake=expected, margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic("none", material.tag(row["snapshot"])),
    )  # fmt: skip


def _without_named(cells: pl.DataFrame) -> pl.DataFrame:
    """Counties without a vote for any candidate written in, where the share of others would give some."""
    judged = cells.filter(pl.col("uncounted") & (pl.col("counties") >= FEWEST_COUNTIES))
    counties = judged.group_by(_COUNTY, maintain_order=True).agg(
        (pl.col("p") * pl.col("n")).sum().alias("expected"), pl.len().alias("choices"),
        pl.col("n", "office", "file").first(), pl.col("row").min(), pl.lit("").alias("unit"),
    )  # fmt: skip
    return counties.filter(pl.col("expected") >= -math.log(IMPROBABLE))


def _none_by_name(material: Material, row: dict[str, Any]) -> Finding:
    expected = round(row["expected"])
    whom = "the candidate" if row["choices"] == 1 else f"any of {row['choices']} candidates"
    return Finding(
        "B10", Severity.INFO, row["contest"], place(row),
        f"{place(row)}: 0 of {count(row['n'], 'vote')} for {whom} for {row['office']} whose names are "
        f"written in; at the share of other counties there would be about {expected:,}.",
        numbers={"choices": row["choices"], "votes": row["n"], "expected": expected},
        votes_at_stake=expected, margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic("by-name", material.tag(row["snapshot"])),
    )  # fmt: skip


def _without_minor(cells: pl.DataFrame) -> pl.DataFrame:
    """Counties that give votes to the two leading choices and hardly any to the others.

    Names written in are not asked about where the county does not count them one by one.
    """
    county = cells.filter(pl.col("counties") >= FEWEST_COUNTIES).with_columns(
        place=pl.col("all").rank("ordinal", descending=True).over(_COUNTY), expected=pl.col("p") * pl.col("n")
    )
    minor = county.filter((pl.col("place") > 2) & ~pl.col("uncounted"))
    is_none = pl.col("votes") == 0
    judged = minor.group_by(_COUNTY, maintain_order=True).agg(
        pl.col("expected").filter(is_none).sum().alias("missing"), pl.col("expected").sum(),
        pl.len().alias("choices"),
        is_none.sum().alias("without"), (is_none & (pl.col("expected") >= 1)).sum().alias("surprising"),
        pl.col("n", "office", "file").first(), pl.col("row").filter(is_none).first(),
        pl.lit("").alias("unit"),
    )  # fmt: skip
    return judged.filter(
        (pl.col("missing") >= -math.log(IMPROBABLE)) & (pl.col("missing") >= HALF * pl.col("expected"))
        & (pl.col("surprising") >= FEWEST_CHOICES)
    )  # fmt: skip


def _leading_only(material: Material, row: dict[str, Any]) -> Finding:
    missing = round(row["missing"])
    return Finding(
        "B10", Severity.INFO, row["contest"], place(row),
        f"{place(row)}: {row['without']} of {row['choices']} minor choices for {row['office']} have 0 of "
        f"{count(row['n'], 'vote')}; at the share of other counties they would have about {missing:,}.",
        numbers={
            "choices": row["choices"], "without": row["without"], "votes": row["n"], "expected": missing,
        },
        votes_at_stake=missing, margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic("minor", material.tag(row["snapshot"])),
    )  # fmt: skip
