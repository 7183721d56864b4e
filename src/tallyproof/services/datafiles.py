"""What is published of a case as data: JSON for programs, CSV and Excel for spreadsheets."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tallyproof.election.evidence import Finding
from tallyproof.errors import RequestError
from tallyproof.services import card_files, checking, exporting, pages, places, reports, searching
from tallyproof.services.access import Actor
from tallyproof.services.cases import ImportRecord
from tallyproof.services.counting import ContestCount
from tallyproof.services.exporting import Rows
from tallyproof.services.pages import Look
from tallyproof.services.units import UnitTable
from tallyproof.services.workspace import Workspace

KINDS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LISTS = ("count", "findings", "places", "imports", "events")
_NAME = re.compile(
    r"(?P<list>count|findings|places|imports|events|record|search|units|counties|rejections|changes"
    r"|cards|card-batches|card-contests)(/(?P<of>[^/]+))?\.(?P<ending>json|csv|xlsx)"
)
_YEAR = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's time has no zone; always the same, so that bytes are


def data_file(
    workspace: Workspace, actor: Actor, case: str, name: str, as_of: datetime | None = None, asked: str = ""
) -> bytes:
    """One data file by its name, such as ``count.json`` or ``units/wi-president.csv``.

    ``asked`` are the words that ``search.csv`` and its like look for.
    Raises RequestError where there is none of that name.
    """
    seen = pages.look(workspace, actor, case, as_of)
    named = _NAME.fullmatch(name)
    if named is None:
        raise RequestError(f"There is no data file {name}. There are {', '.join(LISTS)} and record.")
    what, of, ending = named["list"], named["of"] or "", named["ending"]
    if what == "record" and ending == "json" and not of:
        return _json(record(workspace, actor, case))
    make = _LISTS.get(what) if not of else _PARTS.get(what)
    if what == "search" and not of:
        make, of = _search, asked
    if make is None:
        raise RequestError(f"There is no data file {name}.")
    plain, rows = make(workspace, actor, seen, of)
    return _json({**_head(seen), **plain}) if ending == "json" else table_bytes(rows, ending)


def etag(seen: Look) -> str:
    """A strong validator: it changes with the case's events and with the program that answers."""
    number, head = seen.state.sequence, seen.state.head
    return f'"{number}-{head[:16]}-{checking.program()[:8]}"'


def record(workspace: Workspace, actor: Actor, case: str) -> dict[str, Any]:
    """The head of a case and all its events, secrets only as commitments: enough to check the chain."""
    shown = pages.record_page(workspace, actor, case)
    return {**_head_of(shown.state.id, shown.state.sequence, shown.state.head),
            "events": [asdict(each) for each in reversed(shown.events)]}  # fmt: skip


def table_bytes(rows: Rows, ending: str) -> bytes:
    """A table as CSV or Excel, always the same bytes for the same table."""
    from tallyproof.formats.export import write_csv, write_xlsx

    if ending == "xlsx":
        book = io.BytesIO()
        write_xlsx(rows, book, created=_YEAR)
        return book.getvalue()
    text = io.StringIO(newline="")
    write_csv(rows, text)
    return text.getvalue().encode()


def _json(plain: dict[str, Any]) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _head(seen: Look) -> dict[str, Any]:
    return _head_of(seen.state.id, seen.state.sequence, seen.state.head)


def _head_of(case: str, sequence: int, head: str) -> dict[str, Any]:
    return {"case": case, "head": {"sequence": sequence, "hash": head}}


# ---- lists: as plain objects and as rows


def _count(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    plain = {
        "contests": [_contest(each) for each in seen.count.contests],
        "electors": [asdict(each) for each in seen.count.electors],
    }
    return plain, exporting.count_table(seen.count)


def _contest(counted: ContestCount) -> dict[str, Any]:
    contest, standing, snapshot = counted.contest, counted.standing, counted.snapshot
    return {
        "id": contest.id, "title": contest.title, "state": contest.state, "office": contest.office,
        "district": contest.district, "vote_for": contest.vote_for, "sentence": counted.sentence,
        "leader": standing.leader, "margin": standing.margin, "total": standing.total,
        "unknown": standing.unknown, "status": snapshot.status.value,
        "as_of": _time(snapshot.as_of), "source": snapshot.source, "import": snapshot.sequence,
        "choices": [asdict(each) for each in counted.choices],
        "reports": [
            {"import": _number(each.snapshot), "leader": each.leader, "margin": each.margin,
             "total": each.total, "stated": each.stated}
            for each in counted.versions
        ],
    }  # fmt: skip


def _number(snapshot: str) -> int:
    """The event of the import that a snapshot comes from."""
    return int(snapshot.removeprefix("import-"))


def _findings(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    plain = reports.kept(seen.checked)
    findings = [
        {**each, "numbers": dict(sorted(each["numbers"].items())), "state": seen.state.life(each["id"]).state}
        for each in plain["findings"]
    ]
    shown = {"rows": plain["rows"], "findings": findings, "not_checkable": plain["not_checkable"]}
    return shown, exporting.findings_table(seen.checked)


def _imports(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    imports = [_import(each) for each in seen.state.imports]
    header = ("import", "at", "source", "status", "as_of", "read", "stored", "rejected", "undone", "files")
    rows = [
        (each["import"], each["at"], each["source"], each["status"], each["as_of"], *each["rows"].values(),
         each["undone"], "; ".join(f"{file['name']} {file['sha256']}" for file in each["files"]))
        for each in imports
    ]  # fmt: skip
    return {"imports": imports}, [header, *rows]


def _import(record: ImportRecord) -> dict[str, Any]:
    snapshot = record.snapshot
    return {
        "import": record.sequence, "at": record.at, "source": snapshot.source,
        "status": snapshot.status.value, "as_of": _time(snapshot.as_of),
        "election": snapshot.election.isoformat() if snapshot.election else None,
        "rows": {name: record.rows[name] for name in ("read", "stored", "rejected")},
        "undone": record.undone or None, "reason": record.reason or None, "note": record.note,
        "files": [
            {"name": each.file.name, "sha256": each.file.sha256, "size": each.file.size,
             "importer": each.importer, "mapping": each.mapping}
            for each in record.readings
        ],
    }  # fmt: skip


def _places(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    known = places.places(workspace, actor, seen.state.id, seen.as_of)
    by_unit: dict[str, list[Finding]] = {}
    for found in seen.checked.findings:
        by_unit.setdefault(found.unit, []).append(found)
    return _as_objects("places", [
        ("key", "state", "county", "unit", "findings"),
        *((each.key, each.state, each.county, each.unit,
           sum(places.is_at(found, each) for found in by_unit.get(each.label, ())))
          for each in known.by_key.values()),
    ])  # fmt: skip


def _events(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    shown = pages.record_page(workspace, actor, seen.state.id)
    return _as_objects("events", [
        ("event", "at", "kind", "actor", "previous", "hash"),
        *((each.sequence, each.at, each.kind, each.actor, each.previous, each.hash)
          for each in reversed(shown.events)),
    ])  # fmt: skip


def _search(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    found = searching.search(workspace, actor, seen.state.id, of, seen.as_of)
    plain, rows = _as_objects("found", [
        ("what", "id", "name", "state", "votes_at_stake"),
        *(("contest", each.contest.id, each.contest.title, each.contest.state, None)
          for each in found.contests),
        *(("place", each.key, each.label, each.state, None) for each in found.places),
        *(("finding", each.id, each.message, "", each.votes_at_stake) for each in found.findings),
    ])  # fmt: skip
    return {"asked": of, **plain}, rows


def _as_objects(name: str, rows: Rows) -> tuple[dict[str, Any], Rows]:
    """The rows as a list of objects under a name, and as they are."""
    header = [str(each) for each in rows[0]]
    return {name: [dict(zip(header, row, strict=True)) for row in rows[1:]]}, rows


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _units(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    table = pages.contest_page(workspace, actor, seen.state.id, of, seen.as_of).units
    plain, rows = _as_objects("units", _unit_rows(table))
    return {"contest": of, **plain}, rows


def _counties(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    table = pages.contest_page(workspace, actor, seen.state.id, of, seen.as_of).counties
    plain, rows = _as_objects("counties", [(*row[:2], *row[3:]) for row in _unit_rows(table)])
    return {"contest": of, **plain}, rows


def _unit_rows(table: UnitTable) -> Rows:
    others = ("others",) if table.has_others else ()
    header = ("state", "county", "unit", *table.choices, *others, "total", "row")
    return [
        header,
        *(
            (
                each.state,
                each.county,
                each.unit,
                *each.votes,
                *((each.others,) if others else ()),
                each.total,
                each.row,
            )
            for each in table.rows
        ),
    ]


def _rejections(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    sequence = int(of) if re.fullmatch(r"\d{1,9}", of) else 0
    found = pages.import_page(workspace, actor, seen.state.id, sequence).rejections
    header = ("file", "row", "reason", "raw")
    rows: Rows = [header, *((each.file, each.row, each.reason, each.raw) for each in found)]
    return {"import": sequence, "rejections": [asdict(each) for each in found]}, rows


def _changes(workspace: Workspace, actor: Actor, seen: Look, of: str) -> tuple[dict[str, Any], Rows]:
    from tallyproof.services import counting

    numbers = re.fullmatch(r"(\d{1,9})-(\d{1,9})", of)
    if numbers is None:
        raise RequestError(f"'{of}' names no two imports; write changes/5-6.csv.")
    found = counting.difference_between(workspace, actor, seen.state.id, int(numbers[1]), int(numbers[2]))
    return _as_objects("changes", exporting.changes_table(found))


Make = Callable[[Workspace, Actor, Look, str], tuple[dict[str, Any], Rows]]
_LISTS: dict[str, Make] = {
    "count": _count, "findings": _findings, "places": _places, "imports": _imports, "events": _events,
    **card_files.LISTS,
}  # fmt: skip
_PARTS: dict[str, Make] = {
    "units": _units, "counties": _counties, "rejections": _rejections, "changes": _changes,
}  # fmt: skip
