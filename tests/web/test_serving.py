"""The server on this machine, and the headers that every answer carries."""

import socket
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof import web
from tallyproof.errors import RequestError
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

ADDRESSES = (
    "/",
    "/upper-midwest-2016/record/",
    "/no-such-case/",
    "/upper-midwest-2016/?as_of=x",
    "/-/icon.svg",
)


def test_ready_is_told_an_address_that_answers(home: Workspace) -> None:
    """Port 0 takes a free port, and the address works at once."""
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address)
        is_ready.set()

    threading.Thread(target=web.serve, args=(home, "localhost", 0, ready), daemon=True).start()
    assert is_ready.wait(20)
    with urllib.request.urlopen(told[0]) as answer:
        assert b"None yet." in answer.read()
        assert "Server" not in answer.headers


def test_a_port_that_is_taken_is_refused_in_words(home: Workspace) -> None:
    """The sentence names the port and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RequestError, match=f"Port {port} .* Choose another with --port"):
            web.serve(home, "127.0.0.1", port, lambda address: None)


def test_a_port_that_is_none_is_refused_in_words(home: Workspace) -> None:
    """70000 is beyond the last port."""
    with pytest.raises(RequestError, match="70000 is no port"):
        web.serve(home, "127.0.0.1", 70_000, lambda address: None)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_forbids_scripts_frames_and_foreign_sources(
    example_pages: Visitor, address: str
) -> None:
    """Pages, faults and files alike: nothing runs, nothing is loaded from elsewhere."""
    headers = example_pages.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_holds_a_script_a_style_or_an_address_elsewhere() -> None:
    """The templates keep to what the headers allow, so that nothing is lost by them."""
    templates = Path(web.__file__).parent / "templates"
    for template in templates.glob("*.html"):
        html = template.read_text(encoding="utf-8").casefold()
        assert not [
            word for word in ("<script", "style=", "onclick", "//", "<iframe", "@import") if word in html
        ]


def test_the_style_sheet_is_kept_by_browsers_only_under_its_own_hash(example_pages: Visitor) -> None:
    """An altered style sheet has another address; the plain address is asked for anew each time."""
    page = example_pages.get("/")
    address = page.html.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in example_pages.get(address).headers["Cache-Control"]
    assert example_pages.get("/-/tallyproof.css").headers["Cache-Control"] == "no-cache"


def test_nothing_but_our_own_files_is_handed_out(example_pages: Visitor) -> None:
    """Names that would leave the folder, or that are not listed, are not found."""
    for name in ("settings.py", "..%2fsettings.py", "tallyproof.css/../../settings.py", "__init__.py"):
        assert example_pages.get(f"/-/{name}").status == 404


def test_two_workspaces_are_served_by_one_process(
    example_pages: Visitor, home: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """Each application answers from the workspace it was given."""
    assert "None yet." in visit(home).get("/").text
    assert "Upper Midwest 2016" in example_pages.get("/").text


def test_the_command_line_does_not_pay_for_the_pages() -> None:
    """Importing the package of pages imports neither Django nor the server."""
    import subprocess
    import sys

    code = "import sys, tallyproof.web; print(sorted({'django', 'waitress', 'polars'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
