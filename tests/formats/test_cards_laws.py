"""Laws of the card importers: what was written is read back, and no input breaks or loses a row."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallyproof.errors import TallyproofError
from tallyproof.formats.cards import blocks, dominion
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest, Variant

from .reading_cards import Votes, named, read_back

SIGNS = st.characters(codec="utf-8", exclude_characters="\0\r\ufeff=", exclude_categories=["Cs", "Cc"])


def expected(contests: list[MadeContest], cards: list[MadeCard]) -> list[tuple[str, str, str, Votes]]:
    """The cards as they should be read."""
    return [
        (
            card.tabulator,
            card.batch,
            card.record,
            {contests[at].name: named(contests[at].choices, ranks) for at, ranks in card.votes.items()},
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
    cards = made.make_cards(
        draw(st.integers(0, 999)), contests, draw(st.integers(1, 30)), batch_cards=7, wild=0.3
    )
    return contests, cards


VARIANTS = st.builds(
    Variant,
    *[st.booleans()] * 7,
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)


@given(elections(), VARIANTS)
def test_what_is_written_in_any_dominion_variant_is_read_back(
    election: tuple[list[MadeContest], list[MadeCard]], variant: Variant
) -> None:
    """Names of any signs, ranks, overvotes, absent contests: all come back, and nothing is rejected."""
    contests, cards = election
    found, rejected = read_back(made.dominion_bytes(contests, cards, variant))
    assert (found, rejected) == (expected(contests, cards), 0)


@given(elections(), st.sampled_from(["marks", "names", "separated"]))
def test_what_is_written_for_a_mapping_is_read_back(
    election: tuple[list[MadeContest], list[MadeCard]], how: made.Cells
) -> None:
    """A CSV of our own with its mapping: a column for each choice, names in columns, names in one cell."""
    contests, cards = election
    assume(not any(made.SEPARATOR.strip() in name for contest in contests for name in contest.choices))
    text, mapping = made.mapped_text(contests, cards, how)
    found, rejected = read_back(text, AskedCards(mapping=mapping))
    wanted = expected(contests, cards)
    assert (places(found, how), rejected) == (places(wanted, how), 0)


def test_a_fact_behind_the_votes_is_read() -> None:
    """Its column in row 4 reaches further than the contests do; a row that lacks it is rejected."""
    header = (
        "Test,5.1\n"
        ",,,,,Mayor (Vote For=1),Mayor (Vote For=1)\n"
        ",,,,,Ann,Bob\n"
        "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,,,BallotType\n"
    )
    found, rejected = read_back(f"{header}1,1,1,1,1-1-1,1,0,S1\n2,1,1,2,1-1-2,0,1\n")
    assert found == [("1", "1", "1", {"Mayor": (("Ann",),)})]
    assert rejected == 1


def places(cards: list[tuple[str, str, str, Votes]], how: made.Cells) -> object:
    """The cards; contests in their order, which a column for each contest does not change."""
    return [(*place, sorted(votes.items())) for *place, votes in cards]


@given(st.integers(0, 999), st.integers(2, 8), st.integers(1, 40))
def test_rankings_come_back_from_raire_and_json(seed: int, choices: int, number: int) -> None:
    """Both layouts of rankings alone give the rankings that went in, card by card."""
    contest = MadeContest("1", tuple(str(place + 1) for place in range(choices)), 1, choices)
    cards = made.make_cards(seed, [contest], number, absent=0)
    wanted = [
        named(contest.choices, tuple(rank for rank in card.votes[0] if rank) or ((),)) for card in cards
    ]
    for text in (made.raire_text([contest], cards), made.ranked_json_text(contest, cards)):
        found, rejected = read_back(text)
        assert ([votes["1"] for *_, votes in found], rejected) == (wanted, 0)


@given(st.integers(0, 999), st.integers(1, 4), st.integers(1, 30))
def test_cards_of_several_contests_come_back_from_raire(seed: int, number: int, cards: int) -> None:
    """Lines of one ballot are one card; a card that bears no contest has no line."""
    contests = [MadeContest(str(place + 1), ("1", "2", "3"), 1, 3) for place in range(number)]
    given = [card for card in made.make_cards(seed, contests, cards) if card.votes]
    found, rejected = read_back(made.raire_text(contests, given))
    wanted = [
        {contests[at].name: named(("1", "2", "3"), tuple(rank for rank in ranks if rank) or ((),))
         for at, ranks in card.votes.items()} for card in given
    ]  # fmt: skip
    assert ([votes for *_, votes in found], rejected) == (wanted, 0)


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
    data = made.dominion_bytes(contests, cards, variant)
    blank = (variant.line_end * 2).encode(variant.encoding.replace("utf-16", "utf-16-le"))
    found, rejected = read_back(data + blank)
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
        assert all(marks for *_, votes in found for marks in votes.values()) and rejected >= 0


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
def test_blocks_lose_no_byte_and_cut_no_line(rows: list[str], size: int) -> None:
    """Whatever the size of a block and the quotation marks, blocks are the file and end with lines."""
    text = "".join('"' + row + '"\n' for row in rows).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text)
        found = list(blocks.blocks(path, "x.csv", "utf-8", size))
    assert b"".join(found) == text
    assert all(block.endswith(b"\n") for block in found)
    assert sum(map(blocks.line_count, found)) == text.count(b"\n")


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
