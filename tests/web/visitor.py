"""Asks a WSGI application for pages, the way a browser would, and reads their text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from wsgiref.util import setup_testing_defaults


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        """The words of the page's main part, in one line."""
        return " ".join(words(self.html).split())

    @property
    def links(self) -> list[str]:
        return [link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="([^"]*)"', self.html)]


class Visitor:
    """Asks for pages under the name of this machine unless another is given."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def get(
        self,
        address: str,
        *,
        host: str = "localhost:8016",
        method: str = "GET",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "REQUEST_METHOD": method,
            **(headers or {}),
        }
        setup_testing_defaults(environ)
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            told.update(status=int(status.split(" ")[0]), headers=dict(headers))

        pieces: Iterable[bytes] = self.application(environ, start)
        return Answer(told["status"], told["headers"], b"".join(pieces))


class _Words(HTMLParser):
    """Lines of text of the main part; block elements begin a new line, dd follows its dt."""

    BLOCKS = frozenset(
        ["p", "h1", "h2", "h3", "h4", "li", "tr", "dt", "div", "table", "figure", "form", "pre"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.hidden, self.lines = False, 0, [""]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        self.hidden += tag == "svg"
        if tag in self.BLOCKS:
            self.lines.append("")
        elif tag == "dd":
            self.lines[-1] = f"{self.lines[-1].strip()}: "
        elif tag in {"td", "th"} and self.lines[-1].strip():
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "footer"
        self.hidden -= tag == "svg"
        if tag in self.BLOCKS and tag != "dt":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.inside and not self.hidden:
            self.lines[-1] += data


def words(html: str) -> str:
    """The text from the main part to the end of the page, line by line, without empty lines."""
    reader = _Words()
    reader.feed(html)
    lines = (" ".join(line.split()).strip(" |") for line in reader.lines)
    return "".join(f"{line}\n" for line in lines if line)
