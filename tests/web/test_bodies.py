"""Requests that are too large are refused in words before their body is read."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tallyproof import web
from tallyproof.services.workspace import Workspace

from .official import Official, add_person


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


def test_an_upload_beyond_the_limit_is_refused_by_its_announced_length(
    server: tuple[str, int], opened_home: Workspace
) -> None:
    add_person(opened_home)
    jo = Official(web.application(opened_home))
    jo.sign_in()
    head = (
        f"POST /demo/upload/ HTTP/1.1\nHost: localhost\nCookie: tallyproof={jo.cookies['tallyproof']}\n"
        "Content-Length: 600000000"
    )
    answer = ask(server, head)  # not one byte of the body was sent
    assert answer.startswith("HTTP/1.1 413")
    assert "More than 2 MB at once is not taken here; nothing of it was kept." in answer


def test_a_strangers_whole_files_are_refused_by_their_announced_length(server: tuple[str, int]) -> None:
    head = "POST /demo/upload/ HTTP/1.1\nHost: localhost\nContent-Length: 600000000"
    answer = ask(server, head)  # not one byte of the body was sent
    assert answer.startswith("HTTP/1.1 413")
    assert "You are not signed in" in answer


def test_an_upload_that_announces_nothing_is_refused_as_soon_as_the_limit_is_crossed(
    server: tuple[str, int],
) -> None:
    head = "POST /demo/upload/ HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\nConnection: close"
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    assert ask(server, head, piece * 60).startswith("HTTP/1.1 413")


def parser(path: str, cookies: str = "", length: int = 100_000_000) -> Any:
    """A parser that was given the head of a large request; only the cookie "known" is somebody's."""
    from waitress.adjustments import Adjustments

    from tallyproof.web.bodies import Parser

    settings = Adjustments(max_request_body_size=500_000_000)
    settings.is_signed_in = lambda given: given == "known"
    reading = Parser(settings)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: {length}\r\n\r\n"
    reading.received(head.encode())
    reading.close()
    return reading


def test_whole_files_are_taken_at_one_address_of_those_signed_in() -> None:
    from tallyproof.web.bodies import LARGEST_FORM, TooLarge

    assert parser("/demo/upload/", "known").error is None
    assert isinstance(parser("/solve", "known").error, TooLarge) and LARGEST_FORM < 100_000_000
    forgotten = parser("/demo/upload/", "forgotten")
    assert isinstance(forgotten.error, TooLarge) and "Sign in, then send them again." in forgotten.error.body
    assert isinstance(parser("/demo/upload/").error, TooLarge)
    assert parser("/demo/upload/", length=LARGEST_FORM).error is None


def test_only_the_cookie_of_a_living_session_is_known(home: Workspace) -> None:
    from tallyproof.web.bodies import asks_for_sign_in

    is_signed_in = asks_for_sign_in(home)
    assert not is_signed_in("tallyproof=abc")  # nobody was ever given an account
    add_person(home)
    jo = Official(web.application(home))
    jo.sign_in()
    assert is_signed_in(f"other=1; tallyproof={jo.cookies['tallyproof']}")
    assert not is_signed_in("tallyproof=0123456789abcdef0123456789abcdef")
    assert not is_signed_in("")


def test_a_small_request_is_answered(server: tuple[str, int]) -> None:
    answer = ask(server, "GET /-/sign-in/ HTTP/1.1\nHost: localhost\nConnection: close")
    assert answer.startswith("HTTP/1.1 200")
