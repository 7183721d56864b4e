"""Starts the pages: a WSGI application for any server, and one server for this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from tallyproof.errors import RequestError
from tallyproof.web.carried import carry

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from tallyproof.services.workspace import Workspace

    Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

THREADS = 4


def application(workspace: Workspace) -> Application:
    """The pages of a workspace as a WSGI application.

    Raises RuntimeError where a page has no access rule.
    """
    from tallyproof.web.django_setup import handler

    answer = handler()

    def pages(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        carry(environ, workspace)
        return answer(environ, start_response)

    return pages


def serve(workspace: Workspace, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the pages until interrupted; ``ready`` is told their address once they can be asked for.

    Port 0 takes a free one. Raises RequestError for an address beyond this machine, because officials
    cannot sign in yet, and for a port that is taken.
    """
    address = own_address(host)
    server = _server(application(workspace), address, port)
    ready(f"http://{f'[{address}]' if ':' in address else address}:{server.effective_port}/")
    try:
        server.run()
    finally:
        server.close()


def own_address(host: str) -> str:
    """The host as an address of this machine. Raises RequestError where others could reach it."""
    named = "127.0.0.1" if host.casefold() in {"localhost", ""} else host.strip("[]")
    try:
        is_own = ip_address(named).is_loopback
    except ValueError:
        is_own = False
    if not is_own:
        raise RequestError(
            f"Pages are shown on this machine only, not on {host}: there is no sign-in yet that would keep "
            "unpublished figures from others. Use --host 127.0.0.1."
        )
    return named


def _server(pages: Application, address: str, port: int) -> Any:
    from waitress import create_server

    if not 0 <= port <= 65_535:
        raise RequestError(f"{port} is no port. Choose one from 0 to 65535.")
    try:
        return create_server(
            pages, host=address, port=port, threads=THREADS, ident=None, max_request_body_size=65_536
        )
    except OSError as fault:
        raise RequestError(
            f"Port {port} of {address} cannot be used ({fault.strerror or fault}). "
            "Choose another with --port, or 0 for any free one."
        ) from fault
