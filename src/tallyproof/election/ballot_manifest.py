"""Ballot manifests: batches, where they lie, how many cards they hold; totals of batches."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.jurisdiction import place_key

BatchKey = tuple[str, str]
"""Tabulator (empty where the source has none) and name of a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Cards stored together: ``place`` says where, ``has_cvr`` whether they have cast vote records.

    ``has_cvr`` is None where the manifest does not say; ``row`` is the row of the source.
    """

    name: str
    cards: int
    row: int
    tabulator: str = ""
    jurisdiction: str = ""
    place: str = ""
    has_cvr: bool | None = None

    @property
    def key(self) -> BatchKey:
        """Tabulator and name, by which cast vote records name it."""
        return self.tabulator, self.name


@dataclass(frozen=True, slots=True)
class Manifest:
    """The batches of a manifest in its order, the rows that are none, and what is odd about the file."""

    file: str
    layout: str
    batches: tuple[Batch, ...]
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def cards(self) -> int:
        """All cards listed."""
        return sum(batch.cards for batch in self.batches)


@dataclass(frozen=True, slots=True)
class BatchTotals:
    """Reported votes by batch and choice, the choices named as in the header."""

    file: str
    choices: tuple[str, ...]
    votes: Mapping[str, tuple[int, ...]]
    rows: Mapping[str, int]
    rejections: tuple[Rejection, ...] = ()


MOST_TOLD = 20
"""Unknown batches told one by one."""
SOME = 5


def not_in_manifest(
    manifest: Manifest, found: Mapping[BatchKey, int], file: str, rows: Mapping[BatchKey, int] | None = None
) -> list[str]:
    """A sentence for each batch of cast vote records that the manifest does not list, with the closest one.

    ``found`` gives the cards of each batch in the file named, ``rows`` the row of its first card. Where most
    batches are unknown, one sentence says so for all: the file may be of another election. Beyond MOST_TOLD
    the rest are counted.
    """
    places = {key: f"{file}, row {rows[key]:,}" if rows and key in rows else file for key in found}
    known = {batch.key for batch in manifest.batches}
    with_tabulator = any(tabulator for tabulator, _ in known)
    listed = known if with_tabulator else {("", name) for _, name in known}
    keys = {key: (key[0] if with_tabulator else "", key[1]) for key in sorted(found)}
    unknown = [key for key, told in keys.items() if told not in listed]
    if len(unknown) > max(SOME, len(found) / 2):
        return [_mostly_unknown(manifest, found, unknown, keys[unknown[0]], known, places[unknown[0]])]
    sentences = [
        f"{places[key]}: {_cards(found[key])} in {_named(*keys[key])}, which {manifest.file} does not list."
        f"{_hint(keys[key], known)} Tabulator and batch must be named alike in both files."
        for key in unknown[:MOST_TOLD]
    ]
    if rest := unknown[MOST_TOLD:]:
        cards = _cards(sum(found[key] for key in rest))
        sentences.append(f"{file}: {len(rest):,} batches more, with {cards}, are not in {manifest.file}.")
    return sentences


def _mostly_unknown(
    manifest: Manifest, found: Mapping[BatchKey, int], unknown: Sequence[BatchKey], first: BatchKey,
    known: Iterable[BatchKey], place: str,
) -> str:  # fmt: skip
    cards = _cards(sum(found[key] for key in unknown))
    of = f"{len(unknown):,} of {len(found):,}" if len(unknown) < len(found) else f"all {len(found):,}"
    start = (
        f"{place}: {of} batches, with {cards}, are missing in {manifest.file}, such as {_named(*first)}."
        f"{_hint(first, known)}"
    )
    with_tabulator = any(tabulator for tabulator, _ in known)
    spelled = {_spelled(key, with_tabulator) for key in known}
    if all(_spelled(key, with_tabulator) in spelled for key in unknown):
        return (
            f"{start} Names differ in zeros, capitals or signs alone: the manifest seems to be the right "
            "one. Name tabulators and batches alike in both files."
        )
    return (
        f"{start} The cards look like those of another election or county: give the manifest that belongs to "
        "them, or name tabulators and batches alike in both files."
    )


def _spelled(key: BatchKey, with_tabulator: bool) -> tuple[str, str]:
    """A batch as it is written but for case, zeros in front and signs."""
    tabulator, name = key
    return place_key(tabulator) if with_tabulator else "", place_key(name)


def _cards(number: int) -> str:
    return "1 card" if number == 1 else f"{number:,} cards"


def _hint(key: BatchKey, known: Iterable[BatchKey]) -> str:
    near = _closest_key(key, known)
    return f" The closest in the manifest is {near}." if near else " Nothing in the manifest is like it."


def check_totals(manifest: Manifest, totals: BatchTotals, votes_allowed: int | None = 1) -> list[str]:
    """What is wrong with totals beside a manifest: names that differ, more votes than the cards can hold.

    With several contests in one file (columns "Contest - Choice") each is held against the cards alone.
    """
    cards: dict[str, int] = {}
    for batch in manifest.batches:
        cards[batch.name] = cards.get(batch.name, 0) + batch.cards
    sentences = []
    for name, votes in totals.votes.items():
        place = f"{totals.file}, row {totals.rows[name]:,}"
        if name not in cards:
            near = closest(name, cards)
            hint = f" The closest there is '{near}'." if near else ""
            sentences.append(f"{place}: {manifest.file} has no batch '{name}'.{hint}")
            continue
        if votes_allowed is None:
            continue
        for contest, cast in _by_contest(totals.choices, votes).items():
            if cast > cards[name] * votes_allowed:
                of = f" in {contest}" if contest else ""
                sentences.append(
                    f"{place}: batch '{name}' has {cast:,} votes{of} but {cards[name]:,} cards of "
                    f"{votes_allowed} each."
                )
    missing = [name for name in cards if name not in totals.votes]
    sentences += [f"{totals.file}: batch '{name}' of {manifest.file} has no totals." for name in missing]
    return sentences


def _by_contest(choices: Sequence[str], votes: Sequence[int]) -> dict[str, int]:
    named = all(" - " in choice for choice in choices)
    found: dict[str, int] = {}
    for choice, number in zip(choices, votes, strict=True):
        contest = choice.split(" - ", 1)[0] if named else ""
        found[contest] = found.get(contest, 0) + number
    return found


def closest(name: str, known: Iterable[str]) -> str:
    """The name most like this one; empty where none is."""
    names = sorted(known)
    plain = {each.casefold(): each for each in names}
    found = difflib.get_close_matches(name.casefold(), list(plain)[:20_000], 1)
    return plain[found[0]] if found else ""


def _closest_key(key: BatchKey, known: Iterable[BatchKey]) -> str:
    texts = {" ".join(each): each for each in known}
    near = closest(" ".join(key), texts)
    return _named(*texts[near]) if near else ""


def _named(tabulator: str, name: str) -> str:
    return f"tabulator {tabulator}, batch {name}" if tabulator else f"batch {name}"
