"""Contests that are not a race of two: a lead that changed hands, several seats, no opponent, unknowns."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.services import access, importing, pages
from tallyproof.services.reading import Request
from tallyproof.services.versions import versions
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

HEADER = "state,county,unit,office,vote_for,choice,party,measure,votes\n"
Visit = Callable[[Workspace], Visitor]


def told(home: Workspace, folder: Path, *texts: str) -> None:
    """Import each text as a version of the county's returns, a day after the one before."""
    for number, text in enumerate(texts, start=1):
        path = folder / f"version-{number}.csv"
        path.write_text(HEADER + text)
        when = datetime(2024, 11, 5 + number, 12, tzinfo=UTC)
        request = Request((path,), "Small County", Status.UNOFFICIAL_PARTIAL, as_of=when)
        importing.import_returns(home, access.terminal(), "small", request)


def race(ann: object, bo: object, seats: int = 1) -> str:
    return f"WI,Small,Ward 1,Mayor,{seats},Ann,,choice,{ann}\nWI,Small,Ward 1,Mayor,{seats},Bo,,choice,{bo}\n"


def test_a_lead_that_changed_hands_goes_below_zero(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """Bo led by 5, then Ann by 7: the first margin is −5 from Ann's side, and the page says who led."""
    told(home, tmp_path, race(10, 15), race(22, 15))
    counted = pages.look(home, access.READER, "small").count.contests[0]
    story = versions(counted, pages.look(home, access.READER, "small").snapshots)
    assert [(each.margin, each.change, each.relied_on) for each in story] == [
        (-5, None, False),
        (7, 12, True),
    ]
    text = visit(home).get("/small/contests/wi-mayor/").text
    assert "The lead went from Bo (by 5) to Ann (by 7)." in text
    assert "−5 | –" in text


def test_a_contest_without_an_opponent_has_a_page(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """No margin is made up for it, in the sentence, the figures, the list or the drawing."""
    told(home, tmp_path, "WI,Small,Ward 1,Coroner,1,Ann,,choice,10\n")
    contest, count = (visit(home).get(f"/small/{each}") for each in ("contests/wi-coroner/", ""))
    assert "Ann has no opponent" in contest.text
    assert "Margin: not given" in contest.text
    assert "Coroner | Ann | not given | not given | 10" in count.text
    assert "step-chart" not in contest.html


def test_where_several_win_the_margin_is_that_of_the_last_seat(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """Two seats, three candidates: the units show no lead of the first over the second."""
    third = "WI,Small,Ward 1,Mayor,2,Cy,,choice,4\n"
    told(home, tmp_path, race(30, 20, 2) + third, race(30, 31, 2) + third)
    page = visit(home).get("/small/contests/wi-mayor/")
    assert "for the last of 2 seats Ann leads Cy by 26" in page.text
    assert "Lead of" not in page.text
    assert "16 | –" in page.text


def test_an_unknown_number_stays_unknown_in_every_unit(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """A suppressed cell makes the unit's sum and lead unknown, never smaller."""
    second = "WI,Small,Ward 2,Mayor,1,Ann,,choice,8\nWI,Small,Ward 2,Mayor,1,Bo,,choice,3\n"
    told(home, tmp_path, race(10, "*") + second)
    text = visit(home).get("/small/contests/wi-mayor/").text
    assert "Ward 1 | Small | 10 | not given | not given | not given" in text
    assert "Ward 2 | Small | 8 | 3 | 11 | +5" in text


def test_a_margin_stated_without_votes_is_shown_as_stated(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """The press often gives the lead alone."""
    told(home, tmp_path, "WI,,,President,1,Ann,,margin,1234\n")
    text = visit(home).get("/small/contests/wi-president/").text
    assert "Ann leads by 1,234" in text
    assert "This source states the margin without the votes behind it" in text
    assert "(margin only)" in text


def test_a_tie_is_a_tie(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """A margin of 0 is a known number, and any finding weighs all of it."""
    told(home, tmp_path, race(10, 10) + "WI,Small,Ward 1,,,,,ballots_cast,15\n")
    pages = visit(home)
    assert "Ann and Bo are tied" in pages.get("/small/").text
    assert "all of a tie" in pages.get("/small/checks/?check=B2").text


@pytest.mark.parametrize("page", ["", "checks/", "record/", "contests/wi-mayor/"])
def test_an_undone_import_no_longer_counts(home: Workspace, tmp_path: Path, visit: Visit, page: str) -> None:
    """After undoing, pages show what is left; the record keeps both."""
    told(home, tmp_path, race(10, 15), race(22, 15))
    visit(home).get(f"/small/{page}")
    last = pages.look(home, access.READER, "small").state.imports[-1].sequence
    importing.undo_import(home, access.terminal(), "small", last, "Sent by mistake.")
    answer = visit(home).get(f"/small/{page}")
    assert answer.status == 200
    assert "leads by 7" not in answer.text


def test_a_single_vote_is_one_vote(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """On the page and in the service's own sentence."""
    told(home, tmp_path, race(1, 0))
    assert "Ann leads by 1 of 1 vote, unofficial" in visit(home).get("/small/").text
    counted = pages.look(home, access.READER, "small").count.contests[0]
    assert "Ann leads by 1 of 1 vote, unofficial" in counted.sentence


def test_in_a_tie_nobody_is_called_the_leader(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """Neither in the list of cases nor in the table of contests."""
    told(home, tmp_path, race(7, 7))
    assert "Leader:" not in visit(home).get("/").text
    assert "Mayor | Tied | 0" in visit(home).get("/small/").text


def test_votes_at_stake_may_be_one(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """One vote more than ballots, in the list and in both sentences."""
    told(home, tmp_path, race(6, 3) + "WI,Small,Ward 1,,,,,ballots_cast,8\n")
    checked = visit(home).get("/small/checks/")
    assert "it could move 1 vote, against a margin of 3" in checked.text
    assert "1 vote at stake, 33.3% of the margin" in checked.text
    found = next(each for each in checked.links if "/findings/" in each)
    assert "it could move 1 vote, against a margin of 3: 33.3%." in visit(home).get(found).text


def test_contests_without_any_vote_still_have_an_answer(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """Nothing can be the closest of them, and the first sentence says so."""
    told(home, tmp_path, race(0, 0) + "WI,Small,Ward 1,Clerk,1,Cy,,choice,0\n")
    answer = "2 contests are reported; none has a margin that can be compared."
    assert answer in visit(home).get("/small/").text
    assert answer in visit(home).get("/").text
