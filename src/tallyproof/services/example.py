"""The example case that ships with Tallyproof, imported the way a user imports her own files."""

from __future__ import annotations

import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from tallyproof.election.canvass import Status
from tallyproof.services import cases, checking, findings, importing
from tallyproof.services.access import Actor
from tallyproof.services.cases import CaseState
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


def _request(folder: Path, step: dict[str, Any]) -> importing.Request:
    return importing.Request(
        tuple(folder / name for name in step["files"]), step["source"], Status(step["status"]), step["as_of"],
        step["election_date"], note=step.get("note", ""),
    )  # fmt: skip


def _record_lives(workspace: Workspace, actor: Actor, lives: list[dict[str, Any]]) -> None:
    """What was said of findings in 2016, each step once."""
    for life in lives:
        known = cases.state(workspace, actor, CASE).life(life["finding"])
        for step in life["steps"][len(known.history) :]:
            verb = {"explained": findings.explain, "resolved": findings.resolve}[step["state"]]
            verb(workspace, actor, CASE, life["finding"], step["words"], step["cite"])
