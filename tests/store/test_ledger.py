"""Events are added in order, read back as recorded, and checked link by link."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from sqlalchemy import text

from tallyproof.errors import StoreError
from tallyproof.store import ledger as ledger_module
from tallyproof.store.chain import Fault, Head, verify_events
from tallyproof.store.database import open_engine
from tallyproof.store.ledger import Ledger, open_ledger, timestamp

NOON = datetime(2016, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=-6)))


def fill(ledger: Ledger, case: str, count: int) -> list[Any]:
    """Events with different bodies."""
    return [ledger.append(case, "clerk", "noted", {"votes": number}) for number in range(count)]


# ---- adding and reading


def test_a_stranger_recomputes_every_hash_in_ten_lines(ledger: Ledger, address: str) -> None:
    """Only SHA-256 and RFC 8785 are needed, no line of ours."""
    for number in range(3):
        ledger.append("wi", "clérk", "noted", {"z": number, "é": [1.5, None], "a": {"b": 1e20}})
    ledger.append("wi", "clerk", "signed", {}, secrets={"name": "Ada"})
    engine = open_engine(address)
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(text("SELECT * FROM events")).mappings()]
    engine.dispose()

    previous = "0" * 64
    for number, row in enumerate(sorted(rows, key=lambda row: row["sequence"]), start=1):
        claimed = row.pop("hash")
        row["body"] = json.loads(row["body"], parse_int=lambda digits: float(digits))
        assert (row["sequence"], row["previous"]) == (number, previous)
        previous = hashlib.sha256(rfc8785.dumps(row)).hexdigest()
        assert claimed == previous


def test_an_event_is_read_back_as_it_was_returned(ledger: Ledger) -> None:
    """Also where JSON has only one kind of number, and with the openings beside it."""
    body: dict[str, Any] = {
        "share": 1.0,
        "big": 1e20,
        "text": "Ünïcode \u0000",
        "none": None,
        "list": [True, {}],
    }
    event = ledger.append("wi", "clerk", "noted", body, secrets={"name": "Ada"})
    assert list(ledger.events("wi")) == [event]
    assert event.body["share"] == 1 and event.body["text"] == "Ünïcode \u0000"


def test_each_case_has_a_sequence_of_its_own(ledger: Ledger) -> None:
    """Numbers count from one in every case, and the head is the last."""
    events = fill(ledger, "wi", 3)
    ledger.append("mi", "clerk", "noted", {})
    assert [event.sequence for event in ledger.events("wi")] == [1, 2, 3]
    assert ledger.head("wi") == Head(3, events[-1].hash)
    assert ledger.head("pa") == Head(0, "0" * 64)
    assert ledger.cases() == ["mi", "wi"]


def test_events_are_read_up_to_a_number_and_over_pages(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past states are the same events, fewer of them; the size of a page shows nowhere."""
    events = fill(ledger, "wi", 7)
    monkeypatch.setattr(ledger_module, "PAGE", 3)
    assert list(ledger.events("wi")) == events
    assert list(ledger.events("wi", upto=4)) == events[:4]
    assert list(ledger.events("wi", upto=0)) == []
    assert ledger.verify("wi").events == 7


def test_times_are_kept_in_utc_in_one_form(address: str) -> None:
    """From the clock that was given, or as said for one event."""
    ledger = open_ledger(address, clock=lambda: NOON)
    assert ledger.append("wi", "clerk", "noted", {}).at == "2016-11-23T18:00:00.000000Z"
    later = NOON + timedelta(microseconds=7)
    assert ledger.append("wi", "clerk", "noted", {}, at=later).at == "2016-11-23T18:00:00.000007Z"
    ledger.close()


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody can say when that was."""
    with pytest.raises(StoreError, match="no time zone"):
        timestamp(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "change", [{"case": ""}, {"actor": " "}, {"kind": "two\nlines"}, {"actor": "\ud800"}]
)
def test_an_event_without_case_actor_or_kind_is_refused(ledger: Ledger, change: dict[str, str]) -> None:
    """Each is needed, in text that prints."""
    fields: dict[str, Any] = {"case": "wi", "actor": "clerk", "kind": "noted", **change}
    with pytest.raises(StoreError, match=f"needs a {next(iter(change))}"):
        ledger.append(**fields, body={})


@pytest.mark.parametrize("value", [float("nan"), 2**53])
def test_a_number_that_cannot_be_kept_is_refused_and_nothing_recorded(ledger: Ledger, value: Any) -> None:
    """In the body and among the secrets."""
    with pytest.raises(StoreError):
        ledger.append("wi", "clerk", "noted", {"votes": value})
    with pytest.raises(StoreError):
        ledger.append("wi", "clerk", "noted", {}, secrets={"votes": value})
    assert ledger.cases() == []


def test_an_event_meant_for_another_state_is_refused(ledger: Ledger) -> None:
    """Who decided on what they saw does not overwrite what they did not see."""
    seen = ledger.head("wi")
    first = ledger.append("wi", "Ada", "explained", {}, expected_head=seen)
    with pytest.raises(StoreError, match="Look at what changed"):
        ledger.append("wi", "Bob", "resolved", {}, expected_head=seen)
    ledger.append("wi", "Bob", "resolved", {}, expected_head=Head(1, first.hash))
    assert [event.actor for event in ledger.events("wi")] == ["Ada", "Bob"]


# ---- checking


def test_an_untouched_ledger_holds(ledger: Ledger) -> None:
    """Every case to its head, an unknown case trivially, and the public check agrees."""
    fill(ledger, "wi", 5)
    fill(ledger, "mi", 2)
    verification = ledger.verify()
    assert verification.holds
    assert verification.heads == {"mi": ledger.head("mi"), "wi": ledger.head("wi")}
    assert verify_events(ledger.events("wi")).heads == {"wi": ledger.head("wi")}
    assert ledger.verify("pa").heads == {"pa": Head()}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE events SET body = '{\"votes\":999}' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET body = '{\"votes\": 2}' WHERE sequence = 3", Fault.CONTENT),
        ('UPDATE events SET body = \'{"votes":9,"votes":2}\' WHERE sequence = 3', Fault.CONTENT),
        ("UPDATE events SET body = 'not json' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET body = '[]' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET actor = 'someone else' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET at = '2016-11-24T00:00:00.000000Z' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET kind = 'resolved' WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET hash = upper(hash) WHERE sequence = 3", Fault.CONTENT),
        ("UPDATE events SET previous = hash WHERE sequence = 3", Fault.PREVIOUS),
        ("DELETE FROM events WHERE sequence = 3", Fault.GAP),
        ("UPDATE events SET sequence = 9 WHERE sequence = 3", Fault.GAP),
    ],
)
def test_the_first_broken_link_is_named(
    ledger: Ledger, tamper: Callable[[str], None], change: str, what: Fault
) -> None:
    """One thing altered behind the guards: its number, what is wrong, and up to where the chain holds."""
    events = fill(ledger, "wi", 5)
    tamper(change)
    verification = ledger.verify("wi")
    link = verification.first_broken
    assert link is not None and (link.case, link.sequence, link.what) == ("wi", 3, what)
    assert verification.heads == {"wi": Head(2, events[1].hash)}


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["body", "actor", "at", "kind", "hash", "previous"])
@pytest.mark.parametrize("value", ["x'ff00'", "cast(x'ff00' as text)", "7"])
def test_no_value_in_a_column_makes_the_check_fail(
    ledger: Ledger, tamper: Callable[[str], None], column: str, value: str
) -> None:
    """SQLite keeps bytes, numbers and broken text in any column; all are broken links."""
    fill(ledger, "wi", 3)
    fill(ledger, "mi", 1)
    tamper(f"UPDATE events SET {column} = {value} WHERE \"case\" = 'wi' AND sequence = 2")
    assert [link.case for link in ledger.verify().broken] == ["wi"]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ['"case"', "sequence"])
@pytest.mark.parametrize("value", ["x'ff00'", "cast(x'ff00' as text)", "'text'"])
def test_no_value_in_a_key_makes_the_check_fail(
    ledger: Ledger, tamper: Callable[[str], None], column: str, value: str
) -> None:
    """The name of the case and the number of the event may be nonsense too."""
    fill(ledger, "wi", 3)
    tamper(f"UPDATE events SET {column} = {value} WHERE sequence = 2")
    assert not ledger.verify().holds


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_damaged_database_file_is_reported_not_raised(ledger: Ledger, tmp_path: Path) -> None:
    """Where pages of the file are overwritten the check says what cannot be read."""
    fill(ledger, "wi", 200)
    ledger.close()
    path = tmp_path / "ledger.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    verification = ledger.verify()
    assert {link.what for link in verification.broken} <= {Fault.UNREADABLE, Fault.GAP, Fault.CONTENT}
    assert not verification.holds


def test_a_ledger_cut_off_or_written_anew_is_betrayed_by_a_published_head(
    ledger: Ledger, tamper: Callable[[str], None]
) -> None:
    """A shorter chain holds by itself; the head that was made public says that it was longer."""
    events = fill(ledger, "wi", 5)
    published = {"wi": Head(4, events[3].hash)}
    assert ledger.verify("wi", published).holds
    tamper("DELETE FROM events WHERE sequence >= 4")
    assert ledger.verify("wi").holds
    assert [str(link) for link in ledger.verify("wi", published).broken] == [
        "wi, event 4: published head is not in the ledger"
    ]
    fill(ledger, "wi", 1)
    assert [link.sequence for link in ledger.verify(published=published).broken] == [4]


def test_reading_an_altered_event_says_so(ledger: Ledger, tamper: Callable[[str], None]) -> None:
    """A body in another spelling is not handed on."""
    fill(ledger, "wi", 2)
    tamper("UPDATE events SET body = '{\"votes\": 1}' WHERE sequence = 2")
    with pytest.raises(StoreError, match="Event 2 of case wi was altered"):
        list(ledger.events("wi"))


# ---- the guards


COLUMNS = '"case", sequence, at, actor, kind, body, previous, hash'
SAME_NUMBER = f"INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events WHERE sequence = 1"
NEXT_OF_2 = (
    f"INTO events ({COLUMNS}) SELECT \"case\", {{}}, at, actor, kind, '{{{{}}}}', {{}}, hash "
    "FROM events WHERE sequence = 2"
)
ON_BOTH = [
    "UPDATE events SET actor = 'someone else'",
    "DELETE FROM events WHERE sequence = 2",
    "DELETE FROM events",
    f"INSERT {SAME_NUMBER}",
    f"INSERT {SAME_NUMBER} ON CONFLICT DO NOTHING",
    f"INSERT {NEXT_OF_2.format(9, 'hash')}",
    f"INSERT {NEXT_OF_2.format(3, 'previous')}",
    f"INSERT {NEXT_OF_2.format(0, 'previous')}",
]
ON_SQLITE = [
    f"INSERT OR REPLACE {SAME_NUMBER}",
    f"REPLACE {SAME_NUMBER}",
    f"INSERT OR IGNORE {SAME_NUMBER}",
    "UPDATE OR REPLACE events SET sequence = 1 WHERE sequence = 2",
    "UPDATE OR IGNORE events SET actor = 'someone else'",
    f"INSERT {SAME_NUMBER} AND true ON CONFLICT (\"case\", sequence) DO UPDATE SET actor = 'someone else'",
    'INSERT OR REPLACE INTO events (rowid, "case", sequence, at, actor, kind, body, previous, hash) '
    'SELECT 1, "case", 3, at, actor, kind, body, hash, hash FROM events WHERE sequence = 2',
]
ON_POSTGRESQL = [
    "TRUNCATE events",
    "TRUNCATE events CASCADE",
    f"INSERT {SAME_NUMBER} ON CONFLICT (\"case\", sequence) DO UPDATE SET actor = 'someone else'",
    "MERGE INTO events USING openings ON true WHEN MATCHED THEN UPDATE SET actor = 'someone else'",
    "SET session_replication_role = replica; DELETE FROM events",
]


@pytest.mark.parametrize(
    ("address", "statement"),
    [
        *(("sqlite", statement) for statement in [*ON_BOTH, *ON_SQLITE]),
        *(
            pytest.param("postgresql", statement, marks=pytest.mark.postgres)
            for statement in [*ON_BOTH, *ON_POSTGRESQL]
        ),
    ],
    indirect=["address"],
)
def test_the_database_refuses_every_other_program_to_change_an_event(
    ledger: Ledger, stranger: Callable[[str], None], statement: str
) -> None:
    """No statement changes, removes, replaces or forks events, and the chain holds afterwards."""
    before = [ledger.append("wi", "clerk", "noted", {}, secrets={"name": "Ada"}) for _ in range(2)]
    with pytest.raises(Exception, match=r"never changed|must follow|no column named rowid"):
        stranger(statement)
    assert list(ledger.events("wi")) == before
    assert ledger.verify().holds


def test_another_program_may_add_what_follows(ledger: Ledger, stranger: Callable[[str], None]) -> None:
    """The guards refuse forks, not the next event; its hash is for the check to judge."""
    fill(ledger, "wi", 2)
    stranger(f"INSERT {NEXT_OF_2.format(3, 'hash')}")
    assert [str(link) for link in ledger.verify().broken] == ["wi, event 3: hash does not match content"]


def test_the_guards_survive_opening_again(
    address: str, ledger: Ledger, stranger: Callable[[str], None]
) -> None:
    """An up-to-date database is left as it is."""
    fill(ledger, "wi", 1)
    again = open_ledger(address)
    with pytest.raises((sqlite3.Error, Exception), match="never changed"):
        stranger("DELETE FROM events")
    assert again.head("wi").sequence == 1
    again.close()


def test_the_clock_of_an_ordinary_ledger_is_the_present(ledger: Ledger) -> None:
    """Within a minute of this test."""
    at = datetime.fromisoformat(ledger.append("wi", "clerk", "noted", {}).at)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
