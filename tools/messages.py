"""Collects every sentence of the pages: ``locale/messages.pot``, and for each language its catalogue.

Run it after a sentence changed: ``python tools/messages.py``. Translations that still fit are kept; those of
sentences that are gone are dropped; a catalogue is compiled beside its text.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parents[1] / "src" / "tallyproof" / "web"
LOCALE = WEB / "locale"
LANGUAGES = ("es",)
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""The time that compiled catalogues carry, so that the same sentences give the same bytes."""
KEYWORDS = ("_", "_noop", "noop", "gettext", "gettext_noop", "ngettext", "pgettext", "npgettext")
_STRING = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
_TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")


@dataclass(frozen=True)
class Message:
    """A sentence of the pages: with its plural and its context where it has them."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        """As catalogues name it."""
        return (self.text, self.plural) if self.plural else self.text


def messages() -> Iterator[tuple[Message, str]]:
    """Every sentence with the file that holds it."""
    for path in sorted(WEB.rglob("*.py")):
        for message in of_python(path.read_bytes()):
            yield message, path.relative_to(WEB).as_posix()
    for path in sorted(WEB.rglob("*.html")):
        for message in of_template(path.read_text(encoding="utf-8")):
            yield message, path.relative_to(WEB).as_posix()


def of_python(source: bytes) -> Iterator[Message]:
    """The sentences of a module."""
    calls: Any = extract_python(io.BytesIO(source), dict.fromkeys(KEYWORDS), (), {"encoding": "utf-8"})
    for _, function, found, _ in calls:
        texts = [text for text in (found if isinstance(found, tuple | list) else (found,)) if text]
        if texts:
            yield _message(str(function), texts)


def of_template(source: str) -> Iterator[Message]:
    """The sentences of a template."""
    from django.utils.translation.template import templatize

    for found in _TEMPLATE_CALL.finditer(templatize(source)):
        texts = [ast.literal_eval(each) for each in found.groups()[1:] if each]
        yield _message(found[1], texts)


def _message(function: str, texts: list[str]) -> Message:
    context = texts.pop(0) if function in ("pgettext", "npgettext") else ""
    plural = texts[1] if function in ("ngettext", "npgettext") else ""
    return Message(texts[0], plural, context)


def catalogue(language: str = "") -> Catalog:
    """All sentences; with a language, what was translated so far."""
    made = Catalog(locale=language or None, project="Tallyproof", charset="utf-8", fuzzy=False)
    known = translated(language) if language else None
    for message, place in messages():
        before = known.get(message.id, message.context or None) if known else None
        kept = before.string if before and _is_filled(before.string) else None
        made.add(
            message.id,
            kept,
            locations=[(place, 0)],
            context=message.context or None,
            flags=("python-format",) if "%(" in message.text else (),
        )
    return made


def _is_filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def translated(language: str) -> Catalog:
    """A language's catalogue as it lies in its file; empty where there is none."""
    path = po(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def po(language: str) -> Path:
    """Where a language's text lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def as_text(found: Catalog) -> bytes:
    """A catalogue as it is written: in order, without times, always the same for the same sentences."""
    out = io.BytesIO()
    write_po(
        out, found, omit_header=False, sort_output=True, include_lineno=False, width=100, ignore_obsolete=True
    )
    lines = out.getvalue().decode().splitlines(keepends=True)
    unstable = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Generated-By',
        '"Last-Translator',
        '"Report-Msgid',
        "# FIRST AUTHOR",
        "# Copyright",
        "# This file",
        "# Translations",
        "# Spanish",
    )
    return "".join(line for line in lines if not line.startswith(unstable)).encode()


def compiled(text: bytes, language: str) -> bytes:
    """A catalogue as programs read it."""
    out, found = io.BytesIO(), read_po(io.BytesIO(text), locale=language)
    found.creation_date = found.revision_date = ALWAYS
    write_mo(out, found)
    return out.getvalue()


def files() -> dict[Path, bytes]:
    """Every file of the catalogue with its bytes."""
    made = {LOCALE / "messages.pot": as_text(catalogue())}
    for language in LANGUAGES:
        text = as_text(catalogue(language))
        made[po(language)] = text
        made[po(language).with_suffix(".mo")] = compiled(text, language)
    return made


def main() -> int:
    """Write the files, and say how much of each language is translated."""
    for path, body in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    for language in LANGUAGES:
        found = [each for each in translated(language) if each.id]
        done = sum(1 for each in found if _is_filled(each.string))
        print(f"{language}: {done} of {len(found)} sentences translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
