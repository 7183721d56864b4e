"""Batch comparison audits from their reported batches on: bounds, draws and P; Georgia 2026."""

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tallyproof.audit.assertion import Assertion, Tally, above, majority_or_runoff, plurality
from tallyproof.audit.batch_error import Batch, BatchContest, unauditable
from tallyproof.risk.macro import macro_size

from .golden import inputs, vector
from .test_georgia_2026_draws import audit, number, rows
from .tolerance import agrees

__all__ = ["audit"]


def tally_of(given: dict[str, Any], scale: int = 1) -> Tally:
    contest = given["contest"]
    votes = {name: count * scale for name, count in contest["votes"].items()}
    return Tally(votes, contest["ballots"] * scale)


def batches_of(given: dict[str, Any], scale: int = 1) -> tuple[Batch, ...]:
    """Ballots stand last; half votes are made whole by the scale."""
    whole = [[round(number * scale) for number in row] for row in given["batches"]]
    return tuple(Batch(str(place), tuple(row[:-1]), row[-1]) for place, row in enumerate(whole))


HALVES = {
    "A": (200, (200, 180), (100, 90)),
    "B": (100, (200, 160), (100, 80)),
    "C": (60, (200, 140), (100, 70)),
}


def contest_of_halves(name: str) -> BatchContest:
    """So many batches of 400 ballots and as many of 200."""
    each, large, small = HALVES[name]
    tally = tally_of(inputs(f"macro-size-{name}"))
    batches = tuple(
        Batch(f"{size} {place}", votes, size)
        for votes, size in ((large, 400), (small, 200))
        for place in range(each)
    )
    return BatchContest(tally, plurality(tally).assertions, batches)


@pytest.mark.parametrize("name", ["macro-size-A", "macro-size-B", "macro-size-C"])
def test_bounds_of_large_and_small_batches(name: str) -> None:
    """Bounds and first rounds (also macro-001), and the draws that four clean batches leave to do."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    contest, alpha = contest_of_halves(name[-1]), given["risk_limit"]
    assert float(contest.total_bound) == pytest.approx(expected["U"], rel=1e-12)
    assert float(contest.bounds["400 0"]) == pytest.approx(expected["max_error_of_large_batch"], abs=5e-5)
    assert contest.first_round(alpha) == expected["first_round"]
    four = contest.p_value([(batch, batch.votes) for batch in contest.batches[:4]])
    assert macro_size(alpha / four, float(contest.total_bound)) == expected["after_4_clean_batches"]


@pytest.mark.parametrize(("name", "wrong"), [("macro-p-A", 6), ("macro-p-B", 0)])
def test_risks_after_thirty_clean_batches(name: str, wrong: int) -> None:
    """Six more overstate A's winner by 10 and understate its loser by 10; they do not hold B."""
    expected, contest = vector(name)["expected"], contest_of_halves(name[-1])
    large = contest.batches[:30]
    sample = [(batch, batch.votes) for batch in large] + [(batch, (190, 190)) for batch in large[:wrong]]
    p = contest.p_value(sample)
    assert agrees(p, vector(name), expected["p_value"])
    assert (p <= vector(name)["inputs"]["risk_limit"]) == expected["stop"]


def test_pending_ballots_count_for_the_loser() -> None:
    """Two pending ballots take two votes from each margin (macro-pending)."""
    given, expected = vector("macro-pending-ballots")["inputs"], vector("macro-pending-ballots")["expected"]
    tally, batches = tally_of(given), batches_of(given)
    contest = BatchContest(tally, plurality(tally).assertions, batches, lost=given["pending_ballots"])
    clean = [(batch, batch.votes) for batch in batches[:3]]
    wrong = [*clean[:2], (batches[2], (90, 2, 10))]
    assert [float(contest.total_bound), contest.p_value(clean), contest.p_value(wrong)] == pytest.approx(
        [expected["U"], expected["p_clean"], expected["p_with_error"]], rel=1e-12
    )
    assert contest.first_round(given["risk_limit"]) == expected["first_round"]


def test_ballots_in_no_batch_count_for_the_loser() -> None:
    """One ballot is in the totals and in no batch (macro-unauditable)."""
    given, expected = (
        vector("macro-unauditable-ballots")["inputs"],
        vector("macro-unauditable-ballots")["expected"],
    )
    tally, batches = tally_of(given, 2), batches_of(given, 2)
    contest = BatchContest(tally, plurality(tally).assertions, batches, lost=unauditable(tally, batches))
    clean = [(batch, batch.votes) for batch in batches[:3]]
    assert float(contest.total_bound) == pytest.approx(expected["U"], rel=1e-12)
    assert contest.p_value(clean) == pytest.approx(expected["p_value"], abs=5e-7)
    whole = BatchContest(tally, plurality(tally).assertions, batches)
    assert [float(whole.total_bound), whole.p_value(clean)] == pytest.approx(
        [expected["U_without"], expected["p_without"]], rel=1e-12
    )


# ---- Georgia, 19 May 2026


def georgia(folder: Path, contest: str) -> tuple[Tally, tuple[Batch, ...]]:
    """Reported totals and batches, named by county and batch."""
    sizes = {
        f"{county}/{row['Batch Name'].strip()}": number(row["Number of Ballots"])
        for county, row in rows(folder, "manifests.zip")
    }
    votes = {
        f"{county}/{row['Batch Name'].strip()}": {
            column.removeprefix(f"{contest} - "): number(value)
            for column, value in row.items()
            if column.startswith(contest)
        }
        for county, row in rows(folder, "candidate_totals.zip")
    }
    names = list(next(iter(votes.values())))
    batches = tuple(Batch(key, tuple(v[name] for name in names), sizes[key]) for key, v in votes.items())
    totals = {name: sum(batch.votes[place] for batch in batches) for place, name in enumerate(names)}
    return Tally(totals, sum(batch.cards for batch in batches)), batches


def drawn(folder: Path, contest: str, choices: list[str]) -> list[tuple[Batch, tuple[int, ...]]]:
    """The report's sampled batches with their audited votes, once for each ticket."""
    with (folder / "final_audit_report.csv").open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.reader(lines))
    header = next(row for row in table if row[0] == "Jurisdiction Name")
    ticket, told, seen = (
        header.index(f"{what}: {contest}") for what in ("Ticket Numbers", "Reported Results", "Audit Results")
    )
    found = []
    for row in table[table.index(header) + 1 :]:
        times = len(re.findall(r"\b0\.\d{18,}", row[ticket])) if len(row) > seen and row[0] != "Totals" else 0
        if times:
            batch = Batch(f"{row[0]}/{row[1]}", counts(row[told], choices), number(row[2]))
            found += [(batch, counts(row[seen], choices))] * times
    return found


def counts(text: str, choices: list[str]) -> tuple[int, ...]:
    """Votes by choice from "Name: 12; Name: 3"."""
    said = dict(part.rsplit(": ", 1) for part in text.split("; "))
    return tuple(number(said[choice]) for choice in choices)


@pytest.mark.parametrize(
    ("name", "contest"), [("macro-005", "US Senate - Rep"), ("macro-006", "Governor - Dem")]
)
def test_a_published_audit_is_reproduced(audit: Path, name: str, contest: str) -> None:
    """First-round draws and the published P to its nine digits, from reported batches and audited votes."""
    tally, batches = georgia(audit, contest)
    runoff = majority_or_runoff(tally).assertions
    claims: tuple[Assertion, ...] = runoff if "Senate" in contest else plurality(tally).assertions
    found = BatchContest(tally, claims, batches)
    sample = drawn(audit, contest, list(tally.votes))
    assert float(found.total_bound) == pytest.approx(float(vector(name)["note"].removeprefix("U=")), abs=1e-8)
    assert found.first_round(0.05) == len(sample)
    assert agrees([len(sample), found.p_value(sample)], vector(name))


def test_a_majority_that_was_not_tested_needs_more_draws(audit: Path) -> None:
    """The published 18 draws show that Bottoms leads; that she has a majority needs 49 (macro-007)."""
    tally, batches = georgia(audit, "Governor - Dem")
    pairs = plurality(tally).assertions
    leads = BatchContest(tally, pairs, batches)
    majority = BatchContest(tally, (*pairs, above(tally, tally.ranked[0], Fraction(1, 2))), batches)
    assert float(leads.total_bound) == pytest.approx(6.178975643)
    assert leads.first_round(0.05) == 18
    assert agrees([float(majority.total_bound), majority.first_round(0.05)], vector("macro-007"))
    assert min(majority.bounds.values()) >= Fraction(0)
