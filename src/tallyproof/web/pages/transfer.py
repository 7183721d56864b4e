"""Files in pieces, so that a broken transfer goes on where it stopped: the core of the tus protocol 1.0.

HEAD says how many bytes are here, PATCH adds some at that place, POST announces a file, DELETE leaves
it out (https://tus.io/protocols/resumable-upload, "Core Protocol", "Creation", "Termination").
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from tallyproof.errors import RequestError
from tallyproof.services import drafts, receiving, uploading
from tallyproof.services.access import Actor
from tallyproof.web.access import OFFICIALS, open_to
from tallyproof.web.carried import workspace_of

VERSION = "1.0.0"
LARGEST_PIECE = 16_000_000
_AT_ONCE = 1 << 16
BYTES = "application/offset+octet-stream"

ANNOUNCING = replace(OFFICIALS, methods=("POST", "OPTIONS"))
SENDING = replace(OFFICIALS, methods=("HEAD", "PATCH", "DELETE"))


@open_to(ANNOUNCING)
def announce(request: HttpRequest, actor: Actor, case: str, draft: str) -> HttpResponseBase:
    """Announce a file by its size and name; the answer's Location takes its bytes."""
    workspace = workspace_of(request)
    if request.method == "OPTIONS":
        most = str(workspace.largest_upload)
        told = {"Tus-Version": VERSION, "Tus-Extension": "creation,termination", "Tus-Max-Size": most}
        return _answer(204, **told)
    if refused := _version(request):
        return refused
    size = _number(request, "Upload-Length")
    if size is None:
        return _answer(400, "Upload-Length is missing or no number.")
    try:
        file = receiving.expect(workspace, actor, case, draft, _name(request), size)
    except receiving.TooLargeError as fault:
        return _answer(413, str(fault))
    return _answer(201, Location=reverse("transfer", args=[case, draft, file.number]))


@open_to(SENDING)
def transfer(request: HttpRequest, actor: Actor, case: str, draft: str, number: int) -> HttpResponseBase:
    """How many bytes of a file are here, or some more of them."""
    if refused := _version(request):
        return refused
    workspace = workspace_of(request)
    try:
        drafts.allow(actor, case)
        file = drafts.load(workspace, case, draft).file(number)
        if request.method == "HEAD":
            length = {"Upload-Offset": str(file.received), "Upload-Length": str(file.size)}
            return _answer(200, **length, **{"Cache-Control": "no-store"})
        if request.method == "DELETE":
            receiving.remove(workspace, actor, case, draft, number)
            return _answer(204)
        return _append(request, actor, case, draft, number)
    except RequestError as fault:
        return _answer(404, str(fault))


transfer.largest = LARGEST_PIECE


def _append(request: HttpRequest, actor: Actor, case: str, draft: str, number: int) -> HttpResponse:
    offset = _number(request, "Upload-Offset")
    if request.content_type != BYTES:
        return _answer(415, f"Send the bytes as {BYTES}.")
    if offset is None:
        return _answer(400, "Upload-Offset is missing or no number.")
    workspace = workspace_of(request)
    try:
        here = receiving.append(workspace, actor, case, draft, number, offset, _pieces(request))
    except receiving.OffsetError as fault:
        return _answer(409, str(fault), **{"Upload-Offset": str(fault.offset)})
    except receiving.TooLargeError as fault:
        return _answer(413, str(fault))
    uploading.read(workspace, actor, case, draft)
    return _answer(204, **{"Upload-Offset": str(here)})


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(_AT_ONCE):
        yield piece


def _version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, "This server speaks tus 1.0.0.", **{"Tus-Version": VERSION})


def _number(request: HttpRequest, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _name(request: HttpRequest) -> str:
    """The file's name in the metadata: pairs of a key and its value in base64, with commas between."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                return ""
    return ""


def _answer(status: int, told: str = "", **headers: str) -> HttpResponse:
    answer = HttpResponse(told, status=status, content_type="text/plain; charset=utf-8")
    for name, value in {"Tus-Resumable": VERSION, **headers}.items():
        answer.headers[name] = value
    return answer
