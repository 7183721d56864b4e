"""Requests that are too large are refused in words before their body is read."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tallyproof import web
from tallyproof.services.workspace import Workspace


@pytest.fixture
def server(opened_home: Workspace) -> Iterator[tuple[str, int]]:
    """A server that takes uploads of 2 MB."""
    told: list[str] = []
    is_ready = threading.Event()
    home = replace(opened_home, largest_upload=2_000_000)

    def ready(address: str) -> None:
        told.append(address)
        is_ready.set()

    threading.Thread(target=web.serve, args=(home, "127.0.0.1", 0, ready), daemon=True).start()
    assert is_ready.wait(20)
    parts = urlsplit(told[0])
    yield str(parts.hostname), int(parts.port or 0)


def ask(server: tuple[str, int], head: str, body: bytes = b"") -> str:
    with socket.create_connection(server, timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        try:
            for start in range(0, len(body), 65_536):
                connection.sendall(body[start : start + 65_536])
        except ConnectionError:
            pass  # refused before the rest was read
        answer = b""
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except ConnectionError:
            pass
        return answer.decode()


def test_an_upload_beyond_the_limit_is_refused_by_its_announced_length(server: tuple[str, int]) -> None:
    head = "POST /demo/upload/ HTTP/1.1\nHost: localhost\nContent-Length: 600000000"
    answer = ask(server, head)  # not one byte of the body was sent
    assert answer.startswith("HTTP/1.1 413")
    assert "More than 2 MB at once is not taken here; nothing of it was kept." in answer


def test_an_upload_that_announces_nothing_is_refused_as_soon_as_the_limit_is_crossed(
    server: tuple[str, int],
) -> None:
    head = "POST /demo/upload/ HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\nConnection: close"
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    assert ask(server, head, piece * 60).startswith("HTTP/1.1 413")


def test_other_addresses_take_no_whole_files(opened_home: Workspace) -> None:
    from waitress.adjustments import Adjustments

    from tallyproof.web.bodies import LARGEST_FORM, Parser, TooLarge

    head = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"
    refused, taken = (
        Parser(Adjustments(max_request_body_size=500_000_000)),
        Parser(Adjustments(max_request_body_size=500_000_000)),
    )
    refused.received(head.format("/solve").encode())
    taken.received(head.format("/demo/upload/").encode())
    assert isinstance(refused.error, TooLarge) and LARGEST_FORM < 100_000_000
    assert taken.error is None
    for each in (refused, taken):
        each.close()


def test_a_small_request_is_answered(server: tuple[str, int]) -> None:
    answer = ask(server, "GET /-/sign-in/ HTTP/1.1\nHost: localhost\nConnection: close")
    assert answer.startswith("HTTP/1.1 200")
