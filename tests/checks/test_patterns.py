"""The same block under two units, and votes moved to the next column."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

HEAD = "county,precinct,office,district,party,candidate,votes\n"
PRESIDENT = ("Ann Adams", "Bob Baker", "Cy Clay", "Di Dunn")
SENATE = ("Ed Eames", "Flo Fox", "Gus Gray")
Vector = tuple[int, ...]


def president(n: int) -> Vector:
    """Votes of unit n: near 50, 40, 7 and 3 percent of 300 to 620."""
    size = 300 + 17 * n
    return (size * 50 // 100 + n % 7, size * 40 // 100 - n % 5, size * 7 // 100 + n % 3, size * 3 // 100)


def senate(n: int) -> Vector:
    return (140 + 11 * n, 120 + 6 * n, 9 + n % 4)


def county(votes: Callable[[int], Vector] = president, others: Callable[[int], Vector] = senate) -> str:
    """Twenty units with two contests; unit n begins in row 7 n + 2."""
    rows = []
    for n in range(20):
        rows += [f"Demo,P-{n},President,,,{name},{v}\n" for name, v in zip(PRESIDENT, votes(n), strict=True)]
        rows += [f"Demo,P-{n},U.S. Senate,,,{name},{v}\n" for name, v in zip(SENATE, others(n), strict=True)]
    return HEAD + "".join(rows)


@pytest.mark.parametrize("check", ["A6", "A7"])
def test_a_clean_county_is_silent(check: str) -> None:
    """Twenty units that vote alike, but not the same, have no finding."""
    assert findings(check, material(county())) == []


# ---- A6: repeated blocks


def pasted(times: int) -> Callable[[Callable[[int], Vector]], Callable[[int], Vector]]:
    """Units 11, 12 … hold the numbers of unit 10."""
    return lambda votes: lambda n: votes(10 if 10 < n <= 10 + times else n)


def test_a_pasted_block_is_found_at_the_later_unit() -> None:
    """Unit 11 with the numbers of unit 10 is one finding, which shows both places."""
    paste = pasted(1)
    (found,) = findings("A6", material(county(paste(president), paste(senate))))
    assert (found.severity, found.unit, found.contest) == (Severity.WARNING, "Demo, P-11", "wi-president")
    assert (found.source.row, found.also[0].row) == (79, 72)
    assert found.votes_at_stake == sum(president(10))
    assert (found.numbers["contests"], found.numbers["cells"]) == (2, 7)


@pytest.mark.parametrize("times", [2, 9])
def test_a_group_of_equal_units_is_told_once(times: int) -> None:
    """Three or ten units with one vector are one finding and not one for every two of them."""
    paste = pasted(times)
    (found,) = findings("A6", material(county(paste(president), paste(senate))))
    assert found.numbers["units"] == times + 1
    assert found.votes_at_stake == times * sum(president(10))


def test_a_hundred_copies_cost_no_more_than_a_chain() -> None:
    """A test deck under a hundred names is one group, though not every two are compared."""
    rows = "".join(
        f"Demo,D-{n},{office},,,{name},{votes}\n"
        for n in range(100)
        for office, name, votes in (
            ("President", "Ann Adams", 30),
            ("President", "Bob Baker", 20),
            ("U.S. Senate", "Ed Eames", 25),
            ("U.S. Senate", "Flo Fox", 21),
            ("U.S. Senate", "Gus Gray", 4),
        )
    )
    (found,) = findings("A6", material(HEAD + rows))
    assert (found.numbers["units"], len(found.also)) == (100, 20)


def test_one_equal_contest_is_no_repeated_block() -> None:
    """Chance makes single contests equal; two contests are asked for."""
    assert findings("A6", material(county(pasted(1)(president)))) == []


def test_small_units_are_left_out() -> None:
    """Units of fewer than 20 votes agree by chance."""
    small = HEAD + "".join(
        f"Demo,S-{n},{office},,,{name},4\n"
        for n in (1, 2)
        for office in ("President", "U.S. Senate")
        for name in ("Ann Adams", "Bob Baker", "Cy Clay")
    )
    assert findings("A6", material(small)) == []


def test_with_one_contest_it_cannot_be_asked() -> None:
    """A repeated block needs two contests."""
    one = HEAD + "Demo,P-1,President,,,Ann Adams,260\nDemo,P-2,President,,,Ann Adams,261\n"
    assert needs("A6", material(one)) == "votes by choice in two contests and two units"


@settings(max_examples=examples(20), deadline=None)
@given(first=st.integers(0, 19), second=st.integers(0, 19))
def test_any_pasted_pair_is_found(first: int, second: int) -> None:
    """Whichever unit is pasted over another, exactly these two are named; a unit is never its own copy."""
    given_ = material(
        county(
            lambda n: president(first if n == second else n), lambda n: senate(first if n == second else n)
        )
    )
    units = {finding.unit for finding in findings("A6", given_)}
    assert units == (set() if first == second else {f"Demo, P-{max(first, second)}"})


# ---- A7: column shift


def moved(vector: Vector, step: int) -> Vector:
    """The votes moved by one choice, the last one coming first."""
    return tuple(vector[(at - step) % len(vector)] for at in range(len(vector)))


@settings(max_examples=examples(20), deadline=None)
@given(unit=st.integers(0, 19), step=st.sampled_from([-1, 1]))
def test_a_shifted_unit_is_found_and_moved_back(unit: int, step: int) -> None:
    """Votes moved by one choice in one unit are found there, with the change that moving back makes."""
    text = county(lambda n: moved(president(n), step) if n == unit else president(n))
    (found,) = findings("A7", material(text))
    assert (found.severity, found.unit, found.contest) == (
        Severity.WARNING,
        f"Demo, P-{unit}",
        "wi-president",
    )
    assert (found.source.file, found.source.row) == ("file-1.csv", 7 * unit + 2)
    right, wrong = president(unit), moved(president(unit), step)
    change = (right[0] - wrong[0]) - (right[1] - wrong[1])
    assert (found.numbers["step"], found.votes_at_stake) == (-step, abs(change))


def test_a_shifted_county_is_found_among_the_others() -> None:
    """Where every unit of one county is shifted, the county stands out among twenty."""
    rows = "".join(
        f"County {n},P-{u},President,,,{name},{votes}\n"
        for n in range(20)
        for u in (1, 2)
        for name, votes in zip(
            PRESIDENT, moved(president(n + u), 1) if n == 4 else president(n + u), strict=True
        )
    )
    found = findings("A7", material(HEAD + rows))
    assert "County 4" in {finding.unit for finding in found}
    assert {finding.unit.split(",")[0] for finding in found} == {"County 4"}


def test_two_choices_are_no_vector() -> None:
    """With two choices a shift is a swap, which a different unit may well look like."""
    text = county(others=lambda n: (300, 20 + n, 0) if n == 3 else (20 + n, 300, 0))
    rows = [line for line in text.splitlines(keepends=True) if "Gus Gray" not in line]
    assert [each for each in findings("A7", material("".join(rows))) if each.contest == "wi-us-senate"] == []


def test_a_choice_with_the_ballots_column_is_found() -> None:
    """A choice that has exactly as many votes as ballots were cast, in every unit, is a wrong column."""
    rows = "".join(
        f"Demo,P-{n},Ballots Cast,,,,{500 + n}\nDemo,P-{n},President,,,Ann Adams,{500 + n}\n"
        f"Demo,P-{n},President,,,Bob Baker,{225 + n}\n"
        for n in range(3)
    )
    (found,) = findings("A7", material(HEAD + rows))
    assert (found.source.row, found.votes_at_stake, found.numbers["units"]) == (3, 1503, 3)
    assert findings("A7", material(HEAD + rows.replace("Ann Adams,501", "Ann Adams,500"))) == []


def test_few_units_cannot_be_compared() -> None:
    """Fourteen units and no ballots cast leave the question open."""
    few = "".join(line for line in county().splitlines(keepends=True) if ",P-1" not in line)
    assert needs("A7", material(few)).startswith("votes by choice in at least 15 units")


@pytest.mark.parametrize("state", ["wi", "mi"])
def test_ordinary_returns_have_no_such_pattern(state: str, shared_data: Path) -> None:
    """In 54,000 vectors of Wisconsin and Michigan 2016 none is repeated and none looks shifted."""
    given_ = material_of(shared_data / "medsl2016" / f"{state}.zip")
    assert [finding.id for check in ("A6", "A7") for finding in findings(check, given_)] == []
