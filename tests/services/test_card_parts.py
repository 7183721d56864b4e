"""Cards straight from files, as parts that every later step reads."""

from __future__ import annotations

from pathlib import Path

from tallyproof.election.card_part import code_counts
from tallyproof.election.cast_vote_record import tally
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import tally_cards
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob"), 1), MadeContest("Council", ("Cy", "Di", "Ed"), 2)]


def _file(tmp_path: Path) -> Path:
    path = tmp_path / "cards.csv"
    path.write_text(dominion_text(CONTESTS, make_cards(3, CONTESTS, 500)), newline="")
    return path


def test_code_counts_of_a_part_tally_as_the_file_does(tmp_path: Path) -> None:
    """The counts of codes, read by the book, are the votes of the file."""
    path = _file(tmp_path)
    (part,) = parts_from_files([path], "Adams")
    found = [tally(contest, counts) for contest, counts in zip(part.contests, code_counts(part), strict=True)]
    assert [dict(each.votes) for each in found] == [each.votes for each in tally_cards([path]).contests]
    assert [each.cards for each in found] == [each.cards for each in tally_cards([path]).contests]


def test_counts_of_chosen_contests_are_those_among_all(tmp_path: Path) -> None:
    """Asking for one place reads that contest, and for none nothing."""
    (part,) = parts_from_files([_file(tmp_path)])
    assert code_counts(part, [1]) == [code_counts(part)[1]]
    assert code_counts(part, []) == []
