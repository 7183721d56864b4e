"""Returns tables written by hand."""

import polars as pl

from tallyproof.election.returns import conform

Row = dict[str, object]


def row(unit: str, choice: str, votes: int | None, **more: object) -> Row:
    """One number of a presidential contest in Rock County, Wisconsin."""
    base: Row = {
        "file": "rock.csv", "row": 2, "state": "WI", "county": "Rock", "unit": unit, "vote_for": 1,
        "contest": "wi-president", "office": "President", "choice": choice, "choice_id": choice.casefold(),
        "votes": votes,
    }  # fmt: skip
    return {**base, **more}


def table(*rows: Row, snapshot: str = "") -> pl.DataFrame:
    """These rows as a returns table."""
    frame = conform(pl.DataFrame(list(rows), infer_schema_length=None))
    return frame.with_columns(snapshot=pl.lit(snapshot).cast(pl.Categorical)) if snapshot else frame
