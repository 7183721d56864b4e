"""Files that a page hands over to be kept: their headers, and names that every system can store."""

from __future__ import annotations

from django.http import HttpResponse

LONGEST = 120


def file_name(*parts: str) -> str:
    """The parts joined by "-" as a plain name: ASCII letters, digits, ".", "-" and "_", the rest as "_"."""
    plain = "-".join(parts).replace("/", "-")
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_") else "_" for sign in plain)


def private_file(body: bytes, kind: str, *parts: str, ending: str) -> HttpResponse:
    """A file made for the one who asks, of the content type ``kind``, which nobody is to keep for others."""
    answer = HttpResponse(body, content_type=kind)
    name = file_name(*parts)[:LONGEST]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
