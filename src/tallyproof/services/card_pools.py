"""All cards of a case for an audit: those compared one by one, those in pools, and those nobody recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tallyproof.audit.card_codes import RecordedContest, rankings_of, recorded_contest, votes_of
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election import card_joins
from tallyproof.election.ballot_manifest import closest
from tallyproof.election.card_joins import Join
from tallyproof.election.card_merging import ContestKey
from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.services.card_bounds import Listed, bound_of
from tallyproof.services.card_contests import CountedContest, HowWon, check_told, several_by_ranking
from tallyproof.services.card_tallies import in_order, sum_of
from tallyproof.services.cards import apart, differing
from tallyproof.services.pool_gathering import CardPool, Gathering, add_told, add_unmatched, tell_contests
from tallyproof.services.pool_sources import PoolSources, place_name

ON_NONE = "taken to stand on none of them."


@dataclass(frozen=True)
class PooledCards:
    """Every contest with its pools, all pools, the cards of each jurisdiction, and what does not fit.

    ``voted`` gives by jurisdiction the contests that a card may bear of which nothing is known; ``of_pools``
    are those of the faults that are about totals and redacted rows.
    """

    contests: tuple[CountedContest, ...]
    pools: tuple[CardPool, ...]
    jurisdictions: Mapping[str, Listed]
    faults: tuple[str, ...] = ()
    voted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_pools: tuple[str, ...] = ()


def gather(
    cards: CaseCards,
    sources: PoolSources | None = None,
    *,
    told: Mapping[str, HowWon] | None = None,
    rules: RankingRules | None = None,
) -> PooledCards:
    """Count all cards, put those without records of their own into pools, and bound each contest.

    Without ``sources`` there are no pools. ``told`` says of contests how they are won. Raises
    RequestError where it names what is not there.
    """
    found = Gathering(cards, sources or PoolSources())
    for part in in_order(cards.parts):
        found.add(part)
    found.faults += [*_not_read(found), *differing(found.counting.merged), *apart(found.counting.merged)]
    of_pools: list[str] = []
    places = sorted({*found.counting.cards, *cards.manifests})
    for jurisdiction in places:
        beside = found.beside(jurisdiction)
        found.faults += beside.faults if beside is not None else ()
        add_unmatched(found, jurisdiction)
        before = len(found.faults)
        add_told(found, jurisdiction)
        of_pools += found.faults[before:]
    for jurisdiction in places:
        tell_contests(found, jurisdiction)
    found.faults += _unmet(found)
    check_told(told or {}, {name: found.counting.merged.books[key] for name, key in found.keys.items()})
    _check_modes(found)
    listed = _listed_cards(found)
    contests = tuple(_contest(found, key, listed, told or {}, rules) for key in found.counting.merged.books)
    voted = {name: found.contests_of(name) for name in places}
    return PooledCards(contests, tuple(found.pools), listed, tuple(found.faults), voted, tuple(of_pools))


def _unmet(found: Gathering) -> list[str]:
    """A sentence for each manifest that meets neither cards nor totals."""
    homes = {part.jurisdiction for part in found.cards.parts}
    met = homes | {pool.jurisdiction for pool in found.pools}
    lone = homes - {""} - set(found.cards.manifests)
    return [
        f"{manifest.file}: it lists {manifest.cards:,} cards of {name or 'nobody by name'}, and there are no "
        f"cast vote records from there. They are counted in no contest.{_nearest(name, lone)}"
        for name, manifest in sorted(found.cards.manifests.items())
        if name not in met and manifest.cards
    ]


def _nearest(name: str, lone: Collection[str]) -> str:
    """Whose cards a manifest may be meant for, of those that have none."""
    near = closest(name, lone)
    return f" Cards of {near} have no manifest: one jurisdiction has one name." if near else ""


def _not_read(found: Gathering) -> list[str]:
    """A sentence for each document with rows that are neither cards nor redacted ones, and for odd sums."""
    said = []
    for part in in_order(found.cards.parts):
        told = [each for each in found.sources.redacted.get(part.jurisdiction, ()) if each.file == part.file]
        known = sum(len(each.sums) + sum(each.hidden.values()) + len(each.rejections) for each in told)
        said += [f"{odd.file}, row {odd.row:,}: {odd.reason}." for each in told for odd in each.rejections]
        left = part.rejected - known
        if left > 0:
            rows = "1 row" if left == 1 else f"{left:,} rows"
            said.append(f"{part.file}: {rows} could not be read, and cards that stand there are not counted.")
    return said


def _check_modes(found: Gathering) -> None:
    """Refuse to pool a way of voting that no card has."""
    for mode in found.sources.unmatched.modes:
        if mode not in found.modes:
            known = ", ".join(sorted(filter(None, found.modes))) or "none that the records name"
            raise RequestError(f"No card has the way of voting '{mode}'; there are: {known}.")


def _listed_cards(found: Gathering) -> dict[str, Listed]:
    names = {*found.counting.cards, *found.cards.manifests, *(pool.jurisdiction for pool in found.pools)}
    return {name: _cards_of(found, name) for name in sorted(names)}


def _cards_of(found: Gathering, jurisdiction: str) -> Listed:
    """The cards of one jurisdiction; phantoms are those listed in its batches that nothing else tells."""
    pools = [pool for pool in found.pools if pool.jurisdiction == jurisdiction]
    recorded = found.counting.cards[jurisdiction] - found.hidden[jurisdiction]
    pooled = sum(pool.cards for pool in pools)
    beside = found.beside(jurisdiction)
    if beside is None:
        return Listed(recorded, pooled)
    listed = found.cards.manifests[jurisdiction].cards
    return Listed(recorded, pooled, listed, found.left(jurisdiction), beside.faults)


def _contest(
    found: Gathering,
    key: ContestKey,
    listed: Mapping[str, Listed],
    told: Mapping[str, HowWon],
    rules: RankingRules | None,
) -> CountedContest:
    book, name, counts = found.counting.merged.books[key], key[0], found.counting.counts.get(key, {})
    how, join = told.get(name, HowWon()), found.counting.merged.join(key)
    codes = sum_of(counts.values())
    pooled = sum_of(batch.codes[key] for batch in found.unmatched.values() if key in batch.codes)
    recorded = recorded_contest(book, {*codes, *pooled}, rules)
    pools = dict(_pools_of(found, key, recorded))
    voting = {*counts, *(pool.jurisdiction for pool in found.pools if pool.name in pools)}
    bound = bound_of(codes.total(), sum(each.cards for each in pools.values()), voting, listed)
    return CountedContest(
        recorded,
        codes,
        bound,
        how,
        pools,
        (*_joined(join), *_remarks(found, name, voting)),
        several_by_ranking(book, how) or _apart(join) or (_refused(found, name) if book.ranks else ""),
        found.not_auditable.get(name, "") or next(iter(bound.faults), ""),
    )


def _apart(join: Join | None) -> str:
    """Why nobody can tell who won a contest whose places have different choices; empty for others."""
    return card_joins.sentence(join) if join is not None and join.is_apart else ""


def _joined(join: Join | None) -> list[str]:
    """What is to be known of cards of several places that are counted together."""
    said = card_joins.sentence(join) if join is not None and not join.is_apart else ""
    return [said] if said else []


def _pools_of(
    found: Gathering, key: ContestKey, recorded: RecordedContest
) -> Iterator[tuple[str, PoolTotals]]:
    """The pools whose cards may bear a contest, with its votes or rankings there."""
    cards = {pool.name: pool.cards for pool in found.pools}
    is_ranked = bool(recorded.book.ranks)
    batches = [batch for batch in found.unmatched.values() if key in batch.codes]
    read = recorded.shown({code for batch in batches for code in batch.codes[key]})
    for batch in batches:
        counts, size = batch.codes[key], cards[batch.name]
        if is_ranked:
            yield batch.name, PoolTotals(size, rankings=rankings_of(recorded, counts, read))
        else:
            yield batch.name, PoolTotals(size, votes_of(recorded, counts, read))
    for told, size in found.told:
        if found.keys.get(key[0]) == key and key[0] in told.votes:
            votes = {} if is_ranked else _audit_votes(recorded, told.votes[key[0]], size)
            yield told.name, PoolTotals(size, votes)


def _audit_votes(recorded: RecordedContest, votes: Mapping[str, int], cards: int) -> dict[str, int]:
    """Votes as told, under the choices of the audit; nobody written in has more votes than cards."""
    found = dict.fromkeys(recorded.choices, 0)
    for choice, number in votes.items():
        found[recorded.choices[recorded.places[recorded.book.choices.index(choice)]]] += number
    return {choice: min(number, cards) for choice, number in found.items()}


def _refused(found: Gathering, name: str) -> str:
    told = next((each for each, _ in found.told if name in each.votes), None)
    if told is None:
        return ""
    return (
        f"Pool '{told.name}' tells first preferences and no rankings; without them nobody can tell who wins."
    )


def _remarks(found: Gathering, contest: str, voting: Collection[str]) -> tuple[str, ...]:
    """What may be missing from the votes: batches without records whose totals nobody gave."""
    said, pools = [], {pool.name for pool in found.pools}
    for jurisdiction in sorted(voting):
        manifest = found.cards.manifests.get(jurisdiction)
        batches = [] if manifest is None else [each for each in manifest.batches if each.has_cvr is False]
        left = sum(each.cards for each in batches if place_name(jurisdiction, each.key) not in pools)
        if left:
            said.append(
                f"{left:,} cards lie in batches without cast vote records, and their votes are not counted "
                "here. Give the totals of these batches with --totals."
            )
    silent = [
        told.cards or 0
        for told, _ in found.told
        if told.source == "batch totals" and told.jurisdiction in voting and contest not in told.votes
    ]
    if silent:
        said.append(
            f"{sum(silent):,} cards lie in batches whose totals do not name this contest; it is {ON_NONE}"
        )
    return tuple(said)
