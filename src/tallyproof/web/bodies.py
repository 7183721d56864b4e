"""How large a request may be that our own server takes in: refused in words before its body is read."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http.cookie import parse_cookie
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
    """Reads a request; whole files are taken at the address of uploads only, of those who are signed in."""

    adj: Any
    error: Any
    is_stranger = False

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, then hold the body to what its address takes."""
        super().parse_header(header_plus)
        if not self._may_be_whole_files():
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = min(LARGEST_FORM, self.adj.max_request_body_size)

    def _may_be_whole_files(self) -> bool:
        if not _UPLOAD.fullmatch(self.path):
            return False
        is_short = not self.chunked and self.content_length <= LARGEST_FORM
        self.is_stranger = not is_short and not self.adj.is_signed_in(self.headers.get("COOKIE", ""))
        return not self.is_stranger

    def received(self, data: bytes) -> int:
        """Take in bytes; how many were used."""
        used: int = super().received(data)
        if type(self.error) is RequestEntityTooLarge:
            self.error = TooLarge(self._too_large())
        return used

    def _too_large(self) -> str:
        if self.is_stranger:
            return (
                "You are not signed in, or were signed out meanwhile; nothing of the files was kept. "
                "Sign in, then send them again."
            )
        most = self.adj.max_request_body_size - ROOM_FOR_FORM
        return (
            f"More than {most / 1_000_000:,.0f} MB at once is not taken here; nothing of it was kept. "
            "Send a zip of the files, or import them on the server with: tallyproof import returns"
        )


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests are read by our parser."""

    parser_class = Parser


def asks_for_sign_in(workspace: Workspace) -> Callable[[str], bool]:
    """Whether the cookies of a request are those of somebody who is signed in."""

    def is_signed_in(cookies: str) -> bool:
        from django.conf import settings
        from django.contrib.auth import SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from tallyproof.web.accounts import database

        session = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
        if not session or not database.is_there(workspace):
            return False
        with database.at_hand(workspace), database.plain_errors():
            return SESSION_KEY in SessionStore(session).load()

    return is_signed_in


def largest(workspace: Workspace) -> int:
    """Bytes of the largest request: an upload with its form."""
    return workspace.largest_upload + ROOM_FOR_FORM
