"""Observations on a whole file that any importer makes: encoding, line ends, test data."""

from __future__ import annotations

import re

from tallyproof.election.evidence import Remark
from tallyproof.formats.intake import Document

_TEST_NAME = re.compile(r"(?<![a-z])(test|l&a|logic[ _-]and[ _-]accuracy)(?![a-z])", re.IGNORECASE)
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|√[©°±≠]|â€|\ufffd")


def file_remarks(document: Document) -> list[Remark]:
    """What to tell about the file's bytes and name; nothing for a plain UTF-8 file."""
    facts, remarks = document.facts, []
    if document.encoding == "utf-8-sig":
        remarks.append("begins with a byte order mark (as Excel writes it)")
    elif document.kind == "csv" and document.encoding != "utf-8":
        remarks.append(f"is {document.encoding} text, not UTF-8")
    if facts.has_bare_cr and document.kind == "csv":
        remarks.append("ends lines with bare carriage returns")
    if facts.has_nul and document.kind == "csv" and document.encoding != "utf-16":
        remarks.append("contains NUL bytes")
    if document.kind == "csv" and _MOJIBAKE.search(
        facts.head.decode(document.encoding.removesuffix("-sig"), "replace")
    ):
        remarks.append("shows letters that were decoded wrongly before we got it (such as 'Ã©' for 'é')")
    found = [Remark(document.name, "encoding", text) for text in remarks]
    if _TEST_NAME.search(document.name):
        found.append(Remark(document.name, "test data", "has TEST in its name"))
    return found
