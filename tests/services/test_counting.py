"""The count as of a time, its versions, and what changed between two of them."""

from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.errors import AccessError, RequestError
from tallyproof.services import counting
from tallyproof.services.access import READER, Actor
from tallyproof.services.counting import ContestCount
from tallyproof.services.importing import import_returns, undo_import
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .county import CLEAN, FAULTY, FIRST, HEADER, SECOND, asked, written


@pytest.fixture
def demo(workspace: Workspace, clerk: Actor, tmp_path: Path) -> Workspace:
    """Two versions of one count: Adams 480, then 380, against Baker's 395."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "1", FAULTY), as_of=FIRST))
    import_returns(
        workspace, clerk, "demo", asked(written(tmp_path / "2"), as_of=SECOND, status=Status.CERTIFIED)
    )
    return workspace


def counted(workspace: Workspace, clerk: Actor, folder: Path, text: str) -> ContestCount:
    """The only contest of a file."""
    import_returns(workspace, clerk, "one", asked(written(folder, text)))
    return counting.count(workspace, clerk, "one").contests[0]


def test_the_newest_version_counts(demo: Workspace) -> None:
    """Totals, leader, margin and status in one sentence; both versions in order."""
    contest = counting.count(demo, READER, "demo").contests[0]
    assert contest.sentence == (
        "Wisconsin: Bob Baker leads by 15 of 775 votes, certified as of 2016-11-22 (Demo County Clerk)."
    )
    assert [(each.choice, each.votes) for each in contest.choices] == [("Bob Baker", 395), ("Ann Adams", 380)]
    assert [(each.leader, each.margin) for each in contest.versions] == [("Ann Adams", 85), ("Bob Baker", 15)]


def test_the_count_as_of_a_time_knows_nothing_later(demo: Workspace) -> None:
    """As of the first day the first version stands."""
    contest = counting.count(demo, READER, "demo", as_of=FIRST).contests[0]
    assert (contest.standing.leader, contest.standing.margin, len(contest.versions)) == ("Ann Adams", 85, 1)


def test_undone_returns_leave_the_count(demo: Workspace, clerk: Actor) -> None:
    """After the undo of the second version the first stands again."""
    undo_import(demo, clerk, "demo", 3, "not certified yet")
    assert counting.count(demo, READER, "demo").contests[0].standing.leader == "Ann Adams"


def test_one_contest_can_be_asked_for(demo: Workspace) -> None:
    """By its id; an unknown one is refused with those there are."""
    assert len(counting.count(demo, READER, "demo", contest="wi-president").contests) == 1
    with pytest.raises(RequestError, match=r"no contest 'wi-governor'\. It has: wi-president\."):
        counting.count(demo, READER, "demo", contest="wi-governor")


def test_a_refusal_names_twelve_contests_and_counts_the_rest(
    workspace: Workspace, clerk: Actor, tmp_path: Path
) -> None:
    """So a list that was cut does not look whole."""
    rows = "".join(f"Demo,P-1,Member,{district},,Ann Adams,7\n" for district in range(1, 16))
    import_returns(workspace, clerk, "many", asked(written(tmp_path, HEADER + rows)))
    with pytest.raises(RequestError, match=r"It has: .* and 3 more\.$") as refused:
        counting.count(workspace, clerk, "many", contest="nowhere")
    assert str(refused.value).count(",") == 11


def test_counting_needs_the_right_to_read(demo: Workspace) -> None:
    """Who may not read sees no count and no difference."""
    nobody = Actor("nobody", frozenset())
    with pytest.raises(AccessError):
        counting.count(demo, nobody, "demo")
    with pytest.raises(AccessError):
        counting.difference_between(demo, nobody, "demo", 2, 3)


def test_an_unopposed_contest_is_counted(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """One choice alone has votes and no margin."""
    contest = counted(workspace, clerk, tmp_path, HEADER + "Demo,P-1,Sheriff,,,Ann Adams,7\n")
    assert (contest.standing.margin, contest.standing.total) == (None, 7)
    assert contest.sentence.startswith("Wisconsin: Ann Adams has no opponent, 7 votes in all,")


def test_a_tie_is_a_tie(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Equal votes make no winner."""
    text = HEADER + "Demo,P-1,Sheriff,,,Ann Adams,7\nDemo,P-1,Sheriff,,,Bob Baker,7\n"
    sentence = counted(workspace, clerk, tmp_path, text).sentence
    assert "Ann Adams and Bob Baker are tied, 14 votes in all," in sentence


def test_several_seats_are_won_at_the_last(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """With two seats the margin is that between the second and the third."""
    rows = "".join(
        f"Demo,P-1,School Board (Vote for 2),,,{name},{votes}\n"
        for name, votes in (("Ann Adams", 90), ("Bob Baker", 60), ("Cy Cole", 55))
    )
    contest = counted(workspace, clerk, tmp_path, HEADER + rows)
    assert (contest.standing.seats, contest.standing.margin) == (2, 5)
    assert "for the last of 2 seats Bob Baker leads Cy Cole by 5" in contest.sentence


def test_an_unknown_number_is_no_zero(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """A suppressed cell stays unknown: left out of the total and named; all suppressed leaves no margin."""
    text = CLEAN.replace("Baker,225", "Baker,*")
    contest = counted(workspace, clerk, tmp_path, text)
    assert (contest.standing.unknown, contest.standing.margin) == (1, 380 - 170)
    assert "without 1 unknown number" in contest.sentence
    both = text.replace("Baker,170", "Baker,*")
    import_returns(workspace, clerk, "two", asked(written(tmp_path, both)))
    unknown = counting.count(workspace, clerk, "two").contests[0]
    assert (unknown.standing.margin, unknown.standing.total, unknown.choices[-1].votes) == (None, None, None)
    assert "the margin is not known" in unknown.sentence


def test_the_difference_names_numbers_margin_and_unit(demo: Workspace) -> None:
    """Between the two imports one number changed, and with it the leader."""
    found = counting.difference_between(demo, READER, "demo", 2, 3)
    assert [(each.unit, each.choice, each.before, each.after, each.by) for each in found.changes] == [
        ("Demo, P-1", "Ann Adams", 360, 260, -100)
    ]
    assert (found.units, found.compared) == (("Demo, P-1",), 8)
    change = found.margins[0]
    assert (change.leader_before, change.margin_before, change.leader_after, change.margin_after) == (
        "Ann Adams", 85, "Bob Baker", 15,
    )  # fmt: skip


def test_only_imports_can_be_compared(demo: Workspace) -> None:
    """An event that is no import is refused with those that are."""
    with pytest.raises(RequestError, match=r"Event 1 of case demo is no import\. Imports: 2, 3\."):
        counting.difference_between(demo, READER, "demo", 1, 3)


def test_files_are_compared_without_a_case(tmp_path: Path) -> None:
    """Two files give the same difference as two imports of them."""
    old, new = written(tmp_path / "1", FAULTY), written(tmp_path / "2")
    found = counting.difference_of_files(Request((old,)), Request((new,)))
    assert [each.by for each in found.changes] == [-100]
    assert counting.difference_of_files(Request((new,)), Request((new,))).changes == ()
