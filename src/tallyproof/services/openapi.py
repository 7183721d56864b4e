"""The OpenAPI 3.1 document of what programs may ask, made from the types of problems and answers."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from tallyproof.services import solving

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": ["integer", "null"]}
_TIME: Schema = {"type": ["string", "null"], "description": "ISO 8601 with its zone"}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def document() -> Schema:
    """The whole document, as its JSON is read back."""
    made: Schema = json.loads(msgspec.json.encode(_document()))
    return made


def _document() -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tallyproof",
            "version": _version(),
            "description": "One problem, one answer; what is published of a case. Nothing here changes one.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": {
            "/solve": {"post": _solve()},
            **{f"/{{case}}/data/{name}.json": _read(name) for name in DATA},
        },
        "components": {"schemas": components()},
    }


def _version() -> str:
    try:
        return version("tallyproof")
    except PackageNotFoundError:
        return "0"


def _solve() -> Schema:
    problems = [each.__name__ for each in solving.kinds().values()]
    answers = [each.__name__ for each in solving.answers().values()]
    return {
        "operationId": "solve",
        "summary": "Answer a problem; a list of problems gives a list of answers.",
        "requestBody": {
            "required": True,
            "content": _json(_one_or_many(problems)),
        },
        "responses": {
            "200": {
                "description": "The answer",
                "content": _json(_one_or_many(answers)),
            },
            **{
                status: {"description": words, "content": _json(_ref("fault"))}
                for status, words in (
                    ("400", "The problem is not one: the sentence names the field and what is wrong"),
                    ("413", "More than 65,536 bytes"),
                    ("415", "Not sent as application/json"),
                    ("422", "It takes more than 10 seconds or 2 GB of memory; solve it on your own machine"),
                    ("503", "Problems of others are being solved; ask again in a few seconds"),
                )
            },
        },
    }


def _read(name: str) -> Schema:
    return {
        "get": {
            "operationId": name,
            "summary": DATA[name],
            "parameters": [
                {"name": "case", "in": "path", "required": True, "schema": _TEXT},
                {"name": "as_of", "in": "query", "schema": _TEXT,
                 "description": "A day or a time: what was known then"},
                {"name": "If-None-Match", "in": "header", "schema": _TEXT},
                *([{"name": "q", "in": "query", "schema": _TEXT, "description": "The words to look for"}]
                  if name == "search" else []),
            ],
            "responses": {
                "200": {
                    "description": DATA[name],
                    "headers": {"ETag": {"schema": _TEXT, "description": "Changes with the case's events"}},
                    "content": _json(_ref(name)),
                },
                "304": {"description": "Nothing changed since the answer with this ETag"},
                "404": {"description": "There is no such case"},
            },
        }
    }  # fmt: skip


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _one_or_many(names: list[str]) -> Schema:
    each = {"anyOf": [_ref(name) for name in names]}
    return {"anyOf": [each, {"type": "array", "items": each}]}


DATA = {
    "count": "Every contest with its choices, margin, status and reports",
    "findings": "What the checks found, in rank order, and what could not be checked",
    "imports": "What was imported, from whom, with the SHA-256 of every original",
    "places": "Every place that sources speak of, with how many findings speak of it",
    "events": "The events of the ledger in short, oldest first",
    "search": "Contests, places and findings that hold every word of q",
    "record": "The head and all events, enough to check the chain",
}
"""The data files of a case that this document describes."""


def components() -> dict[str, Schema]:
    """Every schema by name: problems and answers from their types, the data files, faults."""
    types = [*solving.kinds().values(), *solving.answers().values()]
    _, made = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    head = {"case": _TEXT, "head": _object({"sequence": _COUNT, "hash": _HASH})}
    return {
        **made,
        "fault": _object({"error": _TEXT}),
        "count": _object({**head, "contests": _many(_contest()), "electors": _many({"type": "object"})}),
        "findings": _object(
            {
                **head,
                "rows": {"type": "object"},
                "findings": _many(_finding()),
                "not_checkable": _many(_needs()),
            }
        ),
        "imports": _object({**head, "imports": _many(_import())}),
        "places": _object({**head, "places": _many(_place())}),
        "events": _object({**head, "events": _many(_short_event())}),
        "search": _object({**head, "asked": _TEXT, "found": _many(_found())}),
        "record": _object({**head, "events": _many(_event())}),
    }


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _contest() -> Schema:
    texts = ("id", "title", "state", "office", "district", "sentence", "leader", "status", "source")
    choice = _object({"choice": _TEXT, "party": _TEXT, "measure": _TEXT, "votes": _NUMBER, "unknown": _COUNT})
    report = _object(
        {
            "import": _COUNT,
            "leader": _TEXT,
            "margin": _NUMBER,
            "total": _NUMBER,
            "stated": {"type": "boolean"},
        }
    )
    return _object(
        {**dict.fromkeys(texts, _TEXT), "vote_for": _NUMBER, "margin": _NUMBER, "total": _NUMBER,
         "unknown": _COUNT, "as_of": _TIME, "import": _COUNT, "choices": _many(choice),
         "reports": _many(report)}
    )  # fmt: skip


def _finding() -> Schema:
    source = _object(
        {"file": _TEXT, "row": _NUMBER, "column": {"type": ["string", "null"]}, "snapshot": _TEXT}
    )
    texts = ("id", "check", "contest", "unit", "topic", "message")
    return _object(
        {**dict.fromkeys(texts, _TEXT), "severity": {"enum": ["error", "warning", "info"]},
         "numbers": {"type": "object"}, "votes_at_stake": _NUMBER, "margin": _NUMBER, "benign": _many(_TEXT),
         "source": source, "also": _many(source), "state": {"enum": ["open", "explained", "resolved"]}}
    )  # fmt: skip


def _needs() -> Schema:
    return _object({"check": _TEXT, "question": _TEXT, "needs": _TEXT})


def _import() -> Schema:
    file = _object({"name": _TEXT, "sha256": _HASH, "size": _COUNT, "importer": _TEXT, "mapping": _TEXT})
    rows = _object({"read": _COUNT, "stored": _COUNT, "rejected": _COUNT})
    nothing_or_text: Schema = {"type": ["string", "null"]}
    return _object(
        {"import": _COUNT, "at": _TEXT, "source": _TEXT, "status": _TEXT, "as_of": _TIME,
         "election": nothing_or_text, "rows": rows, "undone": nothing_or_text, "reason": nothing_or_text,
         "note": _TEXT, "files": _many(file)}
    )  # fmt: skip


def _place() -> Schema:
    return _object({**dict.fromkeys(("key", "state", "county", "unit"), _TEXT), "findings": _COUNT})


def _found() -> Schema:
    texts = dict.fromkeys(("id", "name", "state"), _TEXT)
    return _object({"what": {"enum": ["contest", "place", "finding"]}, **texts, "votes_at_stake": _NUMBER})


def _short_event() -> Schema:
    texts = dict.fromkeys(("at", "kind", "actor"), _TEXT)
    return _object({"event": _COUNT, **texts, "previous": _HASH, "hash": _HASH})


def _event() -> Schema:
    texts = ("case", "at", "actor", "kind")
    return _object(
        {
            **dict.fromkeys(texts, _TEXT),
            "sequence": _COUNT,
            "body": {"type": "object"},
            "previous": _HASH,
            "hash": _HASH,
        }
    )
