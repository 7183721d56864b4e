"""Standard names of a case on its record page."""

from collections.abc import Callable
from pathlib import Path

from tallyproof.services import access, card_names, cases
from tallyproof.services.workspace import Workspace

from .visitor import Visitor


def test_the_record_names_each_setting_of_names(
    home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]
) -> None:
    """The first by its file, one that replaces it by the reason."""
    actor, path = access.terminal(), tmp_path / "names.toml"
    cases.open_case(home, actor, "adams")
    for text, reason in (("[[contest]]\nname = 'Mayor'\n", ""), ("", "There are two mayors.")):
        path.write_text(text)
        card_names.set_names(home, actor, "adams", path, reason)
    text = visit(home).get("/adams/record/").text
    assert text.count("Standard names set") == 2
    assert "names.toml" in text and "There are two mayors." in text
