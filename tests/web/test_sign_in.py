"""Signing in and out: who gets in, who does not, and what a stranger can learn or send."""

import re
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import thread_time

import pytest

from tallyproof import web
from tallyproof.services.workspace import Workspace
from tallyproof.web.serving import Serving

from .official import PASSWORD, Official, add_person

SignedIn = Callable[..., Official]
MISFIT = "Name and password do not fit together."


@pytest.fixture
def stranger(opened_home: Workspace) -> Official:
    """Somebody at a browser of a place where Jo Doe has an account."""
    add_person(opened_home)
    return Official(web.application(opened_home))


def test_somebody_with_the_right_password_is_let_in_and_named(
    opened_home: Workspace, signed_in: SignedIn
) -> None:
    """The top bar says who is signed in, and offers to sign out."""
    page = signed_in(opened_home, "Jo Doe").get("/")
    assert "Signed in as <b>Jo Doe</b>" in page.html
    assert "Sign out" in page.html


@pytest.mark.parametrize("typed", ["jo doe", " Jo  Doe ", "JO DOE"])
def test_a_name_is_the_same_however_it_is_typed(stranger: Official, typed: str) -> None:
    """Capitals and blanks do not matter."""
    assert stranger.sign_in(typed).status == 302


@pytest.mark.parametrize(
    ("name", "password"), [("Jo Doe", "wrong"), ("Nobody", PASSWORD), ("", ""), ("a\x00b", PASSWORD)]
)
def test_a_wrong_name_or_password_gets_the_same_words(stranger: Official, name: str, password: str) -> None:
    """Nothing tells whether there is an account of that name."""
    answer = stranger.sign_in(name, password)
    assert answer.status == 422
    assert MISFIT in answer.text
    assert "Sign out" not in stranger.get("/").html


def test_the_name_typed_is_kept_and_shown_as_text_only(stranger: Official) -> None:
    """A name that would be markup stays a name."""
    answer = stranger.sign_in('"><script>alert(1)</script>', "wrong")
    assert "&quot;&gt;&lt;script&gt;" in answer.html
    assert "<script>" not in answer.html


def test_an_unknown_name_takes_as_long_as_a_known_one(slow_hashes: None, stranger: Official) -> None:
    """The password is hashed either way, so that time does not tell names apart."""

    def seconds(name: str) -> float:
        token = stranger.token()
        begun = thread_time()
        stranger.post(
            "/-/sign-in/", {"name": name, "password": "x", "csrfmiddlewaretoken": token}, token=False
        )
        return thread_time() - begun

    known, unknown = ([seconds(name) for _ in range(3)] for name in ("Jo Doe", "Nobody"))
    assert 1 / 2 < median(unknown) / median(known) < 2


def test_passwords_are_kept_as_scrypt_hashes(slow_hashes: None, home: Workspace) -> None:
    """Salted and slow to try; never the password itself, in no file of the place."""
    from pathlib import Path

    from tallyproof.web.accounts import database
    from tallyproof.web.accounts.models import Account

    add_person(home)
    with database.at_hand(home):
        assert Account.objects.get().password.startswith("scrypt$16384$")
    files = [path for path in Path(home.place).rglob("*") if path.is_file()]
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]
    for name in ("accounts.sqlite3",):
        assert (Path(home.place) / name).stat().st_mode & 0o077 == 0


def test_a_form_without_its_token_is_refused_in_words(stranger: Official) -> None:
    """Another site cannot send our forms."""
    answer = stranger.post("/-/sign-in/", {"name": "Jo Doe", "password": PASSWORD}, token=False)
    assert answer.status == 403
    assert "Load the page again, then send the form." in answer.text


def test_a_form_from_another_site_is_refused_even_with_a_token(stranger: Official) -> None:
    """The browser says where a form comes from, and that is looked at."""
    fields = {"name": "Jo Doe", "password": PASSWORD}
    assert stranger.post("/-/sign-in/", fields, headers={"HTTP_ORIGIN": "https://evil.example"}).status == 403
    assert (
        stranger.post("/-/sign-in/", fields, headers={"HTTP_ORIGIN": "http://localhost:8016"}).status == 302
    )


def test_a_session_planted_before_signing_in_is_worth_nothing_after_it(opened_home: Workspace) -> None:
    """Signing in makes a new session; the old key stays a stranger's, and so does one signed out of."""
    add_person(opened_home)
    pages = web.application(opened_home)
    jo, thief = Official(pages), Official(pages)
    jo.cookies["tallyproof"] = thief.cookies["tallyproof"] = "a" * 32
    jo.sign_in()
    assert jo.cookies["tallyproof"] != "a" * 32
    assert "Sign out" not in thief.get("/").html
    thief.cookies["tallyproof"] = jo.cookies["tallyproof"]
    jo.post("/-/sign-out/")
    assert "Sign out" not in thief.get("/").html


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(stranger: Official) -> None:
    """HttpOnly and SameSite=Lax; over https they travel over https only."""
    stranger.sign_in()
    assert {line.split("=")[0] for line in stranger.set_cookies} == {"tallyproof", "tallyproof-form"}
    for line in stranger.set_cookies:
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Secure" not in line
    safe = Official(stranger.application, scheme="https")
    safe.post(
        "/-/sign-in/",
        {"name": "Jo Doe", "password": PASSWORD},
        headers={"HTTP_REFERER": "https://localhost:8016/"},
    )
    assert safe.set_cookies
    assert all("Secure" in line for line in safe.set_cookies)


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example", "javascript:alert(1)",
     "http:evil.example", "\t//evil.example", "/-/sign-out/", "/\n/evil.example", "evil"],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_to_our_own_pages(stranger: Official, onward: str) -> None:
    """An address elsewhere in ?next= is passed over."""
    assert stranger.sign_in(onward=onward).headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(stranger: Official) -> None:
    """With its query."""
    asked = "/-/password/?lang=es"
    sent = stranger.get(asked)
    assert sent.status == 302
    assert sent.headers["Location"] == "/-/sign-in/?next=%2F-%2Fpassword%2F%3Flang%3Des"
    assert stranger.sign_in(onward=asked).headers["Location"] == asked


def test_signing_out_takes_a_button_not_an_address(opened_home: Workspace, signed_in: SignedIn) -> None:
    """A link or a picture elsewhere cannot sign anybody out."""
    jo = signed_in(opened_home)
    jo.get("/-/sign-out/")
    assert "Sign out" in jo.get("/").html
    jo.post("/-/sign-out/")
    assert "Sign out" not in jo.get("/").html


# ---- attempts


def test_the_sixth_attempt_at_a_name_is_refused_whatever_the_password(stranger: Official) -> None:
    """The words say when to try again; another address may still sign in."""
    for _ in range(5):
        assert MISFIT in stranger.sign_in(password="wrong").text
    assert "Try again in 15 minutes." in stranger.sign_in().text
    elsewhere = Official(stranger.application, address="192.0.2.7")
    assert elsewhere.sign_in().status == 302


def test_unknown_names_are_limited_alike(stranger: Official) -> None:
    """Whether a name is limited tells nothing about it."""
    told = [stranger.sign_in("Nobody", "wrong").text for _ in range(6)]
    assert MISFIT in told[4]
    assert "Try again in 15 minutes." in told[5]


def test_many_names_from_one_address_are_refused_at_last(stranger: Official) -> None:
    """Twenty failed attempts in a quarter of an hour."""
    told = [stranger.sign_in(f"Name {n}", "wrong").text for n in range(21)]
    assert MISFIT in told[19]
    assert "Try again in 15 minutes." in told[20]


def test_after_a_quarter_of_an_hour_it_can_be_tried_again(
    stranger: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is older than that is forgotten."""
    from django.utils import timezone

    for _ in range(6):
        stranger.sign_in(password="wrong")
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert stranger.sign_in().status == 302


def test_a_right_password_starts_the_count_anew(stranger: Official) -> None:
    """Four slips, then in; four slips, then in."""
    for _ in range(2):
        for _ in range(4):
            stranger.sign_in(password="wrong")
        assert stranger.sign_in().status == 302
        stranger.post("/-/sign-out/")


# ---- the own password


def change(
    jo: Official, old: str = PASSWORD, new: str = "another-long-phrase", again: str = ""
) -> tuple[int, str]:
    answer = jo.post("/-/password/", {"old": old, "new": new, "again": again or new})
    return answer.status, answer.text


def test_a_changed_password_signs_out_every_other_place(opened_home: Workspace, signed_in: SignedIn) -> None:
    """The place where it was changed stays signed in."""
    jo = signed_in(opened_home)
    other = Official(jo.application)
    other.sign_in()
    assert change(jo)[0] == 302
    assert "Sign out" in jo.get("/").html
    assert "Sign out" not in other.get("/").html
    assert other.sign_in(password="another-long-phrase").status == 302


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"old": "wrong"}, "The password that you have now is another one."),
        ({"again": "different-phrase"}, "The two new passwords differ."),
        ({"new": "short"}, "at least 12 characters"),
        ({"new": "password1234"}, "too common"),
    ],
)
def test_a_password_is_not_changed_to_an_unfit_one(
    opened_home: Workspace, signed_in: SignedIn, changes: dict[str, str], told: str
) -> None:
    """Each reason in words; the old one stays."""
    jo = signed_in(opened_home)
    status, text = change(jo, **changes)
    assert status == 422
    assert told in text
    jo.post("/-/sign-out/")
    assert jo.sign_in().status == 302


# ---- what a request may send


def test_a_large_body_is_refused_before_it_is_read(stranger: Official) -> None:
    """65,536 bytes for forms, whatever the server takes for uploads."""

    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    answer = stranger.post(
        "/-/sign-in/",
        token=False,
        headers={"CONTENT_LENGTH": "65537", "wsgi.input": Unread()},  # type: ignore[dict-item]
    )
    assert answer.status == 413
    assert "takes 65,536 bytes at most" in answer.text


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(
    opened_home: Workspace, signed_in: SignedIn
) -> None:
    """Neither by a proxy nor by the browser of a shared machine; our own files may be kept."""
    jo = signed_in(opened_home)
    page = jo.get("/")
    assert page.headers["Cache-Control"] == "private, no-store"
    style = re.search(r'rel="stylesheet" href="([^"]+)"', page.html)
    assert style
    assert "immutable" in jo.get(style[1]).headers["Cache-Control"]


def test_a_name_that_was_not_allowed_is_refused(home: Workspace) -> None:
    """The pages answer under the names given, and under no other."""
    pages = web.application(home, Serving(hosts=("tally.example.org",), beyond=True))
    assert Official(pages, host="tally.example.org").get("/-/sign-in/").status == 200
    assert Official(pages, host="other.example.org").get("/-/sign-in/").status == 400
