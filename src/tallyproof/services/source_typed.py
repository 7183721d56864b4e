"""What an official types of an upload's source: its faults, and what it says once it can be followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tallyproof.election.canvass import Status

ABOUT = ("source", "status", "as_of_day", "as_of_time", "zone", "election", "state", "encoding", "note")
READS = ("state", "encoding")
"""What changes how files are read, so that they are read anew."""

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "UTC",
)  # fmt: skip


def faults_of(about: Mapping[str, str]) -> dict[str, str]:
    """The typed fields that cannot be followed, each with a word for what is wrong, such as day or zone."""
    found: dict[str, str] = {}
    for name in ("election", "as_of_day"):
        if not _is(date.fromisoformat, about.get(name, "")):
            found[name] = "day"
    if not _is(time.fromisoformat, about.get("as_of_time", "")):
        found["as_of_time"] = "time"
    elif about.get("as_of_time") and not about.get("as_of_day"):
        found["as_of_day"] = "missing"
    if about.get("zone", "") not in {"", *ZONES}:
        found["zone"] = "zone"
    if about.get("status", "") not in {"", *Status}:
        found["status"] = "status"
    if not _is_state(about.get("state", "")):
        found["state"] = "state"
    if not _is(lambda name: "a".encode(name), about.get("encoding", "")):
        found["encoding"] = "encoding"
    return found


def how_read(about: Mapping[str, str]) -> dict[str, str]:
    """State and encoding by which files are read: what was typed, or nothing where it cannot be followed."""
    wrong = faults_of(about)
    found = {name: "" if name in wrong else about.get(name, "").strip() for name in READS}
    return {**found, "state": found["state"].upper()}


def _is(reads: Callable[[str], object], text: str) -> bool:
    try:
        return not text or reads(text) is not None
    except (ValueError, LookupError):
        return False


def _is_state(text: str) -> bool:
    return not text or (len(text) == 2 and text.isascii() and text.isalpha())


def day(about: Mapping[str, str], name: str) -> date | None:
    """The day in a field; None where it is empty."""
    text = about.get(name, "")
    return date.fromisoformat(text) if text else None


def as_of(about: Mapping[str, str]) -> datetime | None:
    """The source's time as it was typed; a day without a time means its end in that zone."""
    on = day(about, "as_of_day")
    if on is None:
        return None
    clock = time.fromisoformat(about.get("as_of_time") or "23:59:59")
    return datetime.combine(on, clock.replace(tzinfo=None), ZoneInfo(about.get("zone") or "UTC"))
