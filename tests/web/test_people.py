"""The page where administrators give people access, and the services behind it."""

from collections.abc import Callable

import pytest

from tallyproof.errors import RequestError
from tallyproof.services import access, cases
from tallyproof.services.workspace import Workspace

from .official import PASSWORD, Official, add_person

SignedIn = Callable[..., Official]


@pytest.fixture
def ann(opened_home: Workspace, signed_in: SignedIn) -> Official:
    """An administrator of a home with one case."""
    return signed_in(opened_home, "Ann Admin", "administrator")


def listed(workspace: Workspace) -> dict[str, tuple[str, bool, tuple[str, ...]]]:
    from tallyproof.web.accounts import people

    return {each.name: (each.role.value, each.is_active, each.cases) for each in people.people(workspace)}


def test_an_administrator_adds_somebody_who_can_then_sign_in(opened_home: Workspace, ann: Official) -> None:
    """With a role, a case and a first password."""
    new = {"name": "Jo Doe", "role": "official", "case": "no-returns-yet", "password": PASSWORD}
    assert ann.post("/-/people/", new).status == 302
    assert listed(opened_home)["Jo Doe"] == ("official", True, ("no-returns-yet",))
    assert Official(ann.application).sign_in("Jo Doe").status == 302


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "ANN admin"}, "There is an account of the name"),
        ({"name": ""}, "A name has 1 to 80 letters"),
        ({"name": "a" * 81}, "A name has 1 to 80 letters"),
        ({"name": "Jo\u202eDoe"}, "A name has 1 to 80 letters"),
        ({"role": "king"}, "is no role"),
        ({"password": "sho-rt"}, "at least 12 characters"),
        ({"name": "Constance Clerk", "password": "constanceclerk1"}, "too similar to the name"),
        ({"password": "x" * 1_001}, "1,000 signs at most"),
    ],
)
def test_an_unfit_account_is_not_made_and_the_form_is_kept(
    opened_home: Workspace, ann: Official, changes: dict[str, str], told: str
) -> None:
    """The reason in words; the password is never sent back."""
    new = {"name": "Jo Doe", "role": "reader", "password": PASSWORD} | changes
    answer = ann.post("/-/people/", new)
    assert answer.status == 422
    assert told in answer.text
    assert list(listed(opened_home)) == ["Ann Admin"]
    assert new["password"] not in answer.html


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "Robert'); DROP TABLE events;--", "José Núñez", "李华"]
)
def test_names_of_every_kind_are_shown_as_text(
    opened_home: Workspace, signed_in: SignedIn, name: str
) -> None:
    """On the list, on the own page and in the top bar."""
    from django.utils.html import escape

    one = signed_in(opened_home, name, "administrator")
    for address in ("/", "/-/people/"):
        html = one.get(address).html
        assert escape(name) in html
        assert "<img" not in html


def test_role_cases_password_and_access_are_changed_on_the_persons_page(
    opened_home: Workspace, ann: Official
) -> None:
    """Each by its own form."""
    place = f"/-/people/{add_person(opened_home)}/"
    assert ann.post(place, {"deed": "part", "role": "reader", "case": "no-returns-yet"}).status == 302
    assert listed(opened_home)["Jo Doe"] == ("reader", True, ("no-returns-yet",))
    assert ann.post(place, {"deed": "part", "role": "reader", "case": "never-there"}).status == 302
    assert listed(opened_home)["Jo Doe"] == ("reader", True, ())
    assert ann.post(place, {"deed": "password", "password": "a-wholly-new-phrase"}).status == 302
    assert Official(ann.application).sign_in("Jo Doe", "a-wholly-new-phrase").status == 302
    assert ann.post(place, {"deed": "disable"}).status == 302
    assert not listed(opened_home)["Jo Doe"][1]
    assert ann.post(place, {"deed": "enable"}).status == 302
    assert ann.post(place, {"deed": "promote"}).status == 422


def test_the_last_administrator_cannot_be_taken_away(opened_home: Workspace, ann: Official) -> None:
    """Neither disabled nor made less; with a second one it can be."""
    from tallyproof.web.accounts import people

    own = f"/-/people/{people.find(opened_home, 'Ann Admin').id}/"
    for form in ({"deed": "disable"}, {"deed": "part", "role": "reader"}):
        answer = ann.post(own, form)
        assert answer.status == 422
        assert "is the only administrator" in answer.text
    add_person(opened_home, "Second Admin", "administrator")
    assert ann.post(own, {"deed": "disable"}).status == 302


@pytest.mark.parametrize("role", ["official", "reader"])
def test_others_are_refused_the_page_of_people(
    opened_home: Workspace, signed_in: SignedIn, role: str
) -> None:
    """In words, and without a name on it."""
    add_person(opened_home, "Ann Admin", "administrator")
    answer = signed_in(opened_home, role=role).get("/-/people/")
    assert answer.status == 403
    assert "Only administrators may do this." in answer.text
    assert "Ann Admin" not in answer.html


def test_rights_follow_the_role(opened_home: Workspace) -> None:
    """Administrators everywhere, officials and readers in their cases; names are committed, ids stand."""
    from tallyproof.web.accounts import actors, database
    from tallyproof.web.accounts.models import Account

    for role in ("administrator", "official", "reader"):
        add_person(opened_home, f"The {role}", role, ["no-returns-yet"])
    with database.at_hand(opened_home):
        known = {each.role: actors.acting(each) for each in Account.objects.all()}
    assert known["administrator"].cases is None
    assert known["official"].rights == frozenset(access.Right)
    assert known["reader"].rights == {access.Right.READ}
    assert not known["official"].sees("another")
    with pytest.raises(RequestError, match="There is no case 'no-returns-yet'. Known cases: none yet."):
        cases.state(
            opened_home, access.Actor("x", frozenset(access.Right), cases=frozenset()), "no-returns-yet"
        )


def test_ids_are_random_and_never_given_again(home: Workspace) -> None:
    """An id in the ledger names one account for good."""
    ids = {add_person(home, f"Person {n}") for n in range(5)}
    assert len(ids) == 5
    assert all(len(each) == 12 for each in ids)
