"""RAIRE: the published examples, and 45 real contests, at the difficulty that others found.

Sources: A Guide to RAIRE, chapter 6; Blom, Stuckey and Teague 2018, examples 4 to 12; raire-rs's answers on
33 mayoral contests of New South Wales in 2021 (© State of New South Wales, CC BY 4.0) and 12 of the United
States. The least difficulty is unique, the set of assertions is not.
"""

import json
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tallyproof.audit.irv_assertion import Assertion, halves_of_rankings
from tallyproof.audit.irv_count import count_irv
from tallyproof.audit.irv_cover import choose_assertions
from tallyproof.audit.irv_difficulty import bravo_cards, inverse_margin, kaplan_markov_cards
from tallyproof.audit.irv_proof import prove
from tallyproof.audit.irv_search import Events, search
from tallyproof.audit.irv_tallies import Tallies

from .golden import SHARED, ids, vector
from .ranked_files import from_votes, read_ranked

CONTESTS = ids("irv-", "NSW 2021 mayoral", "US IRV")
IN_COLORADO = ids("irv-nsw-")
IRV = SHARED / "data" / "audits" / "irv"
MAYORAL = sorted(file.name for file in IRV.glob("nsw2021/* Mayoral.json")) or ["…"]
UNITED_STATES = sorted(file.name for file in IRV.glob("us/*.raire")) or ["…"]


def guide(name: str) -> Tallies:
    given = vector(name)["inputs"]
    votes = given if isinstance(given, list) else given["votes"]
    return Tallies(from_votes(4, votes))


def assertion(kind: str, winner: int, loser: int, continuing: list[int] | None) -> Assertion:
    return Assertion("NEB" if kind == "NEB" else "NEN", winner, loser, tuple(sorted(continuing or ())))


def test_the_guide_has_this_elimination_order() -> None:
    """Vector irv-002."""
    assert list(count_irv(guide("irv-002")).order) == vector("irv-002")["expected"]


def test_the_guide_has_this_first_assertion() -> None:
    """Vector irv-003: margin and difficulty of Chuan never being eliminated before Bob."""
    tallies, (margin, difficulty) = guide("irv-003"), vector("irv-003")["expected"]
    neb = Assertion("NEB", 2, 1)
    winner, loser = neb.votes(tallies)
    assert neb.margin(tallies) == margin
    assert inverse_margin(np.array([winner]), np.array([loser]), 13_500)[0] == difficulty


def test_the_guide_has_these_assertions() -> None:
    """Vectors irv-001 and irv-004: difficulty, the five assertions, their margins, and that they suffice."""
    tallies, (difficulty, number, winner) = guide("irv-001"), vector("irv-001")["expected"]
    events = Events(tallies, inverse_margin, 13_500)
    found = search(events, winner)
    chosen = choose_assertions(events, winner, found)
    listed = [(assertion(*row[:4]), row[4]) for row in vector("irv-004")["expected"]]
    assert (found.difficulty, len(chosen)) == (difficulty, number)
    assert [(a, a.margin(tallies)) for a in chosen] == listed
    assert prove(4, winner, [a for a, _ in listed]).sufficient


@pytest.mark.parametrize(
    ("name", "measure"), [("irv-006", bravo_cards(0.05)), ("irv-007", kaplan_markov_cards(0.05, 1.1))]
)
def test_the_paper_needs_so_many_cards_for_three_eliminations(name: str, measure: Any) -> None:
    """Examples 4 and 6; the third figure of example 4 is the one that the formula gives."""
    given, wanted = vector(name)["inputs"], vector(name)
    winner, loser = np.array(given["tallies"]).T
    cards = measure(winner, loser, given["N"])
    assert cards.tolist() == pytest.approx(wanted["expected"], abs=wanted["tolerance"]["abs"])


def test_the_paper_needs_so_many_cards_for_one_vote_of_a_thousand() -> None:
    """Vector irv-009: example 5, printed in the paper without its last digit."""
    given, wanted = vector("irv-009")["inputs"], vector("irv-009")
    cards = bravo_cards(0.05)(np.array([given["w"]]), np.array([given["l"]]), given["N"])
    assert cards[0] == pytest.approx(wanted["expected"], abs=wanted["tolerance"]["abs"])


def test_the_paper_needs_so_many_cards_for_two_assertions() -> None:
    """Vector irv-008: example 10, c1 never eliminated before c2 and c3."""
    given, wanted = vector("irv-008")["inputs"], vector("irv-008")
    tallies = Tallies(from_votes(3, [{"n": n, "prefs": prefs} for n, prefs in given["votes"]]))
    winner, loser = np.array([Assertion("NEB", 0, other).votes(tallies) for other in (1, 2)]).T
    cards = bravo_cards(0.05)(winner, loser, given["N"])
    assert cards.tolist() == pytest.approx(wanted["expected"], abs=wanted["tolerance"]["abs"])


def test_the_paper_needs_so_many_cards_in_all() -> None:
    """Vector irv-011: example 12, the hardest assertion of the best set under MACRO."""
    given, wanted = vector("irv-011")["inputs"], vector("irv-011")
    tallies = Tallies(from_votes(4, [{"n": n, "prefs": prefs} for n, prefs in given["votes"]]))
    audit, winner = given["audit"], count_irv(tallies).winner
    assert winner is not None
    measure = kaplan_markov_cards(audit["confidence"], audit["error_inflation_factor"])
    events = Events(tallies, measure, audit["total_auditable_ballots"])
    found = search(events, winner)
    assert found.difficulty == pytest.approx(wanted["expected"], abs=wanted["tolerance"]["abs"])
    assert prove(4, winner, choose_assertions(events, winner, found)).sufficient


@pytest.mark.parametrize("name", CONTESTS)
def test_a_real_contest_has_its_least_difficulty(name: str, shared_data: Path) -> None:
    """Winner, smallest margin and difficulty; the set suffices, and no assertion can be left out."""
    given, wanted = vector(name)["inputs"], vector(name)["expected"]
    choices, ballots = read_ranked(shared_data / "audits" / given["file"])
    tallies, winner = Tallies(ballots), vector_winner(choices, wanted[0])
    events = Events(tallies, inverse_margin, given["ballots"])
    found = search(events, winner)
    chosen = choose_assertions(events, winner, found)
    assert (count_irv(tallies).winner, ballots.ballots) == (winner, given["ballots"])
    assert min(a.margin(tallies) for a in chosen) == wanted[1]
    assert found.difficulty == pytest.approx(wanted[2], rel=1e-9)
    assert prove(len(choices), winner, chosen).sufficient
    for needed in chosen:
        assert not prove(len(choices), winner, [a for a in chosen if a != needed]).sufficient


def vector_winner(choices: tuple[str, ...], winner: int | str) -> int:
    return winner if isinstance(winner, int) else choices.index(winner)


@pytest.mark.parametrize("file", MAYORAL)
def test_the_published_set_suffices_and_ours_is_no_larger(file: str, shared_data: Path) -> None:
    """Difficulty and margins agree, the tree walk proves that set too, and ours has no more assertions."""
    path = shared_data / "audits" / "irv" / "nsw2021" / file
    choices, ballots = read_ranked(path)
    answer = json.loads(path.with_name(f"{path.stem}_out.json").read_text(encoding="utf-8"))["solution"]["Ok"]
    tallies, winner = Tallies(ballots), answer["winner"]
    listed = [row["assertion"] for row in answer["assertions"]]
    theirs = [assertion(a["type"], a["winner"], a["loser"], a.get("continuing")) for a in listed]
    events = Events(tallies, inverse_margin, ballots.ballots)
    found = search(events, winner)
    ours = choose_assertions(events, winner, found)
    assert found.difficulty == pytest.approx(answer["difficulty"], rel=1e-9)
    assert [a.margin(tallies) for a in theirs] == [row["margin"] for row in answer["assertions"]]
    assert prove(len(choices), winner, theirs).sufficient
    assert len(ours) <= len(theirs)


@pytest.mark.parametrize("file", UNITED_STATES)
def test_the_declared_winner_can_be_confirmed(file: str, shared_data: Path) -> None:
    """The winner that the file declares, and true assertions that suffice."""
    path = shared_data / "audits" / "irv" / "us" / file
    choices, ballots = read_ranked(path)
    declared = path.read_text(encoding="utf-8").splitlines()[1].rpartition("winner,")[2]
    tallies = Tallies(ballots)
    winner = count_irv(tallies).winner
    assert winner is not None and declared in (choices[winner], f"Contest,339,5,{','.join(choices)}")
    events = Events(tallies, inverse_margin, ballots.ballots)
    chosen = choose_assertions(events, winner, search(events, winner))
    assert min(a.margin(tallies) for a in chosen) > 0
    assert prove(len(choices), winner, chosen).sufficient


@pytest.mark.parametrize("name", IN_COLORADO)
def test_colorados_assertions_have_their_margins(name: str, shared_data: Path) -> None:
    """Margins, sufficiency and the cards of a comparison audit at 3 % as Colorado's program states them."""
    given, wanted = vector(name)["inputs"], vector(name)["expected"]
    folder = shared_data / "audits" / "irv" / "nsw2021"
    files = {"".join(filter(str.isalpha, file.stem)).lower(): file for file in folder.glob("* Mayoral.json")}
    choices, ballots = read_ranked(files[name.removeprefix("irv-nsw-")])
    tallies = Tallies(ballots)
    listed = [assertion(a["type"], a["winner"], a["loser"], a["continuing"]) for a in given["assertions"]]
    margins = [a.margin(tallies) for a in listed]
    measure = kaplan_markov_cards(given["risk_limit"], given["gamma"])
    cards = measure(np.array([min(margins)]), np.array([0]), given["total_auditable_ballots"])[0]
    assert list(choices) == given["candidates"]
    assert (margins, min(margins)) == (wanted["assertion_margins"], wanted["min_margin"])
    assert ceil(cards) == wanted["sample_size"]
    assert prove(len(choices), choices.index(given["winner"]), listed).sufficient


def test_ballinas_four_assertions_are_found(shared_data: Path) -> None:
    """Vector irv-ballina: from the ballots alone the four assertions, their margins, difficulty and cards."""
    given, wanted = vector("irv-ballina")["inputs"], vector("irv-ballina")["expected"]
    ballots_file = shared_data / "audits" / "irv" / "nsw2021" / "Ballina Mayoral.json"
    names, ballots = read_ranked(ballots_file)
    tallies, measure = Tallies(ballots), kaplan_markov_cards(given["risk_limit"], given["gamma"])
    winner, cards = count_irv(tallies).winner, given["universe"]
    assert winner is not None
    events = Events(tallies, inverse_margin, cards)
    chosen = choose_assertions(events, winner, search(events, winner))
    margins, none = np.array([each.margin(tallies) for each in chosen]), np.zeros(len(chosen), dtype=int)
    needed = np.ceil(measure(margins, none, cards)).tolist()
    difficulty = np.round(inverse_margin(margins, none, cards), 4).tolist()
    listed = [assertion_of(row, names) for row in wanted]
    assert set(chosen) == set(listed)
    order = [chosen.index(each) for each in listed]
    assert [{"margin": margins[i], "difficulty": difficulty[i], "samples": needed[i]} for i in order] == [
        {key: row[key] for key in ("margin", "difficulty", "samples")} for row in wanted
    ]


def assertion_of(row: dict[str, Any], names: tuple[str, ...]) -> Assertion:
    """An assertion between named choices."""
    winner, loser = names.index(row["winner"]), names.index(row["loser"])
    return assertion(row["type"], winner, loser, [names.index(name) for name in row.get("continuing", [])])


def test_san_francisco_published_a_set_that_suffices_but_is_not_the_easiest(shared_data: Path) -> None:
    """Vector irv-057: all 13 assorter margins; the optimum's smallest margin is three times as large."""
    given, wanted = vector("irv-057")["inputs"], vector("irv-057")
    choices, ballots = read_ranked(shared_data / "audits" / given["file"])
    tallies, winner = Tallies(ballots), choices.index("15")
    listed = [read_label(label, choices) for label in wanted["expected"]]
    halves = [halves_of_rankings(a, ballots) for a in listed]
    margins = [float(h @ ballots.counts) / ballots.ballots - 1 for h in halves]
    events = Events(tallies, inverse_margin, ballots.ballots)
    assert margins == pytest.approx(list(wanted["expected"].values()), abs=wanted["tolerance"]["abs"])
    assert prove(len(choices), winner, listed).sufficient
    assert 1 / search(events, winner).difficulty > 3 * min(margins)


def read_label(label: str, choices: tuple[str, ...]) -> Assertion:
    """An assertion written "15 v 17 elim 16 45", or "15 v 45" where nobody is out."""
    pair, _, out = label.partition(" elim ")
    winner, loser = (choices.index(name) for name in pair.split(" v "))
    if not out:
        return Assertion("NEB", winner, loser)
    left = tuple(place for place, name in enumerate(choices) if name not in out.split())
    return Assertion("NEN", winner, loser, left)
