"""Accounts, the cases that they belong to, and failed attempts to sign in."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

LONGEST = 80
"""Letters of a name."""


def new_id() -> str:
    """An id for an account: 12 hexadecimal digits by chance, so that none is ever given twice."""
    return secrets.token_hex(6)


def actor_id(account_id: str) -> str:
    """The id by which events name an account."""
    return f"official:{account_id}"


def key_of(name: str) -> str:
    """A name as it is compared: however it is typed, it is the same person.

    >>> key_of("José  NÚÑEZ") == key_of("Jose\u0301 Núñez")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


class Role(models.TextChoices):
    """What an account may do."""

    ADMINISTRATOR = "administrator"
    OFFICIAL = "official"
    READER = "reader"


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by name."""


class Account(AbstractBaseUser):
    """Somebody who can sign in; disabled rather than removed, because events name its id."""

    id: models.CharField[str, str] = models.CharField(
        primary_key=True, max_length=12, default=new_id, editable=False
    )
    key: models.CharField[str, str] = models.CharField(max_length=4 * LONGEST, unique=True)
    name: models.CharField[str, str] = models.CharField(max_length=LONGEST)
    role: models.CharField[str, str] = models.CharField(max_length=16, choices=Role.choices)
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    added: models.DateTimeField[datetime, datetime] = models.DateTimeField(default=timezone.now)
    memberships: RelatedManager[Membership]

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS = []
    objects = Accounts()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A case that an official acts on, or a reader reads."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(
        Account, models.CASCADE, related_name="memberships"
    )
    account_id: str
    case: models.CharField[str, str] = models.CharField(max_length=200)

    class Meta:
        """One membership a case."""

        constraints = [models.UniqueConstraint(fields=["account", "case"], name="one_membership_a_case")]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.case}"


class Attempt(models.Model):
    """A failed attempt to sign in, counted under a subject: an account, an address, or both."""

    subject: models.CharField[str, str] = models.CharField(max_length=64, db_index=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} at {self.at}"
