"""A commitment fixes its value, hides it, and says nothing once the opening is gone."""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tallyproof.errors import StoreError
from tallyproof.store.commitment import Opening, commitment_to, new_opening, opens
from tallyproof.store.database import database_url, open_engine
from tallyproof.store.ledger import Ledger, open_ledger

from .test_canonical import values

SALT = "5a" * 32


def test_the_formula_is_the_one_written_down() -> None:
    """SHA-256 of the canonical JSON of salt and value, computed here without our functions."""
    expected = hashlib.sha256(rfc8785.dumps({"salt": SALT, "value": ["Feingold", 2]})).hexdigest()
    assert commitment_to(Opening(SALT, ["Feingold", 2])) == {"commitment": expected}


@given(values)
def test_the_right_opening_opens(value: Any) -> None:
    """Whatever the value, its own opening is accepted."""
    opening = new_opening(value, secrets.token_bytes)
    assert opens(opening, commitment_to(opening))


@given(values, values)
def test_another_value_is_refused(value: Any, other: Any) -> None:
    """Binding: with the same salt only the same value opens."""
    opening = Opening(SALT, value)
    same = rfc8785.dumps(value) == rfc8785.dumps(other)
    assert opens(Opening(SALT, other), commitment_to(opening)) == same


@given(values, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_equal_values_have_unequal_commitments(value: Any, first: bytes, second: bytes) -> None:
    """Hiding: the commitment depends on the salt, so equal values cannot be told by it."""
    one = commitment_to(new_opening(value, lambda _: first))
    two = commitment_to(new_opening(value, lambda _: second))
    assert (one == two) == (first == second)


@pytest.mark.parametrize("not_a_commitment", [None, "text", {}, {"commitment": 1}, {"commitment": "é"}])
def test_what_is_no_commitment_is_opened_by_nothing(not_a_commitment: Any) -> None:
    """A field that holds something else never counts as opened."""
    assert not opens(Opening(SALT, 1), not_a_commitment)


def test_a_short_salt_is_refused() -> None:
    """A random source that gives too few bytes is not used."""
    with pytest.raises(StoreError, match="32 random bytes"):
        new_opening(1, lambda count: bytes(count - 1))


def test_a_secret_enters_the_event_as_a_commitment_only(ledger: Ledger) -> None:
    """The body holds the commitment; the opening beside it shows the value."""
    event = ledger.append("wi", "clerk", "board named", {"members": 3}, secrets={"names": ["Ada", "Bob"]})
    opening = ledger.opening("wi", 1, "names")
    assert opening is not None and opening.value == ["Ada", "Bob"]
    assert event.body == {"members": 3, "names": commitment_to(opening)}
    assert "Ada" not in str(event)


def test_two_events_with_the_same_secret_do_not_show_it(ledger: Ledger) -> None:
    """Each has a salt of its own."""
    events = [ledger.append("wi", "clerk", "card read", {}, secrets={"votes": {"Ada": 1}}) for _ in range(2)]
    assert events[0].body["votes"] != events[1].body["votes"]


def test_an_erased_opening_leaves_the_chain_whole(ledger: Ledger) -> None:
    """The event stays, the value is gone, and there is nothing to erase twice."""
    ledger.append("wi", "clerk", "board named", {}, secrets={"names": ["Ada"], "phone": "555"})
    assert ledger.erase_opening("wi", 1, "names")
    assert ledger.opening("wi", 1, "names") is None
    assert ledger.opening("wi", 1, "phone") is not None
    assert not ledger.erase_opening("wi", 1, "names")
    assert ledger.verify().holds


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_an_erased_value_is_in_no_file_of_the_database(address: str, ledger: Ledger) -> None:
    """Neither the SQLite file nor its write-ahead log holds the bytes afterwards, though one did before."""
    ledger.append("wi", "clerk", "board named", {}, secrets={"names": "Wilhelmina Quackenbush"})
    database = Path(str(database_url(address).database))

    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))

    assert b"Quackenbush" in on_disk()
    ledger.erase_opening("wi", 1, "names")
    assert b"Quackenbush" not in on_disk()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE openings SET value = '\"Eve\"'",
        f"UPDATE openings SET salt = '{SALT}'",
        "UPDATE openings SET value = 'not json'",
        "UPDATE openings SET field = 'name'",
        "UPDATE openings SET field = 'public'",
    ],
)
def test_an_altered_opening_is_named(ledger: Ledger, tamper: Callable[[str], None], change: str) -> None:
    """The events are sound, but what is shown for them is not what was committed to."""
    ledger.append("wi", "clerk", "started", {})
    ledger.append("wi", "clerk", "board named", {"public": 1}, secrets={"names": "Ada"})
    tamper(change)
    assert [str(link) for link in ledger.verify("wi").broken] == [
        "wi, event 2: opening does not match its commitment"
    ]


def test_an_opening_without_an_event_is_named(ledger: Ledger, tamper: Callable[[str], None]) -> None:
    """Also where the case has no events at all."""
    ledger.append("wi", "clerk", "board named", {}, secrets={"names": "Ada"})
    tamper("INSERT INTO openings SELECT 'pa', 7, field, salt, value FROM openings")
    assert [str(link) for link in ledger.verify().broken] == [
        "pa, event 7: opening does not match its commitment"
    ]


def test_a_field_is_open_or_secret_but_not_both(ledger: Ledger) -> None:
    """Otherwise the open value would be lost; nothing is recorded."""
    with pytest.raises(StoreError, match="decide for one"):
        ledger.append("wi", "clerk", "board named", {"names": 1}, secrets={"names": "Ada"})
    assert ledger.cases() == []


def test_an_event_and_its_openings_are_recorded_together_or_not_at_all(address: str, ledger: Ledger) -> None:
    """Where the openings cannot be written the event is not written either."""
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE openings"))
    engine.dispose()
    with pytest.raises(StoreError, match="openings"):
        ledger.append("wi", "clerk", "board named", {}, secrets={"names": "Ada"})
    assert ledger.head("wi").sequence == 0


def test_salts_come_from_the_random_source_that_was_given(address: str) -> None:
    """So a test or a demo can be repeated to the byte."""
    ledger = open_ledger(address, token=lambda count: b"\x5a" * count)
    ledger.append("wi", "clerk", "board named", {}, secrets={"names": "Ada"})
    assert ledger.opening("wi", 1, "names") == Opening(SALT, "Ada")
    ledger.close()
