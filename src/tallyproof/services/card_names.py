"""Standard names of a case: what its cards and returns call contests, proposals, setting a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tallyproof.election.card_part import CardPart, column
from tallyproof.election.returns import Measure
from tallyproof.election.standard_conflicts import conflicts, place_of, users_of
from tallyproof.election.standard_names import (
    Decision,
    NamedContest,
    StandardNames,
    counts,
    jurisdiction_key,
    one_line,
)
from tallyproof.election.standardizing import returns_name, standardized
from tallyproof.errors import RequestError
from tallyproof.formats import name_file, name_lists
from tallyproof.formats.name_proposals import Proposal, proposed, same_accepted
from tallyproof.services import cases, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.card_parts import case_cards
from tallyproof.services.cases import CaseState
from tallyproof.services.name_records import NAMES_SET, NamesRecord, names_of
from tallyproof.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Called:
    """A name that files use, where they use it, and whether that is a rule's doing."""

    name: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardGroup:
    """A contest under its standard name: everything it is called, and everything its choices are called."""

    name: str
    vote_for: int | None
    places: tuple[str, ...]
    wordings: tuple[Called, ...]
    choices: tuple[tuple[str, tuple[Called, ...]], ...]

    @property
    def is_joined(self) -> bool:
        """Whether a rule gave the contest or one of its choices another name than some file does."""
        return any(each.name != self.name for each in self.wordings) or any(
            called.name != choice for choice, wordings in self.choices for called in wordings
        )


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A jurisdiction: its contests, those that stand elsewhere or in another source too, those renamed."""

    jurisdiction: str
    contests: int
    shared: int
    renamed: int


@dataclass(frozen=True, slots=True)
class NamesLook:
    """What a case's files call contests, under the names that are set.

    ``alone`` are contests that one source names and no rule mentions; ``faults`` are sentences on what does
    not fit together; ``undecided`` counts proposed wordings, which have no effect.
    """

    case: str
    record: NamesRecord | None
    places: tuple[PlaceCount, ...]
    contests: tuple[StandardGroup, ...]
    alone: tuple[Called, ...]
    faults: tuple[str, ...]
    undecided: int


# ---- what files call contests


def named_in_cards(parts: Sequence[CardPart]) -> tuple[NamedContest, ...]:
    """The contests of cards, as the files name them."""
    found = []
    for part in parts:
        for each, is_borne in zip(part.contests, _borne(part), strict=True):
            found.append(
                NamedContest(
                    part.jurisdiction, part.file, each.name, tuple(each.choices), each.vote_for,
                    bool(each.ranks), is_borne,
                )
            )  # fmt: skip
    return tuple(found)


def _borne(part: CardPart) -> list[bool]:
    """For each contest whether any card bears it."""
    places = range(len(part.contests))
    if not places:
        return []
    counted = part.cards.select(pl.col(column(place)).count() for place in places).collect()
    return [cards > 0 for cards in counted.row(0)]


def named_in_returns(frame: pl.DataFrame, source: str) -> tuple[NamedContest, ...]:
    """The contests of a returns table by county, named by office and district."""
    keys = ["county", "office", "district"]
    rows = frame.filter(pl.col("contest").cast(pl.String) != "", pl.col("office").cast(pl.String) != "")
    is_choice = pl.col("measure") == Measure.CHOICE.value
    found = rows.group_by(keys, maintain_order=True).agg(
        pl.col("choice").filter(is_choice).cast(pl.String).unique(maintain_order=True),
        pl.col("vote_for").drop_nulls().first(),
    )
    return tuple(
        NamedContest(
            str(row["county"]),
            source,
            returns_name(str(row["office"]), str(row["district"])),
            tuple(name for name in row["choice"] if name),
            row["vote_for"],
        )
        for row in found.iter_rows(named=True)
    )


def named(
    workspace: Workspace, actor: Actor, case: str, lists: Sequence[Path] = ()
) -> tuple[NamedContest, ...]:
    """The contests of a case's cards and returns as their files name them, and those of further lists."""
    known = cases.state(workspace, actor, case)
    found = [*named_in_cards(case_cards(workspace, actor, case, standard_names=False).parts)]
    for record in known.active:
        found += named_in_returns(tables.table_of(workspace, record), record.snapshot.source)
    for path in lists:
        found += name_lists.read_contests(path)
    return tuple(found)


def look(workspace: Workspace, actor: Actor, case: str, lists: Sequence[Path] = ()) -> NamesLook:
    """What is called how where, and what does not fit. Raises RequestError for an unknown case."""
    known = cases.state(workspace, actor, case)
    names = names_of(workspace.files, known.names)
    found = named(workspace, actor, case, lists)
    faults = [*conflicts(found, names), *_unjoinable(workspace, actor, case, names)]
    users = users_of(found, names)
    ruled = {one_line(each.name) for each in names.contests}
    alone = [
        Called(name, tuple(map(place_of, each)))
        for name, each in users.items()
        if name not in ruled
        and len({(jurisdiction_key(user.jurisdiction), user.source) for user in each}) == 1
    ]
    return NamesLook(
        case, known.names, _places(found, users, names),
        tuple(_group(name, each, names) for name, each in users.items()),
        tuple(alone), tuple(faults), counts(names)[Decision.PROPOSED.value],
    )  # fmt: skip


def _unjoinable(workspace: Workspace, actor: Actor, case: str, names: StandardNames) -> list[str]:
    """Why cards cannot be put under these names, a sentence for each file of which that is so."""
    found = []
    for part in case_cards(workspace, actor, case, standard_names=False).parts:
        try:
            standardized(part, names)
        except RequestError as fault:
            found.append(str(fault))
    return found


def _places(
    found: Sequence[NamedContest], users: dict[str, list[NamedContest]], names: StandardNames
) -> tuple[PlaceCount, ...]:
    sources = {name: {(each.jurisdiction, each.source) for each in used} for name, used in users.items()}
    places: dict[str, dict[str, bool]] = {}
    for each in found:
        standard = names.contest(each.jurisdiction, each.name)
        renamed = places.setdefault(place_of(each), {})
        renamed[standard] = renamed.get(standard, False) or standard != one_line(each.name)
    return tuple(
        PlaceCount(place, len(each), sum(len(sources[name]) > 1 for name in each), sum(each.values()))
        for place, each in places.items()
    )


def _group(name: str, users: Sequence[NamedContest], names: StandardNames) -> StandardGroup:
    wordings: dict[str, list[str]] = {}
    choices: dict[str, dict[str, list[str]]] = {}
    for user in users:
        wordings.setdefault(one_line(user.name), []).append(place_of(user))
        for choice in user.choices:
            called = choices.setdefault(names.choice(user.jurisdiction, name, choice), {})
            called.setdefault(one_line(choice), []).append(place_of(user))
    votes = next((user.vote_for for user in users if user.vote_for is not None), None)
    return StandardGroup(
        name, votes, tuple(dict.fromkeys(map(place_of, users))), _called(wordings),
        tuple((choice, _called(each)) for choice, each in choices.items()),
    )  # fmt: skip


def _called(wordings: dict[str, list[str]]) -> tuple[Called, ...]:
    return tuple(Called(name, tuple(dict.fromkeys(places))) for name, places in wordings.items())


# ---- proposing and setting


def propose(
    workspace: Workspace, actor: Actor, case: str, lists: Sequence[Path] = (), *, accept_same: bool = False
) -> Proposal:
    """The names that are set, and further wordings that may mean the same; nothing is changed.

    ``accept_same`` marks wordings as accepted that differ in case, punctuation, accents or notes only.
    """
    known = cases.state(workspace, actor, case)
    found = proposed(named(workspace, actor, case, lists), names_of(workspace.files, known.names))
    return same_accepted(found) if accept_same else found


def read_names(path: Path) -> tuple[StandardNames, str]:
    """The names in a TOML file or in Arlo's list, and their TOML. Raises RequestError, UnreadableError."""
    if path.suffix.casefold() in {".csv", ".xlsx"}:
        text = name_file.written(name_lists.read_arlo(path))
    else:
        text = name_file.load(path)
    return name_file.parse(text, path.name), text


def set_names(workspace: Workspace, actor: Actor, case: str, path: Path, reason: str = "") -> CaseState:
    """Set the standard names of a case to those of a file; setting an earlier file undoes this.

    Raises RequestError where the file is no such file, its names are at odds or cannot be used on the
    cards, or where they replace others and no reason is given.
    """
    require(actor, Right.IMPORT)
    cases.require_part(actor, cases.state(workspace, actor, case))
    names, text = read_names(path)
    if wrong := _unjoinable(workspace, actor, case, names):
        raise RequestError(" ".join(wrong))
    sha, original = workspace.files.put(text.encode()), workspace.files.put(path)
    body = {"file": path.name, "names": sha, "original": original, "counts": dict(counts(names)),
            "reason": reason.strip()}  # fmt: skip

    def decide(known: CaseState) -> dict[str, Any] | None:
        if known.names is not None and known.names.sha256 == sha:
            return None
        if known.names is not None and not reason.strip():
            raise RequestError(
                f"Names are set already (event {known.names.sequence}, {known.names.file}). "
                "Say why they are replaced with --reason, for those who read the ledger later."
            )
        return body

    cases.record(workspace, actor, case, NAMES_SET, decide)
    return cases.state(workspace, actor, case)


def proposal_text(proposal: Proposal) -> str:
    """A proposal as the TOML file that is reviewed, with a comment on each line that says why."""
    return name_file.written(proposal.names, proposal.why)


def decisions(proposal: Proposal) -> Mapping[str, int]:
    """How many wordings of a proposal are in each state."""
    return counts(proposal.names)


def names_text(workspace: Workspace, actor: Actor, case: str) -> str:
    """The names that are set, as their TOML with its comments. Raises RequestError where none are."""
    known = cases.state(workspace, actor, case)
    if known.names is None:
        raise RequestError(f"Case {case} has no standard names. Propose some with --propose FILE.toml.")
    with workspace.files.open(known.names.sha256) as stream:
        return stream.read().decode("utf-8")
