"""Reading XML from strangers: no entities, no document type, no network, no tree in memory."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from tallyproof.errors import UnreadableError
from tallyproof.formats.intake import Document
from tallyproof.formats.survey import PIECE, utf_16


class Listener:
    """Hears of a document's elements one by one; what it keeps is all that stays in memory."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; a name in a namespace is written ``{namespace}name``."""

    def data(self, text: str) -> None:
        """Text within the element that began last; it may come in pieces."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def doctype(self, name: str, public: str | None, system: str | None) -> NoReturn:
        """No results file needs a document type, which is where entity bombs are defined."""
        raise _DoctypeError

    def close(self) -> None:
        """The document ends."""


class Enough(Exception):
    """Raised by a listener that need hear no more."""


class _DoctypeError(Exception):
    pass


def listen(document: Document, listener: Listener) -> None:
    """Let the listener hear the whole document, or until it has heard enough.

    Raises UnreadableError naming the line where the document is not well formed or goes beyond what
    libxml2 reads unless told otherwise (10 MB in one attribute), and for any document type.
    """
    from lxml import etree

    parser = etree.XMLParser(
        target=listener, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        with document.path.open("rb") as stream:
            while piece := stream.read(PIECE):
                parser.feed(piece)
        parser.close()
    except Enough:
        return
    except _DoctypeError:
        reason = "declares a document type, which results files do not need and which can hide an entity bomb"
        remedy = "Ask the office for the file without a DOCTYPE line"
        raise UnreadableError(document.name, reason, remedy=remedy) from None
    except etree.XMLSyntaxError as fault:
        remedy = "Download it again; if it stays so, tell the office that publishes it"
        raise UnreadableError(document.name, _reason(fault), remedy=remedy) from None


_LIMIT, _CUT_SHORT = 114, frozenset({4, 5, 77})
"""Numbers of libxml2's faults: a limit reached; an empty document, content after it or an open element."""


def _reason(fault: Any) -> str:
    line = f"{fault.lineno or 1:,}"
    if fault.code == _LIMIT:
        return f"has a longer text in line {line} than any results file"
    if fault.code in _CUT_SHORT and "extra content" not in fault.msg.casefold():
        return f"is cut short in line {line}: its elements are not all closed"
    return f"is not well-formed XML in line {line} ({fault.msg.split(', line ')[0].rstrip('.')})"


def head_of(document: Document) -> str:
    """The first letters of the document, without comments."""
    head = document.facts.head
    return re.sub(r"(?s)<!--.*?-->", "", head.decode(utf_16(head) or "utf-8", errors="replace"))


def root_name(document: Document) -> str:
    """The name of the first element, without namespace; nothing where the head shows none."""
    found = re.search(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)", head_of(document))
    return found.group(1) if found else ""
