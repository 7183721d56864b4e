"""Races that happened, answered by the law of their day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .contests import answered

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "FL-2000-president": ("president", {}),
    "MN-2008-senate": ("us-senate", {}),
    "MI-2016-president": ("president", {}),
    "FL-2018-senate": ("us-senate", {"stages": {"2": 12_603}}),
    "GA-2020-president": ("president", {}),
    "AZ-2022-attorney-general": ("attorney-general", {"only_two": True}),
    "AZ-2022-superintendent": ("superintendent", {"only_two": True}),
    "WA-2004-governor": ("governor", {"only_two": True}),
    "WI-2011-supreme-court": ("supreme-court", {}),
    "VA-2013-attorney-general": ("attorney-general", {"only_two": True}),
    "WI-2016-president": ("president", {}),
    "PA-2016-president": ("president", {}),
    "WI-2020-president": ("president", {}),
    "PA-2024-senate": ("us-senate", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_races_that_happened_are_answered_as_they_were(case: str, shared_data: Path) -> None:
    """Automatic, to be asked for, free: as the law of the day had it, from the margin of the day."""
    facts = json.loads((shared_data.parent / "law" / "worked_cases.json").read_text(encoding="utf-8"))
    fact = next(each for each in facts["cases"] if each["id"] == case)
    office, more = CASES[case]
    total = fact.get("top2") or fact["total"]
    found = answered(fact["state"], fact["date"], office, margin=fact["margin"], total=total, **more)
    assert (found.verdict == "automatic") is fact["expect"]["automatic"]
    if "requestable" in fact["expect"]:
        assert any(each.then == "requestable" and each.holds for each in found.conditions)
    assert found.free is fact["expect"].get("free", False)
