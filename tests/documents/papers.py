"""Answers of the law to print, and what a PDF says."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf

from recount.plans import VOTES
from tallyproof.recount.options import RecountOptions
from tallyproof.services.papers import Answered, ask


def asked(state: str, requester: str = "", **more: Any) -> Answered:
    """President 2016 in one of the three states, asked at noon of 23 November 2016."""
    given = {
        "state": state, "date": dt.date(2016, 11, 8), "office": "president", "votes": VOTES.get(state, {}),
        "requester": requester, "on": dt.datetime(2016, 11, 23, 12),  # noqa: DTZ001
        "acts": {"last_county_statement": "2016-11-21"},
    }  # fmt: skip
    return ask(RecountOptions(**(given | more)), more.get("source", ""))


def pages(pdf: bytes) -> list[str]:
    """The words of each page, in a line."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
