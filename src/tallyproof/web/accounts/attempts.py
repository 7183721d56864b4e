"""Failed attempts to sign in, counted so that passwords cannot be tried one after the other."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.utils import timezone

from tallyproof.web.accounts.models import Attempt, key_of

WITHIN = timedelta(minutes=15)
FROM_ONE_ADDRESS_AT_ONE_NAME, FROM_ONE_ADDRESS, AT_ONE_NAME = 5, 20, 50
"""Failed attempts within a quarter of an hour. Many addresses at one name are stopped late, so that a
stranger cannot easily keep an official from signing in."""


def minutes_to_wait(name: str, address: str) -> int:
    """Count an attempt, and answer 0 where the password may be looked at, else the minutes until it may.

    It is counted before the password is looked at, so that many at once are counted too. Names without
    an account are counted alike. ``forget`` takes it back where the password was right.
    """
    now = timezone.now()
    Attempt.objects.filter(at__lte=now - WITHIN).delete()
    waits = [_wait(subject, most) for subject, most in _limits(name, address)]
    if any(waits):
        return max(waits)
    Attempt.objects.bulk_create([Attempt(subject=each, at=now) for each, _most in _limits(name, address)])
    return 0


def forget(name: str, address: str) -> None:
    """The password was right: this address starts anew at this name."""
    (pair, _most), *others = _limits(name, address)
    Attempt.objects.filter(subject=pair).delete()
    for subject, _most in others:
        if (last := Attempt.objects.filter(subject=subject).order_by("-at").first()) is not None:
            last.delete()


def _wait(subject: str, most: int) -> int:
    recent = list(Attempt.objects.filter(subject=subject).order_by("-at").values_list("at", flat=True)[:most])
    if len(recent) < most:
        return 0
    left = recent[-1] + WITHIN - timezone.now()
    return max(1, -(-int(left.total_seconds()) // 60))


def _limits(name: str, address: str) -> list[tuple[str, int]]:
    key = key_of(name)
    return [
        (_subject("both", key, address), FROM_ONE_ADDRESS_AT_ONE_NAME),
        (_subject("address", address), FROM_ONE_ADDRESS),
        (_subject("name", key), AT_ONE_NAME),
    ]


def _subject(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
