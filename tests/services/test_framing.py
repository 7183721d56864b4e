"""Frames from manifests, cast vote records and bounds: what is listed, in which order, what is refused."""

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.audit.batch_audit import BatchAudit, ReportedBatch, solve_batch_audit
from tallyproof.audit.contest import Contest
from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.sampling.frame import BatchKey, read_card
from tallyproof.services import frame_files, frame_lines
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.drawing import asked, draw
from tallyproof.services.frame_bounds import read_bounds
from tallyproof.services.frame_lists import cards_of_files, split_name
from tallyproof.services.framing import FrameMade, make_frame
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob"), 1), MadeContest("Council", ("Cy", "Di", "Ed"), 2)]
SEED = "53417960661093690826"


def manifest(*batches: tuple[str, str, int], name: str = "manifest.csv") -> Manifest:
    listed = tuple(
        Batch(batch, cards, row, tabulator) for row, (tabulator, batch, cards) in enumerate(batches, 2)
    )
    return Manifest(name, "Arlo", listed)


def part(tmp_path: Path, cards: int = 250, jurisdiction: str = "", seed: int = 5) -> CardPart:
    """Cards of three batches of a hundred at most: tabulator and batch 1 to 3."""
    path = tmp_path / f"cards{jurisdiction}{seed}.csv"
    path.write_text(dominion_text(CONTESTS, make_cards(seed, CONTESTS, cards)), newline="")
    return parts_from_files([path], jurisdiction)[0]


def exact(cards: int = 250, *, more: int = 0) -> Manifest:
    """The manifest of these cards, the last batch with so many more."""
    sizes = [100] * (cards // 100) + ([cards % 100] if cards % 100 else [])
    sizes[-1] += more
    return manifest(*((str(n % 3 + 1), str(n + 1), size) for n, size in enumerate(sizes)))


def made(path: Path, cards: CaseCards, **how: object) -> tuple[FrameMade, list[str]]:
    """The answer, and the lines of the file."""
    answer = make_frame(path, cards, **how)  # type: ignore[arg-type]
    assert answer.sha256 == sha256(path.read_bytes()).hexdigest()
    return answer, path.read_text(encoding="utf-8").splitlines()


def test_a_manifest_alone_lists_positions(tmp_path: Path) -> None:
    """Each batch has the cards 1, 2, … in canonical order: batch 2 before batch 10, 2 before 10."""
    answer, lines = made(
        tmp_path / "f.csv", CaseCards(manifests={"Adams": manifest(("1", "10", 1), ("1", "2", 11))})
    )
    assert (answer.cards, answer.batches, answer.jurisdictions) == (12, 2, {"Adams": 12})
    assert lines[0:3] == [
        "tallyproof frame,1,cards,canonical", "contests,0,12", "style,jurisdiction,tabulator,batch,card",
    ]  # fmt: skip
    assert lines[3:] == [*(f"0,Adams,1,2,{place}" for place in range(1, 12)), "0,Adams,1,10,1"]


def test_as_listed_keeps_the_manifests_order(tmp_path: Path) -> None:
    """Colorado and Arlo number cards in that order."""
    cards = CaseCards(
        manifests={"Bent": manifest(("1", "10", 1), ("1", "2", 1)), "Adams": manifest(("", "A", 1))}
    )
    _, lines = made(tmp_path / "f.csv", cards, order="as-listed")
    assert lines[3:] == ["0,Bent,1,10,1", "0,Bent,1,2,1", "0,Adams,,A,1"]
    _, lines = made(tmp_path / "b.csv", cards, order="as-listed", of_batches=True)
    assert lines[2:] == ["Bent,1,10,1,", "Bent,1,2,1,", "Adams,,A,1,"]


@settings(deadline=None, max_examples=8)
@given(st.randoms(), st.integers(1, 250))
def test_the_canonical_frame_does_not_depend_on_the_order_of_its_sources(
    tmp_path_factory: pytest.TempPathFactory, chance: object, cards: int
) -> None:
    """Batches of the manifest and cards of the export in any order: the same bytes."""
    folder = tmp_path_factory.mktemp("frames")
    own, listed = part(folder, cards), exact(cards, more=2)
    table = own.cards.collect()
    order, batches = list(range(table.height)), list(listed.batches)
    chance.shuffle(order)  # type: ignore[attr-defined]
    chance.shuffle(batches)  # type: ignore[attr-defined]
    shuffled = replace(own, cards=table[order].lazy())
    first, _ = made(folder / "f.csv", CaseCards((own,), {"": listed}))
    other, _ = made(folder / "g.csv", CaseCards((shuffled,), {"": replace(listed, batches=tuple(batches))}))
    assert first.sha256 == other.sha256


def test_cards_are_named_by_their_imprint_and_carry_their_style(tmp_path: Path) -> None:
    """Every card of the export stands in the frame once, with the contests that it bears."""
    own = part(tmp_path)
    answer, lines = made(tmp_path / "f.csv", CaseCards((own,), {"": exact()}))
    table = own.cards.collect()
    listed = {
        read_card(line.partition(",")[2]): line.partition(",")[0] for line in lines if line[0].isdigit()
    }
    styles = {line.split(",")[1]: tuple(line.split(",")[3:]) for line in lines if line.startswith("contests")}
    for tabulator, batch, imprint, mayor, council in table.select(
        "tabulator", "batch", "imprint", "c0", "c1"
    ).rows():
        bears = tuple(n for n, code in (("Council", council), ("Mayor", mayor)) if code is not None)
        assert styles[listed[("", tabulator, batch), imprint]] == bears
    assert len(listed) == table.height == answer.cards
    assert answer.contests == {"Council": table["c1"].count(), "Mayor": table["c0"].count()}
    assert not answer.remarks and not answer.unlisted


def test_cards_that_the_manifest_counts_beyond_the_records_are_listed(tmp_path: Path) -> None:
    """They have names of their own and count for every contest; a batch without records has positions."""
    listed = exact(more=2)
    batches = (*listed.batches, Batch("9", 3, 9, "4"))
    answer, lines = made(
        tmp_path / "f.csv", CaseCards((part(tmp_path),), {"": replace(listed, batches=batches)})
    )
    assert (answer.cards, answer.unlisted) == (255, 5)
    ends = [line.partition(",")[2] for line in lines]
    assert [end for end in ends if "unlisted" in end] == [",3,3,unlisted-1", ",3,3,unlisted-2"]
    assert [end for end in ends if end.startswith(",4,9,")] == [",4,9,1", ",4,9,2", ",4,9,3"]
    assert answer.contests["Mayor"] == part(tmp_path).cards.collect()["c0"].count() + 5
    assert "without a cast vote record: 5." in answer.remarks[0]


def test_without_imprints_records_name_cards_and_free_positions_the_others(tmp_path: Path) -> None:
    """Records that are positions leave the missing positions free."""
    own = part(tmp_path, 100)
    thinned = own.cards.filter(pl.col("record") != "7").with_columns(imprint=pl.lit(""))
    answer, lines = made(tmp_path / "f.csv", CaseCards((replace(own, cards=thinned),), {"": exact(100)}))
    assert [line.partition(",")[2] for line in lines if line[0].isdigit()] == [
        f",1,1,{n}" for n in range(1, 101)
    ]
    assert answer.unlisted == 1


def test_spoiled_imprints_name_no_card(tmp_path: Path) -> None:
    """10-2-2001 became 10/2/2001, 1.01E+12 or a date: the card goes by tabulator, batch and record; told."""
    own = part(tmp_path, 100)
    bad = {"3": "1/1/2003", "4": "1.01E+12", "5": "2001-01-05"}
    imprint = pl.coalesce(pl.col("record").replace_strict(bad, default=None), pl.col("imprint"))
    spoiled = replace(own, cards=own.cards.with_columns(imprint=imprint))
    answer, lines = made(tmp_path / "f.csv", CaseCards((spoiled,), {"": exact(100)}))
    whole, before = made(tmp_path / "g.csv", CaseCards((own,), {"": exact(100)}))
    assert lines == before and [",1,1,1-1-3" in line for line in lines].count(True) > 0
    (remark,) = answer.remarks
    assert "taken for a date or a number: 3." in remark and not whole.remarks


def test_spoiled_imprints_without_records_fall_back_to_positions(tmp_path: Path) -> None:
    """Where the record is missing too, the batch's cards go by the source's own numbers, not by dates."""
    own = part(tmp_path, 20)
    spoiled = own.cards.with_columns(imprint=pl.format("10/{}/2001", "record"), record=pl.lit(""))
    _, lines = made(tmp_path / "f.csv", CaseCards((replace(own, cards=spoiled),), {"": exact(20)}))
    assert not any("/2001" in line for line in lines)


def test_cards_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    """A batch exported twice has each imprint and record twice."""
    own = part(tmp_path, 20)
    twice = replace(own, cards=pl.concat([own.cards.collect(), own.cards.collect()]).lazy())
    with pytest.raises(
        RequestError, match="tabulator 1, batch 1: neither imprint nor record tells its cards apart"
    ):
        make_frame(tmp_path / "f.csv", CaseCards((twice,), {"": exact(40)}))
    assert not list(tmp_path.glob("*f.csv*"))


def test_more_records_than_cards_are_refused(tmp_path: Path) -> None:
    """The sentence has both counts, and nothing is written."""
    with pytest.raises(RequestError, match="batch 3: 50 cast vote records, 49 cards"):
        make_frame(tmp_path / "f.csv", CaseCards((part(tmp_path),), {"": exact(more=-1)}))
    assert not list(tmp_path.glob("*f.csv*"))


def test_records_of_a_batch_that_is_not_listed_are_refused(tmp_path: Path) -> None:
    """The sentence names the batch and the closest one."""
    listed = manifest(("1", "1", 100), ("2", "2", 100), ("3", "03", 50))
    with pytest.raises(RequestError, match="50 cards in tabulator 3, batch 3, which .* closest .* batch 03"):
        make_frame(tmp_path / "f.csv", CaseCards((part(tmp_path),), {"": listed}))


def test_jurisdictions_go_by_their_names(tmp_path: Path) -> None:
    """Two counties' cards lie in their own batches; a county named otherwise is refused."""
    parts = (part(tmp_path, 120, "Adams"), part(tmp_path, 80, "Bent", 6))
    both = {"Adams": exact(120), "Bent": exact(80, more=1)}
    answer, lines = made(tmp_path / "f.csv", CaseCards(parts, both))
    assert answer.jurisdictions == {"Adams": 120, "Bent": 81}
    assert [line for line in lines if ",unlisted" in line] == [
        next(line for line in lines if line.endswith(",Bent,1,1,unlisted-1"))
    ]
    with pytest.raises(RequestError, match="jurisdiction 'Bent' has no manifest; .* 'Adams'"):
        make_frame(tmp_path / "g.csv", CaseCards(parts, {"Adams": exact(120), "bent": exact(80)}))
    only, _ = made(tmp_path / "h.csv", CaseCards((part(tmp_path, 120),), {"Adams": exact(120)}))
    assert only.jurisdictions == {"Adams": 120}


def test_a_county_without_records_may_bear_every_contest(tmp_path: Path) -> None:
    """Nobody knows which, so its cards can be drawn for all."""
    cards = CaseCards((part(tmp_path, 120, "Adams"),), {"Adams": exact(120), "Bent": manifest(("", "A", 7))})
    answer, lines = made(tmp_path / "f.csv", cards)
    style = next(line for line in lines if line.endswith(",Bent,,A,1")).partition(",")[0]
    assert next(line for line in lines if line.startswith(f"contests,{style},")).endswith(",Council,Mayor")
    assert answer.unlisted == 7
    empty = part(tmp_path, 10, "Bent", 6)
    none = replace(empty, cards=empty.cards.filter(pl.lit(value=False)))
    assert make_frame(tmp_path / "g.csv", replace(cards, parts=(*cards.parts, none))).sha256 == answer.sha256


def test_without_a_manifest_the_records_are_the_frame_and_that_is_said(tmp_path: Path) -> None:
    """A card that has no record can never be drawn."""
    answer, _ = made(tmp_path / "f.csv", CaseCards((part(tmp_path),)))
    assert answer.cards == 250 and "There is no manifest" in answer.remarks[0]
    with pytest.raises(RequestError, match="neither a manifest nor"):
        make_frame(tmp_path / "f.csv", CaseCards())
    with pytest.raises(RequestError, match="made from manifests"):
        make_frame(tmp_path / "f.csv", CaseCards((part(tmp_path),)), of_batches=True)


def test_groups_of_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards are taken up a few batches at a time; the frame is the same."""
    cards = CaseCards((part(tmp_path, 950),), {"": exact(950, more=3)})
    for order in ("canonical", "as-listed"):
        monkeypatch.setattr(frame_lines, "GROUP", 10**6)
        whole, _ = made(tmp_path / "f.csv", cards, order=order)
        monkeypatch.setattr(frame_lines, "GROUP", 150)
        assert made(tmp_path / "g.csv", cards, order=order)[0].sha256 == whole.sha256


Row = tuple[str, str, str, int, Fraction]
ROWS: list[Row] = [
    ("A", "1", "x", 3, Fraction(1, 3)), ("A", "1", "y", 4, Fraction(1, 4)), ("B", "", "x", 5, Fraction(1)),
]  # fmt: skip


def digest(path: Path, rows: list[Row]) -> str:
    """The hash of the frame of these batches."""
    manifests: dict[str, list[Batch]] = {}
    for jurisdiction, tabulator, batch, cards, _ in rows:
        manifests.setdefault(jurisdiction, []).append(Batch(batch, cards, 2, tabulator))
    listed = {name: Manifest("m.csv", "", tuple(own)) for name, own in manifests.items()}
    bounds: dict[BatchKey, Fraction] = {row[:3]: row[4] for row in rows}
    return make_frame(path, CaseCards(manifests=listed), bounds=bounds).sha256


@pytest.mark.parametrize("which", range(3))
def test_any_field_altered_alters_the_hash(which: int, tmp_path: Path) -> None:
    """A name, a count or a bound that is another makes another frame."""
    jurisdiction, tabulator, batch, cards, bound = ROWS[which]
    altered: list[Row] = [
        ("C", tabulator, batch, cards, bound), (jurisdiction, "9", batch, cards, bound),
        (jurisdiction, tabulator, "z", cards, bound), (jurisdiction, tabulator, batch, cards + 1, bound),
        (jurisdiction, tabulator, batch, cards, bound + Fraction(1, 10**9)),
    ]  # fmt: skip
    others = [row for place, row in enumerate(ROWS) if place != which]
    hashes = {digest(tmp_path / "f.csv", [*others, row]) for row in (ROWS[which], *altered)}
    assert len(hashes) == 6


def test_bounds_must_be_of_all_batches_and_no_others(tmp_path: Path) -> None:
    """A batch without a bound could never be drawn; a bound without a batch is a mistake."""
    cards = CaseCards(manifests={"": manifest(("", "A", 3), ("", "B", 4))})
    with pytest.raises(RequestError, match="batch B has no bound"):
        make_frame(tmp_path / "f.csv", cards, bounds={("", "", "A"): Fraction(1)})
    with pytest.raises(RequestError, match="bound of batch C, which no manifest lists"):
        make_frame(tmp_path / "f.csv", cards, bounds={("", "", "C"): Fraction(1)})


def test_a_bound_may_name_a_batch_alone(tmp_path: Path) -> None:
    """Where only one batch has the name; of several it is refused, and so are two bounds of one."""
    one = CaseCards(manifests={"Adams": manifest(("1", "A", 3))})
    _, lines = made(tmp_path / "f.csv", one, bounds={("", "", "A"): Fraction(1, 2)})
    assert lines[-1] == "Adams,1,A,3,1/2"
    with pytest.raises(RequestError, match="two bounds of Adams, tabulator 1, batch A"):
        make_frame(
            tmp_path / "f.csv", one, bounds={("", "", "A"): Fraction(1), ("Adams", "1", "A"): Fraction(1)}
        )
    two = CaseCards(manifests={"Adams": manifest(("1", "A", 3), ("2", "A", 3))})
    with pytest.raises(RequestError, match="several have this name"):
        make_frame(tmp_path / "f.csv", two, bounds={("", "", "A"): Fraction(1)})


def test_bounds_are_read_from_an_answer(tmp_path: Path) -> None:
    """What solve answers to a batch audit has each batch's bound; another answer is refused."""
    votes = [ReportedBatch("A", 30, {"x": 20, "y": 9}), ReportedBatch("B", 10, {"x": 6, "y": 4})]
    problem = BatchAudit(Contest({"x": 26, "y": 13}, 40), tuple(votes))
    path = tmp_path / "answer.json"
    path.write_bytes(msgspec.json.encode(solve_batch_audit(problem)))
    assert read_bounds(path) == {("", "", "A"): Fraction(41, 13), ("", "", "B"): Fraction(12, 13)}
    path.write_text('{"kind": "margin"}')
    with pytest.raises(UnreadableError, match="no answer to a batch_audit problem"):
        read_bounds(path)


def test_bounds_are_read_from_a_table(tmp_path: Path) -> None:
    """Fractions and decimals are exact; what is no bound or stands twice is refused with its row."""
    path = tmp_path / "bounds.csv"
    path.write_text("County,Batch Name,Bound\nAdams,A,3/40\nAdams,B,0.1\n")
    assert read_bounds(path) == {("Adams", "", "A"): Fraction(3, 40), ("Adams", "", "B"): Fraction(1, 10)}
    for text, sentence in (
        ("Batch,Bound\nA,x\n", "row 2: has 'x' as an error bound"),
        ("Batch,Bound\nA,1\nA,1\n", "row 3: has a second bound"),
        ("Batch,Number\nA,1\n", "has no column 'bound'"),
    ):
        path.write_text(text)
        with pytest.raises(UnreadableError, match=sentence):
            read_bounds(path)


def test_files_are_named_by_jurisdiction(tmp_path: Path) -> None:
    """Adams=FILE names a county, a file of several counties is taken apart, two of one are refused."""
    one, two = tmp_path / "a=b.csv", tmp_path / "state.csv"
    one.write_text("Batch Name,Number of Ballots\nA,3\n")
    two.write_text("County,Tabulator,Batch,# of Ballot Cards\nAdams,1,A,3\nBent,1,A,3\nadams,1,B,4\n")
    assert split_name(str(one)) == ("", one)
    assert split_name(f"Adams={two}") == ("Adams", two)
    found = cards_of_files([f"Clear Creek={one}", str(two)], [])
    assert {name: each.cards for name, each in found.manifests.items()} == {
        "Clear Creek": 3,
        "Adams": 7,
        "Bent": 3,
    }
    with pytest.raises(RequestError, match="both manifests of 'Bent'"):
        cards_of_files([f"Bent={one}", str(two)], [])
    with pytest.raises(RequestError, match="manifest of 2 jurisdictions"):
        cards_of_files([f"Adams={two}"], [])


def test_a_frame_of_colorados_manifests_draws_its_cards(shared_data: Path, tmp_path: Path) -> None:
    """From 63 published files and the seed: the first cards of the sample for President in 2024."""
    folder = shared_data / "audits" / "colorado2024" / "manifests"
    if not folder.is_dir():
        pytest.skip(f"needs Colorado's manifests of 2024 (looked in {folder})")
    listed = cards_of_files([str(path) for path in sorted(folder.glob("*.csv"))], [])
    path = tmp_path / "colorado.csv"
    assert make_frame(path, listed, order="as-listed", of_batches=True).cards == 4_746_866
    record = draw(path, asked(SEED, "colorado", 3, {}))
    assert [each.number for each in record.draws] == [950_139, 2_630_014, 3_592_308]
    assert (record.draws[0].key, record.draws[0].card) == (("Boulder", "102", "224"), "85")


def test_writing_where_there_is_no_folder_is_refused(tmp_path: Path) -> None:
    """The sentence comes before any work."""
    with pytest.raises(RequestError, match="no folder"):
        make_frame(tmp_path / "no" / "f.csv", CaseCards(manifests={"": manifest(("", "A", 3))}))
    assert frame_files.head_of(_frame(tmp_path)).cards == 3


def _frame(tmp_path: Path) -> Path:
    make_frame(tmp_path / "f.csv", CaseCards(manifests={"": manifest(("", "A", 3))}))
    return tmp_path / "f.csv"
