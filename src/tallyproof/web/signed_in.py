"""What the top bar of every page says: who is signed in, and where to sign in or out."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from tallyproof.errors import StoreError
from tallyproof.web.accounts.actors import account_of, has_accounts
from tallyproof.web.accounts.models import Role
from tallyproof.web.carried import is_published, workspace_of


def who(request: HttpRequest) -> dict[str, object]:
    """The account and its links; nothing on pages that go into a folder."""
    if is_published(request):
        return {}
    try:
        return _known(request)
    except StoreError:  # the page that says so has a top bar as well
        return {}


def _known(request: HttpRequest) -> dict[str, object]:
    if account := account_of(request):
        return {"account": account, "is_administrator": account.role == Role.ADMINISTRATOR}
    if not has_accounts(workspace_of(request)):
        return {}
    here = "" if request.path.startswith("/-/") else f"?{urlencode({'next': request.get_full_path()})}"
    return {"sign_in": reverse("sign-in") + here}
