"""``tallyproof publish``: the public pages of a case as a folder for any web host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tallyproof.cli import options

Name = Annotated[str, typer.Argument(metavar="CASE", help="Short name of the case.")]
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A new or empty folder, or one published before.")
]


def publish(case: Name, folder: Folder, by: options.By = "", home: options.Home = None) -> None:
    """Write the pages and data, and record in the ledger what was published."""
    from tallyproof.cli import show
    from tallyproof.services import access, publishing
    from tallyproof.web.static import site

    done = publishing.publish(options.workspace(home), access.terminal(by), case, folder, site)
    show.done()
    show.say(f"{done.case.title}: {done.files:,} files, {done.size:,} bytes, published to {folder}.")
    show.say(f"Open {folder / 'index.html'}, or copy the folder to any web host.")
    show.say(f"Ledger head: event {done.head.sequence}, SHA-256 {done.head.hash}")
    show.say(f"SHA-256 of {publishing.RECORD}: {done.manifest}")
    if done.already:
        show.say("The ledger knew of this publication already; nothing was added to it.")
