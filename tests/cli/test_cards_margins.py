"""``tallyproof cards margins``, ``assertions`` and ``pools``: of files and of a case, shown and solved."""

import json
from pathlib import Path

import pytest

from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeCard, MadeContest

from .conftest import Run

CONTESTS = [
    MadeContest("Mayor", ("Ann", "Bob", "Write-in")),
    MadeContest("Council", ("Cy", "Di", "Ed"), 2),
    MadeContest("Judge", ("Pat", "Quin", "Ray"), 1, 2),
]
CARDS = [
    MadeCard("101", "1", "1", {0: ((0,),), 1: ((0, 1),), 2: ((0,), (1,))}),
    MadeCard("101", "1", "2", {0: ((1,),), 1: ((2,),), 2: ((1,), (2,))}),
    MadeCard("101", "1", "3", {0: ((0, 1),), 1: ((0,),), 2: ((1,), (0,))}),
    MadeCard("101", "2", "1", {0: ((0,),), 2: ((2,), (1,))}),
]
REDACTED = "Redacted and Aggregated,,,,,,C,3,1,0,2,1,1,,,,,,\r\n"
MANIFEST = "Tabulator,Batch Name,Number of Ballots,CVR\n101,1,3,Y\n101,2,7,Y\n102,Polls,6,N\n"
TOTALS = (
    "Batch Name,Mayor - Ann,Mayor - Bob,Mayor - Write-in,Council - Cy,Council - Di,Council - Ed\n"
    "Polls,2,3,0,4,2,3\n"
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """An export with a redacted row, its manifest, and totals of the batch without records, as options."""
    text = made.dominion_text(CONTESTS, CARDS) + REDACTED
    names = {"--cards": ("cards.csv", text), "--manifest": ("manifest.csv", MANIFEST),
             "--totals": ("totals.csv", TOTALS)}  # fmt: skip
    return [
        word
        for option, (name, content) in names.items()
        for word in (option, str(made.write(content, tmp_path / name)))
    ]


def test_margins_of_files_are_shown_with_what_they_rest_on(run: Run, files: list[str]) -> None:
    """Winners, margins and cards of each contest; what was supposed is said, and the end is 0."""
    ran = run("cards", "margins", *files)
    assert (ran.code, ran.err) == (0, "")
    assert "Mayor    vote for 1     16  Ann          2       12.50 %" in ran.out
    assert "4 cards with records, 12 in 2 pools" in ran.out and "rest on manifests" in ran.out
    assert "Council: Winners are taken to be 2" in ran.out


def test_one_file_of_cards_meets_a_manifest_that_names_its_county(run: Run, tmp_path: Path) -> None:
    """Cards that nobody named are those of the only manifest: no card is counted twice, none is missing."""
    cards = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")
    listed = "CountyID,ScannerID,BatchID,NumBallots,StorageLocation\nAdams,101,1,3,Bin\nAdams,101,2,2,Bin\n"
    manifest = made.write(listed, tmp_path / "manifest.csv")
    ran = run("cards", "margins", "--cards", str(cards), "--manifest", str(manifest))
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert "4 cards with records, 1 that manifests list and nothing records. The bounds rest on man" in said


def test_cards_of_nobody_beside_manifests_of_two_are_refused(run: Run, tmp_path: Path) -> None:
    """Whose cards they are must be said where there are manifests of several; phantoms are no pool."""
    cards = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")
    manifest = made.write(MANIFEST, tmp_path / "manifest.csv")
    both = ["--manifest", f"Adams={manifest}", "--manifest", f"Baca={manifest}"]
    ran = run("cards", "pools", "--cards", str(cards), *both)
    assert ran.code == 1 and "cards.csv: nobody says of which jurisdiction it is" in ran.err
    ran = run("cards", "pools", "--cards", f"Adams={cards}", *both)
    said = " ".join(ran.out.split())
    assert ran.code == 2 and "There are no pools: 28 cards listed and not recorded." in said
    assert "manifest.csv: it lists 16 cards of Baca, and there are no cast vote records from there" in said


def test_a_manifest_that_meets_no_cards_names_those_it_may_be_meant_for(run: Run, tmp_path: Path) -> None:
    """Adms for Adams is a slip of the pen; a name that is like none gets no hint."""
    cards = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")
    manifest = made.write(MANIFEST, tmp_path / "manifest.csv")
    for name, hint in (("Adms", 1), ("Yuma", 0)):
        ran = run("cards", "margins", "--cards", f"Adams={cards}", "--manifest", f"{name}={manifest}")
        assert ran.code == 2 and f"cards of {name}, and there are no" in " ".join(ran.out.split())
        assert ran.out.count("Cards of Adams have no manifest") == hint


def test_cards_of_nobody_have_words_where_places_are_listed(run: Run, tmp_path: Path) -> None:
    """No empty name stands in a sentence."""
    one = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "one.csv")
    two = made.write(made.dominion_text(CONTESTS, CARDS[:2]), tmp_path / "two.csv")
    ran = run("cards", "margins", "--cards", str(one), "--cards", f"Baker={two}")
    assert "Mayor (one without a name and Baker)" in " ".join(ran.out.split())


def test_cards_named_otherwise_than_their_manifest_are_refused(run: Run, tmp_path: Path) -> None:
    """A manifest of nobody beside cards of Adams is not left out in silence."""
    cards = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "cards.csv")
    manifest = made.write(MANIFEST, tmp_path / "manifest.csv")
    ran = run("cards", "margins", "--cards", f"Adams={cards}", "--manifest", str(manifest))
    assert ran.code == 1 and "manifest.csv: nobody says of which jurisdiction it is" in ran.err


def test_without_a_manifest_the_bounds_are_said_to_rest_on_records(run: Run, files: list[str]) -> None:
    """Nothing tells how many cards were redacted: that is a fault, and the end is 2."""
    ran = run("cards", "margins", *files[:2])
    said = " ".join(ran.out.split())
    assert ran.code == 2
    assert "the bounds rest on the records alone" in said
    assert said.count("no audit can draw from it") == 1


def test_assertions_are_read_aloud(run: Run, files: list[str]) -> None:
    """Each claim has its margin; of a ranked contest it is said why no other choice can have won."""
    mayor = " ".join(run("cards", "assertions", *files, "--contest", "Mayor").out.split())
    assert "both of these must be shown: (1) Ann has more votes than Bob. margin 2 votes" in mayor
    judge = run("cards", "assertions", *files, "--contest", "Judge").out
    assert "No other choice can then have won:" in judge and "Suppose Pat wins" in judge


@pytest.mark.parametrize("contest", ["Mayor", "Council", "Judge"])
def test_the_problem_of_assertions_is_one_for_solve(
    run: Run, files: list[str], tmp_path: Path, contest: str
) -> None:
    """Printed with --problem and given to solve it has the margins that --json shows."""
    path = tmp_path / "problem.json"
    path.write_text(run("cards", "assertions", *files, "--contest", contest, "--problem").out)
    answer = json.loads(run("solve", path).out)
    told = json.loads(run("cards", "assertions", *files, "--contest", contest, "--json").out)
    margins = [each["margin"] for each in answer["assertions"]]
    key = "votes" if contest == "Judge" else "diluted"
    assert margins == [each[key] for each in told["assertions"]]


def test_assertions_do_not_end_in_2_without_a_word(run: Run, files: list[str], tmp_path: Path) -> None:
    """What does not fit in a file is told to people, and beside the answer to programs."""
    (tmp_path / "totals.csv").write_text(TOTALS.replace("Polls,2", "Polls,two"))
    ran = run("cards", "assertions", *files, "--contest", "Mayor")
    told = "totals.csv, row 2: 'two' in column Mayor - Ann is not a whole number of votes"
    assert ran.code == 2 and told in " ".join(ran.out.split())
    ran = run("cards", "assertions", *files, "--contest", "Mayor", "--json")
    assert ran.code == 2 and told in " ".join(ran.err.split()) and json.loads(ran.out)["name"] == "Mayor"


@pytest.mark.parametrize(
    ("choices", "measure"), [(("/ Yes", "No"), 1), (("/", "No"), 0), (("Nolan", "No"), 0)]
)
def test_a_question_is_known_by_its_answers(
    choices: tuple[str, str], measure: int, run: Run, tmp_path: Path
) -> None:
    """A name that begins like an answer is none, and no name of a choice stops the margins."""
    cards = [MadeCard("1", "1", "1", {0: ((0,),)})]
    text = made.dominion_text([MadeContest("Levy", choices)], cards)
    ran = run("cards", "margins", "--cards", str(made.write(text, tmp_path / "cards.csv")))
    assert (ran.code, ran.out.count("Measures are taken to be decided by most votes")) == (0, measure)


def test_an_unknown_contest_is_refused_with_the_closest(run: Run, files: list[str]) -> None:
    """One sentence on standard error, and the end is 1."""
    ran = run("cards", "assertions", *files, "--contest", "Major")
    assert ran.code == 1 and "No contest is called 'Major'. The closest is 'Mayor'." in ran.err


def test_pools_are_listed_with_their_votes(run: Run, files: list[str]) -> None:
    """Where each comes from, its cards, and what it says of a contest."""
    ran = run("cards", "pools", *files, "--contest", "Mayor")
    assert ran.code == 0
    assert "tabulator 102, batch Polls  batch totals       6         0         2" in ran.out
    assert "redacted                        6    3    1         0" in ran.out
    told = json.loads(run("cards", "pools", *files, "--json").out)
    assert [pool["cards"] for pool in told["pools"]] == [6, 6]
    assert told["contests"]["Council"]["pools"]["redacted"]["votes"] == {"Cy": 2, "Di": 1, "Ed": 1}


@pytest.mark.parametrize(
    ("more", "kind"),
    [(["--contest", "Mayor", "--problem"], "card_audit"), (["--problem"], "contests_audit"),
     (["--contest", "Mayor", "--strata", "records"], "stratified_audit")],
)  # fmt: skip
def test_problems_of_pools_are_solved_as_they_are_printed(
    run: Run, files: list[str], tmp_path: Path, more: list[str], kind: str
) -> None:
    """One contest, several, or strata: solve answers each before the first card is drawn."""
    path = tmp_path / "problem.json"
    path.write_text(run("cards", "pools", *files, *more).out)
    assert json.loads(path.read_text())["kind"] == kind
    ran = run("solve", path)
    assert (ran.code, json.loads(ran.out)["kind"]) == (0, kind)


def test_records_of_a_way_of_voting_can_be_pooled(run: Run, files: list[str]) -> None:
    """A way that no card has is refused, as are strata of no contest."""
    ran = run("cards", "pools", *files[:4], "--pool-mode", "Polls")
    assert ran.code == 1 and "No card has the way of voting 'Polls'" in ran.err
    ran = run("cards", "pools", *files[:4], "--pool-no-imprint", "--strata", "records")
    assert ran.code == 1 and "for one --contest" in ran.err


def test_a_case_gives_what_its_files_give(run: Run, files: list[str]) -> None:
    """Imported and asked by the name of the case, redacted rows are read from the originals kept."""
    _, cards, _, manifest, _, totals = files
    assert run("cards", "import", "town", cards, "-j", "Adams", "--manifest", manifest).code in {0, 2}
    told = json.loads(run("cards", "margins", "town", "--totals", totals, "--json").out)
    wanted = json.loads(run("cards", "margins", *files, "--json").out)
    assert [each["votes"] for each in told["contests"]] == [each["votes"] for each in wanted["contests"]]
    assert [each["smallest"] for each in told["contests"]] == [2, 1, 1]
    pools = json.loads(run("cards", "pools", "town", "--totals", totals, "--json").out)["pools"]
    assert [pool["name"] for pool in pools] == ["Adams, tabulator 102, batch Polls", "Adams, redacted"]


def test_totals_and_redacted_rows_take_the_names_of_the_case(
    run: Run, files: list[str], tmp_path: Path
) -> None:
    """The case calls the contest otherwise; its pools are found by the names that files write."""
    _, cards, _, manifest, _, totals = files
    names = """[[contest]]
name = "Town mayor"
wordings = [{ name = "Mayor" }]
[[contest.choice]]
name = "Ann Lee"
wordings = [{ name = "Ann" }]
"""
    run("cards", "import", "town", cards, "-j", "Adams", "--manifest", manifest)
    run("cards", "names", "town", "--use", made.write(names, tmp_path / "names.toml"))
    told = json.loads(run("cards", "pools", "town", "--totals", totals, "--json").out)
    pools = told["contests"]["Town mayor"]["pools"]
    assert [pool["votes"]["Ann Lee"] for pool in pools.values()] == [2, 3]
    assert told["faults"] == []


def test_a_county_written_in_two_ways_is_one(run: Run, files: list[str], tmp_path: Path) -> None:
    """Adams and ADAMS have one manifest, and a contest is voted on in one county."""
    more = [MadeCard("101", "3", "1", {0: ((0,),)})]
    other = made.write(made.dominion_text(CONTESTS, more), tmp_path / "more.csv")
    manifest = made.write(
        "Tabulator,Batch Name,Number of Ballots\n101,1,3\n101,2,1\n101,3,2\n", tmp_path / "m.csv"
    )
    plain = made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "plain.csv")
    run("cards", "import", "town", plain, "-j", "Adams", "--manifest", manifest)
    run("cards", "import", "town", other, "-j", "ADAMS")
    mayor = json.loads(run("cards", "margins", "town", "--json").out)["contests"][0]
    assert (mayor["bound"]["jurisdictions"], mayor["bound"]["cards"]) == (["Adams"], 6)
    assert mayor["bound"]["phantoms"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "Name either a case or files"), (["town", "--cards", "x.csv"], "Name either a case or files"),
     (["--cards", "x.csv", "--seats", "Mayor"], "--seats reads like"),
     (["--cards", "x.csv", "--risk-limit", "2"], "--risk-limit is 2"),
     (["--cards", "x.csv", "--repeats", "no"], "--repeats is 'keep' or 'strike'"),
     (["--cards", "x.csv", "--overvote", "no"], "--overvote is 'exhaust' or 'skip'"),
     (["--cards", "x.csv", "--share", "Mayor=Ann"], "--share reads like"),
     (["--cards", "x.csv", "--share", "Mayor=Ann:1.5"], "--share"),
     (["--cards", "x.csv", "--seats", "Mayor=1", "--runoff", "Mayor"], "are said twice of a contest"),
     (["town", "--manifest", "m.csv"], "--manifest says nothing of a case")],
)  # fmt: skip
def test_questions_that_cannot_be_answered_are_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    """Neither or both of a case and files, seats without a number, a risk limit that is none."""
    monkeypatch.chdir(tmp_path)
    made.write(made.dominion_text(CONTESTS, CARDS), tmp_path / "x.csv")
    ran = run("cards", "margins", *words)
    assert ran.code == 1 and said in ran.err


def test_margins_and_problems_stand_on_the_frame(run: Run, files: list[str], tmp_path: Path) -> None:
    """With --frame a contest has as many cards as can be drawn for it; strata know no such count."""
    frame = str(tmp_path / "frame.csv")
    assert run("cards", "frame", *files[:4], "--output", frame).code == 0  # the redacted row is no card
    told = json.loads(run("cards", "margins", *files, "--json").out)["contests"][2]["bound"]["cards"]
    ran = run("cards", "margins", *files, "--frame", frame, "--json")
    wider = json.loads(ran.out)["contests"][2]["bound"]["cards"]
    assert (ran.code, told, wider) == (0, 4, 16)
    shown = run("cards", "margins", *files, "--frame", frame).out
    assert "Each contest stands on the cards that frame.csv lists" in " ".join(shown.split())
    problem = run("cards", "pools", *files, "--frame", frame, "--contest", "Judge", "--problem")
    assert json.loads(problem.out)["contest"]["cards"] == 16
    refused = run("cards", "pools", *files, "--frame", frame, "--contest", "Judge", "--strata", "mode")
    assert refused.code == 1 and "--strata and --frame do not go together" in refused.err


@pytest.mark.parametrize("command", ["pools", "assertions"])
def test_a_problem_is_printed_with_what_does_not_fit(
    run: Run, files: list[str], tmp_path: Path, command: str
) -> None:
    """Totals that contradict records stand beside the problem on standard error, and the end is 2."""
    made.write(TOTALS + "1,9,0,0,0,0,0\n", tmp_path / "totals.csv")
    ran = run("cards", command, *files, "--contest", "Mayor", "--problem")
    assert ran.code == 2 and json.loads(ran.out)["kind"] in {"card_audit", "assertions"}
    assert "totals.csv, row 3: batch '1' has cast vote records, and they tell other votes" in ran.err
