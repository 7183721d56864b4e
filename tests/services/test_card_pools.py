"""Pools from files: batches with totals only, redacted rows, records without a match; no vote lost."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.card_codes import to_assorters
from tallyproof.audit.contest import claims_of
from tallyproof.audit.contests_size import StyleCards
from tallyproof.audit.drawn_cards import DrawnCards, Shown, pools_of
from tallyproof.election.ballot_manifest import BatchTotals, Manifest
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.election.cast_vote_record import Marks
from tallyproof.election.evidence import Rejection
from tallyproof.errors import RequestError
from tallyproof.services.card_contests import HowWon
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_problems import contest_called, contests_problem_for, problem_for, styles_for
from tallyproof.services.card_strata import strata_for
from tallyproof.services.cards import read_manifest, read_totals
from tallyproof.services.pool_sources import PoolSources, Unmatched
from tallyproof.testing.cards import MadeCard, MadeContest, make_cards

from .made_parts import MAYOR, manifest_of, mayors, part_of, solved

CONTESTS = [
    MadeContest("Mayor", ("Ann", "Bob")),
    MadeContest("Council", ("Cy", "Di", "Ed"), 2),
    MadeContest("Judge", ("P", "Q", "R"), 1, 3),
]
SEEDS = st.integers(0, 10_000)


def totals_of(votes: dict[str, tuple[int, int]]) -> BatchTotals:
    """Totals of the mayor's contest by batch."""
    rows = {batch: row for row, batch in enumerate(votes, 2)}
    return BatchTotals("totals.csv", ("Ann", "Bob"), votes, rows)


HYBRID = manifest_of([("1", "1", 6, True), ("1", "2", 5, False), ("1", "3", 4, False)])


def hybrid(manifest: Manifest = HYBRID) -> tuple[CaseCards, PoolSources]:
    """Batch 1 with records, one of them missing; batches 2 and 3 with totals."""
    cards = CaseCards((part_of(MAYOR, mayors("AAAB-")),), {"": manifest})
    return cards, PoolSources({"": (totals_of({"2": (3, 1), "3": (1, 2)}),)})


def test_batches_with_totals_become_pools() -> None:
    """Votes of records and totals add up, a batch without records is a pool, a missing card a phantom."""
    pooled = gather(*hybrid())
    (mayor,) = pooled.contests
    assert mayor.votes == {"Ann": 7, "Bob": 4}
    assert [(pool.name, pool.cards, pool.rows) for pool in pooled.pools] == [
        ("tabulator 1, batch 2", 5, (2,)), ("tabulator 1, batch 3", 4, (3,))]  # fmt: skip
    bound = mayor.bound
    assert (bound.cards, bound.recorded, bound.pooled, bound.phantoms) == (15, 5, 9, 1)
    assert pooled.faults == () and mayor.remarks == ()


def test_the_problem_of_pools_is_solved_as_it_stands() -> None:
    """The card audit made of the files says that one must draw, over all 15 cards, with its two pools."""
    (mayor,) = gather(*hybrid()).contests
    problem = problem_for(mayor)
    told = solved(problem)
    assert (told["verdict"], told["design"]) == ("continue", "comparison with pools")
    assert problem.contest.cards == 15 and set(problem.pools) == {
        "tabulator 1, batch 2", "tabulator 1, batch 3"}  # fmt: skip
    (claim,) = told["assertions"]
    assert claim["margin"] == pytest.approx(3 / 15)


def test_several_contests_are_one_problem_with_styles() -> None:
    """All cards but phantoms stand in the styles, pools as cards that may bear the contest."""
    cards, sources = hybrid()
    pooled = gather(cards, sources)
    styles = styles_for(cards, pooled, sources)
    assert styles == (StyleCards(("Mayor",), 14),)
    told = solved(contests_problem_for(pooled, styles))
    assert told["finished"] is False and set(told["contests"]) == {"Mayor"}


@pytest.mark.parametrize(
    ("batches", "said"),
    [
        ([("1", "1", 5, True), ("1", "2", 3, False), ("1", "3", 4, False)], "only 3 are left for it"),
        ([("1", "1", 5, True), ("1", "02", 5, False), ("1", "3", 4, False)], "no batch '2'"),
        ([("1", "1", 5, True), ("1", "2", 5, False), ("2", "2", 5, False)], "has 2 batches '2'"),
    ],
)
def test_totals_that_do_not_fit_the_manifest_are_told(
    batches: list[tuple[str, str, int, bool]], said: str
) -> None:
    """Too many votes, an unknown batch and a batch that stands twice are faults with file and row."""
    pooled = gather(*hybrid(manifest_of(batches)))
    fault = next(each for each in pooled.faults if said in each or said.replace("only ", "") in each)
    assert fault.startswith("totals.csv, row 2:")


@pytest.mark.parametrize(("ann", "faults"), [(3, 0), (4, 1)])
def test_totals_of_a_batch_with_records_are_held_against_them(ann: int, faults: int) -> None:
    """Batch 1 has three records for Ann and one for Bob: the same totals are silent, others are a fault."""
    cards, _ = hybrid()
    pooled = gather(cards, PoolSources({"": (totals_of({"1": (ann, 1), "2": (3, 1), "3": (1, 2)}),)}))
    assert pooled.contests[0].votes == {"Ann": 7, "Bob": 4} and len(pooled.faults) == faults
    for fault in pooled.faults:
        assert fault.startswith(
            "totals.csv, row 2: batch '1' has cast vote records, and they tell other votes"
        )
        assert "(Mayor, Ann: 4 in the totals, 3 by records)" in fault


@pytest.mark.parametrize(("ann", "faults"), [(3, 0), (2, 1)])
def test_two_totals_of_one_batch_are_held_against_each_other(ann: int, faults: int) -> None:
    """Where two files tell other votes of a batch the first is used, and that is said; the same are not."""
    cards, sources = hybrid()
    again = replace(totals_of({"2": (ann, 1)}), file="again.csv")
    pooled = gather(cards, replace(sources, totals={"": (*sources.totals[""], again)}))
    assert pooled.contests[0].votes == {"Ann": 7, "Bob": 4}
    told = [each for each in pooled.faults if each.startswith("again.csv, row 2: batch '2' has other votes")]
    assert len(told) == len(pooled.faults) == faults
    assert all("(Mayor, Ann: 2 here, 3 there). Those given first are used." in each for each in told)


@pytest.mark.parametrize(("rows", "faults"), [(1, 1), (20, 20), (22, 21)])
def test_rows_of_totals_that_cannot_be_read_are_told(rows: int, faults: int) -> None:
    """A batch whose total is no number is no pool, and nobody is left to wonder why."""
    cards, sources = hybrid()
    wrong = tuple(Rejection("totals.csv", row, "'ten' is no number", "") for row in range(2, 2 + rows))
    pooled = gather(cards, PoolSources({"": (replace(sources.totals[""][0], rejections=wrong),)}))
    assert len(pooled.faults) == faults
    assert pooled.faults[0] == "totals.csv, row 2: 'ten' is no number."
    assert rows < 22 or pooled.faults[-1] == "totals.csv: 2 rows more could not be read."


def test_totals_of_a_batch_that_should_have_records_are_not_left_out_in_silence() -> None:
    """The manifest says that batch 2 has records, there are none, and totals tell votes: a fault."""
    listed = [("1", "1", 6, True), ("1", "2", 5, True)]
    cards, _ = hybrid(manifest_of(listed))
    pooled = gather(cards, PoolSources({"": (totals_of({"2": (3, 1)}),)}))
    assert "Mayor, Ann: 3 in the totals, 0 by records" in pooled.faults[0]
    assert pooled.contests[0].bound.phantoms == 6


def test_a_pool_with_too_many_votes_cannot_be_audited() -> None:
    """Its contest has margins, and no audit problem, whose refusal says why."""
    (mayor,) = gather(*hybrid(manifest_of([("1", "1", 5, True), ("1", "2", 3, False)]))).contests
    with pytest.raises(RequestError, match="votes for at least 4 cards"):
        problem_for(mayor)


def test_batches_without_records_or_totals_are_missed() -> None:
    """Without the totals their cards are phantoms, and the answer says whose votes are not counted."""
    cards, _ = hybrid()
    (mayor,) = gather(cards).contests
    assert (mayor.votes, mayor.bound.phantoms) == ({"Ann": 3, "Bob": 1}, 10)
    assert "9 cards lie in batches without cast vote records" in mayor.remarks[0]


def test_a_contest_that_totals_do_not_name_is_said_to_be_missing_there() -> None:
    """The pool's cards are not the council's, and whoever forgot a file of totals is told."""
    contests = [*MAYOR, MadeContest("Council", ("Cy", "Di"))]
    record = [MadeCard("1", "1", "1", {0: ((0,),), 1: ((0,),)})]
    cards = CaseCards(
        (part_of(contests, record),), {"": manifest_of([("1", "1", 1, True), ("1", "2", 5, False)])}
    )
    _, council = gather(cards, PoolSources({"": (totals_of({"2": (3, 1)}),)})).contests
    assert (council.bound.cards, council.pools) == (1, {})
    assert "5 cards lie in batches whose totals do not name this contest" in council.remarks[0]


def test_totals_of_a_batch_with_records_are_not_counted_again() -> None:
    """Batch 1 has records, so its totals are left out; where the manifest denies the records it is said."""
    cards = CaseCards((part_of(MAYOR, mayors("AAB")),), {"": manifest_of([("1", "1", 3, None)])})
    sources = PoolSources({"": (totals_of({"1": (2, 1)}),)})
    assert gather(cards, sources).contests[0].votes == {"Ann": 2, "Bob": 1}
    denied = CaseCards(cards.parts, {"": manifest_of([("1", "1", 3, False)])})
    (fault,) = gather(denied, sources).faults
    assert "no cast vote records by the manifest, yet 3 records name it" in fault


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(0, 40))
def test_pools_and_records_together_are_all_votes(seed: int, extra: int) -> None:
    """Records without an imprint go into pools by batch: votes, rankings and cards stay the same in all."""
    cards = make_cards(seed, CONTESTS, 60, batch_cards=20)
    parts = (part_of(CONTESTS, cards[:30]), part_of(CONTESTS, cards[30:], file="b.csv", imprinted=False))
    counts = Counter((card.tabulator, card.batch) for card in cards)
    listed = {"": manifest_of([(*key, number + extra, None) for key, number in sorted(counts.items())])}
    whole = gather(CaseCards(parts, listed))
    split = gather(CaseCards(parts, listed), PoolSources(unmatched=Unmatched(without_imprint=True)))
    assert {pool.name for pool in split.pools} == {"tabulator 2, batch 2", "tabulator 3, batch 3"}
    for one, two in zip(whole.contests, split.contests, strict=True):
        assert (one.votes, one.rankings) == (two.votes, two.rankings)
        assert not one.pools
        assert sum(pool.cards for pool in two.pools.values()) == two.bound.pooled
        assert two.bound.cards >= one.bound.recorded


@settings(deadline=None, max_examples=20)
@given(SEEDS, st.integers(0, 5))
def test_a_pools_mean_is_that_of_its_cards(seed: int, extra: int) -> None:
    """Cards listed beyond the records count 1/2, as do those without the contest."""
    cards = make_cards(seed, CONTESTS, 25, batch_cards=25)
    listed = {"": manifest_of([("1", "1", 25 + extra, None)])}
    part = part_of(CONTESTS, cards, imprinted=False)
    pooled = gather(CaseCards((part,), listed), PoolSources(unmatched=Unmatched(True)))
    for place, contest in enumerate(pooled.contests):
        problem = contest.problem()
        _, claims = claims_of(problem)
        for number, each in enumerate(claims.assertions):
            shown = [
                to_assorters(contest.recorded.read(Marks(card.votes[place])), claims)
                for card in cards
                if place in card.votes
            ]
            total = sum((each.assorter.value(kind) for kind in shown), Fraction())
            total += Fraction(25 + extra - len(shown), 2)
            (pool,) = pools_of(contest.pools, problem, claims, number).values()
            assert pool.mean == total / (25 + extra)


def test_a_way_of_voting_can_be_pooled() -> None:
    """Polling-place cards cannot be matched, mail cards can."""
    mail = part_of(MAYOR, mayors("AAB", "1"), mode="Mail")
    polls = part_of(MAYOR, mayors("AB", "2"), mode="Election Day", file="b.csv")
    sources = PoolSources(unmatched=Unmatched(modes=("Election Day",)))
    (pool,) = gather(CaseCards((mail, polls)), sources).pools
    assert (pool.name, pool.source, pool.cards, pool.recorded) == (
        "tabulator 1, batch 2", "unmatched records", 2, 2)  # fmt: skip


def test_a_way_of_voting_that_no_card_has_cannot_be_pooled() -> None:
    """The refusal names those that there are."""
    cards = CaseCards((part_of(MAYOR, mayors("AAB"), mode="Mail"),))
    with pytest.raises(RequestError, match="'Polls'; there are: Mail"):
        gather(cards, PoolSources(unmatched=Unmatched(modes=("Mail", "Polls"))))


def test_a_batch_listed_once_is_one_pool() -> None:
    """Where the manifest names no tabulators, nobody knows which of them a paper came from."""
    both = [*mayors("AAB"), *(replace(card, tabulator="2") for card in mayors("AB"))]
    cards = CaseCards((part_of(MAYOR, both, imprinted=False),), {"": manifest_of([("", "1", 8, None)])})
    pooled = gather(cards, PoolSources(unmatched=Unmatched(without_imprint=True)))
    assert [(pool.name, pool.cards, pool.recorded) for pool in pooled.pools] == [("batch 1", 8, 5)]
    assert (pooled.contests[0].bound.cards, pooled.contests[0].votes) == (8, {"Ann": 3, "Bob": 2})


def test_write_ins_of_several_places_are_never_more_than_the_cards() -> None:
    """Sums of two places for write-ins may count a card twice; one person has one vote of it."""
    contest = MadeContest("Mayor", ("Ann", "Write-in 1", "Write-in 2"), 2)
    part = part_of([contest], [MadeCard("1", "1", str(n), {0: ((0,),)}) for n in range(9)])
    cards = CaseCards((part,), {"": manifest_of([("1", "1", 9, True), ("1", "2", 3, False)])})
    totals = BatchTotals("t.csv", contest.choices, {"2": (0, 3, 3)}, {"2": 2})
    (mayor,) = gather(cards, PoolSources({"": (totals,)}), told={"Mayor": HowWon(1)}).contests
    assert mayor.votes == {"Ann": 9, "All write-ins": 3}
    assert solved(problem_for(mayor))["verdict"] == "continue"


def counties() -> tuple[CardPart, ...]:
    """Two counties and two ways of voting."""
    return (
        part_of(CONTESTS, make_cards(1, CONTESTS, 50), "Adams", mode="Mail"),
        part_of(CONTESTS, make_cards(2, CONTESTS, 40), "Adams", mode="Early", file="b.csv"),
        part_of(CONTESTS, make_cards(3, CONTESTS, 30), "Baca", mode="Mail", file="c.csv"),
    )


def strata_of(pooled: PooledCards, cards: CaseCards, name: str, by: str, sources: PoolSources) -> set[str]:
    """The names of the strata, whose cards and votes solve takes as the contest's."""
    problem = strata_for(cards, pooled, contest_called(pooled, name), by, sources)  # type: ignore[arg-type]
    assert sum(each.cards for each in problem.strata.values()) == problem.contest.cards
    assert solved(problem)["verdict"] == "continue"
    return set(problem.strata)


@pytest.mark.parametrize("name", ["Mayor", "Council", "Judge"])
def test_strata_add_up_to_the_contest(name: str) -> None:
    """By county, way of voting and records: cards, phantoms and votes are the contest's, ranked or not."""
    listed = {"Adams": manifest_of([("1", "1", 95, None)])}
    cards = CaseCards(counties(), listed)
    pooled, none = gather(cards), PoolSources()
    assert strata_of(pooled, cards, name, "jurisdiction", none) == {"Adams", "Baca"}
    assert strata_of(pooled, cards, name, "mode", none) == {"Mail", "Early", "not recorded"}
    assert strata_of(pooled, cards, name, "records", none) == {"with records"}
    early = PoolSources(unmatched=Unmatched(modes=("Early",)))
    split = gather(cards, early)
    assert strata_of(split, cards, name, "records", early) == {"with records", "without records"}
    assert strata_of(split, cards, name, "jurisdiction", early) == {"Adams", "Baca"}


def test_a_hybrid_audit_has_a_stratum_without_records() -> None:
    """Batches with totals are polled apart from cards with records."""
    cards, sources = hybrid()
    pooled = gather(cards, sources)
    problem = strata_for(cards, pooled, pooled.contests[0], "records", sources)
    assert {name: (each.cards, each.votes) for name, each in problem.strata.items()} == {
        "with records": (6, {"Ann": 3, "Bob": 1}), "without records": (9, {"Ann": 4, "Bob": 3})}  # fmt: skip


def arlo(shared_data: Path, place: str, what: str) -> Path:
    """A file of the small election that comes with Arlo."""
    return shared_data / "formats" / "arlo" / f"{place}_-_{what}.csv"


def test_a_place_without_records_changes_no_total_of_the_small_election(shared_data: Path) -> None:
    """Waurika's records left out and its batch totals put in their place give the stated tallies."""
    places = ("Kendall_Park", "Mount_Olive", "Siletz", "Worthington_Hills")
    parts = [part for place in places for part in parts_from_files([arlo(shared_data, place, "cvrs")], place)]
    manifests = {
        place: read_manifest(arlo(shared_data, place, "ballot_manifest")) for place in (*places, "Waurika")
    }
    contests = ("Master_of_Magic", "Minister_of_Farming")
    totals = [
        read_totals(arlo(shared_data, "Waurika", f"{name}_-_candidate_totals_by_batch")) for name in contests
    ]
    pooled = gather(CaseCards(tuple(parts), manifests), PoolSources({"Waurika": totals}))
    spec = json.loads((shared_data / "formats" / "arlo" / "small-election.spec.json").read_bytes())
    for told in spec["contests"]:
        contest = contest_called(pooled, told["name"])
        assert contest.votes == told["tally"]
    assert sum(pool.cards for pool in pooled.pools) == manifests["Waurika"].cards
    assert pooled.pools[0].name == "Waurika, Tabulator A, Batch 1" and pooled.faults == ()


def drawn_all(papers: str) -> list[DrawnCards]:
    """All 15 cards of the hybrid election: five with records, nine in pools, one that nobody recorded."""
    of = {"A": Shown(("Ann",)), "B": Shown(("Bob",)), "-": Shown(), "x": Shown(state="not found")}
    told = [DrawnCards(of[paper], of[record]) for paper, record in zip(papers, "AAAB-", strict=False)]
    told += [DrawnCards(of[paper], pool="tabulator 1, batch 2") for paper in papers[5:10]]
    told += [DrawnCards(of[paper], pool="tabulator 1, batch 3") for paper in papers[10:14]]
    return [*told, DrawnCards(of[papers[14]], of["x"])]


@pytest.mark.parametrize(
    ("papers", "verdict"), [("AAAB-AAAB-ABB-A", "confirmed"), ("BBBB-AABB-ABB-x", "full hand count")]
)
def test_all_cards_drawn_settle_the_audit_made_from_files(papers: str, verdict: str) -> None:
    """With every paper seen the outcome is confirmed where it is right, and never where Bob has won."""
    (mayor,) = gather(*hybrid()).contests
    problem = msgspec.structs.replace(problem_for(mayor), drawn=tuple(drawn_all(papers)), examined=15)
    assert solved(problem)["verdict"] == verdict
