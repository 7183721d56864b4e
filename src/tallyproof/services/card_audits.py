"""Cards for an audit, of a case or straight from files, with everything that pools are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election.ballot_manifest import BatchTotals, Manifest
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.errors import RequestError
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.cards.redacted import Redacted, RedactedSum, read_redacted
from tallyproof.formats.intake import documents
from tallyproof.services import cases
from tallyproof.services.access import Actor
from tallyproof.services.card_contests import HowWon
from tallyproof.services.card_parts import case_cards, parts_from_files
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_records import CardReading, counting_cards
from tallyproof.services.cards import read_manifest, read_totals
from tallyproof.services.pool_sources import PoolSources, Unmatched
from tallyproof.services.tables import document_of
from tallyproof.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What somebody says beside the cards.

    ``totals`` are files of batch totals, as ``NAME=FILE`` where there are several jurisdictions;
    ``totals_contest`` the contest of totals that name choices only; ``told`` how contests are won.
    """

    totals: tuple[str, ...] = ()
    totals_contest: str = ""
    unmatched: Unmatched = field(default_factory=Unmatched)
    told: Mapping[str, HowWon] = field(default_factory=dict)
    rules: RankingRules = field(default_factory=RankingRules)
    encoding: str = ""


@dataclass(frozen=True)
class AuditCards:
    """Cards, what pools were made of, and every contest with its pools."""

    cards: CaseCards
    sources: PoolSources
    pooled: PooledCards


def of_case(workspace: Workspace, actor: Actor, case: str, asked: AuditAsked | None = None) -> AuditCards:
    """The cards of a case that count, its manifests, and the rows that its originals withhold.

    Raises RequestError for an unknown case, and one without cards.
    """
    cards = case_cards(workspace, actor, case)
    if not cards.parts:
        raise RequestError(f"The case '{case}' has no cards. Import them: tallyproof cards import {case} …")
    redacted = dict(_redacted_of_case(workspace, actor, case, cards))
    return _gathered(cards, redacted, asked or AuditAsked())


def of_files(
    files: Sequence[str],
    manifests: Sequence[str] = (),
    asked: AuditAsked | None = None,
    how: AskedCards | None = None,
) -> AuditCards:
    """The cards of these files and their manifests, each as ``NAME=FILE`` where it is of jurisdiction NAME.

    Raises RequestError where two manifests are of one jurisdiction, UnreadableError for unreadable files.
    """
    given = asked or AuditAsked()
    by_name: dict[str, list[Path]] = {}
    for text in files:
        name, path = split_name(text)
        by_name.setdefault(name, []).append(path)
    parts = [
        part
        for name, paths in by_name.items()
        for part in parts_from_files(paths, name, how, encoding=given.encoding)
    ]
    listed: dict[str, Manifest] = {}
    for text in manifests:
        name, path = split_name(text)
        if name in listed:
            raise RequestError(
                f"{path.name} and {listed[name].file} are manifests of one jurisdiction. Name the "
                f"jurisdiction of each, such as --manifest Adams={path.name}."
            )
        listed[name] = read_manifest(path, given.encoding)
    redacted = {name: _redacted_of_files(paths, given.encoding) for name, paths in by_name.items()}
    return _gathered(CaseCards(tuple(parts), listed), redacted, given)


def split_name(text: str) -> tuple[str, Path]:
    """Jurisdiction and file of ``NAME=FILE``; a file alone is of no jurisdiction by name."""
    name, sign, rest = text.partition("=")
    if not sign or Path(text).exists():
        return "", Path(text)
    return name.strip(), Path(rest)


def _gathered(cards: CaseCards, redacted: Mapping[str, Sequence[Redacted]], asked: AuditAsked) -> AuditCards:
    totals = _totals(cards, asked)
    sources = PoolSources(totals, redacted, asked.unmatched, asked.totals_contest)
    return AuditCards(cards, sources, gather(cards, sources, told=asked.told, rules=asked.rules))


def _totals(cards: CaseCards, asked: AuditAsked) -> dict[str, list[BatchTotals]]:
    """The totals of each jurisdiction; a file without a name is that of the only one."""
    known = sorted({*(part.jurisdiction for part in cards.parts), *cards.manifests})
    found: dict[str, list[BatchTotals]] = {}
    for text in asked.totals:
        name, path = split_name(text)
        home = name or (known[0] if len(known) == 1 else "")
        if home not in known:
            shown = ", ".join(known[:5])
            raise RequestError(
                f"Whose totals are in {path.name}? Say it, such as --totals {known[0]}={path.name}; here are "
                f"cards of {shown}."
            )
        found.setdefault(home, []).append(read_totals(path, asked.encoding))
    return found


def _redacted_of_files(paths: Sequence[Path], encoding: str) -> list[Redacted]:
    with documents(list(paths), encoding) as found:
        return [read_redacted(document) for document in found]


def _redacted_of_case(
    workspace: Workspace, actor: Actor, case: str, cards: CaseCards
) -> Iterator[tuple[str, list[Redacted]]]:
    """By jurisdiction what the originals of a case withhold: rows of sums are among those rejected."""
    known = cases.state(workspace, actor, case)
    as_written = case_cards(workspace, actor, case, standard_names=False).parts
    found: dict[str, list[Redacted]] = {}
    readings = [reading for _, reading in counting_cards(known.cards)]
    for reading, part, before in zip(readings, cards.parts, as_written, strict=True):
        if reading.rejected:
            told = _renamed(_reread(workspace, reading), before, part)
            found.setdefault(part.jurisdiction, []).append(told)
    yield from found.items()


def _reread(workspace: Workspace, reading: CardReading) -> Redacted:
    again = cases.Reading(reading.file, reading.key, reading.importer, "", reading.encoding)
    with document_of(workspace, again) as document:
        return read_redacted(document)


def _renamed(redacted: Redacted, before: CardPart, after: CardPart) -> Redacted:
    """Contests and choices under the names by which the case knows them."""
    if len(before.contests) != len(after.contests):
        return redacted
    pairs = list(zip(before.contests, after.contests, strict=True))
    names = {one.name: two.name for one, two in pairs}
    choices = {
        one.name: dict(zip(one.choices, two.choices, strict=False))
        for one, two in pairs
        if len(one.choices) == len(two.choices)
    }
    return replace(redacted, sums=tuple(_sum_renamed(each, names, choices) for each in redacted.sums))


def _sum_renamed(
    each: RedactedSum, names: Mapping[str, str], choices: Mapping[str, Mapping[str, str]]
) -> RedactedSum:
    votes = {
        names.get(contest, contest): {
            choices.get(contest, {}).get(choice, choice): number for choice, number in found.items()
        }
        for contest, found in each.votes.items()
    }
    return replace(each, votes=votes, ranked=frozenset(names.get(name, name) for name in each.ranked))
