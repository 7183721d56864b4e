"""Standard names: what a wording stands for, where, and what makes names stand for two things."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallyproof.election.standard_conflicts import conflicts
from tallyproof.election.standard_names import (
    Decision,
    NamedContest,
    StandardChoice,
    StandardContest,
    StandardNames,
    Wording,
    counts,
    faults,
)

HOUSE = StandardContest(
    "US House District 1",
    1,
    (),
    (Wording("Congress, Dist. 1"), Wording("Question 1", jurisdictions=("Adams County",))),
    (StandardChoice("Ann Lee", (Wording("LEE, ANN"), Wording("A. Lee", Decision.PROPOSED))),),
)
QUESTION = StandardContest(
    "State Question 1", wordings=(Wording("Question 1"), Wording("Q1", Decision.REFUSED))
)
NAMES = StandardNames((HOUSE, QUESTION))


def test_a_wording_is_read_as_its_standard_name_and_any_other_stays() -> None:
    """Accepted wordings of contests and choices are renamed; proposed, refused and unknown ones are not."""
    assert NAMES.contest("Boulder", "Congress,  Dist.\n1") == "US House District 1"
    assert NAMES.choice("Boulder", "Congress, Dist. 1", "LEE, ANN") == "Ann Lee"
    assert NAMES.choice("Boulder", "US House District 1", "LEE, ANN") == "Ann Lee"
    assert NAMES.choice("Boulder", "US House District 1", "A. Lee") == "A. Lee"
    assert NAMES.choice("Boulder", "State Question 1", "LEE, ANN") == "LEE, ANN"
    assert [NAMES.contest("Boulder", name) for name in ("Q1", "Sheriff")] == ["Q1", "Sheriff"]


@pytest.mark.parametrize(
    ("county", "standard"),
    [("Adams", "US House District 1"), ("ADAMS COUNTY", "US House District 1"),
     ("Boulder", "State Question 1"), ("", "State Question 1")],
)  # fmt: skip
def test_a_wording_of_one_jurisdiction_goes_before_one_of_all(county: str, standard: str) -> None:
    """The same words mean another contest in the county that a rule names, however the county is spelled."""
    assert NAMES.contest(county, "Question 1") == standard


def test_names_that_mean_one_thing_have_no_fault() -> None:
    """Neither a general and a local rule for the same words, nor a refused wording, is a fault."""
    assert faults(NAMES) == []
    assert counts(NAMES) == {"contests": 2, "choices": 1, "proposed": 1, "accepted": 4, "refused": 1}


@pytest.mark.parametrize(
    ("contests", "said"),
    [
        ((StandardContest("A"), StandardContest(" A")), "the standard name 'A' stands twice"),
        ((StandardContest("A", wordings=(Wording("x"),)), StandardContest("B", wordings=(Wording("x"),))),
         "'x' is accepted for 'A' and for 'B' in all jurisdictions"),
        ((StandardContest("A", wordings=(Wording("x", jurisdictions=("Adams",)),)),
          StandardContest("B", wordings=(Wording("x", jurisdictions=("ADAMS COUNTY", "Baca")),))),
         "'x' is accepted for 'A' and for 'B' in ADAMS COUNTY"),
        ((StandardContest("A", wordings=(Wording("x"),)), StandardContest("B", wordings=(Wording("A"),))),
         "'x' stands for 'A', which itself stands for 'B'"),
        ((StandardContest("A", choices=tuple(StandardChoice(name, (Wording("x"),)) for name in "cd")),),
         "A: 'x' is accepted for 'c' and for 'd'"),
    ],
)  # fmt: skip
def test_names_that_mean_two_things_are_told(contests: tuple[StandardContest, ...], said: str) -> None:
    """Two entries of one name, two standards for a wording, a standard that is a wording: each is told."""
    (sentence,) = faults(StandardNames(contests))
    assert said in sentence


SHORT = st.sampled_from(["a", "b", "c", "d"])
PLACES = st.lists(st.sampled_from(["Adams", "Baca"]), max_size=2, unique=True).map(tuple)
WORDINGS = st.lists(st.builds(Wording, SHORT, st.sampled_from(Decision), PLACES), max_size=3).map(tuple)
CHOICES = st.lists(st.builds(StandardChoice, SHORT, WORDINGS), max_size=3).map(tuple)
CONTESTS = st.lists(
    st.builds(StandardContest, SHORT, st.none(), st.just(()), WORDINGS, CHOICES), max_size=3
).map(tuple)


@given(CONTESTS, st.sampled_from(["Adams", "Baca", "Chaffee", ""]), SHORT, SHORT)
def test_reading_names_twice_changes_nothing_more(
    contests: tuple[StandardContest, ...], county: str, contest: str, choice: str
) -> None:
    """Where names have no fault, the standard name of a standard name is itself."""
    names = StandardNames(contests)
    assume(not faults(names))
    standard = names.contest(county, contest)
    assert names.contest(county, standard) == standard
    chosen = names.choice(county, contest, choice)
    assert names.choice(county, standard, chosen) == chosen


# ---- what files and names disagree on

FILES = (
    NamedContest("Adams", "a.csv", "Mayor", ("Ann Lee", "Bob Roy", "Write-in"), 1),
    NamedContest("Baca", "b.csv", "Mayor", ("Ann Lee", "Bob Roy"), 1),
)


def test_files_that_agree_leave_nothing_to_say() -> None:
    """The same contest with the same choices in two counties is no conflict, write-ins aside."""
    assert conflicts(FILES, StandardNames((StandardContest("Mayor", 1, ("Adams", "Baca")),))) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (StandardContest("Mayor", wordings=(Wording("Mayr"),)),
         "No contest is called 'Mayr', which 'Mayor' lists. The closest is 'Mayor'."),
        (StandardContest("Maior"), "No contest is called 'Maior'. The closest is 'Mayor'."),
        (StandardContest("Mayor", wordings=(Wording("Mayor of town", jurisdictions=("Addams",)),)),
         "Nothing here is of the jurisdiction 'Addams'. The closest is 'Adams'."),
        (StandardContest("Mayor", choices=(StandardChoice("Ann Lee", (Wording("Anne Lee"),)),)),
         "Mayor: no choice is called 'Anne Lee'. The closest is 'Ann Lee'."),
        (StandardContest("Mayor", choices=(StandardChoice("Bob Ray"),)),
         "Mayor: no choice is called 'Bob Ray'. The closest is 'Bob Roy'."),
        (StandardContest("Mayor", 2), "Mayor: votes per voter are 2 by the names and 1 in Adams and Baca."),
        (StandardContest("Mayor", 1, ("Adams",)), "Mayor is in Adams by the names, and stands in Baca too."),
    ],
)  # fmt: skip
def test_a_rule_that_fits_no_file_is_told_with_what_is_closest(entry: StandardContest, said: str) -> None:
    """An unknown contest, choice or county, other votes per voter and other counties are each told."""
    assert said in conflicts(FILES, StandardNames((entry,)))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (NamedContest("Chaffee", "c.csv", "Mayor", ("Ann Lee", "Bob Ray"), 1),
         "Mayor: Chaffee lacks 'Bob Roy' and lists 'Bob Ray', unlike Adams and Baca."),
        (NamedContest("Chaffee", "c.csv", "Mayor", ("Cy Dunn", "Write-in"), 1),
         "Mayor: Chaffee has no choice in common with Adams and Baca. Two contests need two standard names."),
        (NamedContest("Baca", "returns", "Mayor", ("Ann Lee",)),
         "Mayor: Baca (returns) lacks 'Bob Roy', unlike Adams and Baca (b.csv)."),
        (NamedContest("Chaffee", "c.csv", "Mayor", ("Ann Lee", "Bob Roy"), 2),
         "Mayor: votes per voter are 1 in Adams and Baca and 2 in Chaffee. "
         "Two contests need two standard names."),
        (NamedContest("Chaffee", "c.csv", "Mayor", ("Ann Lee", "Bob Roy"), 1, True),
         "Mayor: choices are ranked in Chaffee and not elsewhere."),
    ],
)  # fmt: skip
def test_counties_that_differ_in_a_contest_are_named(other: NamedContest, said: str) -> None:
    """Other choices, other votes per voter, another kind of contest: which, and where."""
    assert conflicts((*FILES, other), StandardNames()) == [said]


def test_a_county_that_the_names_list_and_that_lacks_the_contest_is_told() -> None:
    """A contest that should stand in a county whose files do not have it."""
    files = (*FILES[:1], NamedContest("Baca", "b.csv", "Sheriff"))
    names = StandardNames((StandardContest("Mayor", None, ("Adams", "Baca")),))
    assert conflicts(files, names) == ["Mayor is in Baca by the names, where no contest of this name stands."]


def test_a_contest_that_a_file_lists_and_no_card_bears_stands_nowhere() -> None:
    """Exports list the contests of a whole state; only those on cards are held against the counties named."""
    files = (*FILES[:1], NamedContest("Baca", "b.csv", "Mayor", FILES[1].choices, 1, is_borne=False))
    assert conflicts(files, StandardNames((StandardContest("Mayor", None, ("Adams",)),))) == []
