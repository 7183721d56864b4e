"""Totals and redacted rows under the names by which a case knows contests and choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tallyproof.election.ballot_manifest import BatchTotals
from tallyproof.election.card_part import CardPart
from tallyproof.formats.cards.redacted import Redacted, RedactedSum


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What a contest of a source is called in the case, and each of its choices."""

    name: str
    choices: Mapping[str, str]


Names = Mapping[str, KnownAs]
"""Contests by the name that the source gives them."""


def names_between(before: Iterable[CardPart], after: Iterable[CardPart]) -> dict[str, dict[str, KnownAs]]:
    """By jurisdiction what the documents' own names became; contests that were joined are left out."""
    found: dict[str, dict[str, KnownAs]] = {}
    for one, two in zip(before, after, strict=True):
        if len(one.contests) != len(two.contests):
            continue
        here = found.setdefault(two.jurisdiction, {})
        for old, new in zip(one.contests, two.contests, strict=True):
            if len(old.choices) == len(new.choices):
                here[old.name] = KnownAs(new.name, dict(zip(old.choices, new.choices, strict=True)))
    return found


def redacted_under(redacted: Redacted, names: Names) -> Redacted:
    """Rows of sums under the names of the case."""
    return replace(redacted, sums=tuple(_sum_under(each, names) for each in redacted.sums))


def _sum_under(each: RedactedSum, names: Names) -> RedactedSum:
    votes: dict[str, dict[str, int]] = {}
    for contest, found in each.votes.items():
        known = names.get(contest, KnownAs(contest, {}))
        here = votes.setdefault(known.name, {})
        for choice, number in found.items():
            name = known.choices.get(choice, choice)
            here[name] = here.get(name, 0) + number
    ranked = (names[name].name if name in names else name for name in each.ranked)
    return replace(each, votes=votes, ranked=frozenset(ranked))


def totals_under(totals: BatchTotals, names: Names) -> BatchTotals:
    """Columns under the names of the case: "Contest - Choice", or the choices of one contest."""
    alone = [known for known in names.values() if set(totals.choices) <= set(known.choices)]
    only = alone[0] if len({known.name for known in alone}) == 1 else None
    return replace(totals, choices=tuple(_column_under(text, names, only) for text in totals.choices))


def _column_under(text: str, names: Names, only: KnownAs | None) -> str:
    if only is not None:
        return f"{only.name} - {only.choices[text]}"
    known = [name for name in names if text.startswith(f"{name} - ")]
    if not known:
        return text
    name = max(known, key=len)
    choice = text[len(name) + 3 :]
    return f"{names[name].name} - {names[name].choices.get(choice, choice)}"
