"""Every route at once: what strangers and those of other cases get, forms without a token, caches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tallyproof import web
from tallyproof.services import access, cases
from tallyproof.services.workspace import Workspace
from tallyproof.web.serving import Serving

from .official import Official

CASE = "no-returns-yet"
TITLE = "No returns yet"
PARTS = {
    "case": CASE, "contest": "wi-president", "finding_id": "B2/wi-president/sauk", "place": "wi/sauk",
    "file": "count.json", "sequence": "2", "before": "2", "after": "3", "draft": "0123456789abcdef",
    "number": "1", "account_id": "0123456789ab", "name": "tallyproof.css",
}  # fmt: skip
BEYOND = Serving(hosts=("tally.example.org",), beyond=True)
SignedIn = Callable[..., Official]


class Route(NamedTuple):
    """An address with a likely word in each of its places, its methods, and whether it is for readers."""

    address: str
    methods: tuple[str, ...]
    is_for_readers: bool


def routes() -> Iterator[Route]:
    """Every route that the pages have."""
    from tallyproof.web.django_setup import configure

    configure()
    from django.urls import reverse

    from tallyproof.web.access import READERS, Guarded
    from tallyproof.web.urls import urlpatterns

    for route in urlpatterns:
        assert isinstance(route.callback, Guarded)
        named = {name: PARTS[name] for name in route.pattern.converters}
        view = route.callback
        assert isinstance(view, Guarded)
        named = {name: PARTS[name] for name in route.pattern.converters}
        yield Route(reverse(str(route.name), kwargs=named), view.methods, view.rule is READERS)


ALL = list(routes())
OF_A_CASE = [each for each in ALL if each.address.startswith(f"/{CASE}/")]
CHANGING = [
    (each.address, method)
    for each in ALL
    for method in each.methods
    if method not in {"GET", "HEAD", "OPTIONS"} and each.address != "/solve"
]


def test_the_routes_are_those_that_the_tests_below_look_at() -> None:
    """A case's pages, some that belong to no case, and several that change something."""
    assert len(ALL) > len(OF_A_CASE) > 15
    assert {method for _, method in CHANGING} == {"POST", "PATCH", "DELETE"}


def test_nothing_is_changed_without_a_token(opened_home: Workspace, signed_in: SignedIn) -> None:
    """Whatever the method, also for an administrator who is signed in: the form has to be ours."""
    ann = signed_in(opened_home, "Ann Admin", "administrator")
    for address, method in CHANGING:
        answer = ann._ask(method, address, b"", "application/x-www-form-urlencoded", {})
        assert answer.status == 403, (method, address)
        assert "This form was not accepted." in answer.text


@pytest.mark.parametrize("role", ["official", "reader", "stranger", "stranger beyond"])
def test_a_case_is_told_of_to_nobody_else(opened_home: Workspace, signed_in: SignedIn, role: str) -> None:
    """Neither its title nor a number, on any route; routes for officials ask a stranger to sign in."""
    cases.open_case(opened_home, access.terminal(), "other")
    someone = signed_in(opened_home, role=role.split()[0].replace("stranger", "reader"), cases=["other"])
    if role.startswith("stranger"):
        serving = BEYOND if role.endswith("beyond") else Serving()
        someone = Official(web.application(opened_home, serving), host="localhost")
    for route in OF_A_CASE:
        answer = someone.get(route.address)
        assert answer.status in ({404} if route.is_for_readers else {302, 403, 404, 405}), route.address
        assert TITLE not in answer.html, route.address
        if role.startswith("stranger") and answer.status == 302:
            assert answer.headers["Location"].startswith("/-/sign-in/"), route.address


def test_no_answer_to_somebody_signed_in_is_kept_by_a_cache(
    opened_home: Workspace, signed_in: SignedIn
) -> None:
    """Whatever is asked for, and whether it is there or not."""
    jo = signed_in(opened_home, cases=[CASE])
    asked = {each.address: jo.get(each.address) for each in ALL if "GET" in each.methods}
    kept = {
        address: answer.headers["Cache-Control"]
        for address, answer in asked.items()
        if answer.headers["Cache-Control"] not in {"private, no-store", "no-store"}
    }
    assert kept == {}
