"""Standard names of a case: looked at, proposed, set, replaced, and seen by every step on cards."""

from pathlib import Path

import pytest

from tallyproof.election.card_part import code_counts
from tallyproof.election.cast_vote_record import tally
from tallyproof.election.standard_names import Decision, StandardNames
from tallyproof.errors import AccessError, RequestError
from tallyproof.formats.name_file import parse
from tallyproof.services import card_names, cases, checking, counting
from tallyproof.services.access import READER, Actor
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.card_parts import case_cards
from tallyproof.services.importing import Request, import_returns
from tallyproof.services.name_records import names_of
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, write

ADAMS = [MadeContest("Mayor", ("Ann Lee", "Bob Roy")), MadeContest("Sheriff", ("Cy Dunn", "Di Eads"))]
BACA = [MadeContest("MAYOR", ("LEE, ANN", "ROY, BOB")), MadeContest("Council", ("Ed Fox", "Flo Gay"), 2)]
RETURNS = (
    "county,precinct,office,district,party,candidate,votes\n"
    "Adams,1,Mayor,,,Ann Lee,5\nAdams,1,Mayor,,,Bob Roy,4\n"
    "Baca,1,Mayor,,,Ann Leigh,3\nBaca,1,Mayor,,,Bob Roy,2\n"
)


@pytest.fixture
def case(workspace: Workspace, clerk: Actor, tmp_path: Path) -> str:
    """A case with cards of two counties, which word their common contest in two ways."""
    for county, contests, seed in (("Adams", ADAMS, 3), ("Baca", BACA, 4)):
        path = write(dominion_text(contests, make_cards(seed, contests, 60)), tmp_path / f"{county}.csv")
        import_cards(workspace, clerk, "case", CardRequest((path,), county))
    return "case"


def reviewed(workspace: Workspace, actor: Actor, path: Path, decided: str = "accepted") -> Path:
    """The proposal as a file in which everything is decided alike."""
    text = card_names.proposal_text(card_names.propose(workspace, actor, "case"))
    path.write_text(text.replace('state = "proposed"', f'state = "{decided}"'), encoding="utf-8")
    return path


def mayor(workspace: Workspace, actor: Actor) -> dict[str, int]:
    """Votes for mayor over all cards, as every step sees them."""
    found: dict[str, int] = {}
    for part in case_cards(workspace, actor, "case").parts:
        for contest, counts in zip(part.contests, code_counts(part), strict=True):
            for choice, votes in tally(contest, counts).votes.items() if contest.name == "Mayor" else ():
                found[choice] = found.get(choice, 0) + votes
    return found


def test_names_that_are_set_are_what_every_step_sees(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """Before, the contest is Adams's alone; after, both counties count, and the files' own names are kept."""
    before = mayor(workspace, clerk)
    state = card_names.set_names(workspace, clerk, case, reviewed(workspace, clerk, tmp_path / "names.toml"))
    after = mayor(workspace, clerk)
    assert list(after) == ["Ann Lee", "Bob Roy"] and all(after[name] > before[name] for name in after)
    own = case_cards(workspace, clerk, case, standard_names=False).parts
    assert [each.name for part in own for each in part.contests] == ["Mayor", "Sheriff", "MAYOR", "Council"]
    assert state.names is not None and state.names.counts == {
        "contests": 1, "choices": 2, "proposed": 0, "accepted": 3, "refused": 0
    }  # fmt: skip


@pytest.mark.parametrize("decided", ["proposed", "refused"])
def test_what_nobody_accepted_has_no_effect(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path, decided: str
) -> None:
    """Proposed and refused wordings leave every tally as it is."""
    before = mayor(workspace, clerk)
    path = reviewed(workspace, clerk, tmp_path / "names.toml", decided)
    card_names.set_names(workspace, clerk, case, path)
    assert mayor(workspace, clerk) == before
    assert card_names.look(workspace, clerk, case).undecided == (3 if decided == "proposed" else 0)


def test_replacing_names_needs_a_reason_and_the_earlier_file_undoes_it(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """The first setting needs none; the same names again are no event; each setting stays in the ledger."""
    first = reviewed(workspace, clerk, tmp_path / "first.toml")
    before = card_names.set_names(workspace, clerk, case, first)
    assert card_names.set_names(workspace, clerk, case, first).sequence == before.sequence
    (tmp_path / "none.toml").write_text("")
    with pytest.raises(RequestError, match="Say why they are replaced with --reason"):
        card_names.set_names(workspace, clerk, case, tmp_path / "none.toml")
    emptied = card_names.set_names(workspace, clerk, case, tmp_path / "none.toml", "two towns")
    assert names_of(workspace.files, emptied.names) == StandardNames()
    again = card_names.set_names(workspace, clerk, case, first, "one town after all")
    assert again.names is not None and before.names is not None and again.sequence == before.sequence + 2
    assert (again.names.sha256, again.names.reason) == (before.names.sha256, "one town after all")
    assert (
        workspace.files.verify(again.names.sha256)
        and card_names.names_text(workspace, clerk, case) == first.read_text()
    )


def test_names_that_the_cards_refute_are_not_set(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """Two contests of one card, votes per voter that differ, names at odds: nothing is recorded."""
    path, before = tmp_path / "names.toml", cases.state(workspace, clerk, case).sequence
    for text, said in (
        ("[[contest]]\nname = 'Mayor'\nwordings = [{name = 'Sheriff'}]", "bears both"),
        ("[[contest]]\nname = 'Council'\nwordings = [{name = 'MAYOR'}]", "vote for 1 and 2"),
        ("".join(f"[[contest]]\nname = '{name}'\nwordings = [{{name = 'x'}}]\n" for name in "AB"),
         "accepted for 'A' and for 'B'"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises(RequestError, match=said):
            card_names.set_names(workspace, clerk, case, path)
    assert cases.state(workspace, clerk, case).sequence == before


def test_a_look_tells_groups_lonely_contests_and_what_does_not_fit(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """Contests by jurisdiction, the renamed ones, those of one file only, and a rule that nothing fits."""
    path = reviewed(workspace, clerk, tmp_path / "names.toml")
    path.write_text(path.read_text() + "\n[[contest]]\nname = 'Counsil'\n")
    card_names.set_names(workspace, clerk, case, path)
    found = card_names.look(workspace, clerk, case)
    assert [(each.jurisdiction, each.contests, each.shared, each.renamed) for each in found.places] == [
        ("Adams", 2, 1, 0), ("Baca", 2, 1, 1)
    ]  # fmt: skip
    assert [each.name for each in found.contests if each.is_joined] == ["Mayor"]
    assert [each.name for each in found.alone] == ["Sheriff", "Council"]
    assert found.faults == ("No contest is called 'Counsil'. The closest is 'Council'.",)


def test_returns_of_the_case_are_looked_at_beside_its_cards(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """What returns call a contest joins what cards call it; a name that only returns have is told."""
    path = tmp_path / "20201103__co__general__precinct.csv"
    path.write_text(RETURNS)
    import_returns(workspace, clerk, case, Request((path,)))
    (entry,) = card_names.propose(workspace, clerk, case).names.contests
    wordings = {word.name for choice in entry.choices for word in choice.wordings}
    assert entry.name == "Mayor" and {"LEE, ANN", "ROY, BOB", "Ann Leigh"} >= wordings >= {
        "LEE, ANN",
        "ROY, BOB",
    }
    card_names.set_names(workspace, clerk, case, reviewed(workspace, clerk, tmp_path / "names.toml"))
    faults = card_names.look(workspace, clerk, case).faults
    source = path.name
    assert faults == (
        f"Mayor: Baca ({source}) lacks 'Ann Lee' and lists 'Ann Leigh', unlike Adams (Adams.csv), "
        f"Baca (Baca.csv) and Adams ({source}).",
    )


def test_returns_are_checked_under_the_names_that_are_set(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """What a county misspells counts for the same candidate, wherever returns are counted."""
    path, names = tmp_path / "20201103__co__general__precinct.csv", tmp_path / "names.toml"
    path.write_text(RETURNS)
    import_returns(workspace, clerk, case, Request((path,)))

    def votes() -> dict[str, int]:
        (found,) = counting.count(workspace, clerk, case).contests
        return {each.choice: each.votes or 0 for each in found.choices}

    before = votes()
    names.write_text("[[contest]]\nname = 'Mayor'\n[[contest.choice]]\nname = 'Ann Lee'\n"
                     "wordings = [{name = 'Ann Leigh'}]\n")  # fmt: skip
    card_names.set_names(workspace, clerk, case, names)
    assert before == {"Ann Lee": 5, "Bob Roy": 6, "Ann Leigh": 3}
    assert votes() == {"Ann Lee": 8, "Bob Roy": 6}


def test_a_report_that_was_kept_is_not_given_again_under_other_names(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """Checks are made anew when names are set, and not while they stay."""
    path, names = tmp_path / "20201103__co__general__precinct.csv", tmp_path / "names.toml"
    path.write_text(RETURNS)
    names.write_text("[[contest]]\nname = 'Mayor'\n")
    import_returns(workspace, clerk, case, Request((path,)))
    for kept in (1, 1, 2):
        if kept == 2:
            card_names.set_names(workspace, clerk, case, names)
        checking.check_case(workspace, clerk, case)
        assert len(list(tmp_path.rglob("named/reports/*.json"))) == kept


def test_the_list_of_arlo_is_set_as_names(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """A CSV of contests and jurisdictions becomes names; a county too many is told afterwards."""
    path = tmp_path / "contests.csv"
    path.write_text('Contest Name,Jurisdictions\nSheriff,"Adams, Baca"\nMayor (Vote For=1),Adams\n')
    state = card_names.set_names(workspace, clerk, case, path)
    assert state.names is not None and state.names.original != state.names.sha256
    names = parse(card_names.names_text(workspace, clerk, case))
    assert [(each.name, each.vote_for) for each in names.contests] == [("Sheriff", None), ("Mayor", 1)]
    assert card_names.look(workspace, clerk, case).faults == (
        "Sheriff is in Baca by the names, where no contest of this name stands.",
    )


def test_only_who_may_import_sets_names(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """A reader may look and propose, and sets nothing."""
    path = reviewed(workspace, READER, tmp_path / "names.toml")
    assert card_names.look(workspace, READER, case).record is None
    with pytest.raises(AccessError):
        card_names.set_names(workspace, READER, case, path)


def test_the_event_holds_numbers_and_hashes_only(
    workspace: Workspace, clerk: Actor, case: str, tmp_path: Path
) -> None:
    """No name of a contest or choice stands in the ledger; a proposal is no event."""
    card_names.propose(workspace, clerk, case)
    card_names.set_names(workspace, clerk, case, reviewed(workspace, clerk, tmp_path / "names.toml"), "first")
    last = list(workspace.ledger.events(case))[-1]
    assert last.kind == "names set"
    assert set(last.body) == {"file", "names", "original", "counts", "reason", "actor_name"}
    assert not any(word in str(last.body) for word in ("Mayor", "Lee", "Sheriff"))
    state = cases.state(workspace, clerk, case)
    assert state.names is not None and set(state.names.counts) == {"contests", "choices", *Decision}


def test_the_small_elections_of_arlo_fit_its_list_of_contests(
    workspace: Workspace, clerk: Actor, shared_data: Path
) -> None:
    """Every export lists all three contests; cards bear just those that the list has for the jurisdiction."""
    folder = shared_data / "formats" / "arlo"
    for path in sorted(folder.glob("*_-_cvrs.csv")):
        county = path.name.removesuffix("_-_cvrs.csv").replace("_", " ")
        import_cards(workspace, clerk, "case", CardRequest((path,), county))
    card_names.set_names(workspace, clerk, "case", folder / "Small_Election_-_standardized_contests.csv")
    found = card_names.look(workspace, clerk, "case")
    assert found.faults == () and len(found.places) == 5
    assert card_names.decisions(card_names.propose(workspace, clerk, "case"))["proposed"] == 0
