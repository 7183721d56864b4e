"""Two choices of one contest never meet under one key because their names are alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.election.contest import choice_ids


@pytest.mark.parametrize(
    "names",
    [
        ("Mary Ann Jones", "Mary Beth Jones"),
        ("Mary Ann Jones", "Mary Jones", "Mary Beth Jones"),
        ("Option 1 of Plan", "Option 2 of Plan"),
        ("John A. Smith", "John B. Smith"),
        ("John A. Smith", "SMITH, JOHN BERT"),
        ("John Smith Jr.", "John Smith Sr."),
        ("Smith III, John", "John Smith, II"),
        ('John "Jack" Smith', "John “Red” Smith"),
    ],
)
def test_names_with_different_words_have_different_keys(names: tuple[str, ...]) -> None:
    """The same first and last word does not make one choice of them."""
    assert len(set(choice_ids(names).values())) == len(names)


@pytest.mark.parametrize(
    "names",
    [
        ("Rocky De La Fuente", "Rocky Roque De La Fuente", "DE LA FUENTE, ROCKY"),
        ("Donald Trump", "Donald J. Trump", "TRUMP, DONALD J. / MICHAEL R. PENCE"),
        ("Michael Maturen", "Michael A. Maturen", "Michael Arthur Maturen"),
        ("George H. W. Bush", "George Herbert Walker Bush", "George Bush", "George W. Bush"),
        ("Robert Smith", "Robert Smith Jr.", "SMITH JR, ROBERT"),
        ("Ann Lee", "Ann Lee, MD", "Ann Lee Esq."),
        ("John Smith, 2nd", "John Smith II", "SMITH II, JOHN"),
        ('Robert "Bob" Casey', "Robert P. Casey", "CASEY, ROBERT PATRICK 'BOB'"),
        ("Mary O'Brien-Ruiz", "Mary 'Kit' O'Brien-Ruiz", "Mary D. O'Brien-Ruiz"),
    ],
)
def test_a_middle_name_may_be_left_out(names: tuple[str, ...]) -> None:
    """And so may a nickname: spellings of one person meet under the family name."""
    assert len(set(choice_ids(names).values())) == 1


@settings(deadline=None)
@given(st.sets(st.integers(0, 10_000), min_size=2, max_size=60))
def test_numbered_choices_stay_apart(numbers: set[int]) -> None:
    """However many there are, a number tells one choice from another."""
    names = [f"Proposal {number} of Springfield" for number in numbers]
    assert len(set(choice_ids(names).values())) == len(names)
