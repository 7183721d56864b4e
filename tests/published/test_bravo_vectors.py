"""BRAVO: risks, average sizes and sizes for a chance, as published and as programs in use compute them."""

from typing import Any

import pytest

from tallyproof.risk import bravo

from .contests import Votes, votes_of
from .golden import ids, vector
from .tolerance import agrees

CHANCES = {"p70": 0.7, "p80": 0.8, "p90": 0.9, "0.7": 0.7, "0.8": 0.8, "0.9": 0.9}


def log_ratios(votes: Votes, sample: dict[str, int]) -> list[float]:
    """The likelihood ratio of each pair after the sample."""
    return [
        float(bravo.log_ratio(sample[pair.winner], sample[pair.loser], votes.share(pair)))
        for pair in votes.pairs
    ]


def sizes(votes: Votes, alpha: float, sample: dict[str, int]) -> dict[str, float]:
    """Average size, chance of ending within it, and sizes for three chances; all ballots if tied.

    The pair is the winner with the fewest and the loser with the most votes; what was earned so far is
    that of the pair which earned least. Programs answer for several winners with the average only.
    """
    pair = votes.closest
    won, lost = votes.of_ballots(pair.winner), votes.of_ballots(pair.loser)
    if won == lost:
        return {"all_ballots": votes.ballots}
    average = bravo.expected_size(alpha, won, lost, min(log_ratios(votes, sample)))
    seen = sample[pair.winner], sample[pair.loser]
    answer: dict[str, float] = {"asn": average}
    if votes.winners == 1:
        answer["asn_prob"] = round(bravo.chance_of_finishing(alpha, won, lost, average, seen), 2)
        for name, chance in CHANCES.items():
            answer[name] = bravo.size_for_chance(alpha, won, lost, chance, seen)
    return answer


def sample_of(given: dict[str, Any], votes: Votes) -> dict[str, int]:
    return given.get("prior_sample") or given.get("sample") or dict.fromkeys(votes.by_choice, 0)


@pytest.mark.parametrize("name", ids("bravo-size-") + ids("bravo-", "sizes"))
def test_sizes(name: str) -> None:
    """Every figure that the vector gives."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes = votes_of(given)
    found = sizes(votes, given["risk_limit"], sample_of(given, votes))
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("name", ids("bravo-", "asn"))
def test_average_size(name: str) -> None:
    """BRAVO's table 1 and others: ballots drawn on average."""
    given = vector(name)["inputs"]
    won, lost = given["vw"] / given["ballots"], given["vl"] / given["ballots"]
    assert bravo.expected_size(given["alpha"], won, lost) == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("bravo-quantile-size-"))
def test_size_for_a_chance(name: str) -> None:
    """Ballots of a round that ends with the given chance."""
    given = vector(name)["inputs"]
    seen = given["sampled_winner"], given["sampled_loser"]
    found = bravo.size_for_chance(
        given["risk_limit"], given["p_winner"], given["p_loser"], given["completion_probability"], seen
    )
    assert found == vector(name)["expected"]


@pytest.mark.parametrize("name", ids("bravo-", "size for completion"))
def test_size_for_a_chance_after_a_sample(name: str) -> None:
    """The same from the other file, also after thousands of votes."""
    given = vector(name)["inputs"]
    won, lost = given["sample"]
    found = bravo.size_for_chance(
        given["alpha"], given["p_w"], given["p_r"], given["p_completion"], (won, lost)
    )
    assert found == vector(name)["expected"]


def test_chance_of_ending_within_the_average() -> None:
    """About one half (bravo-prob-of-asn)."""
    given = vector("bravo-prob-of-asn")["inputs"]
    found = bravo.chance_of_finishing(
        given["risk_limit"], given["p_winner"], given["p_loser"], given["sample_size"]
    )
    assert agrees(found, vector("bravo-prob-of-asn"))


@pytest.mark.parametrize("name", ids("bravo-risk-"))
def test_risks_at_the_end_of_a_round(name: str) -> None:
    """P of each pair that the vector names, and whether the largest of all pairs ends the audit."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]["p_values"]
    votes = votes_of(given)
    risks = {
        f"{pair.winner}/{pair.loser}": float(
            bravo.end_of_round_risk(
                given["sample"][pair.winner], given["sample"][pair.loser], votes.share(pair)
            )
        )
        for pair in votes.pairs
    }
    assert agrees([risks[key] for key in expected], vector(name), list(expected.values()))
    assert (max(risks.values()) <= given["risk_limit"]) == vector(name)["expected"]["stop"]
    exact = vector(name)["arlo_computed_value"]
    assert [risks[key] for key in expected] == pytest.approx([exact[key] for key in expected], rel=1e-8)


@pytest.mark.parametrize("name", ids("bravo-", "p_values per"))
def test_risks_of_all_pairs(name: str) -> None:
    """P of each pair, to nine digits."""
    given, expected = vector(name)["inputs"], vector(name)["expected"]
    votes = votes_of(given)
    risks = {
        f"{pair.winner}|{pair.loser}": float(
            bravo.end_of_round_risk(
                given["sample"][pair.winner], given["sample"][pair.loser], votes.share(pair)
            )
        )
        for pair in votes.pairs
    }
    assert agrees([risks[key] for key in expected], vector(name), list(expected.values()))


@pytest.mark.parametrize("name", ["bravo-004", "bravo-005"])
def test_published_county_risks(name: str) -> None:
    """Two Colorado counties of 2018."""
    reported, sample = vector(name)["inputs"]["reported"], vector(name)["inputs"]["sample"]
    found = bravo.end_of_round_risk(sample[0], sample[1], reported[0] / sum(reported))
    assert agrees(found, vector(name))


def test_a_ballot_that_is_not_found_counts_for_every_loser() -> None:
    """One vote more for each loser (bravo-not-found-ballot)."""
    given, expected = vector("bravo-not-found-ballot")["inputs"], vector("bravo-not-found-ballot")["expected"]
    votes = votes_of(given)
    for pair in votes.pairs:
        lost = given["sample"][pair.loser] + given["ballots_not_found"]
        found = bravo.end_of_round_risk(given["sample"][pair.winner], lost, votes.share(pair))
        assert found == pytest.approx(expected["p_values"][f"{pair.winner}/{pair.loser}"], abs=1e-9)


@pytest.mark.parametrize("name", ["defect-vote-for-2", "defect-full-count-reversed"])
def test_as_many_votes_as_ballots_are_no_full_count(name: str) -> None:
    """Votes drawn may reach the number of ballots: what they say decides; a program in use stops at P = 0."""
    given, program = vector(name)["inputs"], vector(name)["expected"]
    contest, seen = given["contest"], given.get("sample") or given["hand_count"]
    votes = Votes(contest["votes"], contest["ballots"], contest["num_winners"])
    against = [bravo.end_of_round_risk(seen[p.winner], seen[p.loser], votes.share(p)) for p in votes.pairs]
    assert [float(p) for p in against] == [1.0] * len(votes.pairs)
    assert (program["arlo_reports"], program["arlo_stops"]) == (0.0, True)
