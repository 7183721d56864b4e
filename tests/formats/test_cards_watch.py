"""What is odd about a whole file of cards is told with row and remedy, and the cards are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.errors import UnreadableError
from tallyproof.formats.cards.garbled import garbled
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.formats.cards.watch import is_test
from tallyproof.services.cards import tally_cards
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeContest, Variant

CONTESTS = [MadeContest("Mayor", ("José García", "Ana Lee"))]
CARDS = made.make_cards(5, CONTESTS, 30, batch_cards=10)
PLAIN = made.dominion_text(CONTESTS, CARDS, Variant(counting_group=True))


def faults(folder: Path, text: str | bytes, encoding: str = "") -> list[str]:
    """What is told about a file of this text, all of whose 30 cards are kept."""
    path = folder / "cards.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = tally_cards([path], encoding=encoding)
    assert (found.cards, found.rejected) == (30, 0)
    return list(found.faults)


def test_nothing_is_said_of_a_plain_file(tmp_path: Path) -> None:
    """Foreign letters, an ordinary election and imprints with dashes are in order."""
    assert faults(tmp_path, PLAIN) == []


@pytest.mark.parametrize("name", [
    "2024 General TEST", "Pre-Election L&A", "Logic and Accuracy", "test_mode", "Test Mode", "LAT 2024",
])  # fmt: skip
def test_a_test_election_is_told(name: str, tmp_path: Path) -> None:
    """The name in row 1 says so; the cards are kept."""
    (said,) = faults(tmp_path, PLAIN.replace("Made up", name))
    assert said.startswith(f"cards.csv, row 1: the election is named '{name}'")


@pytest.mark.parametrize("name", ["Contest of 2024", "Attestation", "Latah County", "Greatest", "Protest"])
def test_a_word_that_holds_test_is_none(name: str) -> None:
    """Only the word itself counts."""
    assert not is_test(name)


def test_cards_of_a_test_mode_are_counted_and_told(tmp_path: Path) -> None:
    """Two cards of one counting group, the first in row 5."""
    (said,) = faults(tmp_path, PLAIN.replace(",Mail,", ",Test Mode,", 2))
    assert said.startswith("cards.csv, row 5: 2 cards have the counting group 'Test Mode'")


@pytest.mark.parametrize("cell", [
    "5/1/2007", "05/01/07", "5/1/2007 0:00", "1.01E+12", "1E+05", "May-01", "1-May", "2007-05-01 00:00:00",
    "2007-05-01", "########",
])  # fmt: skip
def test_an_imprint_changed_by_a_spreadsheet_is_told(cell: str, tmp_path: Path) -> None:
    """The row, the cell, how many cards, what they are known by and what to do."""
    (said,) = faults(tmp_path, PLAIN.replace("1-1-3,", f"{cell},").replace("1-1-7,", f"{cell},"))
    assert said.startswith(
        f"cards.csv, row 7: the imprint of 2 cards, such as '{cell}', looks as if a spreadsheet program"
    )
    assert "known by these. Export the file again" in said


@pytest.mark.parametrize("cell", ["101-5-1", "1-5-2007", "2007-13-01", "0001013415", "02bc1dc7bc1e7774"])
def test_imprints_as_vendors_print_them_are_in_order(cell: str, tmp_path: Path) -> None:
    """Numbers with dashes, and numbers of sixteen digits and letters."""
    assert faults(tmp_path, PLAIN.replace("1-1-3,", f"{cell},")) == []


def test_an_imprint_that_only_looks_like_a_date_is_in_order(tmp_path: Path) -> None:
    """2007-05-01 is card 1 of batch 5 of tabulator 2007, where that is the card's tabulator."""
    assert faults(tmp_path, PLAIN.replace(",1,1,3,1-1-3,", ",2007,1,3,2007-05-01,")) == []


def test_a_batch_changed_by_a_spreadsheet_is_told(tmp_path: Path) -> None:
    """Its cards cannot be found by it, which is more than a spoiled imprint."""
    (said,) = faults(tmp_path, PLAIN.replace(",1,1,3,1-1-3,", ",1,May-01,3,1-1-3,"))
    assert "row 7: the batch of 1 card, 'May-01', looks as if a spreadsheet program" in said
    assert "cannot be found by their batch" in said


def test_the_spoiled_imprints_of_a_published_file_are_told(shared_data: Path) -> None:
    """A county's export, once opened in a spreadsheet program: 25 imprints became dates."""
    (path,) = (shared_data / "irv_nsw2021" / "CSVs").rglob("adams-cvrexport.csv")
    assert any(
        "row 145: the imprint of 25 cards, such as '10/2/2001'" in each for each in tally_cards([path]).faults
    )


def test_garbled_names_are_told_with_what_they_should_read(tmp_path: Path) -> None:
    """Contest and choice, their rows, the right spelling, how it came about."""
    spoiled = PLAIN.encode().decode("cp1252").replace("Mayor", "Élection â€“ Mayor")
    (said,) = faults(tmp_path, spoiled)
    assert "contest 'Élection â€“ Mayor' (row 2) is most likely 'Élection – Mayor'" in said
    assert "'JosÃ© GarcÃ\xada' (row 3) is most likely 'José García'" in said
    assert "UTF-8 was read as" in said and "export it again as UTF-8" in said


def test_lost_letters_are_told(tmp_path: Path) -> None:
    """No spelling is guessed where a letter is gone."""
    (said,) = faults(tmp_path, PLAIN.replace("José", "Jos\ufffd"))
    assert "'Jos\ufffd García' (row 3) has lost letters" in said and "most likely" not in said


def test_a_wrong_encoding_given_by_the_user_is_told(tmp_path: Path) -> None:
    """The file is UTF-8, so the option is to be left out; and the right option is silent."""
    (said,) = faults(tmp_path, PLAIN, "cp1252")
    assert "The file is UTF-8: leave --encoding cp1252 out" in said
    assert faults(tmp_path, PLAIN.encode("cp1252"), "cp1252") == []


def test_a_garbled_choice_met_in_a_row_is_told_with_that_row(tmp_path: Path) -> None:
    """Where choices stand in the cells, the row of the first card that bears it."""
    path = tmp_path / "own.csv"
    path.write_text("Mayor\nBob\nRenÃ©\nBob\n", encoding="utf-8")
    asked = AskedCards(mapping='[[contest]]\nname = "Mayor"\ncolumns = ["Mayor"]\n')
    (said,) = tally_cards([path], asked).faults
    assert said.startswith("own.csv, row 3:") and "(row 3) is most likely 'René'" in said


@given(st.text(st.characters(max_codepoint=0x24F, categories=["L"]), max_size=12))
def test_whatever_is_called_garbled_reads_well_when_mended(name: str) -> None:
    """The likely spelling is itself no longer garbled, and plain letters never are."""
    found = garbled("choice", name, None)
    assert found is None or (not name.isascii() and garbled("choice", found.likely, None) is None)


@pytest.mark.parametrize(
    "name", ["José", "Muñoz", "Zoë Ångström", "Łukasz", "ДИМА", "Nguyễn", "O’Brien", "Ñandú"]
)
def test_names_of_other_languages_are_in_order(name: str) -> None:
    """What is merely foreign is not garbled; the same read wrongly is."""
    assert garbled("choice", name, None) is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_change_nothing(encoding: str, tmp_path: Path) -> None:
    """The export as other programs save it, with and without its mark."""
    assert faults(tmp_path, PLAIN.encode(encoding)) == []


@pytest.mark.parametrize("sign,what", [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_what_separates_the_columns_is_told(sign: str, what: str, tmp_path: Path) -> None:
    """An export saved again with other signs names them, not a column that is missing."""
    path = tmp_path / "cards.csv"
    path.write_text(PLAIN.replace(",", sign), encoding="utf-8", newline="")
    with pytest.raises(UnreadableError, match=f"row 4: {what} separate the columns"):
        tally_cards([path])


def test_an_export_without_cards_is_told(tmp_path: Path) -> None:
    """A header alone; and one of which every row is rejected."""
    path = tmp_path / "cards.csv"
    header = made.dominion_text(CONTESTS, [])
    path.write_text(header, encoding="utf-8", newline="")
    assert tally_cards([path]).faults == (
        "cards.csv: holds no cards: nothing stands below its header. Look whether the export is complete.",
    )
    path.write_text(header + "1,2\n", encoding="utf-8", newline="")
    assert "every row is rejected" in tally_cards([path]).faults[0]


RAIRE = "1\nContest,7,{count},11,12,13,winner,11\n7,a,11\n7,b,12,11\n7,c,13\n"


@pytest.mark.parametrize("count", [2, 4])
def test_a_raire_contest_that_declares_another_number_of_choices_is_told(count: int, tmp_path: Path) -> None:
    """Those listed are read, none is left out; the right number is silent."""
    path = tmp_path / "cards.csv"
    path.write_text(RAIRE.format(count=count), encoding="utf-8")
    found = tally_cards([path])
    assert found.contests[0].votes == {"11": 1, "12": 1, "13": 1} and found.rejected == 0
    assert found.faults == (
        f"cards.csv, row 2: contest 7 declares {count} choices and lists 3; those listed are read. "
        "Look whether one is missing.",
    )
    path.write_text(RAIRE.format(count=3), encoding="utf-8")
    assert tally_cards([path]).faults == ()


def test_a_ballot_that_stands_twice_in_a_raire_contest_is_told(tmp_path: Path) -> None:
    """With its row and the row before, though other ballots stand between."""
    path = tmp_path / "cards.csv"
    path.write_text(RAIRE.format(count=3) + "7,a,12\n", encoding="utf-8")
    (said,) = tally_cards([path]).faults
    assert said.startswith("cards.csv, row 6: 1 line gives a ballot that its contest has already, this one")
    assert "ballot a of contest 7 as row 3 does" in said
