"""The example case that ships with Tallyproof, imported the way a user imports her own files."""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Severity
from tallyproof.services import cases, checking, comparing, counting, findings, importing, recounting
from tallyproof.services.access import Actor
from tallyproof.services.cases import CaseState
from tallyproof.services.reading import Request
from tallyproof.services.reports import Checked
from tallyproof.services.workspace import Workspace

CASE = "upper-midwest-2016"


def build(workspace: Workspace, actor: Actor) -> CaseState:
    """Import the example case, check it, and record what the office said of its first finding.

    What is already there stays; calling it again changes nothing.
    """
    with as_file(files("tallyproof.examples") / "upper_midwest_2016") as folder:
        plan = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        if not workspace.ledger.head(CASE).sequence:
            workspace.progress(f"Opening the case {plan['title']}")
            cases.open_case(
                workspace,
                actor,
                CASE,
                title=plan["title"],
                election=plan["election_date"],
                summary=plan["summary"],
            )
        for step in plan["imports"]:
            workspace.progress(f"Importing {', '.join(step['files'])}")
            importing.import_returns(workspace, actor, CASE, _request(folder, step))
    workspace.progress("Checking")
    checking.record_answer(workspace, actor, CASE, checking.check_case(workspace, actor, CASE))
    _record_lives(workspace, actor, plan.get("findings", []))
    return cases.state(workspace, actor, CASE)


def _request(folder: Path, step: dict[str, Any]) -> Request:
    return Request(
        tuple(folder / name for name in step["files"]),
        step["source"],
        Status(step["status"]),
        step["as_of"],
        step["election_date"],
        note=step.get("note", ""),
    )


def _record_lives(workspace: Workspace, actor: Actor, lives: list[dict[str, Any]]) -> None:
    """What was said of findings in 2016, each step once."""
    for life in lives:
        known = cases.state(workspace, actor, CASE).life(life["finding"])
        for step in life["steps"][len(known.history) :]:
            verb = {"explained": findings.explain, "resolved": findings.resolve}[step["state"]]
            verb(workspace, actor, CASE, life["finding"], step["words"], step["cite"])


def headlines(workspace: Workspace, actor: Actor) -> list[str]:
    """The example case's answers in sentences, paragraph by paragraph."""
    counted = counting.count(workspace, actor, CASE)
    checked = checking.check_case(workspace, actor, CASE)
    states = [each for each in counted.contests if len(each.versions) > 2]
    lines = ["Where does the count stand?", *(f"  {each.sentence}" for each in states)]
    pledged = ", ".join(f"{each.choice} {each.pledged}" for each in counted.electors if each.pledged)
    lines += [f"  Electors pledged: {pledged}."]
    lines += ["", "How did the margin move?", *(f"  {_path(each)}" for each in states)]
    lines += ["", "Do the numbers add up?", *(f"  {line}" for line in _top(workspace, actor, checked))]
    lines += ["", "Who could ask for a recount, on 23 November 2016?"]
    lines += [f"  {line}" for line in _recounts(workspace, actor)]
    lines += [f"  {line}" for line in _recounted(workspace, actor)]
    return lines


_ASKED = datetime.fromisoformat("2016-11-23T12:00")
"""Noon by the clock of each state."""
_ACTS = {"wi-president": {"last_county_statement": "2016-11-21"}}
"""Wisconsin: taken so that the deadline known from the press follows; the day is not verified."""


def _recounts(workspace: Workspace, actor: Actor) -> list[str]:
    """What the law of three states allowed on a day, for the one who asked."""
    known = {each.contest: each for each in recounting.of_case(workspace, actor, CASE)}
    lines = []
    for contest in ("pa-president", "wi-president", "mi-president"):
        acts = _ACTS.get(contest, {})
        problem = known[contest].problem
        asked = msgspec.structs.replace(problem, on=_ASKED, acts=acts, requester="Jill Stein")
        given = ", if the last county statement came on 21 November" if acts else ""
        lines.append(recounting.options(asked).sentence.removesuffix(".") + f"{given}.")
    return lines


def _recounted(workspace: Workspace, actor: Actor) -> list[str]:
    """What Wisconsin's recount changed, county by county; nothing where a version of it was undone."""
    imports = {each.snapshot.status: each.sequence for each in cases.state(workspace, actor, CASE).active}
    before, after = imports.get(Status.CANVASSED), imports.get(Status.RECOUNT)
    if before is None or after is None:
        return []
    asked = comparing.Asked(contest="wi-president")
    found = comparing.compare_case(workspace, actor, CASE, before, after, asked).answer
    return [f"Wisconsin's recount by county: {' '.join(found.sentences[1:3])}"]


def _path(contest: counting.ContestCount) -> str:
    margins = [f"{each.margin:,}" for each in contest.versions if each.margin is not None]
    steps = [margin for place, margin in enumerate(margins) if place == 0 or margin != margins[place - 1]]
    return f"{contest.contest.title}: {' → '.join(steps)}"


def _top(workspace: Workspace, actor: Actor, checked: Checked) -> list[str]:
    known = cases.state(workspace, actor, CASE)
    errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
    others = [finding for finding in checked.findings if finding.severity is not Severity.ERROR]
    shown = [
        f"{each.severity.value} ({known.life(each.id).state}): {each.message}"
        for each in [*errors, *others][:5]
    ]
    rest = len(checked.findings) - len(shown)
    return [*shown, f"{rest:,} more; see them with: tallyproof check --case {CASE}"] if rest > 0 else shown
