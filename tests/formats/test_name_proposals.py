"""Proposals of standard names: what is alike and why, what never is, and that nothing is decided."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.election.standard_names import (
    Decision,
    NamedContest,
    StandardContest,
    StandardNames,
    Wording,
    faults,
    jurisdiction_key,
)
from tallyproof.formats.name_keys import choices_alike, same_people, stated_votes, titles_alike
from tallyproof.formats.name_lists import read_contests
from tallyproof.formats.name_proposals import Proposal, proposed, same_accepted


@pytest.mark.parametrize(
    ("one", "other", "people", "score"),
    [
        ("COUNTY CLERK", "County clerk", None, 100),
        ("Council (Vote For=2)", "Council", None, 100),
        ("Consejo de la Ciudad", "Consejo de la Ciudád", None, 100),
        ("Judge of the 2nd District", "Judge, Second District", None, 100),
        ("Representative in Congress, District 1", "US House District 1", None, 96),
        ("Representative to the 119th United States Congress - District 4", "U.S. House, district 4",
         (2, 2), 96),
        ("President/Vice President", "Presidential Electors", (3, 4), 96),
        ("City Council At-Large", "COUNCIL AT LARGE", (3, 3), 88),
        ("Justice of the Colorado Supreme Court - Ray", "Colorado Supreme Court Justice - Ray", None, 99),
        ("Calhan School District RJ1 Question 5B", "Calhan School District No. RJ1 Ballot Question 5B",
         None, 92),
    ],
)  # fmt: skip
def test_titles_of_one_contest_are_alike(
    one: str, other: str, people: tuple[int, int] | None, score: int
) -> None:
    """The same words, the same office, the same candidates, or nearly the same words."""
    found = titles_alike(one, other, people)
    assert found is not None and found.score == score
    assert found == titles_alike(other, one, people)


@pytest.mark.parametrize(
    ("one", "other", "people"),
    [
        ("Ballot Issue 4A", "Ballot Issue 4B", None),
        ("US House District 1", "US House District 2", None),
        ("US House District 1", "State House District 1", (2, 2)),
        ("Governor (REP)", "Governor (DEM)", None),
        ("US Senate", "US Senate (Special Election)", (2, 2)),
        ("Adams County Court Judge - Dinnel", "Adams County Court Judge - Daniels", None),
        ("School Board, District D", "School Board, District E", None),
        ("Mayor", "Mayor", (0, 2)),
        ("Town Council", "Sheriff", (1, 2)),
    ],
)
def test_titles_of_two_contests_are_not_alike(one: str, other: str, people: tuple[int, int] | None) -> None:
    """Other numbers, letters, parties, offices, names or candidates keep contests apart."""
    assert titles_alike(one, other, people) is None


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("ANN LEE", "Ann Lee", 100), ("Ann Lee (DEM)", "Ann Lee", 100), ("José Núñez", "Jose Nunez", 100),
        ("WRITE-IN", "Write in", 100), ("Write-in", "writein candidate", 97),
        ("Yes/For", "YES", 97), ("No/Against", "No", 97), ("DOE, JANE", "Jane Doe", 95),
        ("J. Doe", "Jane Doe", 93),
        ("DONALD J. TRUMP / MICHAEL R. PENCE", "Trump/Pence (REP)", 88), ("Jon Smith", "John Smith", 86),
        ("Bill Smith", "William Smith", 75), ("Jon Smyth", "John Smith", 84),
    ],
)  # fmt: skip
def test_spellings_of_one_choice_are_alike(one: str, other: str, score: int) -> None:
    """The same words, person, answer or place for write-ins, or nearly the same letters."""
    found = choices_alike(one, other)
    assert found is not None and found.score == score and found == choices_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Yes", "No"), ("Write-in 1", "Write-in 2"), ("Jane Doe (write-in)", "Write-in"), ("Yes", "Write-in"),
     ("Group 1", "Group 2"), ("Ann Lee", "Bob Roy"), ("Ann Lee", "No")],
)  # fmt: skip
def test_two_choices_are_not_alike(one: str, other: str) -> None:
    """Other answers, other numbers, other people."""
    assert choices_alike(one, other) is None and choices_alike(other, one) is None


def test_votes_per_voter_are_read_from_a_note_at_the_end() -> None:
    """Notes in figures and words; a name without one, or which is nothing else, stays."""
    assert stated_votes("Council\n(Vote For=2)") == ("Council", 2)
    assert stated_votes("Board - Vote for not more than three") == ("Board", 3)
    assert stated_votes("J (Number of positions=1, Number of ranks=3)") == ("J", 1)
    assert stated_votes("Vote for 1") == ("Vote for 1", None)
    assert stated_votes("Shall voters vote for 2 parks") == ("Shall voters vote for 2 parks", None)


def test_candidates_in_common_leave_answers_and_write_ins_out() -> None:
    """A question has no candidates; a list of one name counts one."""
    assert same_people(("Yes", "No"), ("YES", "NO")) is None
    assert same_people(("LEE, ANN", "Bob Roy", "Write-in"), ("Ann Lee", "WRITE-IN")) == (1, 1)
    assert same_people(("Ann Lee",), ("Bob Roy", "Cy Dunn")) == (0, 1)


# ---- groups


def contest(county: str, name: str, *choices: str, votes: int | None = 1, source: str = "") -> NamedContest:
    return NamedContest(county, source or f"{county}.csv", name, choices, votes)


def lines(found: Proposal) -> list[tuple[str, str, str]]:
    """Standard contest, standard choice and wording of every proposal."""
    contests = found.names.contests
    wordings = [(each.name, "", word.name) for each in contests for word in each.wordings]
    return wordings + [
        (each.name, choice.name, word.name)
        for each in contests
        for choice in each.choices
        for word in choice.wordings
    ]


def test_contests_and_their_choices_are_proposed_together() -> None:
    """The wording of most counties is the standard; each line has its score, reason and county."""
    found = proposed([
        contest("Adams", "Mayor", "Ann Lee", "Bob Roy", "Write-in"),
        contest("Baca", "Mayor", "Ann Lee", "Bob Roy"),
        contest("Chaffee", "MAYOR (Vote For=1)", "LEE, ANN", "ROY, BOB", "WRITE-IN"),
    ])  # fmt: skip
    assert lines(found) == [
        ("Mayor", "", "MAYOR (Vote For=1)"), ("Mayor", "Ann Lee", "LEE, ANN"),
        ("Mayor", "Bob Roy", "ROY, BOB"),
        ("Mayor", "Write-in", "WRITE-IN"),
    ]  # fmt: skip
    assert str(found.why["Mayor", "Ann Lee", "LEE, ANN"]) == "95: the same first and family name (in Chaffee)"
    states = {word.state for each in found.names.contests for word in each.wordings}
    assert states == {Decision.PROPOSED} and found.names.contests[0].vote_for == 1


def test_returns_that_word_a_contest_otherwise_are_proposed() -> None:
    """Cards and returns of one county are two sources of the same contest."""
    found = proposed([
        contest("Adams", "PRESIDENT/VICE PRESIDENT", "DONALD J. TRUMP / MICHAEL R. PENCE",
                "HILLARY CLINTON / TIM KAINE"),
        contest("Adams", "President", "Trump/Pence (REP)", "Clinton/Kaine (DEM)", source="returns"),
    ])  # fmt: skip
    assert [line[2] for line in lines(found)] == [
        "PRESIDENT/VICE PRESIDENT", "DONALD J. TRUMP / MICHAEL R. PENCE", "HILLARY CLINTON / TIM KAINE"
    ]  # fmt: skip


def test_two_contests_of_one_file_are_never_proposed_as_one() -> None:
    """What stands side by side in one file of one county is two contests, and two choices."""
    assert lines(proposed([contest("Adams", "Mayor", "Ann", "ANN"), contest("Adams", "MAYOR", "Ann")])) == []


def test_a_name_that_two_counties_use_for_two_contests_is_proposed_apart() -> None:
    """Mayors of two towns have no candidate in common: one of the two is proposed under a name of its own."""
    found = proposed([contest("Adams", "Mayor", "Ann Lee"), contest("Baca", "Mayor", "Bob Roy")])
    (entry,) = found.names.contests
    assert (entry.name, entry.wordings) == ("Mayor (Baca)", (Wording("Mayor", Decision.PROPOSED, ("Baca",)),))
    reason = "no candidate in common with the contest of this name in Adams (in Baca)"
    assert str(found.why["Mayor (Baca)", "", "Mayor"]) == reason


NORTH, SOUTH, BOARD = "Water Board Member North", "Water Board Member South", "Water Board Member"


def test_what_is_as_like_one_as_the_other_is_proposed_for_both_and_marked() -> None:
    """Both lines say so, and accepting both is a fault."""
    found = proposed([
        *(contest(county, name, "Ann Lee") for county in ("Adams", "Baca") for name in (NORTH, SOUTH)),
        contest("Chaffee", BOARD, "Ann Lee"),
    ])  # fmt: skip
    assert lines(found) == [(NORTH, "", BOARD), (SOUTH, "", BOARD)]
    assert all("AMBIGUOUS" in str(why) for why in found.why.values())
    accepted = [StandardContest(each.name, wordings=(Wording(BOARD),)) for each in found.names.contests]
    assert "Refuse all but one" in faults(StandardNames(tuple(accepted)))[0]


def test_two_contests_of_one_file_that_are_as_like_a_third_are_marked() -> None:
    """Which of the two is meant is left open, and neither comes first by its letters."""
    found = proposed([contest("Adams", NORTH, "Ann Lee"), contest("Adams", SOUTH, "Ann Lee"),
                      contest("Baca", BOARD, "Ann Lee")])  # fmt: skip
    assert lines(found) == [(BOARD, "", NORTH), (BOARD, "", SOUTH)]
    assert all("AMBIGUOUS" in str(why) for why in found.why.values())


def test_only_the_same_words_are_accepted_at_once() -> None:
    """Case and notes are; another order of a name, and words with a rival, wait for a decision."""
    found = same_accepted(proposed([
        contest("Adams", "Mayor", "Ann Lee"), contest("Adams", "Judge", "Bob Roy"),
        contest("Baca", "MAYOR", "LEE, ANN"), contest("Chaffee", "JUDGE"), contest("Chaffee", "Judge."),
    ]))  # fmt: skip
    states = {word.name: word.state.value for each in found.names.contests for word in each.wordings}
    assert states == {"MAYOR": "accepted", "JUDGE": "proposed", "Judge.": "proposed"}
    mayor = found.names.standard("Mayor")
    assert mayor and mayor.choices[0].wordings == (Wording("LEE, ANN", Decision.PROPOSED),)


def test_what_was_decided_stays_and_is_not_proposed_again() -> None:
    """An accepted wording is read as its standard, a refused one is left alone, a new one is added."""
    known = StandardNames((
        StandardContest("Mayor", wordings=(Wording("Town Mayor"), Wording("MAYORS", Decision.REFUSED))),
    ))  # fmt: skip
    files = [contest("Adams", "Town Mayor"), contest("Baca", "MAYORS"), contest("Chaffee", "MAYOR")]
    found = proposed(files, known)
    assert found.names.contests[0].wordings == (
        *known.contests[0].wordings,
        Wording("MAYOR", Decision.PROPOSED),
    )
    assert len(found.names.contests) == 1
    assert proposed(files, found.names).names == found.names


def test_a_county_s_own_names_all_find_the_state_s(shared_data: Path) -> None:
    """Boulder 2024: 18 of 65 contests are worded unlike the state's list; each finds its own and no other."""
    folder = shared_data / "audits"
    statement = folder / "boulder2024" / "2024G-Boulder-County-Official-Statement-of-Votes.csv"
    listed: dict[str, dict[str, None]] = {}
    with statement.open(encoding="utf-8-sig", newline="") as stream:
        for row in list(csv.reader(stream))[1:]:
            listed.setdefault(row[2], {})[row[3]] = None
    county = [NamedContest("Boulder", "statement", name, tuple(choices)) for name, choices in listed.items()]
    state = read_contests(folder / "colorado2024" / "tabulateCounty.csv")
    own = {each.name for each in state if each.jurisdiction == "Boulder"}
    found = proposed([*state, *county]).names
    words = {word.name: each.name for each in found.contests for word in each.wordings}
    assert {words.get(each.name, each.name) for each in county} == own
    assert (len(own), sum(each.name in words for each in county)) == (65, 18)


SHORT = st.sampled_from(
    ["Mayor", "MAYOR", "Mayor (Vote For=2)", "Mayors", "Judge 1", "Judge 2", "JUDGE 1", "Judge"]
)
CHOICES = st.lists(
    st.sampled_from(["Ann Lee", "LEE, ANN", "Bob Roy", "Yes", "YES", "Write-in"]), unique=True, max_size=3
)
NAMED = st.lists(
    st.builds(
        NamedContest, st.sampled_from(["Adams", "Baca", "Chaffee", ""]),
        st.sampled_from(["cards", "returns"]), SHORT,
        CHOICES.map(tuple), st.sampled_from([None, 1, 2]), st.booleans(),
    ), max_size=7,
)  # fmt: skip


@given(NAMED)
def test_proposals_never_join_contests_that_differ(files: list[NamedContest]) -> None:
    """Were all clear proposals accepted: votes per voter and kind agree, and one file has one of them."""
    found = proposed(files)
    accepted = tuple(
        StandardContest(each.name, wordings=tuple(
            Wording(word.name, Decision.ACCEPTED, word.jurisdictions) for word in each.wordings
            if "AMBIGUOUS" not in str(found.why[each.name, "", word.name])
        )) for each in found.names.contests
    )  # fmt: skip
    names = StandardNames(accepted)
    assert faults(names) == []
    groups: dict[str, list[NamedContest]] = {}
    for each in files:
        groups.setdefault(names.contest(each.jurisdiction, each.name), []).append(each)
    for group in groups.values():
        for one in group:
            for other in (each for each in group if each.name != one.name):
                assert one.vote_for is None or other.vote_for in {None, one.vote_for}
                assert one.is_ranked == other.is_ranked
                place = (jurisdiction_key(one.jurisdiction), one.source)
                assert place != (jurisdiction_key(other.jurisdiction), other.source)


@given(NAMED, st.randoms(use_true_random=False))
def test_proposals_do_not_change_what_names_mean(files: list[NamedContest], chance: object) -> None:
    """Until somebody accepts it, a proposal renames nothing."""
    names = proposed(files).names
    assert all(names.contest(each.jurisdiction, each.name) == each.name for each in files)
    assert faults(names) == []
