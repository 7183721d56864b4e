"""Signing in and out: who gets in, who does not, and what a stranger can learn or send."""

from collections.abc import Callable

import pytest

from tallyproof import web
from tallyproof.services.workspace import Workspace

from .official import PASSWORD, Official, add_person

SignedIn = Callable[..., Official]


def test_somebody_with_the_right_password_is_let_in_and_named(
    opened_home: Workspace, signed_in: SignedIn
) -> None:
    """The top bar says who is signed in, and offers to sign out."""
    page = signed_in(opened_home, "Jo Doe").get("/")
    assert "Signed in as <b>Jo Doe</b>" in page.html
    assert "Sign out" in page.html


@pytest.mark.parametrize(("name", "password"), [("Jo Doe", "wrong"), ("Nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_gets_the_same_words(home: Workspace, name: str, password: str) -> None:
    """Nothing tells whether there is an account of that name; the name is kept in the form."""
    add_person(home)
    answer = Official(web.application(home)).sign_in(name, password)
    assert answer.status == 422
    assert "Name and password do not fit together." in answer.text
    assert f'value="{name}"' in answer.html
