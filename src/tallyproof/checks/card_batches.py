"""Batches of cards beside the manifest: not listed, with too many cards, with too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.card_counts import CountedCards
from tallyproof.audit.reconciliation import least_ballots
from tallyproof.checks.card_contests import (
    NO_CARDS,
    NO_MANIFEST,
    CardContests,
    Stake,
    card_contests,
    depends,
    opening,
    place_of,
)
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, topic
from tallyproof.election.ballot_manifest import Manifest, not_in_manifest
from tallyproof.election.evidence import Finding, Severity, Source

MANY = 25
"""Where more batches of a jurisdiction differ in one way than this, one finding tells of all."""
FEW = 5
"""Up to so many batches that the manifest lacks are told one by one, whatever their share."""
NEAR = 0.02
"""A manifest counts ballots where its sum is so near to the ballots that the cards come from."""
SEVERAL = 1.2
"""Cards for each ballot from which on ballots evidently have several cards."""


@check(
    "B15", "Cards beside the manifest",
    question="Does every batch hold as many cast vote records as the manifest lists cards?",
    formula="d = cast vote records - cards listed, by batch; adds up when every d = 0",
    severity=Severity.WARNING,
    needs=("cast vote records with their batches", "a ballot manifest"),
    benign=(
        "the batch is named in another way in one of the files",
        "rows of one of the files could not be read",
        "cards were counted by hand or by weight for the manifest",
        "cards were scanned again after a jam, or were left in the scanner's tray",
        "the manifest counts ballots where the cast vote records count the cards of a ballot",
        "damaged ballots were copied, and both the copy and the original are listed",
    ),
    record="the batch itself, counted, with its batch sheet and the scanner's log",
    holder="the county clerk or board of elections",
)  # fmt: skip
def cards_beside_manifest(material: Material) -> Outcome:
    """Batches that are not listed, short or over; never more than a warning, for two sources meet."""
    if not material.card_counts:
        return Missing(NO_CARDS)
    with_manifest = [each for each in material.card_counts if each.manifest is not None]
    lone = list(_without_cards(material))
    if not with_manifest and not lone:
        return Missing(NO_MANIFEST)
    contests = card_contests(material)
    return [*(finding for each in with_manifest for finding in _batch_findings(contests, each)), *lone]


def _without_cards(material: Material) -> Iterator[Finding]:
    """Jurisdictions of which a manifest is here and not one cast vote record."""
    counted = {each.jurisdiction for each in material.card_counts}
    bare = [each.jurisdiction for each in material.card_counts if each.manifest is None and each.jurisdiction]
    hint = (
        f" Cards without a manifest are those of {', '.join(bare[:3])}: one place has one name."
        if bare
        else ""
    )
    manifests = material.cards.manifests if material.cards else {}
    for name, manifest in manifests.items():
        if name not in counted and manifest.cards:
            unit = place_of(name, "")
            batches = "1 batch" if len(manifest.batches) == 1 else f"{len(manifest.batches):,} batches"
            yield Finding(
                "B15", Severity.INFO, "", unit,
                f"{opening(unit)}: {manifest.file} lists {count(manifest.cards, 'card')} in {batches}, and "
                "no cast vote record of them is here. Import them, or audit these cards from paper or in "
                f"pools.{hint}",
                numbers={"listed": manifest.cards, "cards": 0},
                source=Source(manifest.file), topic="no records",
            )  # fmt: skip


def _batch_findings(contests: CardContests, counted: CountedCards) -> Iterator[Finding]:
    numbered = list(enumerate(counted.batches))
    if is_of_another(counted):
        yield _of_another(contests, counted)
        return
    if _counts_ballots(counted):
        yield _ballots_listed(counted)
        return
    kinds = {
        "unlisted": [(place, line) for place, line in numbered if line.listed is None],
        "over": [(place, line) for place, line in numbered if line.listed is not None and line.over],
        "short": [(place, line) for place, line in numbered if line.missing],
    }
    for kind, lines in kinds.items():
        if len(lines) > MANY:
            yield _many(contests, counted, kind, lines)
        else:
            yield from (_one(contests, counted, kind, place, line) for place, line in lines)


def is_of_another(counted: CountedCards) -> bool:
    """Whether most batches are unknown to the manifest: it may be that of another election or county."""
    unlisted = [line for line in counted.batches if line.found and line.listed is None]
    return counted.manifest is not None and len(unlisted) > max(FEW, len(counted.found) / 2)


def _of_another(contests: CardContests, counted: CountedCards) -> Finding:
    """One sentence for all, where each batch of both sides would have one that says nothing."""
    assert counted.manifest is not None
    manifest, unit = counted.manifest, place_of(counted.jurisdiction, "")
    unlisted = [
        (place, line) for place, line in enumerate(counted.batches) if line.found and line.listed is None
    ]
    short = [(place, line) for place, line in enumerate(counted.batches) if line.missing]
    stakes = [_stake(contests, counted, "unlisted", unlisted), _stake(contests, counted, "short", short)]
    stake, missing = max(stakes, key=lambda each: each.ratio), sum(line.missing for _, line in short)
    phantoms = f" Until then the {count(missing, 'card')} that it lists without a record count as phantoms."
    first = unlisted[0][1]
    return Finding(
        "B15", Severity.WARNING, stake.contest, unit,
        f"{' '.join(_told(manifest, counted.batches))}{phantoms if missing else ''}{depends(stake)}",
        numbers={"batches": len(unlisted), "cards": sum(line.found for _, line in unlisted),
                 "phantoms": missing},
        votes_at_stake=stake.votes, margin=stake.margin, source=Source(first.file, first.row),
        also=(Source(manifest.file),), topic="another",
    )  # fmt: skip


def _told(manifest: Manifest, lines: Sequence[BatchLine]) -> list[str]:
    """What ``cards tally`` says of it; batches that met under another spelling are named as listed."""
    listed = {batch.row: batch.key for batch in manifest.batches}
    found = {
        listed.get(line.listed_row or 0, (line.tabulator, line.batch)): line for line in lines if line.found
    }
    rows = {key: line.row or 0 for key, line in found.items()}
    first = next(line.file for line in found.values())
    return not_in_manifest(manifest, {key: line.found for key, line in found.items()}, first, rows)


def _counts_ballots(counted: CountedCards) -> bool:
    """Whether the manifest evidently lists ballots of several cards each."""
    ballots = sum(least_ballots(counted).values())
    listed = counted.manifest.cards if counted.manifest else 0
    return counted.cards >= SEVERAL * ballots and abs(listed - ballots) <= NEAR * ballots


def _ballots_listed(counted: CountedCards) -> Finding:
    assert counted.manifest is not None
    listed, ballots = counted.manifest.cards, sum(least_ballots(counted).values())
    return Finding(
        "B15", Severity.WARNING, "", place_of(counted.jurisdiction, ""),
        f"{opening(place_of(counted.jurisdiction, ''))}: {counted.manifest.file} lists {listed:,}, about as "
        f"many as the {ballots:,} ballots that the {count(counted.cards, 'cast vote record')} come from. "
        "It seems to list ballots and not cards, so batches cannot be compared; an audit that draws cards "
        "needs a manifest of cards.",
        numbers={"listed": listed, "ballots": ballots, "cards": counted.cards},
        source=Source(counted.manifest.file), also=tuple(Source(file) for file in counted.files),
        topic="ballots",
    )  # fmt: skip


def _one(contests: CardContests, counted: CountedCards, kind: str, place: int, line: BatchLine) -> Finding:
    stake = _stake(contests, counted, kind, [(place, line)])
    batch = place_of(counted.jurisdiction, line.name)
    return Finding(
        "B15", Severity.WARNING, stake.contest, batch,
        f"{opening(batch)}: {_sentence(kind, line)}{depends(stake)}",
        numbers={"listed": line.listed, "found": line.found, "d": line.found - line.expected},
        votes_at_stake=stake.votes, margin=stake.margin, source=_source(kind, line),
        also=_also(kind, line), topic=topic(kind),
    )  # fmt: skip


def _sentence(kind: str, line: BatchLine) -> str:
    found = count(line.found, "cast vote record")
    if kind == "unlisted":
        near = f" The closest batch there without records is {line.near}." if line.near else ""
        return f"{found}, but {line.listed_file} does not list this batch.{near}"
    listed = f"{line.listed_file} lists {count(line.listed or 0, 'card')}"
    if kind == "short":
        there = "is" if line.found == 1 else "are"
        phantoms = f"{count(line.missing, 'phantom')} must stand in an audit for the rest"
        return f"{listed}, and there {there} {found if line.found else 'no cast vote records'}: {phantoms}."
    if line.has_cvr is False:
        return f"{listed} without cast vote records, and there are {found}."
    return f"{listed}, and there are {found}, {line.over:,} too many."


def _source(kind: str, line: BatchLine) -> Source:
    if kind == "short" or not line.file:
        return Source(line.listed_file, line.listed_row)
    return Source(line.file, line.row)


def _also(kind: str, line: BatchLine) -> tuple[Source, ...]:
    if kind == "short":
        return (Source(line.file, line.row),) if line.file else ()
    return (Source(line.listed_file, line.listed_row),)


def _stake(
    contests: CardContests, counted: CountedCards, kind: str, lines: Sequence[tuple[int, BatchLine]]
) -> Stake:
    """Cards too many may be votes of one choice; cards without a record may be votes against a lead."""
    if kind != "short":
        most: dict[str, int] = {}
        for place, line in lines:
            for name, votes in counted.reach_of_batches[place].most.items():
                most[name] = most.get(name, 0) + min(votes, line.over)
        return contests.worst(most)
    missing: dict[str, int] = {}
    for place, line in lines:
        for name in _borne(counted, place):
            missing[name] = missing.get(name, 0) + line.missing
    return contests.worst(missing)


def _borne(counted: CountedCards, place: int) -> Sequence[str]:
    """Contests that a missing card of the batch may bear: those of its other cards, else all."""
    reach = counted.reach_of_batches.get(place)
    if reach is not None:
        return list(reach.cards)
    return [name for name, contest in counted.contests.items() if contest.cards.any()]


_KINDS = {
    "unlisted": "not listed in the manifest",
    "over": "with more cast vote records than the manifest lists cards",
    "short": "with fewer cast vote records than the manifest lists cards",
}


def _many(
    contests: CardContests, counted: CountedCards, kind: str, lines: Sequence[tuple[int, BatchLine]]
) -> Finding:
    assert counted.manifest is not None
    stake = _stake(contests, counted, kind, lines)
    cards = sum(line.missing if kind == "short" else line.over for _, line in lines)
    largest = max((line for _, line in lines), key=lambda line: max(line.missing, line.over))
    unit = place_of(counted.jurisdiction, "")
    return Finding(
        "B15", Severity.WARNING, stake.contest, unit,
        f"{opening(unit)}: {len(lines):,} of {len(counted.batches):,} batches are {_KINDS[kind]}, by "
        f"{count(cards, 'card')} in all. The largest is {largest.name} ({largest.found:,} found, "
        f"{largest.listed or 0:,} listed). Are both files of the same count, and are batches named alike?"
        f"{depends(stake)}",
        numbers={"batches": len(lines), "cards": cards}, votes_at_stake=stake.votes, margin=stake.margin,
        source=_source(kind, largest), also=_also(kind, largest), topic=topic(kind, "many"),
    )  # fmt: skip
