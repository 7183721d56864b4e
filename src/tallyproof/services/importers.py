"""The formats that are recognised, by name."""

from __future__ import annotations

from tallyproof.formats.registry import registry


def title_of(importer: str) -> str:
    """What people call a format; its id where this program no longer knows it."""
    return next((each.title for each in registry() if each.id == importer), importer)


def titles() -> list[tuple[str, str]]:
    """Every format that is recognised: its id and what people call it."""
    return [(each.id, each.title) for each in registry()]
