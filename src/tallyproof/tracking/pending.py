"""Ballots that a report says are still to be decided on: how far a lead may still move."""

from __future__ import annotations

import polars as pl

from tallyproof.election.returns import Measure, is_measure

PENDING = (
    Measure.MAIL_PENDING, Measure.PROVISIONAL_ISSUED, Measure.PROVISIONAL_COUNTED,
    Measure.PROVISIONAL_REJECTED,
)  # fmt: skip


def pending_ballots(leaves: pl.DataFrame) -> dict[str, int]:
    """By state the mail ballots pending and the provisional ballots neither counted nor rejected.

    ``leaves`` are one snapshot's rows at their finest level. Provisional ballots enter only where what
    became of them is given. States of which nothing is said, or one number is unknown, are left out.
    """
    told = leaves.filter(is_measure(*PENDING)).with_columns(pl.col("state").cast(pl.String))
    summed = told.group_by("state", "measure").agg(
        pl.when(pl.col("votes").is_null().any()).then(None).otherwise(pl.col("votes").sum()).alias("votes")
    )
    by_state: dict[str, dict[str, int | None]] = {}
    for state, measure, votes in summed.select("state", pl.col("measure").cast(pl.String), "votes").rows():
        by_state.setdefault(state, {})[measure] = votes
    found = ((state, _left(numbers)) for state, numbers in by_state.items())
    return {state: left for state, left in found if left is not None}


def _left(numbers: dict[str, int | None]) -> int | None:
    if any(number is None for number in numbers.values()):
        return None
    known = {name: number or 0 for name, number in numbers.items()}
    issued, decided = Measure.PROVISIONAL_ISSUED.value, {
        Measure.PROVISIONAL_COUNTED.value, Measure.PROVISIONAL_REJECTED.value,
    }  # fmt: skip
    mail, parts = Measure.MAIL_PENDING.value, decided & set(known)
    if issued in known and parts:
        return known.get(mail, 0) + max(0, known[issued] - sum(known[name] for name in parts))
    return known.get(mail)
