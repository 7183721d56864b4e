"""``tallyproof plan`` and ``tallyproof risk``: votes in, cards and risks out."""

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import Run

TWO = ("Ann=600", "Bob=400", "--cards", "1000")


def test_a_plan_names_the_cards_of_each_method(run: Run) -> None:
    """A margin of 5 %: 125 cards by comparison; 119 (COBRA, table 1) if one overstatement may ruin all."""
    ran = run("plan", "--cards", 100_000, "--margin", 0.05, "--method", "comparison", "--method", "bravo")
    assert ran.code == 0
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["card", "comparison", "5", "%", "125"] in [row[:5] for row in rows]
    assert "simulated audits" not in ran.out


def test_votes_give_the_closest_margin(run: Run) -> None:
    """600 against 400 of 1,000 cards is a margin of 20 %; a simulated size carries its range."""
    ran = run("plan", *TWO, "--method", "alpha_polling", "--replications", 100, "--json")
    (size,) = json.loads(ran.out)
    assert (size["margin"], size["how"]) == (0.2, "simulated")
    assert size["low"] <= size["cards"] <= size["high"]


def test_a_plan_that_cannot_afford_its_audits_says_so(run: Run) -> None:
    """A lower bound in the table, how many audits were simulated, the option for more."""
    ran = run(
        "plan", "--cards", 10**6, "--margin", 0.01, "--method", "alpha_polling", "--most-drawn", 100_000
    )
    text = " ".join(ran.out.split())
    assert "more than 5,000" in text
    assert "20 simulated audits" in text
    assert "--most-drawn" in text


def test_minerva_says_which_smallest_size_it_means(run: Run) -> None:
    """Programs differ by this and by nothing else."""
    ran = run("plan", "--cards", 10**6, "--margin", 0.2, "--voted", 1, "--method", "minerva")
    assert "from which on every larger round ends the audit" in " ".join(ran.out.split())


def test_chances_stand_side_by_side(run: Run) -> None:
    """Half of audits and nine in ten: each chance's cards as they are alone, with their ranges."""
    words = ("plan", *TWO, "--method", "alpha_polling", "--method", "comparison", "--replications", 100)
    ran = run(*words, "--chance", 0.5, "--chance", 0.9)
    half, most = (json.loads(run(*words, "--chance", chance, "--json").out) for chance in (0.5, 0.9))
    (polled,) = (line.split() for line in ran.out.splitlines() if "ALPHA" in line)
    cells = [f"{size[key]:,}" for size in (half[0], most[0]) for key in ("cards", "low", "high")]
    assert [word for word in polled if word[0].isdigit()][1:] == cells
    assert half[0]["cards"] < most[0]["cards"] and half[1] == most[1]
    assert "two standard errors either way of 100 simulated audits" in " ".join(ran.out.split())


def test_a_column_of_ranges_stands_only_where_there_are_any(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All by formula: the room goes to the sizes, which 80 columns hold whole."""
    monkeypatch.setenv("COLUMNS", "80")
    asked = ("plan", "Ann=60000", "Bob=54000", "--cards", 120_000, "--method", "batch")
    alone, several = run(*asked).out, run(*asked, "--chance", 0.5, "--chance", 0.9).out
    assert "31,000 in 62 batches  ###" in alone
    assert several.count("31,000 in 62 batches") == 2
    assert "range" not in alone + several


def test_several_chances_are_told_apart_in_json(run: Run) -> None:
    """Each with its sizes; one chance alone gives the sizes only."""
    words = ("plan", *TWO, "--method", "minerva", "--json", "--chance", 0.5)
    both = json.loads(run(*words, "--chance", 0.9).out)
    assert [each["chance"] for each in both] == [0.5, 0.9]
    assert both[0]["sizes"] == json.loads(run(*words).out)


def test_a_chart_shows_one_chance(run: Run, tmp_path: Path) -> None:
    """Two are refused, and nothing is written."""
    path = tmp_path / "sizes.svg"
    ran = run("plan", *TWO, "--chance", 0.5, "--chance", 0.9, "--chart", path)
    assert ran.code == 1 and not path.exists()
    assert "--chart draws the sizes of one --chance." in ran.err


def test_votes_for_others_cost_polling_more(run: Run) -> None:
    """The same margin where only half of the cards bear a vote for the two."""
    words = ("plan", "--cards", 10**6, "--margin", 0.1, "--method", "bravo", "--json", "--voted")
    all_, half = (json.loads(run(*words, voted).out)[0]["cards"] for voted in (1, 0.5))
    assert half < all_  # the same votes apart, less spread


def test_a_chart_is_a_picture_with_every_method(run: Run, tmp_path: Path) -> None:
    """Well-formed SVG, whose lines bear the methods' names."""
    path = tmp_path / "sizes.svg"
    run("plan", "--cards", 100_000, "--method", "comparison", "--method", "super_simple", "--chart", path)
    words = [each.text for each in ElementTree.fromstring(path.read_text()).iter() if each.text]
    assert {"card comparison", "super-simple", "10 %"} <= set(words)


def test_the_third_candidate_does_not_hide_the_runner_up(run: Run) -> None:
    """20 of 3,000 draws read W and say the distant third: 0.26027."""
    words = ("W=50,000", "L1=49000", "L2=1000", "--cards", 100_000, "--draws", 3_000, "--misread", "W>L2=20")
    ran = run("risk", "comparison", *words)
    assert ran.code == 0
    assert "Measured risk 0.26027; risk limit 0.05 not met" in ran.out


def test_lost_cards_count_as_two_votes(run: Run) -> None:
    """A paper that nobody finds weighs as much as a vote turned round."""
    words = ("risk", "comparison", *TWO, "--draws", 100, "--json", "--misread")
    lost, turned, blank = (
        json.loads(run(*words, word).out) for word in ("Ann>lost=1", "Ann>Bob=1", "Ann>none=1")
    )
    assert lost["risk"] == turned["risk"] > blank["risk"]
    assert (lost["over_two"], blank["over_one"]) == (1, 1)


def test_polling_takes_the_worst_pair(run: Run) -> None:
    """Three choices make two assertions; the larger risk is the contest's."""
    ran = run(
        "risk", "polling", "A=500", "B=300", "C=100", "--cards", 1_000, "--round", "A=60,B=30,C=10", "--json"
    )
    answer = json.loads(ran.out)
    assert answer["risk"] == max(answer["risks"].values())
    assert len(answer["risks"]) == 2


def test_a_round_that_met_the_limit_stays_met(run: Run) -> None:
    """The risk after later rounds may be larger; ``solve`` and this command say the same."""
    rounds = ("--round", "Ann=60,Bob=20", "--round", "Ann=5,Bob=30")
    ran = run("risk", "polling", "Ann=600", "Bob=400", "--cards", 1_000, *rounds)
    assert ran.code == 0
    assert "risk limit 0.05 met." in ran.out


def test_values_are_read_in_their_order(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One number per line from standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n" * 30))
    ran = run("risk", "values", "-", "--cards", 100, "--json")
    assert json.loads(ran.out)["draws"] == 30


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("plan",), "Say with --cards how many cards may bear the contest"),
        (("plan", "--cards", 9, "--two-votes", 0.9, "--one-vote", 0.9), "'rates' must together be at most"),
        (("plan", *TWO, "--margin", 0.1), "not both"),
        (("plan", "Ann", "--cards", 5), "'Ann' must be a name"),
        (("plan", "A=5", "B=5", "--cards", 10), "A and B tie"),
        (("plan", "--cards", 9, "--method", "magic"), "There is no method 'magic'. Methods: comparison, "),
        (("plan", "--cards", 9, "--risk-limit", 1), "in 'risk_limit'"),
        (("risk", "comparison", *TWO, "--draws", 1, "--misread", "Ann>Bob=2"), "more than the 1"),
        (("risk", "comparison", *TWO, "--draws", 1, "--misread", "Ann-Bob"), "written like"),
        (("risk", "comparison", *TWO, "--draws", 1, "--misread", "Ann>Zoe=1"), "Zoe is none of"),
        (("risk", "polling", *TWO, "--round", "Zoe=1"), "Zoe is none of"),
        (("risk", "polling", *TWO, "--round", "Ann=1", "--method", "magic"), "no such word here: 'magic'"),
        (("risk", "values", "nowhere.txt"), "cannot be read"),
        (("risk", "comparison", *TWO, "--draws", -5, "--misread", "Ann>Bob=2"), "--draws is -5"),
        (("plan", "A=-5", "B=5", "--cards", 10), "A=-5"),
        (("plan", "A=5", "B=6", "--cards", 10), "bear at most 10"),
        (("plan", "--cards", 9, "--risk-limit", "nan"), "risk_limit"),
        (("plan", "--cards", 9, "--margin", 0), "margins"),
        (("risk", "comparison", "A=5", "B=5", "--cards", 10, "--draws", 1), "A and B tie"),
        (("risk", "comparison", *TWO, "--draws", 1, "--risk-limit", 1), "risk"),
        (("risk", "polling", "A=5", "B=6", "--cards", 10, "--round", "A=1"), "bear at most 10"),
        (("risk", "polling", *TWO, "--round", "Ann=-1"), "Ann=-1"),
    ],
)  # fmt: skip
def test_what_is_no_audit_is_refused(run: Run, words: tuple[object, ...], why: str) -> None:
    """One sentence that names what is wrong, exit 1, nothing on standard output."""
    ran = run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert why in ran.err
