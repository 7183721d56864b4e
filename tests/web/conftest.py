"""The example case, a large case and an empty home behind the pages."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import huge_case
from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, cases, example
from tallyproof.services.workspace import Workspace
from tallyproof.store.files import FileStore
from tallyproof.store.ledger import open_ledger
from tallyproof.store.returns import ReturnsStore

from .official import Official, add_person
from .visitor import Visitor

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def example_home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The example case, with every event at the same noon."""
    place = tmp_path_factory.mktemp("example")
    files = FileStore(place / "files")
    ledger = open_ledger(place / "ledger.sqlite3", clock=lambda: NOON)
    workspace = Workspace(ledger, files, ReturnsStore(files), lambda: NOON, str(place))
    example.build(workspace, access.terminal())
    return workspace


@pytest.fixture(scope="session")
def huge_home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A case of 3,636 reporting units in two versions."""
    place = tmp_path_factory.mktemp("huge")
    workspace = open_workspace(place / "home")
    huge_case.build(workspace, place)
    return workspace


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    """A home of the test's own, without any case."""
    return open_workspace(tmp_path / "home")


@pytest.fixture
def opened_home(home: Workspace) -> Workspace:
    """A home with a case that has no returns yet."""
    cases.open_case(home, access.terminal(), "no-returns-yet", title="No returns yet")
    return home


@pytest.fixture(scope="session")
def visit() -> Callable[[Workspace], Visitor]:
    """Makes a visitor of a workspace's pages."""
    return lambda workspace: Visitor(web.application(workspace))


@pytest.fixture(scope="session")
def example_pages(example_home: Workspace, visit: Callable[[Workspace], Visitor]) -> Visitor:
    """A visitor of the example case."""
    return visit(example_home)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords of tests are hashed fast; ``slow_hashes`` brings back the setting."""
    from tallyproof.web.django_setup import configure

    configure()
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def slow_hashes() -> Iterator[None]:
    """Passwords are hashed as users' are."""
    from django.test import override_settings

    from tallyproof.web import settings

    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        yield


@pytest.fixture
def signed_in() -> Callable[..., Official]:
    """Makes somebody new who is signed in: ``signed_in(workspace, role="reader", cases=…)``."""

    def make(
        workspace: Workspace, name: str = "Jo Doe", role: str = "official", cases: Iterable[str] = ()
    ) -> Official:
        add_person(workspace, name, role, cases)
        someone = Official(web.application(workspace))
        assert someone.sign_in(name).status == 302
        return someone

    return make
