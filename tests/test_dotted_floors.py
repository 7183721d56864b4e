"""Names of modules written as text obey the floors as imports do."""

from pathlib import Path

import pytest

from dotted_floors import floors, layers_of, upward_names

TOP = Path(__file__).resolve().parents[1]
LAYERS = ["(cli)", "(web)", "(formats) | (store)", "(errors)"]


def test_our_own_code_names_no_room_above() -> None:
    """No text in the package names a module that its room may not import."""
    assert list(upward_names(TOP / "src" / "tallyproof", floors(layers_of(TOP / "pyproject.toml")))) == []


@pytest.mark.parametrize(
    ("room", "text", "wrong"),
    [
        ("web", "tallyproof.web.urls", False),
        ("cli", "tallyproof.web.settings", False),
        ("web", "tallyproof.store:migrations", False),
        ("store", "tallyproof.web.settings", True),
        ("store", "tallyproof.formats", True),
        ("errors", "tallyproof.store", True),
        ("store", "see tallyproof.web for pages", False),
    ],
)
def test_a_name_is_judged_by_its_floor(tmp_path: Path, room: str, text: str, wrong: bool) -> None:
    """A text may name a room below, never one above or beside; prose is not a name."""
    (tmp_path / room).mkdir()
    (tmp_path / room / "settings.py").write_text(f"ROOT = {text!r}\n")
    assert [name.text for name in upward_names(tmp_path, floors(LAYERS))] == [text] * wrong
