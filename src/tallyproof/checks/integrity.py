"""Files as they were read: encoding, headers, numbers, test data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from tallyproof.checks.check import Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, place, source_of, topic
from tallyproof.election.evidence import Finding, Rejection, Remark, Severity, Source
from tallyproof.election.returns import VOTES, Note, is_measure

WHOLE_FILE = "whole file"
SHOWN = 20
"""Of many cells of one kind so many are listed, beside the number of all."""


@check(
    "A1", "File encoding",
    question="Is the file plain UTF-8 text?",
    formula="UTF-8 without byte order mark, bare carriage returns, NUL bytes or wrongly decoded letters",
    severity=Severity.INFO,
    needs=("the file as it was imported",),
    benign=(
        "Excel and older programs write a byte order mark or the Windows alphabet",
        "the file was converted on its way, which can damage accents in names but no digits",
    ),
    record="the file as the office exported it",
    holder="the office or archive that published the file",
)  # fmt: skip
def file_encoding(material: Material) -> Outcome:
    """One finding per file, from what the importer saw of its bytes."""
    return [
        _of_file("A1", Severity.INFO, file, _sentence(file, remarks), numbers={"remarks": len(remarks)})
        for file, remarks in _by_file(material.remarks, "encoding")
    ]  # fmt: skip


def _by_file(remarks: Iterable[Remark], topic: str, but: str = "") -> list[tuple[str, list[Remark]]]:
    """Remarks on a topic by file, each once; those that hold the words ``but`` are told elsewhere."""
    grouped: dict[str, list[Remark]] = {}
    for remark in dict.fromkeys(remarks):
        if remark.topic == topic and not (but and but in remark.text):
            grouped.setdefault(remark.file, []).append(remark)
    return list(grouped.items())


def _sentence(file: str, remarks: Iterable[Remark]) -> str:
    return f"{file}: {'; '.join(remark.text for remark in remarks)}."


def _of_file(
    check: str, severity: Severity, file: str, message: str, row: int | None = None, *,
    numbers: dict[str, Any], topic: str = "", column: str | None = None, also: Sequence[Source] = (),
    snapshot: str = "",
) -> Finding:  # fmt: skip
    """A finding on a file as a whole; its name is part of the id."""
    return Finding(
        check, severity, "", WHOLE_FILE, message, numbers=numbers, source=Source(file, row, column, snapshot),
        also=tuple(also), topic=f"{file} {topic}",
    )  # fmt: skip


@check(
    "A2", "Headers and row shape",
    question="Does every row fit the header, and is every column what its name says?",
    formula="cells of a row = columns of the header; every name known and given once",
    severity=Severity.WARNING,
    needs=("the file as it was imported",),
    benign=(
        "sources spell column names in many ways; what was read as what is listed",
        "a comma inside a name without quotation marks makes a row one cell too long",
        "notes and footers below the table are rows without an office or a choice",
    ),
    record="the file as the office exported it, at the rows named",
    holder="the office or archive that published the file",
)  # fmt: skip
def header_and_shape(material: Material) -> Outcome:
    """Columns read under another name or given twice are told; rows that were not stored are warnings."""
    aliased = [
        _of_file("A2", Severity.INFO, file, _sentence(file, remarks), remarks[0].row, topic="header",
                 numbers={"columns": len(remarks)})
        for file, remarks in _by_file(material.remarks, "header", but=_RAGGED)
    ]  # fmt: skip
    shape = (each for each in material.rejections if not _is_about_number(each))
    return [*aliased, *_repeated_names(material), *(_rows_left_out("A2", *each) for each in _alike(shape))]


_RAGGED = "cells than the header"
_GIVEN_AGAIN = r"^(.+) \(\d+\)$"
_NAMELESS = r"^column \d+$"


def _repeated_names(material: Material) -> list[Finding]:
    """Columns with numbers whose name stands twice in the header, or that have none."""
    columns = material.returns.group_by("snapshot", "file", "column", maintain_order=True).agg(
        pl.len().alias("cells"), pl.col("row").min()
    )
    named = columns.with_columns(pl.col("column").cast(pl.String))
    first = pl.col("column").str.extract(_GIVEN_AGAIN)
    is_again = first.is_in(pl.col("column").implode()).over("snapshot", "file")
    odd = named.filter(is_again.fill_null(False) | pl.col("column").str.contains(_NAMELESS))
    return [_odd_column(row) for row in odd.iter_rows(named=True)]


def _odd_column(row: dict[str, Any]) -> Finding:
    name = row["column"]
    again = re.match(_GIVEN_AGAIN, name)
    what = f"a second column called '{again[1]}'" if again else f"a column without a name ('{name}')"
    message = (
        f"{row['file']}: {what} holds {count(row['cells'], 'number')}, read as one way of voting or count."
    )
    return _of_file("A2", Severity.WARNING, row["file"], message, 1, topic=name, column=name,
                    numbers={"cells": row["cells"]}, snapshot=row["snapshot"])  # fmt: skip


_NOT_A_NUMBER = "where a number is expected"
_A_SHARE = "is a share, not a count"


def _is_about_number(rejection: Rejection) -> bool:
    return rejection.reason.endswith((_NOT_A_NUMBER, _A_SHARE))


def _alike(rejections: Iterable[Rejection]) -> list[tuple[str, list[Rejection]]]:
    """Rejections of one file for one kind of reason, whatever numbers and texts the reason quotes."""
    grouped: dict[tuple[str, str], list[Rejection]] = {}
    for each in rejections:
        kind = re.sub(r"'.*?'", "'…'", re.sub(r"\b\d+ cells?\b", "other cells", each.reason))
        grouped.setdefault((each.file, kind), []).append(each)
    return [(kind, alike) for (_, kind), alike in grouped.items()]


def _rows_left_out(
    check: str, kind: str, alike: Sequence[Rejection], severity: Severity = Severity.WARNING
) -> Finding:
    first = alike[0]
    message = (
        f"{first.file}: {count(len(alike), 'row')} left out of the count; "
        f"the first is row {first.row:,}, which {first.reason}."
    )
    also = [Source(each.file, each.row) for each in alike[1 : SHOWN + 1]]
    numbers = {"rows": len(alike), "first_row": first.row}
    return _of_file(check, severity, first.file, message, first.row, topic=kind, numbers=numbers, also=also)


_CELLS = {
    Note.BLANK: (
        Severity.WARNING,
        "{cells} without a number; what is missing stays unknown, and so do sums that need it",
    ),
    Note.UNREADABLE: (Severity.WARNING, "{cells} with text that is no number; they stay unknown"),
    Note.SUPPRESSED: (Severity.INFO, "{cells} withheld by the source, as for few voters; unknown, not zero"),
    Note.COMMA: (Severity.INFO, "{cells} written with thousands commas, read as whole numbers"),
    Note.DECIMAL: (Severity.INFO, "{cells} written with decimals or in brackets, read as whole numbers"),
}


@check(
    "A3", "Votes can be read",
    question="Is every cell that should hold a count a plain whole number?",
    formula="each votes cell matches -?[0-9]+; anything else stays unknown or is left out, never taken as 0",
    severity=Severity.ERROR,
    needs=("the cells as they were imported",),
    benign=(
        "small counts are withheld to keep ballots secret ('*')",
        "a blank stands for 'not on this ballot' or for 'not yet counted'",
        "a scanned page was read by a machine that took a digit for a letter",
        "a percentage stands among the counts",
    ),
    record="the statement of votes or the page from which the file was made",
    holder="the county clerk",
)  # fmt: skip
def votes_parse(material: Material) -> Outcome:
    """One finding per file and kind of cell; rows lost to text are errors, shares are information."""
    noted = material.returns.filter(pl.col("note").is_in([note.value for note in _CELLS]))
    cells = pl.struct("row", "column", "state", "county", "unit").head(SHOWN + 1)
    kinds = (
        noted.sort("row", maintain_order=True)
        .group_by("snapshot", "file", "note", maintain_order=True)
        .agg(pl.len().alias("cells"), pl.col("row").n_unique().alias("rows"), cells.alias("shown"))
    )
    lost = [each for each in material.rejections if _is_about_number(each)]
    return [
        *(_odd_cells(row) for row in kinds.iter_rows(named=True)),
        *(_rows_left_out("A3", kind, alike, _lost(alike[0])) for kind, alike in _alike(lost)),
    ]


def _lost(rejection: Rejection) -> Severity:
    return Severity.INFO if rejection.reason == _A_SHARE else Severity.ERROR


def _odd_cells(row: dict[str, Any]) -> Finding:
    severity, words = _CELLS[Note(row["note"])]
    first, *others = row["shown"]
    cells = words.format(cells=count(row["cells"], "cell"))
    return _of_file(
        "A3", severity, row["file"],
        f"{row['file']}: {cells} (first: row {first['row']:,}, {place(first)}).", first["row"],
        numbers={"cells": row["cells"], "rows": row["rows"], "first_row": first["row"]}, topic=row["note"],
        column=first["column"] or None, snapshot=row["snapshot"],
        also=[Source(row["file"], each["row"], each["column"] or None, row["snapshot"]) for each in others],
    )  # fmt: skip


_TEST = (
    r"(?i)^test( |$)|\btest (precinct|ward|unit|deck|batch|ballots?|votes?|county|election|contest)\b"
    r"|\btest candidate\b|\b(logic (and|&) accuracy|l ?& ?a)\b"
)


@check(
    "A9", "Test data",
    question="Is this a test, or does a test deck stand among the returns?",
    formula="the name of the file, of a county, unit, contest or choice says 'test' or 'logic and accuracy'",
    severity=Severity.ERROR,
    needs=("names of files, units, contests and choices",),
    benign=(
        "a test file was published, or given here, in place of the real one",
        "the name of a place or person begins with the word",
    ),
    record="the log of the results system: when test ballots were cleared and counting began",
    holder="the office that runs the results system",
)  # fmt: skip
def is_test_data(material: Material) -> Outcome:
    """One finding per file, and one per name that says test, at the contest with most votes under it."""
    named = _says_test(material.returns).to_dicts()
    quoted = [f"'{row['name']}'" for row in named]
    rest = [each for each in material.remarks if not any(name in each.text for name in quoted)]
    files = [
        _of_file("A9", Severity.ERROR, file, f"{_sentence(file, remarks)} Make sure that these are returns.",
                 remarks[0].row, numbers={})
        for file, remarks in _by_file(rest, "test data")
    ]  # fmt: skip
    return [*files, *(_test_name(material, row) for row in named)]


def _says_test(frame: pl.DataFrame) -> pl.DataFrame:
    """Names that say test, each with its number of cells and its contest with most votes."""
    columns = ("county", "office", "unit", "choice")
    says = {column: frame[column].unique().cast(pl.String) for column in columns}
    tests = {column: names.filter(names.str.contains(_TEST)).to_list() for column, names in says.items()}
    texts = [
        pl.when(pl.col(name).is_in(tests[name])).then(pl.col(name).cast(pl.String))
        for name in columns
        if tests[name]
    ]
    if not texts:
        return pl.DataFrame()
    rows = frame.with_columns(name=pl.coalesce(texts)).filter(pl.col("name").is_not_null())
    votes = pl.col("votes").filter(is_measure(*VOTES)).sum()
    by_contest = rows.group_by("snapshot", "state", "name", "contest").agg(
        votes, pl.len().alias("cells"), pl.col("office", "file").first(), pl.col("row").min()
    )
    most = by_contest.with_columns(cells=pl.col("cells").sum().over("snapshot", "state", "name"))
    ordered = most.sort("name", "votes", "contest", descending=[False, True, False])
    return ordered.unique(["snapshot", "state", "name"], keep="first", maintain_order=True)


def _test_name(material: Material, row: dict[str, Any]) -> Finding:
    most = f", of them {count(row['votes'], 'vote')} for {row['office']}" if row["votes"] else ""
    return Finding(
        "A9", Severity.ERROR, row["contest"], row["name"],
        f"'{row['name']}' says that it is a test, yet the returns hold {count(row['cells'], 'number')} "
        f"under this name{most}.",
        numbers={"cells": row["cells"], "votes": row["votes"]}, votes_at_stake=row["votes"],
        margin=material.margin(row["contest"]), source=source_of(row),
        topic=topic("" if row["contest"] else row["state"], material.tag(row["snapshot"])),
    )  # fmt: skip
