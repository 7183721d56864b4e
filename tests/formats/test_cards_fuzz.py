"""Changed, cut and noisy files of cards: no crash, no hang, no row lost."""

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.errors import TallyproofError, UnreadableError
from tallyproof.formats.cards import blocks, dominion
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.services.cards import tally_cards
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeContest, Variant

from .grids import is_row, mutated
from .reading_cards import Votes, read_back

CONTESTS = [
    MadeContest("A", ("x", "y")),
    MadeContest("B", ("p", "q", "r"), 2),
    MadeContest("C", ("s", "t"), 1, 2),
]
CARDS = made.make_cards(1, CONTESTS, 9, wild=0.3)
RANKED = [MadeContest(str(number), ("1", "2", "3"), 1, 3) for number in (1, 2)]
RANKINGS = made.make_cards(2, RANKED, 9)


def grid(text: str) -> list[list[str]]:
    """The rows of cells of this CSV."""
    return list(csv.reader(io.StringIO(text, newline="")))


def table(rows: list[list[str]]) -> str:
    """The CSV of these rows of cells."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def below(text: str, header: str = "") -> int:
    """The lines below the header on which anything stands; each must be a card or told."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix(header))
    return sum(line.count('"') % 2 or is_row(next(csv.reader([line]), [])) for line in lines)


@given(st.data())
def test_no_row_of_a_dominion_export_is_lost(data: st.DataObject) -> None:
    """Whatever happens to the rows below the header, each is a card or rejected."""
    rows = grid(made.dominion_text(CONTESTS, CARDS, Variant(counting_group=True, unique_id=True)))
    changed = table(data.draw(mutated(rows[4:])))
    found, rejected = read_back(table(rows[:4]) + changed)
    assert len(found) + rejected == below(changed)


@given(st.sampled_from(["marks", "names", "separated"]), st.data())
def test_no_row_of_a_mapped_csv_is_lost(how: made.Cells, data: st.DataObject) -> None:
    """The same of a CSV of our own in each of its kinds."""
    text, mapping = made.mapped_text(CONTESTS, CARDS, how)
    rows = grid(text)
    changed = table(data.draw(mutated(rows[1:])))
    found, rejected = read_back(table(rows[:1]) + changed, AskedCards(mapping=mapping))
    assert len(found) + rejected == below(changed)


MANY = made.make_cards(7, CONTESTS, 60, batch_cards=10)
HOW = {
    "dominion": Variant(),
    "equal signs": Variant(equal_signs=True, line_end="\n"),
    "quoted": Variant(all_quoted=True, newlines=True),
}
SIGNS = ['"', '"', '"', '""', '",', '"\n', "\n", "\r", ","]
STRAYS = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SIGNS)), min_size=1, max_size=6)


def written(name: str) -> tuple[str, str, str]:
    """Header, cards and mapping of a file of 60 cards."""
    if name in HOW:
        header = made.dominion_text(CONTESTS, [], HOW[name])
        return header, made.dominion_text(CONTESTS, MANY, HOW[name]).removeprefix(header), ""
    text, mapping = made.mapped_text(CONTESTS, MANY, "names" if name == "names" else "marks")
    header, _ = made.mapped_text(CONTESTS, [], "names" if name == "names" else "marks")
    return header, text.removeprefix(header), mapping


@cache
def all_cards(name: str) -> list[tuple[str, str, str, Votes]]:
    """The cards of the file as it was written."""
    header, rows, mapping = written(name)
    return read_back(header + rows, AskedCards(mapping=mapping))[0]


def strewn(text: str, strays: list[tuple[float, str]]) -> str:
    """The text with these signs put in at these shares of its length."""
    for share, sign in strays:
        place = int(share * len(text))
        text = text[:place] + sign + text[place:]
    return text


LAYOUTS = pytest.mark.parametrize("name", [*HOW, "marks", "names"])


@LAYOUTS
@given(STRAYS, st.sampled_from([100, 1 << 19]), st.sampled_from([300, 1 << 20]))
def test_stray_quotation_marks_lose_no_card(
    name: str, strays: list[tuple[float, str]], slow: int, size: int
) -> None:
    """Lines below the header are cards or rejected, and each line that was not touched is a card."""
    header, rows, mapping = written(name)
    strayed = strewn(rows, strays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dominion, "SLOW", slow)
        patch.setattr(blocks.blocks, "__defaults__", (size,))
        found, rejected = read_back(header + strayed, AskedCards(mapping=mapping))
    assert len(found) + rejected == below(strayed)
    whole = all_cards(name)
    after = set(re.split(r"[\r\n]+", strayed))
    untouched = [card for card, line in zip(whole, rows.splitlines(), strict=True) if line in after]
    assert len(untouched) >= 60 - len(strays) and all(card in found for card in untouched)


@LAYOUTS
@given(st.lists(st.floats(0, 1), min_size=1, max_size=2), st.lists(st.floats(0, 1), max_size=2))
def test_a_stray_quotation_mark_in_the_header_loses_no_card(
    name: str, above: list[float], strays: list[float]
) -> None:
    """The file is refused, or its lines below the header are cards or rejected all the same."""
    header, rows, mapping = written(name)
    strayed = strewn(rows, [(share, '"') for share in strays])
    text = strewn(header[:-2], [(share, '"') for share in above]) + header[-2:] + strayed
    try:
        found, rejected = read_back(text, AskedCards(mapping=mapping))
    except TallyproofError as fault:
        assert str(fault).endswith(".")
    else:
        assert len(found) + rejected == below(strayed)


@given(st.data())
def test_no_line_of_a_raire_file_is_lost(data: st.DataObject) -> None:
    """Each line below the contests is a ranking on a card or rejected."""
    lines = [line.split(",") for line in made.raire_text(RANKED, RANKINGS).splitlines()]
    cells = data.draw(mutated(lines[3:]))
    below = [",".join(row).replace("\n", " ") for row in cells]
    found, rejected = read_back("\n".join([*(",".join(row) for row in lines[:3]), *below]))
    assert sum(len(votes) for *_, votes in found) + rejected == sum(1 for line in below if line.strip())


@given(st.lists(st.tuples(st.integers(-2, 5), st.lists(st.integers(-1, 4), max_size=4)), max_size=9))
def test_no_ranking_of_a_json_file_is_lost(votes: list[tuple[int, list[int]]]) -> None:
    """Each entry is so many cards or rejected."""
    told = {"metadata": {"candidates": ["a", "b", "c"], "contest": "M"},
            "votes": [{"n": number, "prefs": prefs} for number, prefs in votes]}  # fmt: skip
    found, rejected = read_back(json.dumps(told))
    good = [number for number, prefs in votes if number >= 0 and all(0 <= place < 3 for place in prefs)]
    assert (len(found), rejected) == (sum(good), len(votes) - len(good))


TEXTS: dict[str, tuple[str, str]] = {
    "dominion": (made.dominion_text(CONTESTS, CARDS), ""),
    "equal signs": (made.dominion_text(CONTESTS, CARDS, Variant(equal_signs=True, line_end="\n")), ""),
    "quoted": (made.dominion_text(CONTESTS, CARDS, Variant(all_quoted=True, newlines=True)), ""),
    "raire": (made.raire_text(RANKED, RANKINGS), ""),
    "json": (made.ranked_json_text(RANKED[0], RANKINGS), ""),
    "marks": made.mapped_text(CONTESTS, CARDS),
    "names": made.mapped_text(CONTESTS, CARDS, "separated"),
}


READ_OR_TOLD = re.compile(r"(read|why not: [^\n]+\.)")


def outcome(data: bytes, mapping: str) -> str:
    """That the cards are read, or why not, which is to be one plain sentence."""
    try:
        found, rejected = read_back(data, AskedCards(mapping=mapping))
    except TallyproofError as fault:
        return f"why not: {fault}"
    whole = rejected >= 0 and all(all(votes.values()) for *_, votes in found)
    return "read" if whole else "read, with votes of 0"


@pytest.mark.parametrize("name", TEXTS)
@given(st.binary(max_size=30), st.floats(0, 1), st.integers(0, 60))
def test_noise_in_a_file_is_told_or_read(name: str, noise: bytes, at: float, gone: int) -> None:
    """Bytes of any kind at any place, others gone."""
    text, mapping = TEXTS[name]
    data = text.encode()
    start = int(at * len(data))
    assert READ_OR_TOLD.fullmatch(outcome(data[:start] + noise + data[start + gone :], mapping))


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_cut_anywhere_is_told_or_read(name: str) -> None:
    """Half a transfer: the cards before the cut, or a sentence."""
    text, mapping = TEXTS[name]
    data = text.encode()
    assert outcome(data, mapping) == "read"
    for cut in range(0, len(data), 7):
        assert READ_OR_TOLD.fullmatch(outcome(data[:cut], mapping)), cut


@LAYOUTS
def test_a_cut_file_has_every_card_before_the_cut(name: str) -> None:
    """Where the header is whole, each line that came is a card, the last one a card or rejected."""
    header, rows, mapping = written(name)
    for cut in range(1, len(rows), 97):
        found, rejected = read_back(header + rows[:cut], AskedCards(mapping=mapping))
        assert len(found) + rejected == below(rows[:cut]) and rejected <= 1


@pytest.mark.parametrize("text", ["1\n\nContest,1,2,1,2\n", "1\n", "1\n,\n", "\n\n1\nContest"])
def test_an_empty_row_below_a_number_is_told(text: str) -> None:
    """What begins like a .raire file and goes on with nothing is refused, not guessed."""
    found = outcome(text.encode(), "")
    assert found != "read" and READ_OR_TOLD.fullmatch(found)


@pytest.mark.parametrize("rows", [
    pytest.param(lambda rows: [row[:6] + row[6:] * 40 for row in rows], id="wide"),
    pytest.param(lambda rows: rows[:4], id="no cards"),
    pytest.param(lambda rows: rows[:4] + [["x"]] * 50, id="nothing but faults"),
    pytest.param(lambda rows: [[]] * 30 + rows, id="blank rows first"),
])  # fmt: skip
def test_odd_shapes_are_told_or_read(rows: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Hundreds of columns of repeated names, no cards, faults alone, a header far down."""
    text = table(rows(grid(made.dominion_text(CONTESTS, CARDS))))
    assert READ_OR_TOLD.fullmatch(outcome(text.encode(), ""))


@pytest.mark.parametrize("opened", [[100], [100, 20_000]])
def test_a_quotation_mark_that_is_never_closed_costs_its_line_alone(opened: list[int]) -> None:
    """Neither one nor two of them make a megabyte of cards the text of one cell."""
    lines = made.dominion_text(CONTESTS, made.make_cards(3, CONTESTS, 30_000)).splitlines(keepends=True)
    for line in opened:
        lines[line] = '"' + lines[line]
    found, rejected = read_back("".join(lines))
    assert (len(found), rejected) == (30_000 - len(opened), len(opened))


def test_an_open_quotation_mark_is_told_with_its_row(tmp_path: Path) -> None:
    """Row, reason, remedy and the line itself; the cell of a name in the header may hold line ends."""
    header, rows, _ = written("quoted")
    path = tmp_path / "cards.csv"
    path.write_text(header + rows.replace('"1-1-3"', '"1-1-3', 1), encoding="utf-8", newline="")
    (found,) = tally_cards([path]).rejections
    assert found.row == 7 and found.reason.startswith("a quotation mark") and "1-1-3" in found.raw


@pytest.mark.parametrize("header", ['"a,b,c,d\n', 'a,b,c,"d\n', 'a,"b,c,d\n'])
def test_a_header_that_swallows_rows_is_refused(header: str) -> None:
    """A name that holds what looks like a row is no name; one that breaks in two is."""
    asked = AskedCards(mapping='[[contest]]\nname = "A"\ncolumns = ["c"]\n')
    with pytest.raises(TallyproofError):
        read_back(header + "1,2,Ann,4\n" * 9 + '1,2,Ann,4"\n' + "1,2,Bob,4\n" * 9, asked)
    assert len(read_back('a,b,c,"d\ne"\n' + "1,2,Ann,4\n" * 9, asked)[0]) == 9


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["dominion", "quoted", "raire", "marks", "names"])
def test_every_text_is_read_in_every_unicode_encoding(name: str, encoding: str) -> None:
    """With and without a byte-order mark the same cards come out."""
    text, mapping = TEXTS[name]
    asked = AskedCards(mapping=mapping)
    assert read_back(text.encode(encoding), asked) == read_back(text, asked)


def test_json_may_begin_with_a_byte_order_mark_and_not_speak_of_billions() -> None:
    """The mark is no part of it; more ballots than any election has are refused, not begun."""
    text, _ = TEXTS["json"]
    assert read_back(text.encode("utf-8-sig")) == read_back(text)
    with pytest.raises(UnreadableError, match="more ballots than any election has"):
        read_back('{"metadata": {"candidates": ["a"]}, "votes": [{"n": 9000000000, "prefs": [0]}]}')
