"""Adding people, changing their passwords, roles and cases, and disabling them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from tallyproof.errors import RequestError
from tallyproof.services.workspace import Workspace
from tallyproof.web.accounts import database
from tallyproof.web.accounts.models import LONGEST, Account, Membership, Role, actor_id, key_of


@dataclass(frozen=True, slots=True)
class Person:
    """An account as it is listed."""

    id: str
    name: str
    role: Role
    is_active: bool
    cases: tuple[str, ...]

    @property
    def actor(self) -> str:
        """The id that the ledger knows the person by."""
        return actor_id(self.id)


def by_id(workspace: Workspace, account_id: str) -> Person:
    """One account by its id. Raises RequestError where there is none."""
    found = next((each for each in people(workspace) if each.id == account_id), None)
    if found is None:
        raise RequestError(_("There is no account with this id."))
    return found


def has_administrator(workspace: Workspace) -> bool:
    """Whether an administrator can sign in."""
    if not database.is_there(workspace):
        return False
    with database.at_hand(workspace), database.plain_errors():
        return Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def people(workspace: Workspace) -> list[Person]:
    """Everybody who was given an account, by name."""
    if not database.is_there(workspace):
        return []
    with database.at_hand(workspace), database.plain_errors():
        found = Account.objects.prefetch_related("memberships").order_by("key")
        return [_person(each) for each in found]


def find(workspace: Workspace, name: str) -> Person:
    """One account by its name, however it is typed. Raises RequestError where there is none."""
    with database.at_hand(workspace), database.plain_errors():
        return _person(_by_name(workspace, name))


def require_addable(workspace: Workspace, name: str, role: str) -> None:
    """Raise RequestError for an unfit or taken name and an unknown role, before a password is asked for."""
    _role(role)
    if key_of(_fit_name(name)) in {key_of(each.name) for each in people(workspace)}:
        raise RequestError(_taken(name))


def add(workspace: Workspace, name: str, role: str, password: str, cases: Iterable[str] = ()) -> Person:
    """Give somebody an account. Raises RequestError for an unfit or taken name and for a weak password."""
    database.prepare(workspace)
    with database.at_hand(workspace), database.plain_errors():
        account = Account(name=_fit_name(name), key=key_of(name), role=_role(role))
        require_strong(password, account)
        account.set_password(password)
        try:
            account.save(force_insert=True)
        except IntegrityError:
            raise RequestError(_taken(account.name)) from None
        for case in cases:
            join(workspace, account.id, case)
        return _person(account)


def set_password(workspace: Workspace, name: str, password: str) -> Person:
    """Give an account another password; whoever is signed in with it is signed out."""
    with database.at_hand(workspace), database.plain_errors():
        account = _by_name(workspace, name)
        require_strong(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        return _person(account)


def disable(workspace: Workspace, name: str) -> Person:
    """Keep somebody from signing in; at once, also where they are signed in. What they did stays."""
    return _set_active(workspace, name, active=False)


def enable(workspace: Workspace, name: str) -> Person:
    """Let somebody sign in again who was disabled."""
    return _set_active(workspace, name, active=True)


def _set_active(workspace: Workspace, name: str, *, active: bool) -> Person:
    with database.at_hand(workspace), database.plain_errors():
        account = _by_name(workspace, name)
        if not active:
            require_another_administrator(account)
        account.is_active = active
        account.save(update_fields=["is_active"])
        return _person(account)


def set_role(workspace: Workspace, name: str, role: str) -> Person:
    """Give an account another role."""
    with database.at_hand(workspace), database.plain_errors():
        account = _by_name(workspace, name)
        wanted = _role(role)
        if wanted != Role.ADMINISTRATOR:
            require_another_administrator(account)
        account.role = wanted
        account.save(update_fields=["role"])
        return _person(account)


def join(workspace: Workspace, account_id: str, case: str) -> None:
    """Let an account take part in a case."""
    with database.at_hand(workspace), database.plain_errors():
        Membership.objects.get_or_create(account_id=account_id, case=case)


def set_cases(workspace: Workspace, name: str, cases: Iterable[str]) -> Person:
    """Let an account take part in these cases and no others."""
    wanted = set(cases)
    with database.at_hand(workspace), database.plain_errors():
        account = _by_name(workspace, name)
        account.memberships.exclude(case__in=wanted).delete()
        for case in sorted(wanted):
            Membership.objects.get_or_create(account=account, case=case)
        return _person(account)


def require_strong(password: str, account: Account) -> None:
    """Raise RequestError, in words, for a password that is short, common or like the name."""
    try:
        password_validation.validate_password(password, account)
    except ValidationError as fault:
        raise RequestError(" ".join(fault.messages)) from None


def require_another_administrator(account: Account) -> None:
    """Raise RequestError where the account is the last administrator who can sign in."""
    if account.role != Role.ADMINISTRATOR or not account.is_active:
        return
    others = Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=account.pk)
    if not others.exists():
        told = _("%(name)s is the only administrator. Make another one first.")
        raise RequestError(told % {"name": account.name})


def _by_name(workspace: Workspace, name: str) -> Account:
    if database.is_there(workspace):
        found = Account.objects.filter(key=key_of(name)).first()
        if found is not None:
            return found
    told = _("There is no account of the name “%(name)s”. List them with: tallyproof user list")
    raise RequestError(told % {"name": name})


def _fit_name(name: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    odd = [sign for sign in tidy if unicodedata.category(sign)[0] == "C"]
    if not tidy or len(tidy) > LONGEST or odd:
        raise RequestError(
            f"A name has 1 to {LONGEST} letters, digits, signs and blanks that can be printed."
        )
    return tidy


def _taken(name: str) -> str:
    return _("There is an account of the name %(name)s already. Choose another name.") % {"name": name}


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        told = _("“%(role)s” is no role. Use one of: %(roles)s.")
        raise RequestError(told % {"role": role, "roles": ", ".join(Role.values)}) from None


def _person(account: Account) -> Person:
    cases = tuple(sorted(each.case for each in account.memberships.all()))
    return Person(account.id, account.name, Role(account.role), account.is_active, cases)
