"""Files of standard names: written and read back, faults told, other people's lists read."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallyproof.election.standard_names import (
    Decision,
    StandardChoice,
    StandardContest,
    StandardNames,
    Wording,
    faults,
    one_line,
)
from tallyproof.errors import RequestError, TallyproofError, UnreadableError
from tallyproof.formats import name_file, name_lists

NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(one_line)
WORDINGS = st.lists(
    st.builds(Wording, NAME, st.sampled_from(Decision), st.lists(NAME, max_size=2).map(tuple)), max_size=3
).map(tuple)
CHOICES = st.lists(st.builds(StandardChoice, NAME, WORDINGS), max_size=3).map(tuple)
CONTEST = st.builds(
    StandardContest,
    NAME,
    st.none() | st.integers(1, 9),
    st.lists(NAME, max_size=2).map(tuple),
    WORDINGS,
    CHOICES,
)
CONTESTS = st.lists(CONTEST, max_size=3).map(tuple)


@given(CONTESTS, NAME)
def test_names_that_are_written_are_read_back(contests: tuple[StandardContest, ...], why: str) -> None:
    """Any names, with any signs in them and in the comments, are the same after writing and reading."""
    names = StandardNames(contests)
    assume(not faults(names))
    reasons = {(each.name, "", wording.name): why for each in contests for wording in each.wordings}
    assert name_file.parse(name_file.written(names, reasons)) == names


def test_the_file_has_one_line_for_each_decision_below_its_reason() -> None:
    """What is written is what a person can review."""
    wording = Wording("MAYOR", Decision.PROPOSED, ("Adams", "Baca"))
    choice = StandardChoice("Ann Lee", (Wording("LEE, ANN", Decision.REFUSED),))
    names = StandardNames((StandardContest("Mayor", 1, (), (wording,), (choice,)),))
    text = name_file.written(names, {("Mayor", "", "MAYOR"): "100: the same but for case"})
    assert text.split("\n\n", 1)[1] == (
        '[[contest]]\nname = "Mayor"\nvote_for = 1\nwordings = [\n    # 100: the same but for case\n'
        '    {state = "proposed", name = "MAYOR", jurisdictions = ["Adams", "Baca"]},\n]\n\n'
        '[[contest.choice]]\nname = "Ann Lee"\nwordings = [\n    {state = "refused", name = "LEE, ANN"},\n]\n'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contest = 3", "Expected `array`, got `int` at contest."),
        ("[[contest]]\nvote_for = 1", "Object missing required field `name` at contest 1."),
        ("[[contest]]\nname = 'a'\nvotes_for = 1",
         "'votes_for' is not a key of a file of names at contest 1. Did you mean 'vote_for'?"),
        ("[[contest]]\nname = 'a'\nwordings = [{name = 'b'}, {name = 'c', state = 'yes'}]",
         "the state is none of proposed, accepted, refused at contest 1, wordings 2, state."),
        ("[[contest]]\nname = 'a'\nvote_for = 0", "'a': vote_for is a number from 1 to 1,000."),
        ("[[contest]]\nname = ' '", "has a name without a letter"),
        ("[[contest]]\nname = 'a'\n[[contest]]\nname = 'a'", "the standard name 'a' stands twice"),
        ("[[contest]]\nname = ", "is not TOML"),
        ("a = " + "[" * 5000, "names.toml"),
        (f"[[contest]]\nname = '{'a' * 2001}'", "has a name of more than 2,000 letters"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_place(text: str, said: str) -> None:
    """A wrong key, type, state, number or name is one sentence that names the file and the place."""
    with pytest.raises(RequestError) as fault:
        name_file.parse(text, "names.toml")
    assert said in str(fault.value) and str(fault.value).startswith("names.toml")


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["[[contest]]", "[[contest.choice]]", "name = 'a'", "wordings = [{name = 'b'}]", "state = 1",
     "vote_for = 2",
     "jurisdictions = ['x']", "}", "'''"]), max_size=8).map("\n".join))  # fmt: skip
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever the text, it is either read as names without a fault or refused in a sentence."""
    try:
        assert faults(name_file.parse(text)) == []
    except RequestError as fault:
        assert str(fault).startswith("the file of names")


def test_a_file_that_is_no_text_of_names_is_refused(tmp_path: Path) -> None:
    """A missing file, bytes that are no UTF-8, and one as large as a table of cards."""
    with pytest.raises(RequestError, match="cannot be opened"):
        name_file.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"\xe9")
    with pytest.raises(RequestError, match="is not UTF-8 text"):
        name_file.load(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_bytes(b" " * (name_file.LARGEST + 1))
    with pytest.raises(RequestError, match="too large for a file of names"):
        name_file.load(tmp_path / "large.toml")
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf[[contest]]\nname = 'a'\n")
    assert name_file.parse(name_file.load(tmp_path / "marked.toml")).contests[0].name == "a"


# ---- lists in other layouts


def test_the_standardized_contests_of_arlo_are_read(shared_data: Path) -> None:
    """Names with line ends, votes per voter in the name, "all", lists of jurisdictions, blanks at the end."""
    folder = shared_data / "vendor_variants"
    plain = name_lists.read_arlo(folder / "standardized_contests.csv")
    noted = name_lists.read_arlo(folder / "standardized_contests_vote_for_newlines.csv")
    found = [("Contest 1", ()), ("Contest 2", ("J1", "J3")), ("Contest 3", ("J2",))]
    assert [(each.name, each.jurisdictions) for each in plain.contests] == found
    assert [(each.name, each.jurisdictions) for each in noted.contests] == found
    assert [each.vote_for for each in noted.contests] == [2, None, None]


def test_choices_of_a_list_are_read_where_it_has_them(tmp_path: Path) -> None:
    """The third column holds names of choices with semicolons between them."""
    path = tmp_path / "contests.csv"
    path.write_text('Contest Name,Jurisdictions,Choice Names\nMayor,all,"Lee, Ann;Bob Roy; "\nJudge,Adams,\n')
    names = name_lists.read_arlo(path)
    assert [each.name for each in names.contests[0].choices] == ["Lee, Ann", "Bob Roy"]
    assert names.contests[1].choices == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Contest Name,Jurisdictions\nMayor,all\nMayor ,Adams\n", "row 3: 'Mayor' stands already in row 2"),
        ("Contest Name,Jurisdictions\nMayor,\n", "row 2: says no jurisdictions for 'Mayor'"),
        ("Contest Name,Jurisdictions\n,all\n", "row 2: names no contest"),
        ("Contest,Place\nMayor,all\n", "has no column of contests and jurisdictions"),
        ("", "is empty"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    """A contest twice, an empty cell, other columns: one sentence each."""
    path = tmp_path / "contests.csv"
    path.write_text(text)
    with pytest.raises(UnreadableError) as fault:
        name_lists.read_arlo(path)
    assert said in str(fault.value)


HEADS = st.sampled_from(["", "Contest Name,Jurisdictions\n", "County,Contest Name,Choice\n"])
CELL = st.sampled_from(
    ["Contest Name", "Jurisdictions", "County", "Choice", "all", "Mayor", "", "\n", '"', "é"]
)
TABLE = st.lists(st.lists(CELL, max_size=4).map(",".join), max_size=6).map("\n".join)


@given(
    st.binary(max_size=80)
    | TABLE.map(str.encode)
    | TABLE.map(lambda text: f"Contest Name,Jurisdictions\n{text}".encode())
)
def test_no_list_breaks_the_readers(text: bytes) -> None:
    """Whatever the bytes, a list is read or refused in a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contests.csv"
        path.write_bytes(text)
        for read in (name_lists.read_arlo, name_lists.read_contests):
            try:
                read(path)
            except TallyproofError as fault:
                assert str(fault).startswith("contests.csv")


def test_the_counties_of_a_state_are_read_from_its_lists(shared_data: Path) -> None:
    """Colorado's list of contests and its table of votes name the same contests of the same counties.

    Two of the 725 names differ from another by blanks at the end only: Denver's House districts 1 and 9.
    """
    folder = shared_data / "audits" / "colorado2024"
    listed = name_lists.read_contests(folder / "contestsByCounty.csv")
    counted = name_lists.read_contests(folder / "tabulateCounty.csv")
    places, names = {each.jurisdiction for each in listed}, {each.name for each in listed}
    assert {(each.jurisdiction, each.name) for each in listed} == {
        (each.jurisdiction, each.name) for each in counted
    }
    assert (len(listed), len(names), len(places)) == (2_645, 723, 63)
