"""Tables of ballots, voters and registration by reporting unit, such as Wisconsin's EL-190."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tallyproof.election.returns import CONTEST_MEASURES, Measure
from tallyproof.formats import layout, words
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.layout import CountColumn, Layout
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.shape import number
from tallyproof.formats.tables import unique_names
from tallyproof.formats.tidy import About, Reading, assemble

_PLACES = {
    "state": ("state", "state po"),
    "county": ("county", "county name"),
    "municipality": ("municipality", "municipality name", "jurisdiction"),
    "unit": ("reporting unit", "precinct", "ward", "unit", "precinct name"),
    "unit_id": ("ru id", "unit id", "precinct id"),
}
_VOTE_WORDS = {
    "candidate", "candidates", "choice", "contest", "measure", "office", "party", "race", "vote", "votes",
}  # fmt: skip
"""A column whose name holds one of these speaks of a contest, as "Contest Name" and "Early Votes" do."""
_ASIDE = {
    "absentee", "ballot", "ballots", "code", "date", "district", "fips", "hindi", "id", "military", "number",
    "overseas", "percent", "provisional", "registered", "registrants", "registration", "turnout", "voter",
    "voters", "year",
}  # fmt: skip
"""Numbers under such a name are no votes, whether they are read or not."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that an office publishes: the column that tells it, its state, and what its columns count.

    ``counts`` names only columns whose heading does not say by itself what it counts.
    """

    mark: str
    state: str
    counts: Mapping[str, tuple[Measure, str]] = field(default_factory=dict)


_EL190 = Form(
    mark="hindi",
    state="WI",
    counts={
        "registrants": (Measure.REGISTERED, ""),
        "dre": (Measure.BALLOTS_BY_DEVICE, "DRE"),
        "dre ballots": (Measure.BALLOTS_BY_DEVICE, "DRE"),
        "auto mark": (Measure.BALLOTS_BY_DEVICE, "ballot marking device"),
        "automark ballots": (Measure.BALLOTS_BY_DEVICE, "ballot marking device"),
        "counted": (Measure.PROVISIONAL_COUNTED, ""),
        "rejected": (Measure.PROVISIONAL_REJECTED, ""),
        "received by election day?": (Measure.MAIL_RETURNED, ""),
        "counted?": (Measure.MAIL_ACCEPTED, ""),
        "rejected2": (Measure.MAIL_REJECTED, ""),
    },
)
_ANY_FORM = Form(mark="", state="")


class BallotsByUnit:
    """One row per unit, one column per count; no candidates."""

    id = "ballots-by-unit"
    title = "Ballots by reporting unit (such as EL-190)"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table with a unit, a county and ballots cast, and no candidates or votes."""
        if document.kind not in TABLES or not rows:
            return Match(False)
        plain = {_plain(cell) for cell in rows[0]}
        if _holds_votes(rows):
            return Match(False)
        needed = {
            "reporting unit": bool(plain & set(_PLACES["unit"])),
            "county": bool(plain & set(_PLACES["county"])),
            "total ballots": any(words.unit_measure(name) is Measure.BALLOTS_CAST for name in plain),
        }
        missing = tuple(name for name, present in needed.items() if not present)
        return Match(not missing, missing)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read each unit's counts; a blank count stays unknown, never zero."""
        header = layout.column_names(document, Layout())
        form = _EL190 if _EL190.mark in {_plain(name) for name in header} else _ANY_FORM
        rows = layout.read_rows(document, _layout(header, form), header)
        remarks = tuple(table_remarks(document, rows.table))
        state = asked.state or form.state
        return assemble(rows.long, About(document.name, rows.table.read, rows.rejections, remarks, state))


def _holds_votes(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column speaks of a contest, or holds numbers under a name that may be a candidate's."""
    if _EL190.mark in {_plain(name) for name in rows[0]}:  # it counts inspectors, ages and more, never votes
        return any(_tokens(_plain(name)) & _VOTE_WORDS for name in rows[0])
    return any(_may_be_votes(_plain(name), _below(rows, place)) for place, name in enumerate(rows[0]))


def _may_be_votes(plain: str, cells: Sequence[str]) -> bool:
    tokens = _tokens(plain)
    if _counted(plain, _ANY_FORM) or any(plain in spellings for spellings in _PLACES.values()):
        return False
    if tokens & _VOTE_WORDS:
        return True
    numbers = sum(number(cell) is not None for cell in cells)
    return bool(tokens) and not tokens & _ASIDE and numbers > len(cells) / 2


def _tokens(plain: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", plain))


def _below(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """The filled cells of a column."""
    return [row[place].strip() for row in rows[1:] if place < len(row) and row[place].strip()]


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_\-]+", " ", name.casefold()).split())


def _layout(header: Sequence[str], form: Form) -> Layout:
    named = {word: _named(header, spellings) for word, spellings in _PLACES.items()}
    unit = tuple(name for name in (named["municipality"], named["unit"]) if name)
    texts = {word: (name,) for word in ("state", "county", "unit_id") if (name := named[word])}
    return Layout(texts={**texts, "unit": unit}, counts=tuple(_counts(header, form)))


def _named(header: Sequence[str], spellings: Sequence[str]) -> str | None:
    plain = {_plain(name): name for name in reversed(header)}
    return next((plain[spelling] for spelling in spellings if spelling in plain), None)


def _counts(header: Sequence[str], form: Form) -> list[CountColumn]:
    """The columns that count something, the first of each kind."""
    found: dict[tuple[Measure, str], CountColumn] = {}
    for name in unique_names(header):
        if counted := _counted(_plain(name), form):
            found.setdefault(counted, CountColumn(name, *counted))
    return list(found.values())


def _counted(plain: str, form: Form) -> tuple[Measure, str] | None:
    if plain in form.counts:
        return form.counts[plain]
    measure = words.unit_measure(plain)
    if measure is None or measure in CONTEST_MEASURES:
        return None
    return measure, plain.removesuffix(" ballots") if measure is Measure.BALLOTS_BY_DEVICE else ""
