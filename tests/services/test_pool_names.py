"""Totals and redacted rows are read under the names by which a case knows contests and choices."""

from dataclasses import replace

from tallyproof.election.ballot_manifest import BatchTotals
from tallyproof.formats.cards.redacted import Redacted, RedactedSum
from tallyproof.services.pool_names import names_between, redacted_under, totals_under
from tallyproof.testing.cards import MadeCard, MadeContest

from .made_parts import part_of

CARD = [MadeCard("1", "1", "1", {0: ((0,),), 1: ((0,),)})]
WRITTEN = part_of(
    [MadeContest("MAYOR", ("LEE, A", "ROY, B")), MadeContest("Judge", ("P", "Q"))], CARD, "Adams"
)
KNOWN = part_of(
    [MadeContest("Mayor", ("Ann Lee", "Bob Roy")), MadeContest("Judge", ("P", "Q"))], CARD, "Adams"
)
NAMES = names_between([WRITTEN], [KNOWN])["Adams"]


def totals(*choices: str) -> BatchTotals:
    """One batch with as many votes as there are columns."""
    return BatchTotals("t.csv", choices, {"1": tuple(range(len(choices)))}, {"1": 2})


def test_columns_of_totals_take_the_names_of_the_case() -> None:
    """With their contest or alone; columns that nobody knows stay as they are."""
    found = totals_under(totals("MAYOR - LEE, A", "Judge - P", "Sheriff - X"), NAMES)
    assert found.choices == ("Mayor - Ann Lee", "Judge - P", "Sheriff - X")
    assert totals_under(totals("LEE, A", "ROY, B"), NAMES).choices == ("Mayor - Ann Lee", "Mayor - Bob Roy")
    assert totals_under(totals("LEE, A", "X"), NAMES).choices == ("LEE, A", "X")


def test_redacted_sums_take_the_names_of_the_case() -> None:
    """Contest and choices are renamed, votes and rows are not."""
    row = RedactedSum(
        "a.csv", 9, "Redacted", "A", {"MAYOR": {"LEE, A": 3, "ROY, B": 1}}, frozenset(["MAYOR"])
    )
    (found,) = redacted_under(Redacted("a.csv", (row,)), NAMES).sums
    assert found == replace(row, votes={"Mayor": {"Ann Lee": 3, "Bob Roy": 1}}, ranked=frozenset(["Mayor"]))


def test_documents_whose_contests_were_joined_keep_their_names() -> None:
    """Nobody can tell which of two contests became which by their places alone."""
    joined = part_of([MadeContest("Mayor", ("Ann Lee",))], CARD[:0], "Adams")
    assert names_between([WRITTEN], [joined]) == {}
