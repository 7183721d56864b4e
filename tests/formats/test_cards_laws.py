"""Laws of the card importers: what was written is read back, and no input breaks or loses a row."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.card_part import column
from tallyproof.election.cast_vote_record import Marks
from tallyproof.errors import TallyproofError
from tallyproof.formats.cards import blocks, dominion, registry
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.intake import documents
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest, Variant

Read = tuple[list[tuple[str, str, str, dict[str, Marks]]], int]
SIGNS = st.characters(codec="utf-8", exclude_characters="\0\r\ufeff=", exclude_categories=["Cs", "Cc"])


def read_back(text: str | bytes, asked: AskedCards | None = None) -> Read:
    """Every card with its marks by contest, and how many rows were rejected."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with documents([path]) as found:
            reading = registry.read(found[0], asked or AskedCards())
            cards, rejected = [], 0
            for chunk in reading.chunks:
                rejected += len(chunk.rejections)
                for row in chunk.cards.iter_rows(named=True):
                    votes = {
                        contest.name: contest.marks[row[column(place)]]
                        for place, contest in enumerate(reading.contests)
                        if row.get(column(place)) is not None
                    }
                    cards.append((row["tabulator"], row["batch"], row["record"], votes))
    return cards, rejected


def expected(
    contests: list[MadeContest], cards: list[MadeCard]
) -> list[tuple[str, str, str, dict[str, Marks]]]:
    """The cards as they should be read."""
    return [
        (
            card.tabulator,
            card.batch,
            card.record,
            {contests[at].name: Marks(ranks) for at, ranks in card.votes.items()},
        )
        for card in cards
    ]


def names(least: int, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Different names of any signs, spaces as importers leave them."""
    text = st.text(SIGNS, min_size=1, max_size=8).map(lambda word: " ".join(word.split())).filter(bool)
    return st.lists(text, min_size=least, max_size=most, unique=True).map(tuple)


@st.composite
def elections(draw: st.DrawFn) -> tuple[list[MadeContest], list[MadeCard]]:
    """Some contests, some of them ranked, and up to 30 cards."""
    contests = []
    for name in draw(names(1, 4)):
        choices, ranked = draw(names(1, 9)), draw(st.booleans())
        ranks = draw(st.integers(1, 9)) if ranked else 0
        contests.append(MadeContest(name, choices, draw(st.integers(1, 3)), ranks))
    cards = made.make_cards(draw(st.integers(0, 999)), contests, draw(st.integers(1, 30)), batch_cards=7)
    return contests, cards


VARIANTS = st.builds(
    Variant,
    *[st.booleans()] * 6,
    line_end=st.sampled_from(["\n", "\r\n"]),
)


@given(elections(), VARIANTS)
def test_what_is_written_in_any_dominion_variant_is_read_back(
    election: tuple[list[MadeContest], list[MadeCard]], variant: Variant
) -> None:
    """Names of any signs, ranks, overvotes, absent contests: all come back, and nothing is rejected."""
    contests, cards = election
    found, rejected = read_back(made.dominion_text(contests, cards, variant))
    assert (found, rejected) == (expected(contests, cards), 0)


@given(elections())
def test_what_is_written_for_a_mapping_is_read_back(
    election: tuple[list[MadeContest], list[MadeCard]],
) -> None:
    """A CSV of our own with its mapping; choices are numbered as they are met, so names are compared."""
    contests, cards = election
    contests = [MadeContest(each.name, tuple(f"n{at}" for at in range(len(each.choices))), each.vote_for,
                            each.ranks) for each in contests]  # fmt: skip
    text, mapping = made.mapped_text(contests, cards)
    found, rejected = read_back(text, AskedCards(mapping=mapping))
    assert rejected == 0
    sizes = [
        {name: [len(rank) for rank in marks.ranks] for name, marks in votes.items()} for *_, votes in found
    ]
    wanted = [
        {contests[at].name: [len(rank) for rank in ranks] for at, ranks in card.votes.items()}
        for card in cards
    ]
    assert sizes == wanted


@given(st.integers(0, 999), st.integers(2, 8), st.integers(1, 40))
def test_rankings_come_back_from_raire_and_json(seed: int, choices: int, number: int) -> None:
    """Both layouts of rankings alone give the rankings that went in, card by card."""
    contest = MadeContest("1", tuple(str(place + 1) for place in range(choices)), 1, choices)
    cards = made.make_cards(seed, [contest], number, absent=0)
    wanted = [tuple(rank for rank in card.votes[0] if rank) or ((),) for card in cards]
    for text in (made.raire_text([contest], cards), made.ranked_json_text(contest, cards)):
        found, rejected = read_back(text)
        assert ([votes["1"].ranks for *_, votes in found], rejected) == (wanted, 0)


@given(elections(), st.data())
def test_one_broken_row_is_rejected_and_no_other(
    election: tuple[list[MadeContest], list[MadeCard]], data: st.DataObject
) -> None:
    """A row whose votes became percentages is rejected with its reason; all others are read."""
    _, cards = election
    lines = made.dominion_text([MadeContest("A", ("x", "y"))], [
        MadeCard(card.tabulator, card.batch, card.record, {0: ((0,),)}) for card in cards
    ]).splitlines()  # fmt: skip
    broken = data.draw(st.integers(4, len(lines) - 1))
    lines[broken] = lines[broken][:-3] + data.draw(
        st.sampled_from(["1 (97%),0", "2,0", "x,0", "1", "1,0,0,1"])
    )
    found, rejected = read_back("\n".join(lines))
    assert (len(found), rejected) == (len(cards) - 1, 1)


@given(elections(), VARIANTS)
def test_reading_row_by_row_gives_the_same_cards(
    election: tuple[list[MadeContest], list[MadeCard]], variant: Variant
) -> None:
    """A blank line at the end makes the importer read with care: same cards, same marks."""
    contests, cards = election
    text = made.dominion_text(contests, cards, variant)
    found, rejected = read_back(text + "\n\n")
    assert (found, rejected) == (expected(contests, cards), 0)


@given(st.binary(max_size=200), st.integers(0, 600), st.integers(0, 40))
def test_no_bytes_break_the_importers(noise: bytes, at: int, gone: int) -> None:
    """Bytes of any kind in the middle of an export give cards, rejections or one plain sentence."""
    contests = [MadeContest("A", ("x", "y")), MadeContest("B", ("p", "q", "r"), 1, 3)]
    text = made.dominion_text(contests, made.make_cards(1, contests, 9)).encode()
    try:
        found, rejected = read_back(text[:at] + noise + text[at + gone :])
    except TallyproofError as fault:
        assert str(fault).endswith(".")
    else:
        assert all(marks.ranks for *_, votes in found for marks in votes.values()) and rejected >= 0


@given(st.text(max_size=300))
def test_no_text_breaks_the_other_layouts(text: str) -> None:
    """Text of any kind behind the head of a .raire file, of JSON or of a mapped CSV is told or read."""
    mapping = AskedCards(mapping='[[contest]]\nname = "A"\ncolumns = ["a"]\n')
    for head, asked in (
        ("1\nContest,1,2,1,2\n", None),
        ('{"metadata": {"candidates": ', None),
        ("a\n", mapping),
    ):
        try:
            read_back((head + text).encode("utf-8", "replace"), asked)
        except TallyproofError as fault:
            assert str(fault).endswith(".")


@given(st.lists(st.text('ab",\n', max_size=12), max_size=12), st.integers(1, 30))
def test_blocks_lose_no_byte_and_cut_no_row(rows: list[str], size: int) -> None:
    """Whatever the size of a block, the blocks together are the file and end outside quotation marks."""
    text = "".join('"' + row.replace('"', '""') + '"\n' for row in rows).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text)
        found = list(blocks.blocks(path, "x.csv", "utf-8", size))
    assert b"".join(found) == text
    assert all(block.count(b'"') % 2 == 0 and block.endswith(b"\n") for block in found)


@pytest.mark.parametrize("size", [300, 1 << 20])
def test_a_file_in_many_blocks_reads_as_in_one(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows keep their numbers and cards their order where the file comes in pieces."""
    contests = [MadeContest("A", ("x", "y")), MadeContest("B", ("p", "q", "r"), 1, 3)]
    cards = made.make_cards(3, contests, 200)
    monkeypatch.setattr(blocks, "BLOCK", size)
    monkeypatch.setattr(blocks.blocks, "__defaults__", (size,))
    found, rejected = read_back(made.dominion_text(contests, cards))
    assert (found, rejected) == (expected(contests, cards), 0)


@pytest.mark.parametrize("slow", [100, 1 << 20])
def test_a_fault_keeps_its_row_however_small_the_part_read_slowly(
    slow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bad row of 200 is rejected under its own number, and all others come in order."""
    contests = [MadeContest("A", ("x", "y"))]
    cards = made.make_cards(4, contests, 200, absent=0)
    lines = made.dominion_text(contests, cards).splitlines()
    lines[122] = lines[122][:-1] + "7"
    monkeypatch.setattr(dominion, "SLOW", slow)
    found, rejected = read_back("\n".join(lines))
    assert (found, rejected) == (expected(contests, [*cards[:118], *cards[119:]]), 1)
