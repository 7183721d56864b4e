"""Named write-ins within the total, and counties that report none."""

from pathlib import Path

import pytest

from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

HEAD = "county,precinct,office,district,party,candidate,votes\n"


def county(name: str, write_ins: str | None = "Write-ins", votes: int = 20, minor: int = 60) -> str:
    """Four units of about 1,000 votes, with a bucket of write-ins and three minor choices."""
    rows = ""
    for n in range(4):
        choices = {
            "Ann Adams": 500 + n,
            "Bob Baker": 400 - n,
            "Cy Clay": minor,
            "Di Dunn": minor,
            "Ed Eames": minor,
        }
        if write_ins:
            choices[write_ins] = votes
        rows += "".join(f"{name},P-{n},President,,,{who},{number}\n" for who, number in choices.items())
    return rows


CLEAN = HEAD + "".join(county(name) for name in ("North", "South", "East"))


def test_counties_with_write_ins_are_silent() -> None:
    """Every county reports its write-ins."""
    assert findings("B10", material(CLEAN)) == []


def test_without_write_ins_it_cannot_be_asked() -> None:
    """Where no county gives write-ins, the source leaves them out."""
    assert needs("B10", material(HEAD + county("Demo", None))) == "write-in votes by county or unit"


@pytest.mark.parametrize("write_ins", ["Write-ins", None])
def test_a_county_without_write_ins_is_information(write_ins: str | None) -> None:
    """Zero, or no count at all, where the others have eighty: told once for the county."""
    (found,) = findings("B10", material(CLEAN + county("West", write_ins, votes=0)))
    assert (found.severity, found.unit, found.source.file) == (Severity.INFO, "West", "file-1.csv")
    assert found.source.row == 74 and found.votes_at_stake is not None and 70 <= found.votes_at_stake <= 80


def test_an_unknown_number_of_write_ins_is_not_none() -> None:
    """A withheld cell leaves the county out."""
    rows = county("West", votes=0).replace("Write-ins,0", "Write-ins,*")
    assert findings("B10", material(CLEAN + rows)) == []


def test_named_write_ins_above_the_total_are_information() -> None:
    """Forty votes for a named write-in do not fit into a write-in total of twenty."""
    named = CLEAN.replace("North,P-2,President,,,Cy Clay,60", "North,P-2,President,,,Cy Clay (Write-in),40")
    (found,) = findings("B10", material(named))
    assert (found.severity, found.unit, found.votes_at_stake) == (Severity.INFO, "North", 20)
    assert (found.source.row, found.numbers["units"]) == (19, 1)
    assert findings("B10", material(named.replace("(Write-in),40", "(Write-in),20"))) == []


def test_scattering_is_no_total_of_named_write_ins() -> None:
    """Wisconsin's "scattering" are the votes that registered write-ins did not get."""
    named = CLEAN.replace("Write-ins", "Scattering").replace("Cy Clay", "Cy Clay (Write-in)")
    assert findings("B10", material(named)) == []


def test_a_county_with_votes_for_the_leading_choices_only_is_told() -> None:
    """Three minor choices and the write-ins without any vote in a whole county: Menominee's pattern."""
    found = findings("B10", material(CLEAN + county("West", votes=0, minor=0)))
    assert {(each.unit, each.topic) for each in found} == {("West", "none"), ("West", "minor")}
    (minor,) = [each for each in found if each.topic == "minor"]
    assert (minor.numbers["choices"], minor.numbers["without"], minor.source.row) == (4, 4, 76)


def test_candidates_written_in_that_a_county_does_not_count_by_name_are_told_once() -> None:
    """Of three of them it has no vote, elsewhere they have hundreds: information, and no pattern of zeros."""
    west = county("West", minor=0)
    rows = CLEAN + west
    for name in ("Cy Clay", "Di Dunn", "Ed Eames"):
        rows = rows.replace(name, f"{name} (Write-in)")
    found = [each for each in findings("B10", material(rows)) if each.unit == "West"]
    assert [(each.topic, each.severity, each.numbers["choices"]) for each in found] == [
        ("by-name", Severity.INFO, 3)
    ]
    one_counted = rows.replace(
        "West,P-0,President,,,Cy Clay (Write-in),0", "West,P-0,President,,,Cy Clay (Write-in),1"
    )
    assert "by-name" not in {each.topic for each in findings("B10", material(one_counted))}


def test_menominee_is_the_only_such_county_of_wisconsin_2016(shared_data: Path) -> None:
    """21 counties report no write-ins in some contest; one leaves out nearly all minor choices.

    Lincoln counts no name that is written in; the recount found 14 votes for McMullin.
    """
    found = findings("B10", material_of(shared_data / "medsl2016" / "wi.zip"))
    assert [each.unit for each in found if each.topic == "minor"] == ["Menominee"]
    assert len([each for each in found if each.topic == "none"]) == 21
    assert [each.unit for each in found if each.topic == "by-name"] == ["Lincoln"]
    assert {each.severity for each in found} == {Severity.INFO}
