"""Starts the pages: a WSGI application for any server, and a server of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from tallyproof.errors import RequestError
from tallyproof.web.carried import carry
from tallyproof.web.serving import LOCAL, Serving

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tallyproof.services.workspace import Workspace

    Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

THREADS = 4


def application(workspace: Workspace, serving: Serving = LOCAL) -> Application:
    """The pages of a workspace as a WSGI application.

    Raises RuntimeError where a page has no access rule.
    """
    from tallyproof.web.django_setup import answer_to, handler, use_key_of

    answer = handler()
    use_key_of(workspace)
    answer_to(serving.hosts)
    from tallyproof.web.accounts import database

    database.is_there(workspace)

    def pages(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        carry(environ, workspace, serving)
        with database.at_hand(workspace):
            return answer(environ, start_response)

    return pages


def serve(
    workspace: Workspace, host: str, port: int, ready: Callable[[str], None], serving: Serving = LOCAL
) -> None:
    """Serve the pages until interrupted; ``ready`` is told their address once they can be asked for.

    Port 0 takes a free one. Raises RequestError for an address beyond this machine while no
    administrator can sign in or no name is allowed, and for a port that is taken.
    """
    address, reached = listening(workspace, host, serving)
    server = _server(workspace, address, port, reached)
    ready(f"http://{f'[{address}]' if ':' in address else address}:{server.effective_port}/")
    try:
        server.run()
    finally:
        server.close()


def listening(workspace: Workspace, host: str, serving: Serving) -> tuple[str, Serving]:
    """The address to listen on, and who reaches it. Raises RequestError where strangers would."""
    named = "127.0.0.1" if host.casefold() in {"localhost", ""} else host.strip("[]")
    try:
        beyond = not ip_address(named).is_loopback
    except ValueError:
        raise RequestError(
            f"{host} is no address. Use --host 127.0.0.1 for this machine only, "
            "or 0.0.0.0 for every network that it is on."
        ) from None
    reached = replace(serving, beyond=beyond)
    if not reached.is_local:
        _require_sign_in(workspace, reached)
    return named, reached


def _require_sign_in(workspace: Workspace, serving: Serving) -> None:
    from tallyproof.web.django_setup import configure

    configure()
    from tallyproof.web.accounts.people import has_administrator

    if not has_administrator(workspace):
        raise RequestError(
            "Pages are shown to this machine only while nobody can sign in. "
            "Make an administrator first: tallyproof user add NAME --role administrator"
        )
    if serving.proxy:
        _require_address(serving.proxy)
    if not serving.hosts:
        raise RequestError(
            "Say under which name others reach the pages, such as --allow-host tally.example.org; "
            "requests under any other name are refused."
        )


def _require_address(proxy: str) -> None:
    try:
        ip_address(proxy)
    except ValueError:
        raise RequestError(
            f"{proxy} is no address of a proxy. Write the one that it connects from, such as 127.0.0.1."
        ) from None


def _server(workspace: Workspace, address: str, port: int, serving: Serving) -> Any:
    from waitress import create_server

    from tallyproof.web import bodies

    if not 0 <= port <= 65_535:
        raise RequestError(f"{port} is no port. Choose one from 0 to 65535.")
    try:
        server = create_server(
            application(workspace, serving), host=address, port=port, threads=THREADS, ident=None,
            max_request_body_size=bodies.largest(workspace), **_trusting(serving.proxy),
        )  # fmt: skip
    except OSError as fault:
        raise RequestError(
            f"Port {port} of {address} cannot be used ({fault.strerror or fault}). "
            "Choose another with --port, or 0 for any free one."
        ) from fault
    server.adj.is_signed_in = bodies.asks_for_sign_in(workspace)
    server.channel_class = bodies.Channel  # one listener: the address is a number, no name
    return server


def _trusting(proxy: str) -> dict[str, Any]:
    """What the server believes of a proxy's headers: nothing, unless it was told the proxy's address."""
    if not proxy:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }
