"""``tallyproof ledger``: the chain is verified, and a broken link is named."""

import json
import sqlite3
from pathlib import Path

import pytest

from .conftest import Run
from .files import CLEAN, written


@pytest.fixture
def demo(run: Run, tmp_path: Path) -> Run:
    """A case with an import."""
    run("import", "returns", written(tmp_path, CLEAN), "--case", "demo", "--by", "Jane Doe")
    return run


def tamper(home: Path, statement: str) -> None:
    """Change the database as its owner could, its guards taken away."""
    with sqlite3.connect(home / "ledger.sqlite3") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)


def test_a_whole_chain_holds(demo: Run) -> None:
    """Exit 0, each case with its head; the published head is still in the chain."""
    ran = demo("ledger", "verify", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["holds"], told["broken"]) == (0, True, [])
    head = told["heads"]["demo"]
    assert head["event"] == 2
    assert "Every link holds." in demo("ledger", "verify").out
    assert demo("ledger", "verify", "--case", "demo", "--head", f"2:{head['hash']}").code == 0
    assert demo("ledger", "verify", "--case", "demo", "--head", f"2:{'0' * 64}").code == 2


@pytest.mark.parametrize(
    ("statement", "event"),
    [
        ("UPDATE events SET body = replace(body, '485', '486') WHERE sequence = 2", 2),
        ("UPDATE events SET actor = 'somebody' WHERE sequence = 1", 1),
        ("DELETE FROM events WHERE sequence = 1", 1),
        ("UPDATE openings SET value = '\"John Doe\"' WHERE sequence = 1", 1),
    ],
)
def test_the_first_broken_link_is_named(demo: Run, home: Path, statement: str, event: int) -> None:
    """A body, an actor, an event or an opening that was changed: exit 2 and the event's number."""
    if "485" in statement:
        statement = statement.replace("'485', '486'", "'\"stored\":4', '\"stored\":5'")
    tamper(home, statement)
    ran = demo("ledger", "verify")
    assert ran.code == 2
    assert f"demo: event {event} is broken: " in ran.out
    assert "Every link holds." not in ran.out
    assert json.loads(demo("ledger", "verify", "--json").out)["broken"][0]["event"] == event


def test_cutting_off_the_end_shows_against_a_published_head(demo: Run, home: Path) -> None:
    """Only a head that was published earlier reveals that the last event is gone."""
    head = json.loads(demo("ledger", "verify", "--json").out)["heads"]["demo"]
    tamper(home, "DELETE FROM events WHERE sequence = 2")
    tamper(home, "DELETE FROM openings WHERE sequence = 2")
    assert demo("ledger", "verify").code == 0
    assert demo("ledger", "verify", "--case", "demo", "--head", f"2:{head['hash']}").code == 2


def test_events_are_listed(demo: Run) -> None:
    """Each event with number, time, actor and kind; as JSON with body and hashes."""
    assert "returns imported" in demo("ledger", "events", "--case", "demo").out
    events = json.loads(demo("ledger", "events", "--case", "demo", "--json").out)
    assert [event["sequence"] for event in events] == [1, 2]
    assert events[1]["previous"] == events[0]["hash"]
    assert set(events[0]["body"]["actor_name"]) == {"commitment"}
