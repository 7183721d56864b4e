"""Every format has a page, and what the pages say is so."""

import re
from pathlib import Path

import pytest

from tallyproof.errors import RequestError
from tallyproof.formats import intake, mapping
from tallyproof.formats.cards.registry import IMPORTERS
from tallyproof.formats.importer import Asked, Importer
from tallyproof.formats.registry import registry

from .reading import claims, read, sums, written

PAGES = Path(__file__).parents[2] / "docs/formats"
PAGE_OF = {"tallyproof": "tallyproof-csv"}
PAGE_OF_CARDS = {
    "dominion-csv": "dominion-cvr",
    "mapped-cards": "cards-mapping",
    "raire": "ranked-cards",
    "ranked-json": "ranked-cards",
}


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The pieces of a page that are written in this language."""
    return re.findall(rf"```{language}\n(.*?)```", page(name), re.DOTALL)


def test_each_importer_has_a_page_and_no_page_is_left_over() -> None:
    """One page per format, one for mappings, one for ballot manifests, one for frames."""
    expected = {PAGE_OF.get(importer.id, importer.id) for importer in registry()}
    expected |= {PAGE_OF_CARDS[importer.id] for importer in IMPORTERS}
    expected |= {"mapping", "ballot-manifests", "frame"}
    assert {path.stem for path in PAGES.glob("*.md")} == expected


@pytest.mark.parametrize("importer", registry(), ids=[each.id for each in registry()])
def test_a_page_says_what_is_recognised(importer: Importer) -> None:
    """The reader learns by what a file is known."""
    text = page(PAGE_OF.get(importer.id, importer.id))
    assert "**Recognised by**" in text


def test_every_key_of_a_mapping_is_explained() -> None:
    """The keys that a refusal lists as known all stand on the page."""
    text, tables = page("mapping"), ("table", "columns", "constants", "choices", "counts", "where", "source")
    for table in tables:
        wrong = f"[[{table}]]\nzzz = 1" if table in {"choices", "counts", "where"} else f"[{table}]\nzzz = 1"
        with pytest.raises(RequestError, match="Known here") as told:
            mapping.read_mapping(wrong)
        known = str(told.value).partition("Known here: ")[2].strip(".").split(", ")
        assert [key for key in known if f"`{key}`" not in text and f"`{key} =" not in text] == []


def test_the_example_of_a_mapping_reads_the_canvass(shared_data: Path) -> None:
    """As it stands on the page."""
    example = blocks("mapping", "toml")[-1]
    with intake.documents([shared_data / "wi2016/raw/wec_ward_report_first_posted.xlsx"]) as (document,):
        reading = mapping.read_with(document, mapping.read_mapping(example), Asked())
    assert sums(reading, "wi-president") == {"trump": 1_404_000, "write-in": 26_002}


def test_the_example_of_tidy_csv_is_recognised(tmp_path: Path) -> None:
    """And every row of it is stored."""
    (example,) = blocks("tallyproof-csv", "csv")
    path = written(tmp_path, example)
    assert claims(path) == ["tallyproof"]
    assert read(path).stored == 3
