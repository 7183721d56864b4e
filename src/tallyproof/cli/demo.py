"""``tallyproof demo`` and ``tallyproof serve``: the example case, and the pages on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options

if TYPE_CHECKING:
    from tallyproof.services.workspace import Workspace

Host = Annotated[
    str,
    typer.Option("--host", help="Address to listen on; beyond this machine only once somebody can sign in."),
]
Names = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A name under which others reach the pages; may be given again."),
]
Proxy = Annotated[
    str,
    typer.Option("--https-proxy", help="Address of the proxy that speaks https for the pages, as 127.0.0.1."),
]
Port = Annotated[int, typer.Option("--port", help="Port to listen on; 0 takes a free one.")]
NoServe = Annotated[bool, typer.Option("--no-serve", help="Stop after printing.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8016,
    allow_host: Names = None,
    https_proxy: Proxy = "",
    home: options.Home = None,
) -> None:
    """Show the pages until interrupted."""
    _serve(options.workspace(home), host, port, tuple(allow_host or ()), https_proxy)


def _serve(workspace: Workspace, host: str, port: int, names: tuple[str, ...] = (), proxy: str = "") -> None:
    from tallyproof.cli import show
    from tallyproof.web import serve as web_serve
    from tallyproof.web.serving import Serving

    def ready(address: str) -> None:
        show.say(f"\nPages: {address}   (stop with Ctrl-C)")
        if names and not proxy:
            show.tell(
                "Passwords and pages travel unencrypted. Put a proxy that speaks https before them, and say "
                "its address with --https-proxy."
            )

    web_serve(workspace, host, port, ready, Serving(names, proxy))


def demo(no_serve: NoServe = False, port: Port = 8016, home: options.Home = None) -> None:
    """Build the example cases (once), print their headline results, then serve their pages."""
    from tallyproof.cli import demo_cards, show
    from tallyproof.services import access, example

    workspace = options.workspace(home)
    actor = access.terminal()
    example.build(workspace, actor)
    demo_cards.build(workspace, actor)
    show.done()
    for line in (*example.headlines(workspace, access.READER), *demo_cards.headlines(workspace, actor)):
        text = line.lstrip()
        show.wrapped(text, line[: len(line) - len(text)])
    if not no_serve:
        _serve(workspace, "127.0.0.1", port)
