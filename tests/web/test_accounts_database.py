"""Where accounts lie: in a file of their owner's, or in the PostgreSQL database of the ledger."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.errors import RequestError, StoreError
from tallyproof.services import access, cases
from tallyproof.services.workspace import Workspace
from tallyproof.web import server
from tallyproof.web.serving import Serving

from .official import Official, add_person
from .test_reply import PAGE, REPLY, WORDS, fault_case


@pytest.fixture
def shared_home(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose ledger and accounts lie in PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    return open_workspace(tmp_path / "home")


@pytest.mark.postgres
def test_officials_sign_in_and_reply_on_postgresql(shared_home: Workspace, tmp_path: Path) -> None:
    """The whole way, with no SQLite file of accounts; limits of attempts hold as well."""
    fault_case(shared_home, tmp_path)
    pages = web.application(shared_home)
    assert Official(pages).get("/demo/").status == 200
    add_person(shared_home, cases=["demo"])
    jo = Official(pages)
    assert jo.get("/demo/").status == 404
    assert jo.sign_in().status == 302
    assert jo.post(REPLY, WORDS).status == 302
    assert "The tape reads 155." in jo.get(PAGE).text
    told = [Official(pages).sign_in(password="wrong").status for _ in range(6)]
    assert told == [422] * 6
    assert not (Path(shared_home.place) / "accounts.sqlite3").exists()


@pytest.mark.postgres
def test_several_machines_make_the_tables_at_once(shared_home: Workspace) -> None:
    """The database is prepared by several processes at the same moment, and once."""
    import subprocess
    import sys

    code = (
        "import sys; from tallyproof.bootstrap import open_workspace as o; w = o(sys.argv[1]);"
        "from tallyproof.web.django_setup import configure; configure();"
        "from tallyproof.web.accounts import people;"
        "people.add(w, sys.argv[2], 'official', 'four-plain-words-x')"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, shared_home.place, f"Person {n}"], env=os.environ)
        for n in range(3)
    ]
    assert [each.wait(120) for each in started] == [0, 0, 0]
    from tallyproof.web.accounts import people

    assert len(people.people(shared_home)) == 3


def test_reading_alone_makes_no_accounts(home: Workspace) -> None:
    """Without ``user add`` there is no database of accounts, only the key of the forms."""
    assert Official(web.application(home)).get("/").status == 200
    assert not (Path(home.place) / "accounts.sqlite3").exists()


def test_an_account_made_while_the_pages_are_served_counts_at_once(home: Workspace) -> None:
    """The next request knows of it, and shows strangers nothing any more."""
    cases.open_case(home, access.terminal(), "demo")
    pages = web.application(home)
    assert Official(pages).get("/demo/").status == 200
    add_person(home)
    assert Official(pages).get("/demo/").status == 404
    assert Official(pages).sign_in().status == 302


def test_two_places_in_one_process_know_nothing_of_each_other(
    home: Workspace, tmp_path: Path, signed_in: Callable[..., Official]
) -> None:
    """Accounts and sessions of one are worth nothing in the other."""
    other = open_workspace(tmp_path / "other")
    add_person(other, "Other Person")
    jo = signed_in(home)
    elsewhere = Official(web.application(other))
    elsewhere.cookies |= jo.cookies
    assert "Sign out" not in elsewhere.get("/").html
    assert elsewhere.sign_in("Jo Doe").status == 422


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    """Also where several begin at the same moment."""
    from tallyproof.web.accounts import secret

    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(secret.key(tmp_path))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert (tmp_path / secret.FILE).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [secret.FILE]


def test_a_broken_key_is_refused_in_words(tmp_path: Path) -> None:
    """An empty file is no key."""
    from tallyproof.web.accounts import secret

    (tmp_path / secret.FILE).write_text("")
    with pytest.raises(StoreError, match="holds no whole key. Remove it"):
        secret.key(tmp_path)


def test_a_file_that_is_no_database_is_refused_in_words(home: Workspace) -> None:
    """Its bytes are left alone."""
    from tallyproof.web.accounts import people

    path = Path(home.place) / "accounts.sqlite3"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StoreError, match="The database of the accounts cannot be used"):
        people.people(home)


def test_pages_say_so_where_the_accounts_cannot_be_read(home: Workspace) -> None:
    """Nothing of a case is shown then, because nobody can say who asks."""
    cases.open_case(home, access.terminal(), "demo")
    (Path(home.place) / "accounts.sqlite3").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StoreError):
        web.application(home)
    path = Path(home.place) / "accounts.sqlite3"
    path.unlink()
    pages = web.application(home)
    path.write_bytes(b"nothing of the kind" * 100)
    answer = Official(pages).get("/demo/")
    assert answer.status == 500
    assert "The database of the accounts cannot be used" in answer.text
    assert Official(pages).get("/").status == 500


# ---- beyond this machine


def test_beyond_this_machine_needs_a_name_and_an_administrator(home: Workspace) -> None:
    """First somebody who can sign in, then the name that the pages answer to."""
    add_person(home)
    with pytest.raises(RequestError, match="tallyproof user add NAME --role administrator"):
        server.listening(home, "0.0.0.0", Serving(("tally.example.org",)))
    add_person(home, "Ann Admin", "administrator")
    with pytest.raises(RequestError, match="--allow-host"):
        server.listening(home, "0.0.0.0", Serving())
    address, reached = server.listening(home, "0.0.0.0", Serving(("tally.example.org",)))
    assert address == "0.0.0.0"
    assert not reached.is_local


def test_a_proxy_before_the_loopback_counts_as_beyond(home: Workspace) -> None:
    """Whoever comes through it is a stranger, so somebody must be able to sign in."""
    with pytest.raises(RequestError, match="while nobody can sign in"):
        server.listening(home, "127.0.0.1", Serving(("tally.example.org",), "127.0.0.1"))
    add_person(home, "Ann Admin", "administrator")
    with pytest.raises(RequestError, match="is no address of a proxy"):
        server.listening(home, "127.0.0.1", Serving(("tally.example.org",), "proxy.example.org"))


@pytest.mark.parametrize(("proxy", "is_believed"), [("127.0.0.1", True), ("192.0.2.1", False), ("", False)])
def test_https_is_believed_only_of_the_proxy_that_was_named(
    home: Workspace, proxy: str, is_believed: bool
) -> None:
    """Anybody else may write the header and gains nothing by it."""
    import urllib.request

    add_person(home, "Ann Admin", "administrator")
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address)
        is_ready.set()

    serving = Serving(("tally.example.org",), proxy)
    threading.Thread(target=web.serve, args=(home, "127.0.0.1", 0, ready, serving), daemon=True).start()
    assert is_ready.wait(20)
    request = urllib.request.Request(
        f"{told[0]}-/sign-in/", headers={"Host": "tally.example.org", "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request) as answer:
        assert ("Secure" in answer.headers["Set-Cookie"]) is is_believed
