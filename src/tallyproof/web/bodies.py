"""How large a request may be that our own server takes in: refused in words before its body is read."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

if TYPE_CHECKING:
    from tallyproof.services.workspace import Workspace

LARGEST_FORM = 16_000_000
"""Bytes of any request that sends no whole files; its view says how many it takes (``fitting.py``)."""

ROOM_FOR_FORM = 1_000_000
_UPLOAD = re.compile(r"/[^/]+/upload/")


class TooLarge(RequestEntityTooLarge):  # type: ignore[misc]
    """413 in plain words; the connection is closed, because nobody reads the rest."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and the sentence."""
        told = f"{self.body}\n".encode()
        return "413 Content Too Large", [("Content-Type", "text/plain; charset=utf-8")], told


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads a request; whole files are taken at the address of uploads only."""

    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, then hold the body to what its address takes."""
        super().parse_header(header_plus)
        if not _UPLOAD.fullmatch(self.path):
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = min(LARGEST_FORM, self.adj.max_request_body_size)

    def received(self, data: bytes) -> int:
        """Take in bytes; how many were used."""
        used: int = super().received(data)
        if type(self.error) is RequestEntityTooLarge:
            most = self.adj.max_request_body_size - ROOM_FOR_FORM
            self.error = TooLarge(
                f"More than {most / 1_000_000:,.0f} MB at once is not taken here; nothing of it was kept. "
                "Send a zip of the files, or import them on the server with: tallyproof import returns"
            )
        return used


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests are read by our parser."""

    parser_class = Parser


def largest(workspace: Workspace) -> int:
    """Bytes of the largest request: an upload with its form."""
    return workspace.largest_upload + ROOM_FOR_FORM
