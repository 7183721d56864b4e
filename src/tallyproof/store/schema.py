"""The ledger's tables, and the triggers that let events be added and nothing else."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

from tallyproof.store.chain import NOTHING_BEFORE

VERSION = "0001"
"""The migration that this program expects; the newest file in ``migrations/versions``."""

VERSION_TABLE = "ledger_version"

metadata = MetaData()

# No hidden row number in SQLite: INSERT OR REPLACE could hit an event through it.
events = Table(
    "events",
    metadata,
    Column("case", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False, comment="canonical JSON, RFC 8785"),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Openings of commitments lie beside the events, so that they can be withheld or erased.
openings = Table(
    "openings",
    metadata,
    Column("case", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("value", Text, nullable=False, comment="canonical JSON, RFC 8785"),
    sqlite_with_rowid=False,
)

REFUSAL = "events are never changed or removed; record a new event instead"
FORK = "an event must follow the last event of its case"

# Migration 0001 uses these texts; to change a trigger, write its new text into a new migration.
# BEFORE INSERT runs before INSERT OR REPLACE removes the old row, whose removal fires no trigger.
SQLITE_GUARDS = (
    f"""CREATE TRIGGER events_keep_update BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER events_keep_delete BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER events_follow BEFORE INSERT ON events
        WHEN NEW.sequence IS NOT
             (SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE "case" = NEW."case")
          OR NEW.previous IS NOT coalesce(
             (SELECT hash FROM events WHERE "case" = NEW."case" AND sequence = NEW.sequence - 1),
             '{NOTHING_BEFORE}')
        BEGIN SELECT RAISE(ABORT, '{FORK}'); END""",
)

# ENABLE ALWAYS: the triggers also hold in a session that calls itself a replica.
POSTGRESQL_GUARDS = (
    f"""CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{REFUSAL}';
        END $$""",
    f"""CREATE FUNCTION events_follow() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            IF NEW.sequence IS DISTINCT FROM
               (SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE "case" = NEW."case")
            OR NEW.previous IS DISTINCT FROM coalesce(
               (SELECT hash FROM events WHERE "case" = NEW."case" AND sequence = NEW.sequence - 1),
               '{NOTHING_BEFORE}')
            THEN
                RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{FORK}';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER events_keep BEFORE UPDATE OR DELETE ON events
        FOR EACH ROW EXECUTE FUNCTION events_keep()""",
    """CREATE TRIGGER events_keep_all BEFORE TRUNCATE ON events
        FOR EACH STATEMENT EXECUTE FUNCTION events_keep()""",
    """CREATE TRIGGER events_follow BEFORE INSERT ON events
        FOR EACH ROW EXECUTE FUNCTION events_follow()""",
    """ALTER TABLE events ENABLE ALWAYS TRIGGER events_keep""",
    """ALTER TABLE events ENABLE ALWAYS TRIGGER events_keep_all""",
    """ALTER TABLE events ENABLE ALWAYS TRIGGER events_follow""",
)

GUARDS = {"sqlite": SQLITE_GUARDS, "postgresql": POSTGRESQL_GUARDS}
