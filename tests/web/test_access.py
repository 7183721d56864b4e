"""Who may see pages: a rule at every route, no way to change anything, no way in from elsewhere."""

from collections.abc import Callable

import pytest

from tallyproof.errors import AccessError, RequestError
from tallyproof.services.workspace import Workspace
from tallyproof.web import server
from tallyproof.web.serving import LOCAL

from .visitor import Visitor

PAGES = ("/", "/upper-midwest-2016/", "/upper-midwest-2016/checks/", "/-/tallyproof.css")


def test_every_route_has_an_access_rule(example_pages: Visitor) -> None:
    """The routes that are served pass the check made at start."""
    from tallyproof.web.access import require_rules
    from tallyproof.web.urls import urlpatterns

    require_rules(urlpatterns)


def test_a_route_without_an_access_rule_keeps_the_pages_from_starting(example_pages: Visitor) -> None:
    """A bare view is named, also within an included group of routes."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path

    from tallyproof.web.access import require_rules
    from tallyproof.web.urls import urlpatterns

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(RuntimeError, match="forgotten/"):
        require_rules([*urlpatterns, path("group/", include([path("forgotten/", bare)]))])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_reading_is_answered(example_pages: Visitor, method: str) -> None:
    """A request that would write is refused before any service is asked."""
    assert {example_pages.get(page, method=method).status for page in PAGES} == {405}


@pytest.mark.parametrize(
    "host", ["example.org", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", ""]
)
def test_a_request_under_another_name_is_refused(example_pages: Visitor, host: str) -> None:
    """A page elsewhere that points its own name at this machine learns nothing."""
    answer = example_pages.get("/upper-midwest-2016/", host=host)
    assert answer.status == 400
    assert "Upper Midwest" not in answer.html


@pytest.mark.parametrize("host", ["localhost:8016", "127.0.0.1:8016", "[::1]:8016", "LOCALHOST"])
def test_a_request_under_this_machines_own_names_is_answered(example_pages: Visitor, host: str) -> None:
    """All names of the loopback address are accepted, with any port."""
    assert example_pages.get("/", host=host).status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_serving_beyond_this_machine_is_refused_while_nobody_can_sign_in(home: Workspace, host: str) -> None:
    """Without an administrator no other machine may reach the pages."""
    with pytest.raises(RequestError, match="this machine only .* tallyproof user add"):
        server.listening(home, host, LOCAL)


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org"])
def test_a_name_is_no_address_to_listen_on(home: Workspace, host: str) -> None:
    """The sentence says what to write instead."""
    with pytest.raises(RequestError, match="is no address. Use --host 127.0.0.1"):
        server.listening(home, host, LOCAL)


@pytest.mark.parametrize(
    ("host", "address"), [("localhost", "127.0.0.1"), ("127.0.0.2", "127.0.0.2"), ("[::1]", "::1")]
)
def test_every_address_of_this_machine_may_be_served(home: Workspace, host: str, address: str) -> None:
    """The loopback network under each of its names."""
    assert server.listening(home, host, LOCAL) == (address, LOCAL)


def test_a_page_that_an_actor_may_not_see_says_so(
    home: Workspace, visit: Callable[[Workspace], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of a service becomes a page, not a fault."""
    from tallyproof.services import pages

    def refuse(*_: object) -> None:
        raise AccessError("reader may not read here. Ask an official of this case to do it.")

    monkeypatch.setattr(pages, "overview", refuse)
    answer = visit(home).get("/")
    assert answer.status == 403
    assert "Ask an official of this case" in answer.text
