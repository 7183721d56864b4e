"""The documentation's table of contents: sections in a fixed order, each listing the pages of its folder."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "tallyproof"

# Heading, and the folder or the page that fills it. A section without pages is left out.
SECTIONS = {
    "Tutorial": "tutorial",
    "How-to": "how-to",
    "Reference": "reference",
    "Methods": "methods",
    "Formats": "formats",
    "Checks": "checks",
    "Decisions": "decisions",
    "Glossary": "glossary.md",
    "Changelog": "changelog.md",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Fill the navigation from the pages that exist, so that a new page needs no second entry."""
    for room in sorted(path.parent for path in PACKAGE.glob("*/__init__.py")):
        files.append(File.generated(config, f"reference/python/{room.name}.md", content=_room_page(room)))
    pages = sorted(file.src_uri for file in files.documentation_pages())
    config.nav = [
        {"Tallyproof": "index.md"},
        *(entry for heading in SECTIONS if (entry := _entry(heading, pages))),
    ]
    return files


def _room_page(room: Path) -> str:
    """Write one room's reference: the docstrings of its public modules."""
    modules = sorted(path.stem for path in room.glob("*.py") if not path.stem.startswith("_"))
    named = [f"tallyproof.{room.name}", *(f"tallyproof.{room.name}.{module}" for module in modules)]
    return "\n\n".join([f"# {named[0]}", *(f"::: {name}" for name in named)])


def _entry(heading: str, pages: list[str]) -> dict[str, str | list[str]]:
    place = SECTIONS[heading]
    own = [page for page in pages if page in (place, f"{place}.md") or page.startswith(f"{place}/")]
    own.sort(key=lambda page: (not page.endswith("/index.md"), page))
    if not own:
        return {}
    return {heading: own[0] if own == [place] or own == [f"{place}.md"] else own}
