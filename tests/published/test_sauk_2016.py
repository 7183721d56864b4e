"""Sauk County, Wisconsin, November 2016: 34,323 votes against 31,838 ballots, and no more is said of it."""

import re
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tallyproof.election.evidence import Finding, Severity
from tallyproof.services import access, checking, example, findings
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

PRESS = "press_2016-11-23.csv"
ACCUSING = re.compile(r"fr.ud|rigg|stol|hack|cheat|tamper|manipulat|suspicious|steal|crime", re.IGNORECASE)


def text() -> str:
    """The press figures of 23 November 2016 as they ship."""
    return (files("tallyproof.examples") / "upper_midwest_2016" / PRESS).read_text(encoding="utf-8")


def found_in(path: Path) -> list[Finding]:
    """What check B2 finds in this file alone."""
    return list(checking.check_files(Request((path,)), only=["B2"]).findings)


def test_votes_exceed_ballots_by_2_485() -> None:
    """One error, worth the excess, that says "reporting inconsistency; resolve at canvass" and stops."""
    with as_file(files("tallyproof.examples") / "upper_midwest_2016" / PRESS) as path:
        [found] = found_in(path)
    assert (found.severity, found.unit, found.votes_at_stake) == (Severity.ERROR, "Sauk", 2_485)
    assert (found.numbers["votes"], found.numbers["ballots"], found.numbers["x"]) == (34_323, 31_838, 2_485)
    assert found.message == (
        "Sauk: 34,323 votes for President exceed 31,838 ballots cast by 2,485: "
        "reporting inconsistency; resolve at canvass."
    )


@pytest.mark.parametrize(("ballots", "errors"), [(34_322, 1), (34_323, 0), (34_324, 0)])
def test_as_many_ballots_as_votes_are_silent(tmp_path: Path, ballots: int, errors: int) -> None:
    """One ballot fewer than votes is found; as many or more are not."""
    path = tmp_path / PRESS
    path.write_text(text().replace(",31838,", f",{ballots},"), encoding="utf-8")
    assert len(found_in(path)) == errors


def test_innocent_explanations_and_the_record_come_with_it(workspace: Workspace) -> None:
    """The finding carries explanations, the record that settles it and the office that holds it."""
    example.build(workspace, access.terminal())
    sauk = findings.finding(workspace, access.READER, example.CASE, "B2/wi-president/sauk")
    assert sauk.finding is not None
    assert any("entered twice" in each for each in sauk.finding.benign)
    assert "poll book" in sauk.check.record
    assert "clerk" in sauk.check.holder
    assert sauk.life.state == "resolved"
    said = [sauk.finding.message, *sauk.finding.benign, sauk.check.question, sauk.check.record]
    assert not [each for each in said if ACCUSING.search(each)]


def test_the_example_case_accuses_nobody(workspace: Workspace) -> None:
    """No finding of the example case has a word that accuses."""
    example.build(workspace, access.terminal())
    checked = checking.check_case(workspace, access.READER, example.CASE)
    assert checked.findings
    assert not [each.id for each in checked.findings if ACCUSING.search(each.message + " ".join(each.benign))]
