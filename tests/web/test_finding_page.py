"""The page of the Sauk finding, word by word, as a person reads it."""

import re
from collections.abc import Callable
from pathlib import Path

from tallyproof.services import access, findings
from tallyproof.services.workspace import Workspace

from .visitor import Visitor, words

EXPECTED = Path(__file__).parent / "sauk_finding.txt"
ADDRESS = "/upper-midwest-2016/findings/B2/wi-president/sauk/"


def readable(html: str) -> str:
    """The page's text with hashes and event numbers, which move with every check, put aside."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "<SHA-256>", words(html))
    text = re.sub(r"\b[0-9a-f]{12}…", "<SHA-256>", text)
    return re.sub(r"event \d+", "event <number>", text)


def test_the_page_of_the_sauk_finding_reads_as_expected(example_pages: Visitor) -> None:
    """Question, numbers, stakes, innocent explanations, record, source rows, history, citation."""
    assert readable(example_pages.get(ADDRESS).html) == EXPECTED.read_text(encoding="utf-8")


def test_a_finding_that_nobody_explained_says_how_to(example_pages: Visitor) -> None:
    """With the command that records the office's own words."""
    text = example_pages.get("/upper-midwest-2016/checks/?check=B2&life=open").html
    address = text.split('<h3><a href="')[1].split('"')[0]
    shown = example_pages.get(address).text
    assert "Nobody has explained this finding yet." in shown
    assert "tallyproof finding explain B2/wi-president/" in shown


def test_an_answer_shows_on_the_page_at_once(
    home: Workspace, visit: Callable[[Workspace], Visitor], tmp_path: Path
) -> None:
    """Words, citation, actor and time with its zone; nothing of the note that was kept secret."""
    from tallyproof.services import importing
    from tallyproof.services.reading import Request

    header = "state,county,office,vote_for,choice,party,measure,votes\n"
    rows = (
        "WI,Sauk,President,1,Ann,,choice,60\n"
        "WI,Sauk,President,1,Bo,,choice,50\n"
        "WI,Sauk,,,,,ballots_cast,100\n"
    )
    path = tmp_path / "sauk.csv"
    path.write_text(header + rows)
    actor = access.terminal()
    importing.import_returns(home, actor, "sauk", Request((path,), "Sauk County"))
    pages = visit(home)
    address = next(link for link in pages.get("/sauk/checks/?check=B2").links if "/findings/B2/" in link)
    finding = address.removeprefix("/sauk/findings/").rstrip("/")
    findings.explain(home, actor, "sauk", finding, "Ten were counted twice.", "Letter of 2 January", "hush")
    page = pages.get(address)
    assert "This finding is explained: Ten were counted twice." in page.text
    assert "Letter of 2 January" in page.text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", page.text)
    assert "hush" not in page.html
