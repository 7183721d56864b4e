"""The public pages of a case as files: the same views and templates, links relative, no server needed."""

from __future__ import annotations

import hashlib
import html
import posixpath
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from tallyproof.errors import StoreError, TallyproofError
from tallyproof.web.carried import carry, mark_published

if TYPE_CHECKING:
    from tallyproof.services.workspace import Workspace

_LINK = re.compile(rb' (href|src|action)="([^"]*)"')
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
RECORD = "data/record.json"
"""Its bytes name the hash of every other file, so the publisher writes it last, at the top."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page on the server: its path, and which page of its list."""

    path: str
    page: int = 1


def site(workspace: Workspace, case: str) -> Iterator[tuple[str, bytes]]:
    """Every page and data file that can be reached from the case's first page, each under its file name.

    Raises StoreError naming the page where one cannot be made.
    """
    from tallyproof.web.django_setup import configure

    configure()
    from django.urls import reverse
    from django.utils import translation

    first = Address(reverse("count", kwargs={"case": case}))
    waiting, seen = deque([first]), {first}
    with translation.override(None):  # the sentences as they are written, in English
        while waiting:
            address = waiting.popleft()
            kind, body = _answer(workspace, address)
            if kind == "text/html":
                body, linked = _relative(body, address, case)
                waiting.extend(each for each in linked if each not in seen)
                seen.update(linked)
            yield file_name(address, case), body


def _answer(workspace: Workspace, address: Address) -> tuple[str, bytes]:
    from django.http import Http404, HttpRequest, QueryDict
    from django.urls import resolve

    request = HttpRequest()
    request.method, request.path = "GET", address.path
    request.path_info = address.path
    request.GET = QueryDict(f"page={address.page}" if address.page > 1 else "")
    carry(request.META, workspace)
    mark_published(request)
    try:
        match = resolve(unquote(address.path))
        answer = match.func(request, *match.args, **match.kwargs)
    except (TallyproofError, Http404) as fault:
        raise StoreError(f"The page {address.path} could not be made: {fault}") from fault
    return answer.headers["Content-Type"].split(";")[0], answer.content


def _relative(body: bytes, address: Address, case: str) -> tuple[bytes, list[Address]]:
    """The page with links that lead to files beside it, and the pages that it leads to."""
    folder = posixpath.dirname(file_name(address, case))
    linked: dict[Address, None] = {}

    def shorten(found: re.Match[bytes]) -> bytes:
        given = html.unescape(found[2].decode())
        if given.startswith("#") or not given:
            return found[0]
        parts = urlsplit(urljoin(address.path, given))
        target = Address(parts.path, int(parse_qs(parts.query).get("page", ["1"])[0]))
        if target.path == "/":
            target = Address(f"/{case}/")
        name = file_name(target, case)
        if name != "record.json":
            linked[target] = None
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        relative = _from(folder, name) + anchor
        return b' %s="%s"' % (found[1], html.escape(relative).encode())

    return _LINK.sub(shorten, body), list(linked)


@lru_cache(maxsize=65_536)
def _from(folder: str, name: str) -> str:
    return posixpath.relpath(name, folder or ".")


def file_name(address: Address, case: str) -> str:
    """The file that a page is written to: ``contests/wi-president/index.html`` or ``…/page-2.html``."""
    path = unquote(address.path)
    if path.startswith("/-/"):
        return f"assets/{_segment(path[3:])}"
    inner = path.removeprefix(f"/{case}/")
    if inner == RECORD:
        return "record.json"
    *folders, last = inner.split("/")
    parts = [_segment(each) for each in folders]
    name = _segment(last) if last else "index.html" if address.page == 1 else f"page-{address.page}.html"
    return "/".join([*parts, name])


def _segment(text: str) -> str:
    """A part of an address as a file name that every system and web host can keep."""
    if _PLAIN.fullmatch(text) and not text.endswith("."):
        return text
    short = re.sub(r"[^A-Za-z0-9._-]+", "-", text.encode("ascii", "ignore").decode()).strip("-.")[:60]
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{short or 'x'}~{mark}"
