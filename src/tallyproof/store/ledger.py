"""The ledger: what happened in each case, as events that can be added and checked but not changed."""

from __future__ import annotations

import secrets as random_source
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, delete, exists, func, insert, select

from tallyproof.errors import StoreError
from tallyproof.store.canonical import JSON, canonical, parse
from tallyproof.store.chain import BrokenLink, Event, Fault, Head, Verification, fault_after, next_event
from tallyproof.store.commitment import Opening, commitment_to, new_opening, opens
from tallyproof.store.database import forget_removed_rows, open_engine, prepare, reading, writing
from tallyproof.store.schema import events, openings

PAGE = 1_000
"""Events fetched at once; no connection stays open between pages."""


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def open_ledger(
    address: str | Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    token: Callable[[int], bytes] = random_source.token_bytes,
) -> Ledger:
    """The ledger in a database, which is created or brought up to date first.

    ``address`` is a file path, ``sqlite:///path`` or ``postgresql://…``. Raises StoreError where the
    database cannot be used.
    """
    engine = open_engine(address)
    prepare(engine)
    return Ledger(engine, clock=clock, token=token)


def timestamp(moment: datetime) -> str:
    """The moment as RFC 3339 in UTC with six decimals, the only form in which times are kept."""
    if moment.tzinfo is None:
        raise StoreError(f"The time {moment} has no time zone; say which zone it is in.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Ledger:
    """Events of all cases in one database; ``clock`` dates them, ``token`` gives salts their random bytes."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = utc_now,
        token: Callable[[int], bytes] = random_source.token_bytes,
    ) -> None:
        self._engine, self._clock, self._token = engine, clock, token

    def append(
        self,
        case: str,
        actor: str,
        kind: str,
        body: Mapping[str, JSON],
        *,
        secrets: Mapping[str, JSON] | None = None,
        at: datetime | None = None,
        expected_head: Head | None = None,
    ) -> Event:
        """Add an event to a case and return it as it was recorded.

        Each of ``secrets`` enters the body as a salted commitment under its name; its opening is kept
        beside the ledger. ``at`` is the present time unless given. With ``expected_head`` the event is
        added only if that is still the last one. Raises StoreError, and records nothing, otherwise.
        """
        _require_text(case=case, actor=actor, kind=kind)
        hidden = {name: new_opening(value, self._token) for name, value in (secrets or {}).items()}
        recorded = _recorded_body(body, hidden)
        moment = timestamp(at or self._clock())
        with writing(self._engine, case) as connection:
            head = _head(connection, case)
            if expected_head is not None and head != expected_head:
                raise StoreError(
                    f"Case {case} has changed: its last event is number {head.sequence:,}, not "
                    f"{expected_head.sequence:,} as expected. Look at what changed, then try again."
                )
            event = next_event(head, case, moment, actor, kind, recorded)
            _insert(connection, event, hidden)
        return event

    def events(self, case: str, upto: int | None = None) -> Iterator[Event]:
        """The events of a case in order, to number ``upto`` where given; StoreError at an unreadable one."""
        for page in self._pages(_events_of(case, upto)):
            for row in page:
                yield _event(row)

    def head(self, case: str) -> Head:
        """The last event's number and hash; number 0 and 64 zeros for a case without events."""
        with reading(self._engine) as connection:
            return _head(connection, case)

    def cases(self) -> list[str]:
        """The cases that have events, by name."""
        with reading(self._engine) as connection:
            return sorted(connection.scalars(select(events.c.case).distinct()))

    def opening(self, case: str, sequence: int, field: str) -> Opening | None:
        """The salt and value behind a commitment; None where it was erased or never was."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(openings).where(*_opening_key(case, sequence, field))
            ).one_or_none()
        return None if row is None else Opening(row.salt, parse(row.value))

    def erase_opening(self, case: str, sequence: int, field: str) -> bool:
        """Erase the salt and value behind a commitment for good; the chain holds without them.

        Returns whether there was one. Copies in backups are the keeper's to erase.
        """
        with writing(self._engine, case) as connection:
            erased = connection.execute(delete(openings).where(*_opening_key(case, sequence, field))).rowcount
        forget_removed_rows(self._engine)
        return erased > 0

    def verify(self, case: str | None = None, published: Mapping[str, Head] | None = None) -> Verification:
        """Check the chain of one case, or of all, link by link; faults are named, never raised.

        ``published`` holds heads that were made public earlier: each must still be in its chain, which
        alone reveals that the last events were cut off or the whole was written anew.
        """
        known = published or {}
        try:
            cases = [case] if case is not None else sorted({*self._cases_with_rows(), *known}, key=str)
        except StoreError:
            return Verification({}, (BrokenLink("all cases", 1, Fault.UNREADABLE),))
        checked = {name: self._verify_case(name, known.get(name)) for name in cases}
        heads = {name: head for name, (head, _) in checked.items()}
        return Verification(heads, tuple(link for _, link in checked.values() if link))

    def close(self) -> None:
        """Close the connections; the ledger opens new ones if it is used again."""
        self._engine.dispose()

    def _verify_case(self, case: str, published: Head | None) -> tuple[Head, BrokenLink | None]:
        head, reached = Head(), published is None or published == Head()
        try:
            for page in self._pages(_events_of(case)):
                shown = self._openings(case, head.sequence, page[-1].sequence)
                for row in page:
                    fault = _fault(head, row, shown)
                    if fault:
                        return head, BrokenLink(case, head.sequence + 1, fault)
                    head = Head(row.sequence, row.hash)
                    reached = reached or head == published
            stray = self._stray_opening(case)
        except StoreError:
            return head, BrokenLink(case, head.sequence + 1, Fault.UNREADABLE)
        if stray is not None:
            return head, BrokenLink(case, stray, Fault.OPENING)
        if published is not None and not reached:
            return head, BrokenLink(case, published.sequence, Fault.HEAD)
        return head, None

    def _pages(self, query: Select[Any]) -> Iterator[list[Row[Any]]]:
        last: int | None = None
        while True:
            rest = query if last is None else query.where(events.c.sequence > last)
            with reading(self._engine) as connection:
                page = list(connection.execute(rest.limit(PAGE)))
            if page:
                yield page
            if len(page) < PAGE:
                return
            last = page[-1].sequence

    def _openings(self, case: str, after: int, upto: int) -> dict[int, list[Row[Any]]]:
        number = openings.c.sequence
        query = select(openings).where(openings.c.case == case, number > after, number <= upto)
        found = defaultdict(list)
        with reading(self._engine) as connection:
            for row in connection.execute(query):
                found[row.sequence].append(row)
        return found

    def _stray_opening(self, case: str) -> int | None:
        same = (events.c.case == openings.c.case) & (events.c.sequence == openings.c.sequence)
        stray = (openings.c.case == case) & ~exists().where(same)
        with reading(self._engine) as connection:
            number: int | None = connection.scalar(select(func.min(openings.c.sequence)).where(stray))
        return number

    def _cases_with_rows(self) -> list[str]:
        with reading(self._engine) as connection:
            return list(connection.scalars(select(events.c.case).union(select(openings.c.case))))


def _require_text(**fields: str) -> None:
    for name, text in fields.items():
        if not text.strip() or not text.isprintable():
            raise StoreError(f"An event needs a {name} in printable text, not {text!r}.")


def _recorded_body(body: Mapping[str, JSON], hidden: Mapping[str, Opening]) -> dict[str, Any]:
    twice = sorted(body.keys() & hidden.keys())
    if twice:
        raise StoreError(f"{twice[0]} stands both in the open and among the secrets; decide for one.")
    commitments = {name: commitment_to(opening) for name, opening in hidden.items()}
    # Read back, so that the event returned now equals the event read tomorrow (1.0 is recorded as 1).
    recorded = parse(canonical({**body, **commitments}))
    assert isinstance(recorded, dict)
    return recorded


def _insert(connection: Connection, event: Event, hidden: Mapping[str, Opening]) -> None:
    connection.execute(
        insert(events).values(
            case=event.case,
            sequence=event.sequence,
            at=event.at,
            actor=event.actor,
            kind=event.kind,
            body=canonical(event.body).decode(),
            previous=event.previous,
            hash=event.hash,
        )
    )
    for field, opening in hidden.items():
        connection.execute(
            insert(openings).values(
                case=event.case,
                sequence=event.sequence,
                field=field,
                salt=opening.salt,
                value=canonical(opening.value).decode(),
            )
        )


def _events_of(case: str, upto: int | None = None) -> Select[Any]:
    query = select(events).where(events.c.case == case).order_by(events.c.sequence)
    return query if upto is None else query.where(events.c.sequence <= upto)


def _opening_key(case: str, sequence: int, field: str) -> tuple[Any, ...]:
    return (openings.c.case == case, openings.c.sequence == sequence, openings.c.field == field)


def _head(connection: Connection, case: str) -> Head:
    query = select(events.c.sequence, events.c.hash).where(events.c.case == case)
    row = connection.execute(query.order_by(events.c.sequence.desc()).limit(1)).one_or_none()
    return Head() if row is None else Head(row.sequence, row.hash)


def _event(row: Row[Any]) -> Event:
    body = parse(row.body)
    # A body kept in another spelling (a name twice, say) would read differently elsewhere.
    if not isinstance(body, dict) or canonical(body).decode() != row.body:
        raise StoreError(
            f"Event {row.sequence} of case {row.case} was altered; run: tallyproof ledger verify"
        )
    return Event(row.case, row.sequence, row.at, row.actor, row.kind, body, row.previous, row.hash)


def _fault(head: Head, row: Row[Any], shown: Mapping[int, list[Row[Any]]]) -> Fault | None:
    try:
        event = _event(row)
    except (StoreError, TypeError):  # TypeError: SQLite lets a number or bytes stand in a text column
        return Fault.CONTENT
    fault = fault_after(head, event)
    if fault:
        return fault
    matches = all(_opening_matches(event, opening) for opening in shown.get(event.sequence, ()))
    return None if matches else Fault.OPENING


def _opening_matches(event: Event, row: Row[Any]) -> bool:
    try:
        return opens(Opening(row.salt, parse(row.value)), event.body.get(row.field))
    except (StoreError, TypeError):
        return False
