"""As whom somebody acts when services are asked: an account with its rights and cases, or a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from tallyproof.services.access import READER, Actor, Right
from tallyproof.services.example import CASE as EXAMPLE
from tallyproof.web.accounts import database
from tallyproof.web.accounts.models import Account, Role, actor_id
from tallyproof.web.carried import ACCOUNT, is_published, serving_of, workspace_of

if TYPE_CHECKING:
    from tallyproof.services.workspace import Workspace

RIGHTS = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.OFFICIAL: frozenset(Right),
    Role.READER: frozenset({Right.READ}),
}
_known_to_have_some: set[str] = set()


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in; None for a stranger, and for a page that goes into a folder."""
    if ACCOUNT not in request.META:
        request.META[ACCOUNT] = _signed_in(request)
    found: Account | None = request.META[ACCOUNT]
    return found


def _signed_in(request: HttpRequest) -> Account | None:
    user = getattr(request, "user", None)
    if user is None or is_published(request) or not database.is_there(workspace_of(request)):
        return None
    return user if user.is_authenticated else None


def has_accounts(workspace: Workspace) -> bool:
    """Whether anybody was ever given an account; from then on nothing is shown to strangers."""
    if not database.is_there(workspace):
        return False
    mark = f"{workspace.place} {workspace.accounts}"
    if mark not in _known_to_have_some:
        with database.at_hand(workspace), database.plain_errors():
            if not Account.objects.exists():
                return False
        _known_to_have_some.add(mark)
    return True


def acting(account: Account, shown: frozenset[str] = frozenset()) -> Actor:
    """The account as an actor: its id enters the ledger, its name only as a commitment."""
    every = account.role == Role.ADMINISTRATOR
    own = None if every else frozenset(account.memberships.values_list("case", flat=True))
    return Actor(actor_id(account.id), RIGHTS[Role(account.role)], account.name, own, shown)


def reading(request: HttpRequest) -> Actor:
    """Whoever asks for a page, signed in or not.

    Without any account the person at this machine reads everything, as at its terminal. Once there is
    an account, or others reach the pages, a stranger reads the example case on this machine and nothing else.
    """
    if is_published(request):
        return READER
    serving = serving_of(request)
    shown = frozenset({EXAMPLE}) if serving.is_local else frozenset()
    if account := account_of(request):
        return acting(account, shown)
    if serving.is_local and not has_accounts(workspace_of(request)):
        return READER
    return Actor(READER.id, READER.rights, cases=frozenset(), shown=shown)
