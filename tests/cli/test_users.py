"""``tallyproof user``: accounts made at the terminal, without a default password."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run

PASSWORD = "four-plain-words-here"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input holds the password."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))


def test_an_administrator_is_made_and_listed(run: Run, typed: None) -> None:
    """The list says what the ledger will say of the person, and never the password."""
    made = run("user", "add", "Ann Admin", "--role", "administrator", "--password-stdin")
    assert made.code == 0
    assert "Ann Admin can sign in as administrator" in made.out
    found = json.loads(run("user", "list", "--json").out)
    assert [(each["name"], each["role"], each["active"]) for each in found] == [
        ("Ann Admin", "administrator", True)
    ]
    assert found[0]["actor"] in made.out
    assert PASSWORD not in made.out + made.err


def test_nobody_is_made_without_a_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No default: an empty line, a short one and a missing terminal are refused in words."""
    for text, told in (("", "No password came"), ("short\n", "at least 12 characters")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        ran = run("user", "add", "Jo", "--password-stdin")
        assert ran.code == 1
        assert told in ran.err
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "Use --password-stdin" in run("user", "add", "Jo").err
    assert "No accounts yet." in run("user", "list").out


def test_a_terminal_is_asked_twice_and_shows_nothing(home: Path) -> None:
    """The password is typed at a terminal of its own, and does not appear on it."""
    main, child = pty.openpty()
    command = "from tallyproof.cli.main import main; main()"
    started = subprocess.Popen(
        [sys.executable, "-c", command, "user", "add", "Jo Doe"],
        stdin=child, stdout=child, stderr=child, start_new_session=True,
        env={**os.environ, "TALLYPROOF_HOME": str(home)}, preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(child)
    shown = b""
    for prompt in (b"not shown): ", b"again: "):
        while not shown.endswith(prompt):
            shown += os.read(main, 1024)
        os.write(main, f"{PASSWORD}\n".encode())
    assert started.wait(60) == 0
    shown += os.read(main, 4096)
    assert PASSWORD.encode() not in shown
    assert b"Jo Doe can sign in as official" in shown


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_unknown_cases_roles_and_names_are_refused(run: Run, typed: None) -> None:
    """Before any password is asked for."""
    assert "There is no case 'nope'" in run("user", "add", "Jo", "--case", "nope", "--password-stdin").err
    assert "is no role" in run("user", "add", "Jo", "--role", "king", "--password-stdin").err
    for command in ("remove", "restore", "password", "cases"):
        assert "There is no account of the name" in run("user", command, "Nobody").err


def test_cases_and_roles_are_changed_and_people_removed_and_restored(run: Run, typed: None) -> None:
    """Each says what is so from now on; the removed one stays in the list."""
    run("case", "open", "demo")
    run("user", "add", "Jo Doe", "--password-stdin")
    assert "takes part in: demo." in run("user", "cases", "jo doe", "demo").out
    assert "is reader from now on" in run("user", "role", "Jo Doe", "reader").out
    assert "can no longer sign in" in run("user", "remove", "Jo Doe").out
    assert "disabled" in run("user", "list").out
    assert "can sign in again" in run("user", "restore", "Jo Doe").out


def test_serving_to_others_is_refused_while_nobody_can_sign_in(run: Run) -> None:
    """One plain sentence with the command that helps."""
    ran = run("serve", "--host", "0.0.0.0", "--allow-host", "tally.example.org")
    assert ran.code == 1
    assert "tallyproof user add NAME --role administrator" in ran.err
