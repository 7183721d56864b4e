"""``tallyproof ledger``: verify the chain, list its events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.store.chain import Head

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Published = Annotated[
    str,
    typer.Option(
        "--head", help="A head published earlier, as NUMBER:HASH; it must still be in the chain of --case."
    ),
]


Record = Annotated[
    Path | None,
    typer.Option(
        "--record", help="A published folder, or its record.json, to check instead; no ledger is needed."
    ),
]


@app.command("verify", help="Check every link; name the first broken one.")
def verify(
    case: options.Case = "", head: Published = "", record: Record = None, home: options.Home = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    """Exit 0 when the chain holds, 2 when a link is broken."""
    from tallyproof.cli import show

    if record is not None:
        options.refuse("about a published record", case=case, head=head, home=home)
        raise typer.Exit(0 if _record(record, json=json) else 2)
    published = _published(case, head)
    verified = options.workspace(home).ledger.verify(case or None, published=published)
    if case and verified.holds and not verified.events:
        raise RequestError(f"There is no case '{case}' in this ledger. List them with: tallyproof case list")
    if json:
        show.as_json(
            {
                "holds": verified.holds,
                "heads": {
                    name: {"event": each.sequence, "hash": each.hash} for name, each in verified.heads.items()
                },
                "broken": [
                    {"case": each.case, "event": each.sequence, "what": each.what.value}
                    for each in verified.broken
                ],
            }
        )
    else:
        for name, each in verified.heads.items():
            held = "holds" if each.sequence == 1 else "hold"
            show.say(f"{name}: {show.counted(each.sequence, 'event')} {held}, head {each.hash}")
        for link in verified.broken:
            show.say(f"{link.case}: event {link.sequence:,} is broken: {link.what.value}")
        if verified.holds:
            show.say("Every link holds.")
    raise typer.Exit(0 if verified.holds else 2)


def _record(path: Path, *, json: bool) -> bool:
    """Say whether a published folder is as it was published."""
    from tallyproof.cli import show
    from tallyproof.services import records

    checked = records.check_record(path)
    head = {"event": checked.head.sequence, "hash": checked.head.hash}
    if json:
        link = checked.broken
        broken = {"event": link.sequence, "what": link.what.value} if link else None
        show.as_json(
            {"holds": checked.holds, "case": checked.case, "head": head, "manifest": checked.manifest,
             "broken": broken, "changed": list(checked.changed), "missing": list(checked.missing)}
        )  # fmt: skip
        return checked.holds
    show.say(f"{checked.case}: {show.counted(checked.head.sequence, 'event')}, head {checked.head.hash}")
    show.say(f"record.json: SHA-256 {checked.manifest}")
    if checked.broken:
        show.say(f"Event {checked.broken.sequence:,} is broken: {checked.broken.what.value}")
    for word, names in (("changed", checked.changed), ("missing", checked.missing)):
        for name in names:
            show.say(f"{name} is {word}.")
    if checked.holds:
        show.say(f"Every link holds, and all {checked.files:,} files are as they were published.")
    return checked.holds


def _published(case: str, text: str) -> dict[str, Head] | None:
    from tallyproof.store.chain import Head as Stated

    if not text:
        return None
    number, _, digest = text.partition(":")
    if not (case and number.isascii() and number.isdigit() and len(number) < 16 and len(digest) == 64):
        raise RequestError("Give --head as NUMBER:HASH (64 hexadecimal digits) together with --case.")
    return {case: Stated(int(number), digest)}


@app.command("events", help="The events of a case, oldest first.")
def events(case: options.Case, home: options.Home = None, json: options.Json = False) -> None:
    """Each event as it was recorded."""
    from tallyproof.cli import show
    from tallyproof.services import access, cases

    workspace = options.workspace(home)
    cases.state(workspace, access.terminal(), case)
    found = list(workspace.ledger.events(case))
    if json:
        show.as_json(
            [
                {
                    "case": e.case,
                    "sequence": e.sequence,
                    "at": e.at,
                    "actor": e.actor,
                    "kind": e.kind,
                    "body": e.body,
                    "previous": e.previous,
                    "hash": e.hash,
                }
                for e in found
            ]
        )
    else:
        show.table(
            ["event", "at", "actor", "what", "hash"],
            [(e.sequence, f"{e.at[:19]}Z", e.actor, e.kind, e.hash[:16]) for e in found],
        )
