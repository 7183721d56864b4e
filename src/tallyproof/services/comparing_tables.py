"""A recount comparison as tables for a spreadsheet, each with its name."""

from __future__ import annotations

from collections.abc import Iterator

from tallyproof.recount.comparison import GroupChange, UnitCount
from tallyproof.services.comparing import Compared
from tallyproof.services.exporting import Row, Rows

UNITS = "units"


def comparison_tables(found: Compared) -> dict[str, Rows]:
    """Every table by name: sentences, units, choices, groups, and what is to be listed by name."""
    answer = found.answer
    return {
        "summary": [("contest", "statement"), *((found.contest, each) for each in answer.sentences)],
        UNITS: units_table(found),
        "choices": choices_table(found),
        "groups": groups_table(found),
        "listed units": listed_table(found),
        "unused rows": [
            ("table", "row", "place", "reason"),
            *((each.table, each.row, each.place, each.reason) for each in found.unused),
        ],
    }


def units_table(found: Compared) -> Rows:
    """One row per unit and choice that either count names, in the order of the counts."""
    labels = list(dict.fromkeys(name for unit in found.problem.units for name in unit.labels))
    header = ("contest", "unit", "choice", "before", "after", "change", *labels, "cannot_be_recounted")
    return [header, *(row for unit in found.problem.units for row in _unit(found.contest, unit, labels))]


def _unit(contest: str, unit: UnitCount, labels: list[str]) -> Iterator[Row]:
    before, after = unit.before, unit.after
    said = [unit.labels.get(name, "") for name in labels]
    for choice in dict.fromkeys((*(before or {}), *(after or {}))):
        was = None if before is None else before.get(choice, 0)
        now = None if after is None else after.get(choice, 0)
        by = None if was is None or now is None else now - was
        yield (contest, unit.unit, choice, was, now, by, *said, unit.cannot)


def choices_table(found: Compared) -> Rows:
    """One row per choice; votes are those of the recounted units unless the column says all."""
    header = (
        "contest", "choice", "listed", "before_all_units", "before", "after", "net", "added", "removed",
        "gross", "units_changed", "unknown_changes",
    )  # fmt: skip
    rows = [
        (
            found.contest, each.choice, "yes" if each.listed else "no", each.whole_before, each.before,
            each.after, each.net, each.added, each.removed, each.gross, each.units_changed, each.unknown,
        )
        for each in found.answer.choices
    ]  # fmt: skip
    return [header, *rows]


def groups_table(found: Compared) -> Rows:
    """One row per value of each label, such as a model of tabulator."""
    header = (
        "contest", "label", "value", "units_recounted", "units_changed", "votes_before", "net", "gross",
        "gross_percent", "two_leading_votes_before", "two_leading_gross", "two_leading_percent",
        "margin_change", "units_not_recounted",
    )  # fmt: skip
    return [header, *(_group(found.contest, each) for each in found.answer.groups)]


def _group(contest: str, each: GroupChange) -> Row:
    return (
        contest, each.label, each.value, each.units, each.units_changed, each.votes, each.net, each.gross,
        _rounded(each.percent), each.two_votes, each.two_gross, _rounded(each.two_percent),
        each.margin_change, each.left,
    )  # fmt: skip


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 4)


def listed_table(found: Compared) -> Rows:
    """Units to be named: those not recounted, why, and those that only the recount has."""
    answer = found.answer
    parts = (
        ("cannot be recounted", answer.cannot),
        ("recounted in part", answer.partly),
        ("left", answer.left),
        ("only in the recount", answer.only_after),
        ("said to be beyond recounting, recounted", answer.anyway),
    )
    rows = [(found.contest, state, each.unit, each.why, each.votes) for state, some in parts for each in some]
    return [("contest", "state", "unit", "why", "votes"), *rows]
