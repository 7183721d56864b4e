"""Drafting a mapping for a table of unknown layout."""

from __future__ import annotations

from pathlib import Path


def propose(path: Path, encoding: str = "") -> str:
    """A mapping file's text for the first table in the file; raises UnreadableError where there is none."""
    from tallyproof.formats import intake
    from tallyproof.formats.propose import propose as draft

    with intake.documents([path], encoding) as documents:
        return draft(documents[0])
