"""Draws from frames: rounds extend, records are redone, altered frames and records are refused."""

import gzip
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Self

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError, TallyproofError, UnreadableError
from tallyproof.sampling.lowest import Low
from tallyproof.services import draw_records, drawing, frame_files
from tallyproof.services.draw_records import DrawRecord, Method

from .frames import STYLES, batch_frame, card_frame, drawn

ALIKE: list[tuple[Method, bool]] = [
    ("uniform", True), ("uniform", False), ("rivest", True), ("rivest", False),
]  # fmt: skip
OF_BATCHES: list[tuple[Method, bool]] = [
    ("uniform", True), ("uniform", False), ("ppeb", True), ("colorado", True), ("arlo-ballots", True),
    ("arlo-ballots", False), ("arlo-batches", True),
]  # fmt: skip


def names(record: DrawRecord) -> list[tuple[object, ...]]:
    return [(each.draw, *each.key, each.card, each.ticket) for each in record.draws]


@pytest.mark.parametrize(("method", "again"), ALIKE)
def test_rounds_of_cards_alike_extend(method: Method, again: bool, tmp_path: Path) -> None:
    """Twelve and then thirteen more are the first twenty-five."""
    path = card_frame(tmp_path / "frame.csv")
    first = drawn(path, method, 12, with_replacement=again)
    both = drawing.draw_next(path, first, 13, {})
    assert names(both) == names(drawn(path, method, 25, with_replacement=again))
    assert [len(each.draws) for each in both.rounds] == [12, 13]
    assert again or len({name[1:5] for name in names(both)}) == 25


@pytest.mark.parametrize(("method", "again"), OF_BATCHES)
def test_rounds_from_batches_extend(method: Method, again: bool, tmp_path: Path) -> None:
    """The same for cards by their place and for batches by bound."""
    path = batch_frame(tmp_path / "batches.csv")
    first = drawn(path, method, 12, with_replacement=again)
    both = drawing.draw_next(path, first, 13, {})
    assert names(both) == names(drawn(path, method, 25, with_replacement=again))
    assert not drawing.redraw(path, both)


@pytest.mark.parametrize("method", ["consistent", "shangrla"])
def test_rounds_for_contests_extend(method: Method, tmp_path: Path) -> None:
    """A second round keeps the first, raises one contest and takes in another, and counts right."""
    path = card_frame(tmp_path / "frame.csv")
    first = drawn(path, method, sizes={"Mayor": 5, "Council": 4})
    both = drawing.draw_next(path, first, 0, {"Mayor": 20, "Judge, 1st": 2})
    assert names(both)[: len(first.draws)] == names(first)
    assert len({name[1:5] for name in names(both)}) == len(both.draws)
    at_once = drawn(path, method, sizes={"Mayor": 20, "Council": 4, "Judge, 1st": 2})
    assert {name[1:] for name in names(both)} == {name[1:] for name in names(at_once)}
    assert both.thresholds == at_once.thresholds
    assert {name: len(draws) for name, draws in both.usable.items()} == both.rounds[1].sizes
    assert not drawing.redraw(path, both)


def test_a_large_frame_is_drawn_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes and small blocks find the cards that one process finds."""
    path = card_frame(tmp_path / "frame.csv", batches=400)
    sizes = {"Mayor": 30, "Council": 9}
    alone = drawn(path, "consistent", sizes=sizes)
    monkeypatch.setattr(frame_files, "ALONE", 10)
    monkeypatch.setattr(frame_files, "BLOCK", 3_000)
    assert drawn(path, "consistent", sizes=sizes) == alone


@pytest.mark.parametrize("when", ["made", "asked", "working"])
def test_where_no_process_can_be_started_the_draw_is_the_same(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without room for more processes does the work itself."""
    path = card_frame(tmp_path / "frame.csv", batches=200)
    right = drawn(path, "consistent", sizes={"Mayor": 30})

    class Broken(Future[list[Low]]):
        def result(self, timeout: float | None = None) -> list[Low]:
            raise BrokenProcessPool

    class Pool:
        def __init__(self, *_: object) -> None:
            if when == "made":
                raise OSError("no room")

        def submit(self, *_: object) -> Broken:
            if when == "asked":
                raise BrokenProcessPool
            return Broken()

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(frame_files, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(frame_files, "ALONE", 10)
    monkeypatch.setattr(frame_files, "BLOCK", 500)
    assert drawn(path, "consistent", sizes={"Mayor": 30}) == right


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(0, 60))
def test_low_tickets_are_enough(
    tmp_path_factory: pytest.TempPathFactory, seed: int, one: int, two: int
) -> None:
    """Keeping only the lowest tickets changes no draw: each contest has its size, and the lowest cards."""
    path = card_frame(tmp_path_factory.mktemp("frames") / "frame.csv", seed, batches=60)
    record = drawn(path, "consistent", sizes={"Mayor": one, "Council": two}, seed=f"{seed:020d}")
    whole = drawn(path, "consistent", sizes={"Mayor": 61, "Council": 61}, seed=f"{seed:020d}")
    tickets = {each.draw: each.ticket for each in whole.draws}
    own = {each.draw: each.ticket for each in record.draws}
    for contest, size in (("Mayor", one), ("Council", two)):
        lowest = [tickets[draw] for draw in whole.usable[contest]][:size]
        assert [own[draw] for draw in record.usable[contest]] == lowest


def test_a_cut_that_was_too_low_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too few tickets were kept, the frame is looked through again, and the draw is the same."""
    path = card_frame(tmp_path / "frame.csv", batches=100)
    right = drawn(path, "consistent", sizes={"Mayor": 40})
    monkeypatch.setattr(
        "tallyproof.services.draw_cards.share_with_room", lambda wanted, cards: wanted / cards / 9
    )
    assert drawn(path, "consistent", sizes={"Mayor": 40}) == right


def test_a_packed_frame_is_the_same_frame(tmp_path: Path) -> None:
    """The hash is that of the lines, packed or not, and so are the draws."""
    plain, packed = card_frame(tmp_path / "frame.csv"), card_frame(tmp_path / "frame.csv.gz")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    one, other = (drawn(path, "uniform", 9) for path in (plain, packed))
    assert (one.rounds, one.frame.sha256) == (other.rounds, other.frame.sha256)
    assert packed.read_bytes() == card_frame(tmp_path / "again.csv.gz").read_bytes()


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_one_sign_altered_in_a_frame_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever byte is another, the published hash is not that of the file, or it is no frame any more."""
    path = card_frame(tmp_path_factory.mktemp("frames") / "frame.csv", batches=3)
    record = drawn(path, "consistent", sizes={"Mayor": 2})
    text = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(text))
    with pytest.raises(TallyproofError):
        drawing.redraw(path, record)
    with pytest.raises(RequestError, match="is not the frame that was published"):
        drawing.draw(path, drawing.asked_of(record), frame_hash=record.frame.sha256)


def test_jurisdictions_draw_from_their_own_cards(tmp_path: Path) -> None:
    """Cards of one county alone are drawn as from a frame of that county, whatever the others are."""
    path, own = card_frame(tmp_path / "frame.csv", batches=60), tmp_path / "own.csv"
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in text[6:] if ",Elbert," in line]
    counts = [sum(line.startswith(f"{style},") for line in kept) for style in range(len(STYLES))]
    head = [f"{','.join([*line.split(',')[:2], str(count), *line.split(',')[3:]])}".rstrip("\n") + "\n"
            for line, count in zip(text[1:5], counts, strict=True)]  # fmt: skip
    own.write_text("".join([text[0], *head, text[5], *kept]), encoding="utf-8", newline="")
    for method, sizes in (
        ("uniform", {}),
        ("rivest", {}),
        ("consistent", {"Mayor": 3}),
        ("shangrla", {"Mayor": 3}),
    ):
        size = 0 if sizes else 7
        chosen = drawn(path, method, size, sizes, jurisdictions=("Elbert",))  # type: ignore[arg-type]
        assert names(chosen) == names(drawn(own, method, size, sizes))  # type: ignore[arg-type]
        assert not drawing.redraw(path, chosen)
    with pytest.raises(RequestError, match="no card of jurisdiction 'Adams'"):
        drawn(path, "uniform", 2, jurisdictions=("Adams",))
    batches = batch_frame(tmp_path / "batches.csv")
    assert {each.jurisdiction for each in drawn(batches, "ppeb", 9, jurisdictions=("Elbert",)).draws} == {
        "Elbert"
    }
    with pytest.raises(RequestError, match="no jurisdiction 'Adams'"):
        drawn(batches, "uniform", 2, jurisdictions=("Adams",))


@pytest.mark.parametrize(
    ("method", "of_batches", "sizes", "sentence"),
    [
        ("ppeb", False, {}, "draws from a frame of batches"),
        ("rivest", True, {}, "draws from a frame of cards"),
        ("consistent", False, {}, "say --contest"),
        ("uniform", False, {"Mayor": 2}, "say --size"),
        ("consistent", False, {"Mayr": 2}, "closest is 'Mayor'"),
        ("consistent", False, {"Mayor": 10_000}, "cannot be drawn for it"),
    ],
)
def test_what_a_frame_cannot_give_is_said(
    method: Method, of_batches: bool, sizes: dict[str, int], sentence: str, tmp_path: Path
) -> None:
    """Each request that makes no sense has its sentence."""
    path = batch_frame(tmp_path / "f.csv") if of_batches else card_frame(tmp_path / "f.csv")
    with pytest.raises(RequestError, match=sentence):
        drawn(path, method, 0, sizes)


def test_more_limits_are_said(tmp_path: Path) -> None:
    """Short seeds, too many without replacement, Colorado's order, bounds that are missing."""
    cards, batches = card_frame(tmp_path / "c.csv"), batch_frame(tmp_path / "b.csv", order="canonical")
    with pytest.raises(RequestError, match="too short"):
        drawn(cards, "uniform", 1, seed="123")
    for method in ("uniform", "rivest"):
        with pytest.raises(RequestError, match="without replacement"):
            drawn(cards, method, 10_000, with_replacement=False)
    with pytest.raises(RequestError, match="without replacement"):
        drawn(batches, "arlo-ballots", 10_000, with_replacement=False)
    with pytest.raises(RequestError, match="--order as-listed"):
        drawn(batches, "colorado", 1)
    with pytest.raises(RequestError, match="with replacement only"):
        drawn(batches, "ppeb", 1, with_replacement=False)
    batches.write_text(
        "tallyproof frame,1,batches,canonical\njurisdiction,tabulator,batch,cards,bound\n,,A,5,\n"
    )
    with pytest.raises(RequestError, match="batch A has no error bound"):
        drawn(batches, "ppeb", 1)


def test_a_next_round_needs_its_own_record(tmp_path: Path) -> None:
    """A record with one card exchanged, another frame's hash, or a smaller size, is refused."""
    path = card_frame(tmp_path / "frame.csv")
    record = drawn(path, "consistent", sizes={"Mayor": 5})
    other = msgspec.structs.replace(record.rounds[0].draws[2], batch="0, x")
    draws = (*record.rounds[0].draws[:2], other, *record.rounds[0].draws[3:])
    changed = msgspec.structs.replace(
        record, rounds=(msgspec.structs.replace(record.rounds[0], draws=draws),)
    )
    with pytest.raises(RequestError, match="Draw 3 is listed as .* the seed draws"):
        drawing.draw_next(path, changed, 0, {"Mayor": 9})
    assert len(drawing.redraw(path, changed)) == 1
    with pytest.raises(RequestError, match="was drawn from frame"):
        drawing.draw_next(path, record, 0, {"Mayor": 9}, frame_hash="0" * 64)
    with pytest.raises(RequestError, match="a round only adds"):
        drawing.draw_next(path, record, 0, {"Mayor": 4})


@pytest.mark.parametrize(
    ("altered", "sentence"),
    [
        ({"draw": 1_004}, "Draw 3 is listed as {0} as draw 1,004; the seed draws {0} as draw 3."),
        (
            {"number": 1_004},
            "Draw 3 is listed as {0} as card 1,004 of all; the seed draws {0} as card {1} of all.",
        ),
        ({"number": None}, "Draw 3 is listed as {0}; the seed draws {0} as card {1} of all."),
    ],
)
def test_a_draw_of_which_only_a_number_is_another_is_told_with_it(
    altered: dict[str, int | None], sentence: str, tmp_path: Path
) -> None:
    """Else both sides of the sentence would read the same."""
    path = card_frame(tmp_path / "frame.csv")
    record = drawn(path, "uniform", 5)
    right = record.rounds[0].draws[2]
    draws = (*record.draws[:2], msgspec.structs.replace(right, **altered), *record.draws[3:])
    changed = msgspec.structs.replace(
        record, rounds=(msgspec.structs.replace(record.rounds[0], draws=draws),)
    )
    card = ", ".join(filter(None, [*right.key, right.card]))
    assert drawing.redraw(path, changed) == [sentence.format(card, right.number)]


def test_a_record_with_anything_altered_does_not_agree(tmp_path: Path) -> None:
    """Draws left out, cards that count, thresholds, the frame's size: each is named."""
    path = card_frame(tmp_path / "frame.csv")
    record = drawn(path, "consistent", sizes={"Mayor": 9, "Council": 4})
    fewer = msgspec.structs.replace(record.rounds[0], draws=record.rounds[0].draws[:-1])
    frame = msgspec.structs.replace(record.frame, cards=1)
    usable = {**record.usable, "Mayor": record.usable["Mayor"][:-1]}
    for changes, sentence in (
        ({"rounds": (fewer,)}, "Round 1 lists"),
        ({"usable": usable}, "The cards that count for Mayor are others"),
        ({"thresholds": {}}, "last tickets"),
        ({"frame": frame}, "another kind, order or number"),
        ({"seed": "00000000000000000000"}, "more draws differ"),
    ):
        found = drawing.redraw(path, msgspec.structs.replace(record, **changes))
        assert any(sentence in each for each in found), changes
    assert not drawing.redraw(path, record)


def test_a_record_is_read_back_from_its_file(tmp_path: Path) -> None:
    """Saved and loaded it is the same; cut off or with a strange field it is refused."""
    path = tmp_path / "record.json"
    record = drawn(card_frame(tmp_path / "frame.csv"), "consistent", sizes={"Mayor": 9})
    draw_records.save_record(record, path)
    assert draw_records.load_record(path) == record
    text = path.read_bytes()
    for bad in (text[:-9], b"{}", text.replace(b'"seed"', b'"sead"'), b"\xff"):
        path.write_bytes(bad)
        with pytest.raises(UnreadableError, match="is not the record of a draw"):
            draw_records.load_record(path)
    with pytest.raises(RequestError, match="no such file"):
        draw_records.load_record(tmp_path / "nothing.json")


def test_a_damaged_frame_is_refused(tmp_path: Path) -> None:
    """Cut off in a line, a card too few, a packed file cut short, a file that is none."""
    path = card_frame(tmp_path / "frame.csv")
    text = path.read_bytes()
    for bad, sentence in (
        (text[:-3], "middle of a line"),
        (text[: text.rindex(b"\n", 0, -1) + 1], "but its head says"),
        (gzip.compress(text)[:-40], "cannot be read"),
        (text + b"x" * 70_000 + b"\n", "but its head says"),
    ):
        path.write_bytes(bad)
        with pytest.raises(UnreadableError, match=sentence):
            drawn(path, "uniform", 3)
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(UnreadableError, match="not a frame"):
        drawn(path, "uniform", 3)
    with pytest.raises(RequestError, match="no such file"):
        drawn(tmp_path / "none.csv", "uniform", 3)


@pytest.mark.parametrize("text", ["", " ", "abc", "0" * 63])
def test_a_hash_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    """An empty hash, as from a variable that was not set, does not switch the comparison off."""
    path = card_frame(tmp_path / "frame.csv")
    record = drawn(path, "uniform", 3)
    with pytest.raises(RequestError, match="is no SHA-256"):
        drawing.draw(path, drawing.asked_of(record), frame_hash=text)
    with pytest.raises(RequestError, match="is no SHA-256"):
        drawing.draw_next(path, record, 1, {}, frame_hash=text)


def test_a_line_that_is_no_batch_is_named_by_its_row(tmp_path: Path) -> None:
    """An open quotation mark or a missing field far down is found, not swallowed."""
    path = batch_frame(tmp_path / "batches.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    for bad in ('A,1,"open,3,', "A,1,x,3", "A,1,,3,", "A,1,x,3,-1/2"):
        path.write_text("\n".join([*lines[:9], bad, *lines[10:], ""]), encoding="utf-8")
        with pytest.raises(UnreadableError, match=r"batches.csv, row 10: "):
            drawn(path, "uniform", 3)
    path.write_text("\n".join([*lines, lines[5], ""]), encoding="utf-8")
    with pytest.raises(RequestError, match="is listed twice"):
        drawn(path, "uniform", 3)
