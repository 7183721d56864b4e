"""The press: data are never markup, the same data give the same bytes, and everything fits its page."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.documents.press import Sheet, fitting_size, printed, visible

MADE = dt.datetime(2016, 11, 23, 18, tzinfo=dt.UTC)
MARKUP = (
    '#panic("x") $x^2$ *bold* _it_ = Head @label <tag> `raw` // gone /* gone */ \\u{41} #import "/etc/passwd"'
)


def report(sentence: str = "All is said.", **more: Any) -> dict[str, Any]:
    """Data of a report without tables."""
    return {
        "kind": "Report", "title": "A title", "sentence": sentence, "sentences": [], "tables": [],
        "source": "A source.", "caution": "A caution.", **more,
    }  # fmt: skip


def read(pdf: bytes) -> pypdf.PdfReader:
    """The PDF, opened."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    """All its words, in a line."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def test_markup_in_data_stays_text() -> None:
    """Commands, formulas, labels and comments of the template's language are printed as they are."""
    pdf = printed("report", report(MARKUP, title=MARKUP), MADE)
    assert read(pdf).metadata.title == MARKUP  # type: ignore[union-attr]
    for part in ('#panic("x")', "$x^2$", "*bold*", "@label", "<tag>", "// gone", "/* gone */", "\\u{41}"):
        assert part in text(pdf)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=40)
def test_any_text_can_be_printed(name: str) -> None:
    """Signs without a glyph, control signs, turned directions: there is always a PDF of one page."""
    assert len(read(printed("report", report(name), MADE)).pages) == 1


def test_the_same_data_give_the_same_bytes() -> None:
    """Twice the same; another time of making is another file."""
    first = printed("report", report(), MADE)
    assert first == printed("report", report(), MADE)
    assert first != printed("report", report(), MADE + dt.timedelta(days=1))


def test_it_is_tagged_and_says_its_language_and_standard() -> None:
    """A tree of tags, a language, a title to show and the mark of PDF/UA-1."""
    pdf = read(printed("report", report(), MADE))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-US"
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize(("sheet", "size"), [(Sheet.LETTER, (612, 792)), (Sheet.A4, (595, 842))])
def test_sizes_of_paper(sheet: Sheet, size: tuple[int, int]) -> None:
    """US Letter and A4, in points."""
    box = read(printed("report", report(), MADE, sheet)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_every_page_has_number_source_and_caution() -> None:
    """Three pages of sentences; each says what it is of."""
    pdf = read(printed("report", report(sentences=["Words and more words. " * 40] * 14), MADE))
    assert len(pdf.pages) == 3
    for number, page in enumerate(pdf.pages, start=1):
        words = page.extract_text()
        assert f"Page {number} of 3" in words
        assert "A source." in words
        assert "A caution." in words


def test_letters_shrink_until_the_page_holds_them() -> None:
    """What fills two pages is set smaller where one is asked for; the least size is never passed."""
    much = report(sentences=["Words and more words. " * 20] * 12)
    assert len(read(printed("report", much, MADE)).pages) == 2
    assert len(read(printed("report", much, MADE, pages=1)).pages) == 1
    assert fitting_size("report", much, Sheet.LETTER) < fitting_size("report", report(), Sheet.LETTER) == 10.5


def test_unseen_signs_are_left_out() -> None:
    """Signs that turn the direction or print nothing would let a paper say another thing than its data."""
    assert visible("a\u202eb\x00c\u200bd\ne") == "abcd e"
    assert visible("Ünïcode 漢字") == "Ünïcode 漢字"


def test_names_without_spaces_break() -> None:
    """A name as long as three lines stays inside the page."""
    pdf = printed("report", report("N" * 300), MADE)
    assert max(len(line) for line in read(pdf).pages[0].extract_text().splitlines()) < 100
