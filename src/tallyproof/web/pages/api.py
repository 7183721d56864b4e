"""``POST /solve`` and the description of all that programs may ask here."""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse

from tallyproof.errors import RequestError
from tallyproof.services import openapi
from tallyproof.services.access import Actor
from tallyproof.services.bounded import BusyError, Solver, TooHeavyError
from tallyproof.web.access import ANYONE, READERS, open_to

LARGEST = 65_536
"""Bytes of a problem that are read."""
SOLVER = Solver()


@open_to(ANYONE)
def solve(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One JSON problem in, one answer out; a list of problems gives a list of answers."""
    stated = request.headers.get("Content-Length", "")
    if stated.isdigit() and int(stated) > LARGEST:
        return _refused(f"A problem may have {LARGEST:,} bytes; this one has {int(stated):,}.", 413)
    kind = (request.content_type or "").casefold()
    if kind != "application/json":
        return _refused("Send the problem as JSON with the header Content-Type: application/json.", 415)
    text = request.read(LARGEST + 1)
    if len(text) > LARGEST:
        return _refused(f"A problem may have {LARGEST:,} bytes; this one has more.", 413)
    try:
        return _as_json(SOLVER.solve_json(text))
    except TooHeavyError as fault:
        return _refused(str(fault), 422)
    except BusyError as fault:
        answer = _refused(str(fault), 503)
        answer.headers["Retry-After"] = "5"
        return answer
    except RequestError as fault:
        return _refused(str(fault), 400)


solve.methods = ("POST",)
solve.csrf_exempt = True  # it reads no session and changes nothing


@open_to(READERS)
def description(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The OpenAPI document."""
    return _as_json(_description())


@cache
def _description() -> bytes:
    return json.dumps(openapi.document(), ensure_ascii=False, indent=1).encode()


def _refused(sentence: str, status: int) -> HttpResponse:
    return _as_json(json.dumps({"error": sentence}, ensure_ascii=False).encode(), status)


def _as_json(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(body, content_type="application/json", status=status)
