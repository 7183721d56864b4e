"""Reading XML from strangers: no entities, no document type, no network, bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tallyproof.errors import UnreadableError
from tallyproof.formats.intake import Document

if TYPE_CHECKING:
    from lxml import etree


def elements(document: Document, *tags: str) -> Iterator[etree._Element]:
    """Each element of these tags (with any namespace as ``{*}name``) when it is complete, freed after use.

    Raises UnreadableError naming the line where the document is not well formed, and for any document
    type declaration, because that is where entity bombs are defined.
    """
    from lxml import etree

    if b"<!DOCTYPE" in document.facts.head:
        reason = "declares a document type, which results files do not need and which can hide an entity bomb"
        raise UnreadableError(
            document.name, reason, remedy="Ask the office for the file without a DOCTYPE line"
        )
    parsing = etree.iterparse(
        str(document.path), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        for _, element in parsing:
            yield element
            _free(element)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 1
        raise UnreadableError(
            document.name, f"is not well-formed XML ({fault.msg})", row=line,
            remedy="Download it again; if it stays so, tell the office that publishes it",
        ) from None  # fmt: skip


def _free(element: etree._Element) -> None:
    """Drop what was read: the element's content and its elder siblings."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def root_name(document: Document) -> str:
    """The name of the first element, without namespace; nothing where the head shows none."""
    import re

    text = document.facts.head.decode("utf-8", errors="replace")
    found = re.search(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)", text)
    return found.group(1) if found else ""
