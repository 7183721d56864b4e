"""Frames with pools: a card that no record names may bear every contest of its pool, and audits agree."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.contests_audit import ContestsAudit, SampledCard
from tallyproof.audit.drawn_cards import Shown
from tallyproof.election.ballot_manifest import BatchTotals, Manifest
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.errors import RequestError
from tallyproof.formats.cards.redacted import Redacted, RedactedSum
from tallyproof.sampling.frame import BatchKey, fields
from tallyproof.services import solving
from tallyproof.services.card_frames import FrameCounts, frame_counts, on_frame
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_problems import contest_called, contests_problem_for, problem_for
from tallyproof.services.drawing import asked, draw, redraw
from tallyproof.services.frame_pools import frame_pools
from tallyproof.services.framing import FrameMade, make_frame
from tallyproof.services.pool_sources import PoolSources, Unmatched
from tallyproof.services.retrieving import retrieval
from tallyproof.testing.cards import MadeCard, MadeContest, make_cards

from .made_parts import manifest_of, part_of

CONTESTS = [
    MadeContest("Mayor", ("Ann", "Bob")),
    MadeContest("Council", ("Cy", "Di", "Ed"), 2),
    MadeContest("Judge", ("Pat", "Quin", "Ray"), 1, 3),
]
SEED = "53417960661093690826"
NO_IMPRINT = PoolSources(unmatched=Unmatched(without_imprint=True))


@dataclass(frozen=True)
class Framed:
    """A frame with its pools, and the audit's contests on it."""

    made: FrameMade
    counts: FrameCounts
    pooled: PooledCards
    listed: Mapping[tuple[BatchKey, str], tuple[str, ...]]

    def named(self, beginning: str) -> Counter[BatchKey]:
        """How many cards of each batch have a name that begins so."""
        return Counter(key for key, card in self.listed if card.startswith(beginning))


def framed(path: Path, cards: CaseCards, sources: PoolSources) -> Framed:
    """Make the frame with these pools, and gather the same cards for an audit."""
    made = make_frame(path, cards, pools=frame_pools(cards, sources))
    counts = frame_counts(path)
    rows = [fields(line) for line in path.read_text(encoding="utf-8").splitlines()]
    styles = [style.contests for style in counts.head.styles]
    listed = {((row[1], row[2], row[3]), row[4]): styles[int(row[0])] for row in rows if row[0].isdigit()}
    return Framed(made, counts, on_frame(gather(cards, sources), counts), listed)


def blanked(part: CardPart, chance: random.Random, share: float) -> CardPart:
    """The part with some imprints taken out, and ways of voting by chance."""
    table = part.cards.collect()
    imprints = ["" if chance.random() < share else imprint for imprint in table["imprint"]]
    modes = [chance.choice(("Mail", "Early", "Polls")) for _ in imprints]
    told = table.with_columns(pl.Series("imprint", imprints), pl.Series("mode", modes))
    return replace(part, cards=told.lazy())


def listed_of(parts: Iterable[CardPart], more: Iterable[int]) -> Manifest:
    """A manifest of these cards' batches, each with so many cards more than records."""
    keys = [key for part in parts for key in part.cards.select("tabulator", "batch").collect().iter_rows()]
    sizes = zip(sorted(Counter(keys).items()), more, strict=False)
    return manifest_of([(*key, number + extra, None) for (key, number), extra in sizes])


def bears(part: CardPart) -> dict[tuple[str, str, str], tuple[tuple[str, ...], bool, str]]:
    """By place and record the contests on each card, whether it has an imprint, and its way of voting."""
    names = [each.name for each in part.contests]
    found = {}
    for row in part.cards.collect().iter_rows(named=True):
        there = tuple(sorted(name for place, name in enumerate(names) if row[f"c{place}"] is not None))
        found[row["tabulator"], row["batch"], row["record"]] = there, bool(row["imprint"]), row["mode"]
    return found


def require_agreement(found: Framed) -> None:
    """Every contest has as many cards in the frame as in its bound, and no pool's cards differ."""
    assert found.pooled.faults == ()
    for contest in found.pooled.contests:
        assert found.counts.cards_with(contest.name) == contest.bound.cards
        assert contest.bound.cards == (
            contest.bound.recorded
            + sum(pool.cards for pool in contest.pools.values())
            + contest.bound.phantoms
        )


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    share=st.sampled_from([0.0, 0.2, 0.7, 1.0]),
    modes=st.sets(st.sampled_from(["Early", "Polls"])),
    more=st.lists(st.sampled_from([0, 0, 0, 1, 4]), min_size=6, max_size=6),
    with_manifest=st.booleans(),
)
def test_the_frame_counts_what_the_audit_counts(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int, share: float, modes: set[str], more: list[int], with_manifest: bool,
) -> None:  # fmt: skip
    """Each contest has its bound, matched cards have their own style, and others that of their pool."""
    chance = random.Random(seed)
    part = blanked(
        part_of(CONTESTS, make_cards(seed, CONTESTS, 60, batch_cards=12, absent=0.5)), chance, share
    )
    known = {told[2] for told in bears(part).values()}
    sources = PoolSources(unmatched=Unmatched(without_imprint=True, modes=tuple(sorted(modes & known))))
    cards = CaseCards((part,), {"": listed_of([part], more)} if with_manifest else {})
    found = framed(tmp_path_factory.mktemp("frame") / "frame.csv", cards, sources)
    require_agreement(found)
    for each in gather(cards, sources).contests:
        assert each.bound.cards == found.counts.cards_with(each.name)
    matched = {
        (("", tabulator, batch), f"{tabulator}-{batch}-{record}"): there
        for (tabulator, batch, record), (there, is_imprinted, mode) in bears(part).items()
        if is_imprinted and mode not in modes
    }
    assert {key: style for key, style in found.listed.items() if key in matched} == matched
    others = Counter(
        (key, style) for (key, card), style in found.listed.items() if (key, card) not in matched
    )
    pools = {("", *(pool.batch or ())): pool for pool in found.pooled.pools}
    for (key, style), number in others.items():
        if key in pools:
            assert (style, number) == (tuple(sorted(pools[key].contests)), pools[key].cards)
    assert sum(others[key, style] for key, style in others if key in pools) == found.made.pooled


def test_unmatched_cards_are_named_by_no_record(tmp_path: Path) -> None:
    """In a mixed batch matched cards go by imprint, others are counted; batch 2 has positions."""
    part = part_of(CONTESTS, make_cards(1, CONTESTS, 20, batch_cards=10, absent=0))
    without = pl.col("record").is_in(["3", "7"]) | (pl.col("batch") == "2")
    imprint = pl.when(without).then(pl.lit("")).otherwise("imprint").alias("imprint")
    part = replace(part, cards=part.cards.with_columns(imprint))
    found = framed(tmp_path / "f.csv", CaseCards((part,), {"": listed_of([part], [0, 0])}), NO_IMPRINT)
    first, second = ("", "1", "1"), ("", "2", "2")
    assert [card for key, card in found.listed if key == first] == [
        *(f"1-1-{record}" for record in (1, 10, 2, 4, 5, 6, 8, 9)), "unmatched-1", "unmatched-2"]  # fmt: skip
    assert [card for key, card in found.listed if key == second] == [str(place) for place in range(1, 11)]
    assert (found.made.pooled, found.made.unlisted) == (12, 0)
    assert "withheld records: 12. They count as bearing every contest of their pool" in found.made.remarks[0]


def two_batches(extra: int = 0) -> CaseCards:
    """Three cards of the mayor in batch 1 without imprint; two of the council, with one, in batch 2."""
    mayor = part_of(
        CONTESTS[:1], [MadeCard("1", "1", str(n), {0: ((0,),)}) for n in range(1, 4)], imprinted=False
    )
    council = part_of(
        CONTESTS[1:2], [MadeCard("1", "2", str(n), {0: ((0,),)}) for n in range(1, 3)], file="b.csv"
    )
    return CaseCards((mayor, council), {"": manifest_of([("1", "1", 3 + extra, None), ("1", "2", 2, None)])})


@pytest.mark.parametrize(("extra", "council"), [(0, 2), (1, 6)])
def test_a_card_that_nobody_recorded_may_be_any_paper_of_its_pool(
    tmp_path: Path, extra: int, council: int
) -> None:
    """It may bear the council, so each of the four papers may; without it none does."""
    found = framed(tmp_path / "f.csv", two_batches(extra), NO_IMPRINT)
    require_agreement(found)
    assert contest_called(found.pooled, "Council").bound.cards == council
    assert contest_called(found.pooled, "Council").votes == {"Cy": 2, "Di": 0, "Ed": 0}
    assert found.made.pooled == 3 + extra


def test_a_frame_made_without_the_pools_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """Cards of one pool with different records: the frame takes their records' word, and lists too few."""
    both = [MadeCard("1", "1", "1", {0: ((0,),)}), MadeCard("1", "1", "2", {1: ((0,),)})]
    cards = CaseCards((part_of(CONTESTS, both, imprinted=False),))
    make_frame(tmp_path / "f.csv", cards)
    pooled = on_frame(gather(cards, NO_IMPRINT), frame_counts(tmp_path / "f.csv"))
    assert "f.csv lists 1 card for this contest, and 2 may bear it" in pooled.faults[0]
    assert pooled.faults[0].endswith("options for pools: --totals, --pool-mode, --pool-no-imprint.")
    with pytest.raises(RequestError, match="Make the frame from the same records"):
        problem_for(contest_called(pooled, "Mayor"))
    require_agreement(framed(tmp_path / "f.csv", cards, NO_IMPRINT))


def redacted(*, rows: int = 0) -> PoolSources:
    """One row of sums of two contests, one of which stands in no record; so many rows are no cards."""
    votes = {"Mayor": {"Ann": 2, "Bob": 1}, "Sheriff": {"Sy": 1, "Tom": 2}}
    told = RedactedSum("cards.csv", 9, "Redacted", "A", votes)
    return PoolSources(redacted={"": (Redacted("cards.csv", (told,), {"A": rows} if rows else {}),)})


@pytest.mark.parametrize("listed", [8, 10])
def test_cards_whose_votes_are_withheld_have_the_style_of_their_pool(tmp_path: Path, listed: int) -> None:
    """Four cards keep their names and bear what the sums do; cards beyond the records may bear anything."""
    own = [MadeCard("1", "1", str(n), {1: ((n % 2,),)}) for n in range(1, 5)]
    hidden = [MadeCard("1", "1", str(n), {}) for n in range(5, 9)]
    part = replace(part_of(CONTESTS[:2], [*own, *hidden]), rejected=1)
    cards = CaseCards((part,), {"": manifest_of([("1", "1", listed, None)])})
    found = framed(tmp_path / "f.csv", cards, redacted())
    require_agreement(found)
    styles = Counter(found.listed.values())
    assert styles == +Counter({
        ("Council",): 4, ("Mayor", "Sheriff"): 4, ("Council", "Mayor", "Sheriff"): listed - 8})  # fmt: skip
    assert found.listed[("", "1", "1"), "1-1-5"] == ("Mayor", "Sheriff")
    assert (found.made.pooled, found.made.unlisted, found.made.faults) == (4, listed - 8, ())


def test_rows_that_withhold_a_card_leave_it_among_those_without_a_record(tmp_path: Path) -> None:
    """Nobody knows which of the six they are: all may bear everything, and the pool with them."""
    own = [MadeCard("1", "1", str(n), {1: ((n % 2,),)}) for n in range(1, 5)]
    part = replace(part_of(CONTESTS[:2], own), rejected=6)
    cards = CaseCards((part,), {"": manifest_of([("1", "1", 10, None)])})
    found = framed(tmp_path / "f.csv", cards, redacted(rows=5))
    require_agreement(found)
    assert found.listed[("", "1", "1"), "unlisted-1"] == ("Council", "Mayor", "Sheriff")
    (pool,) = found.pooled.pools
    assert (pool.cards, set(pool.contests)) == (5, {"Council", "Mayor", "Sheriff"})
    assert contest_called(found.pooled, "Council").bound.phantoms == 1


def test_rows_of_one_county_do_not_answer_for_those_of_another(tmp_path: Path) -> None:
    """Both call their file cards.csv: of Adams one row cannot be read, of Boone one is a sum."""
    cards = make_cards(1, CONTESTS[:2], 4)
    parts = tuple(replace(part_of(CONTESTS[:2], cards, name), rejected=1) for name in ("Adams", "Boone"))
    sources = replace(redacted(), redacted={"Boone": redacted().redacted[""]})
    listed = {part.jurisdiction: listed_of([part], [3]) for part in parts}
    made = make_frame(
        tmp_path / "f.csv", CaseCards(parts, listed), pools=frame_pools(CaseCards(parts, listed), sources)
    )
    assert made.faults == ("cards.csv: 1 row could not be read as cards.",)


def test_an_unmatched_card_whose_votes_are_withheld_may_bear_the_redacted_contests(tmp_path: Path) -> None:
    """It is one of the three papers of its batch, so each of them may bear what the sums add up."""
    unmatched = [MadeCard("1", "1", "1", {1: ((0,),)}), MadeCard("1", "1", "2", {1: ((1,),)}),
                 MadeCard("1", "1", "3", {})]  # fmt: skip
    parts = (
        part_of(CONTESTS[:2], unmatched, imprinted=False),
        part_of(CONTESTS[:2], [MadeCard("1", "2", "1", {1: ((0,),)})], file="b.csv"),
    )
    cards = CaseCards(parts, {"": manifest_of([("1", "1", 3, None), ("1", "2", 5, None)])})
    sources = replace(redacted(), unmatched=Unmatched(without_imprint=True))
    found = framed(tmp_path / "f.csv", cards, sources)
    require_agreement(found)
    assert found.listed[("", "1", "1"), "1"] == ("Council", "Mayor", "Sheriff")
    assert found.listed[("", "1", "2"), "1-2-1"] == ("Council",)


def test_contests_that_stand_in_totals_only_are_in_the_frame(tmp_path: Path) -> None:
    """Batch 2 has totals of the sheriff, whom no record names: with the totals its cards bear that too."""
    part = part_of(CONTESTS[:2], make_cards(3, CONTESTS[:2], 10, absent=0))
    cards = CaseCards((part,), {"": manifest_of([("1", "1", 10, True), ("1", "P", 5, False)])})
    totals = BatchTotals("t.csv", ("Mayor - Ann", "Mayor - Bob", "Sy", "Tom"),
                         {"P": (3, 1, 2, 2)}, {"P": 2})  # fmt: skip
    sources = PoolSources({"": (totals,)}, contest="Sheriff")
    found = framed(tmp_path / "f.csv", cards, sources)
    require_agreement(found)
    assert contest_called(found.pooled, "Sheriff").bound.cards == 5
    assert contest_called(found.pooled, "Council").pools["tabulator 1, batch P"].votes == {
        "Cy": 0,
        "Di": 0,
        "Ed": 0,
    }
    make_frame(tmp_path / "f.csv", cards)
    without = on_frame(gather(cards, sources), frame_counts(tmp_path / "f.csv"))
    assert [fault.split(":")[0] for fault in without.faults] == ["Sheriff"]


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([0, 2]), st.booleans())
def test_counties_agree_each_with_its_own_contests(
    tmp_path_factory: pytest.TempPathFactory, seed: int, more: int, pooled_alone: bool
) -> None:
    """Two counties with pools beside one with totals only, of which the frame knows nothing else."""
    chance = random.Random(seed)
    adams = part_of(CONTESTS[:2], make_cards(seed, CONTESTS[:2], 30, batch_cards=10), "Adams")
    baca = part_of(CONTESTS[1:], make_cards(seed + 1, CONTESTS[1:], 20, batch_cards=10), "Baca", file="b.csv")
    parts = (blanked(adams, chance, 0.5), blanked(baca, chance, 1.0 if pooled_alone else 0.3))
    listed = {
        name: listed_of([part], [0, more, 0]) for name, part in zip(("Adams", "Baca"), parts, strict=True)
    }
    listed["Clay"] = manifest_of([("", "C", 9, False)])
    totals = BatchTotals(
        "t.csv", ("Council - Cy", "Council - Di", "Council - Ed"), {"C": (5, 3, 1)}, {"C": 2}
    )
    sources = PoolSources({"Clay": (totals,)}, unmatched=Unmatched(without_imprint=True))
    found = framed(tmp_path_factory.mktemp("frame") / "frame.csv", CaseCards(parts, listed), sources)
    require_agreement(found)
    assert found.counts.head.cards == sum(each.cards for each in listed.values())
    assert {style for (key, _), style in found.listed.items() if key[0] == "Clay"} == {
        ("Council", "Judge", "Mayor")
    }


# ---- a whole audit


def town() -> tuple[list[MadeCard], CardPart, CaseCards, PoolSources]:
    """Forty cards with imprints among fifty without, and a batch with totals; Ann and Cy win by far."""
    chance = random.Random(4)
    own = []
    for number in range(90):
        votes = {0: ((int(chance.random() < 0.15),),)} | ({1: ((0, 1),)} if number % 3 else {})
        own.append(MadeCard("1", str(number // 30 + 1), str(number % 30 + 1), votes))
    part = part_of(CONTESTS[:2], own)
    table = part.cards.collect()
    imprints = [text if place % 9 < 4 else "" for place, text in enumerate(table["imprint"])]
    part = replace(part, cards=table.with_columns(pl.Series("imprint", imprints)).lazy())
    totals = BatchTotals("t.csv", ("Mayor - Ann", "Mayor - Bob"), {"P": (8, 2)}, {"P": 2})
    listed = manifest_of([*((("1"), str(n), 30, True) for n in (1, 2, 3)), ("1", "P", 10, False)])
    sources = PoolSources({"": (totals,)}, unmatched=Unmatched(without_imprint=True))
    return own, part, CaseCards((part,), {"": listed}), sources


def shown(card: MadeCard) -> dict[str, Shown]:
    """What a made card shows."""
    return {
        CONTESTS[place].name: Shown(tuple(CONTESTS[place].choices[mark] for mark in marks[0]))
        for place, marks in card.votes.items()
    }


def answered(found: Framed, path: Path, papers: Mapping[BatchKey, list[dict[str, Shown]]],
             records: Mapping[str, dict[str, Shown]], size: int) -> tuple[SampledCard, ...]:  # fmt: skip
    """Draw, and tell of each card its record, or its pool and a paper of the batch that has no other name."""
    record = draw(path, asked(SEED, "consistent", 0, {"Mayor": size, "Council": size}))
    assert redraw(path, record) == [] and len(retrieval(record)) == len(record.draws)
    pools = {("", *(pool.batch or ())): pool.name for pool in found.pooled.pools}
    left = {key: iter(own) for key, own in papers.items()}
    cards = []
    for each in record.draws:
        told = records.get(each.card)
        paper = told if told is not None else next(left[each.key])
        pool = pools[each.key] if told is None else None
        name = f"{each.batch},{each.card}"
        style = found.listed[each.key, each.card]
        cards.append(SampledCard(name, each.ticket or "", style, paper, told, pool))
    return tuple(cards)


@pytest.mark.parametrize(("is_right", "verdict"), [(True, "confirmed"), (False, "continue")])
def test_an_audit_on_such_a_frame_gives_the_right_verdict(
    tmp_path: Path, is_right: bool, verdict: str
) -> None:
    """Papers as recorded confirm both contests; where pooled papers are all Bob's, nothing is confirmed."""
    own, part, cards, sources = town()
    found = framed(tmp_path / "f.csv", cards, sources)
    require_agreement(found)
    matched = {text for text in part.cards.collect()["imprint"] if text}
    records = {card.imprint: shown(card) for card in own if card.imprint in matched}
    papers: dict[BatchKey, list[dict[str, Shown]]] = {}
    for card in own:
        if card.imprint not in matched:
            papers.setdefault(("", card.tabulator, card.batch), []).append(shown(card))
    papers["", "1", "P"] = [{"Mayor": Shown(("Ann" if n < 8 else "Bob",))} for n in range(10)]
    for key, several in papers.items():
        random.Random(key[2]).shuffle(several)
        if not is_right:
            papers[key] = [{"Mayor": Shown(("Bob",))} for _ in several]
    drawn = answered(found, tmp_path / "f.csv", papers, records, 60)
    problem = contests_problem_for(found.pooled, found.counts.styles(found.pooled))
    sized = {name: msgspec.structs.replace(each, size=60) for name, each in problem.contests.items()}
    whole = msgspec.structs.replace(problem, contests=sized, cards=drawn)
    told = json.loads(solving.solve_json(msgspec.json.encode(whole)))
    assert {name: each["verdict"] for name, each in told["contests"].items()}["Mayor"] == verdict
    assert told["finished"] is is_right


def test_the_styles_of_the_problem_are_those_of_the_frame(tmp_path: Path) -> None:
    """Each style of the frame that bears a contest stands in the problem with its cards."""
    _, _, cards, sources = town()
    found = framed(tmp_path / "f.csv", cards, sources)
    problem: ContestsAudit = contests_problem_for(found.pooled, found.counts.styles(found.pooled))
    there = {style.contests: style.cards for style in found.counts.head.styles if style.contests}
    assert {style.contests: style.cards for style in problem.styles} == there
