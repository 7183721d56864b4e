"""Reads what a request asks for: the time, filters, order and page of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Generic, TypeVar, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tallyproof.web.carried import is_published
from tallyproof.web.faults import UnreadableAddressError

Row = TypeVar("Row")

ROWS_IN_A_FILE = 1_000
"""Rows of a list on one page of a published folder, where no form can ask for fewer."""

_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")


def as_of(request: HttpRequest) -> datetime | None:
    """The time that ``?as_of=`` names; a plain date is its end, and a time without a zone is in UTC.

    None where it is not given. Raises UnreadableAddressError for anything else.
    """
    text = request.GET.get("as_of", "").strip()
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
        given = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
    except ValueError:
        raise UnreadableAddressError(
            _("“%(text)s” is no time. Write as_of like 2016-11-28 or 2016-11-28T17:00-06:00.")
            % {"text": text}
        ) from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def word(request: HttpRequest, name: str, known: Iterable[str]) -> str:
    """One of the known words that a filter names, or nothing. Raises UnreadableAddressError for another."""
    given = request.GET.get(name, "").strip()
    allowed = list(known)
    if given and given not in allowed:
        raise UnreadableAddressError(
            _("“%(given)s” cannot be chosen as %(name)s here. Possible: %(allowed)s.")
            % {"given": given, "name": name, "allowed": ", ".join(allowed[:60]) or _("nothing")}
        )
    return given


def query(request: HttpRequest, **changes: object) -> str:
    """The request's own query with some parts changed or (None) left out, to follow an address."""
    parts = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parts.pop(name, None)
        else:
            parts[name] = str(value)
    return f"?{parts.urlencode(safe=':')}" if parts else "?"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column that a list can be ordered by; values that are None come last either way."""

    key: str
    title: str
    value: Callable[[Row], object]
    numeric: bool = False


@dataclass(frozen=True)
class Heading:
    """A column's heading as a link that orders the list; ``order`` is an aria-sort word."""

    title: str
    href: str
    order: str
    numeric: bool


def ordered(
    request: HttpRequest,
    rows: Sequence[Row],
    columns: Sequence[Column[Row]],
    default: str = "",
    name: str = "sort",
) -> tuple[list[Row], list[Heading]]:
    """Rows in the order that ``?sort=`` names (a key, "-" before it for descending), and the headings.

    A second list of a page has its order under another ``name``.
    """
    keys = [sign + column.key for column in columns for sign in ("", "-")]
    sort = word(request, name, keys) or default
    chosen = next((column for column in columns if column.key == sort.lstrip("-")), None)
    found = list(rows)
    if chosen:
        value = chosen.value
        known = [row for row in found if value(row) is not None]
        unknown = [row for row in found if value(row) is None]
        found = [
            *sorted(known, key=cast(Callable[[Row], str], value), reverse=sort.startswith("-")),
            *unknown,
        ]
    if is_published(request):
        return found, [Heading(column.title, "", "none", column.numeric) for column in columns]
    return found, [_heading(request, column, sort, name) for column in columns]


def _heading(request: HttpRequest, column: Column[Row], sort: str, name: str) -> Heading:
    descending, ascending = f"-{column.key}", column.key
    first, then = (descending, ascending) if column.numeric else (ascending, descending)
    order = {ascending: "ascending", descending: "descending"}.get(sort, "none")
    turned: dict[str, object] = {name: then if sort == first else first}
    href = query(request, **turned, **({"page": None} if name == "sort" else {}))
    return Heading(column.title, href, order, column.numeric)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list, with the addresses of its neighbours where there are any."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    first: int
    previous: str = ""
    next: str = ""

    @property
    def last(self) -> int:
        """The place of the last row shown, counted from 1."""
        return self.first + len(self.rows) - 1


def paged(request: HttpRequest, rows: Sequence[Row], size: int) -> Page[Row]:
    """The page that ``?page=`` names; a page beyond the last shows the last."""
    text = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise UnreadableAddressError(_("“%(text)s” is no page number.") % {"text": text})
    size = max(size, ROWS_IN_A_FILE) if is_published(request) else size
    pages = max(1, -(-len(rows) // size))
    number = min(int(text), pages)
    start = (number - 1) * size
    return Page(
        rows[start : start + size], number, pages, len(rows), start + 1,
        query(request, page=number - 1) if number > 1 else "",
        query(request, page=number + 1) if number < pages else "",
    )  # fmt: skip
