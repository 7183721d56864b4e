"""Everything is private until it is published: what strangers, readers and officials see of cases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof import web
from tallyproof.services import access, cases, example, publishing
from tallyproof.services.workspace import Workspace
from tallyproof.web.carried import ACCOUNT
from tallyproof.web.serving import Serving
from tallyproof.web.static import site

from .official import Official, add_person
from .test_reply import FINDING, fault_case

SignedIn = Callable[..., Official]
BEYOND = Serving(hosts=("tally.example.org",), beyond=True)
ADDRESSES = (
    "", "checks/", f"findings/{FINDING}/", "contests/wi-president/", "units/", "units/wi/rock/",
    "search/?q=birch", "record/", "imports/2/", "imports/99/", "data/case.json", "data/findings.csv",
    "data/record.json", "?as_of=2024-12-01",
)  # fmt: skip


def test_without_any_account_this_machine_reads_everything(tmp_path: Path, home: Workspace) -> None:
    """One person with one machine needs no account."""
    fault_case(home, tmp_path)
    one = Official(web.application(home))
    assert one.get("/demo/").status == 200
    assert "Sign in" not in one.get("/").html


@pytest.mark.parametrize("serving", [Serving(), BEYOND])
def test_a_stranger_is_told_the_same_of_a_private_case_as_of_none(
    tmp_path: Path, home: Workspace, serving: Serving
) -> None:
    """Every page and data file is 404, with the words for a case that was never there."""
    fault_case(home, tmp_path)
    add_person(home)
    stranger = Official(web.application(home, serving), host="localhost")
    for address in ADDRESSES:
        private, never = stranger.get(f"/demo/{address}"), stranger.get(f"/nope/{address}")
        assert private.status == 404, address
        assert _as_if_never(private.html) == never.html, address
    front = stranger.get("/")
    assert "Sign in to see the cases of this place." in front.text
    assert "demo" not in front.html


def _as_if_never(html: str) -> str:
    """The page under the other address: its own path, in words and in links."""
    return (
        html.replace("/demo/", "/nope/").replace("%2Fdemo%2F", "%2Fnope%2F").replace("case demo", "case nope")
    )


def test_beyond_this_machine_nothing_is_shown_even_without_an_account(home: Workspace) -> None:
    """A server that others reach never tells a stranger anything."""
    cases.open_case(home, access.terminal(), "demo")
    stranger = Official(web.application(home, BEYOND), host="tally.example.org")
    assert stranger.get("/demo/").status == 404


def test_a_published_case_is_read_in_its_folder_not_on_the_server(tmp_path: Path, home: Workspace) -> None:
    """The folder is what was published; the server may know of more, so strangers do not read it there."""
    fault_case(home, tmp_path)
    add_person(home)
    publishing.publish(home, access.terminal(), "demo", tmp_path / "site", site)
    assert Official(web.application(home)).get("/demo/").status == 404
    written = [path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert written
    assert not [each for each in written if "sign-in" in each or "<form" in each or "Jo Doe" in each]


def test_the_example_case_stays_open_on_this_machine_only(home: Workspace) -> None:
    """It is public anyway; beyond this machine a server shows nothing without sign-in."""
    cases.open_case(home, access.terminal(), example.CASE)
    add_person(home)
    assert Official(web.application(home)).get(f"/{example.CASE}/").status == 200
    assert Official(web.application(home, BEYOND)).get(f"/{example.CASE}/").status == 404


def test_an_official_sees_the_cases_given_and_no_others(home: Workspace, signed_in: SignedIn) -> None:
    """Others are as good as not there, also in the list and for an administrator of none."""
    for name in ("mine", "theirs"):
        cases.open_case(home, access.terminal(), name)
    jo = signed_in(home, cases=["mine"])
    assert jo.get("/mine/").status == 200
    assert jo.get("/theirs/").status == 404
    assert "theirs" not in jo.get("/").html
    assert signed_in(home, "Ann Admin", "administrator").get("/theirs/").status == 200


def test_a_disabled_account_is_out_at_once(home: Workspace, signed_in: SignedIn) -> None:
    """Also where it is signed in; and it comes back when it is enabled."""
    from tallyproof.web.accounts import people

    cases.open_case(home, access.terminal(), "mine")
    jo = signed_in(home, cases=["mine"])
    people.disable(home, "Jo Doe")
    assert jo.get("/mine/").status == 404
    assert jo.sign_in().status == 422
    people.enable(home, "Jo Doe")
    assert jo.sign_in().status == 302


def test_a_case_is_opened_by_an_official_who_then_takes_part(home: Workspace) -> None:
    """A name that is taken by a case of others is refused, and gives no part in it."""
    from django.http import HttpRequest

    from tallyproof.errors import RequestError
    from tallyproof.web.accounts import actors, database, opening
    from tallyproof.web.accounts.models import Account
    from tallyproof.web.carried import carry

    cases.open_case(home, access.terminal(), "theirs")
    add_person(home)
    request = HttpRequest()
    carry(request.META, home)
    with database.at_hand(home):
        request.META[ACCOUNT] = jo = Account.objects.get()
        opened = opening.open_case(request, actors.acting(jo), "mine", title="Mine")
        with pytest.raises(RequestError, match="There is a case theirs already"):
            opening.open_case(request, actors.acting(jo), "theirs")
        assert opened.acts_on("mine")
        assert actors.acting(jo).cases == frozenset({"mine"})
