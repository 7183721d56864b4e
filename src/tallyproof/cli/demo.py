"""``tallyproof demo`` and ``tallyproof serve``: the example case, and the pages on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options

if TYPE_CHECKING:
    from tallyproof.services.workspace import Workspace

Host = Annotated[str, typer.Option("--host", help="Address to listen on; only this machine's own for now.")]
Port = Annotated[int, typer.Option("--port", help="Port to listen on; 0 takes a free one.")]
NoServe = Annotated[bool, typer.Option("--no-serve", help="Stop after printing.")]


def serve(host: Host = "127.0.0.1", port: Port = 8016, home: options.Home = None) -> None:
    """Show the pages until interrupted."""
    _serve(options.workspace(home), host, port)


def _serve(workspace: Workspace, host: str, port: int) -> None:
    from tallyproof.cli import show
    from tallyproof.web import serve as web_serve

    def ready(address: str) -> None:
        show.say(f"\nPages: {address}   (stop with Ctrl-C)")

    web_serve(workspace, host, port, ready)


def demo(no_serve: NoServe = False, port: Port = 8016, home: options.Home = None) -> None:
    """Build the example case (once), print its headline results, then serve its pages."""
    from tallyproof.cli import show
    from tallyproof.services import access, example

    workspace = options.workspace(home)
    example.build(workspace, access.terminal())
    show.done()
    for line in example.headlines(workspace, access.READER):
        text = line.lstrip()
        show.wrapped(text, line[: len(line) - len(text)])
    if not no_serve:
        _serve(workspace, "127.0.0.1", port)
