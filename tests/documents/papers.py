"""Answers of the law to print, and what a PDF says."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf

from tallyproof.recount.options import RecountOptions
from tallyproof.services.papers import Answered, ask

VOTES = {
    "WI": {"Trump": 1_404_440, "Clinton": 1_381_823, "Johnson": 106_585, "Stein": 31_006},
    "MI": {"Trump": 2_279_543, "Clinton": 2_268_839, "Johnson": 172_136, "Stein": 51_463},
    "PA": {"Trump": 2_970_733, "Clinton": 2_926_441, "Johnson": 146_715, "Stein": 49_941},
}


def asked(state: str, requester: str = "", **more: Any) -> Answered:
    """President 2016 in one of the three states, asked at noon of 23 November 2016."""
    given: dict[str, Any] = {
        "state": state, "date": dt.date(2016, 11, 8), "office": "president", "votes": VOTES.get(state, {}),
        "requester": requester, "on": dt.datetime(2016, 11, 23, 12),  # noqa: DTZ001
        "acts": {"last_county_statement": "2016-11-21"},
    }  # fmt: skip
    return ask(RecountOptions(**(given | more)), more.get("source", ""))


def pages(pdf: bytes) -> list[str]:
    """The words of each page, in a line."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
