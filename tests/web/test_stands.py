"""The sentence of a contest on pages is that of the service in English, and Spanish throughout in Spanish."""

from datetime import UTC, datetime

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.contest import Contest
from tallyproof.services.counting import ContestCount
from tallyproof.tracking.standing import Standing
from tallyproof.web.django_setup import configure

from .visitor import Visitor

configure()
counts = st.none() | st.integers(min_value=0, max_value=10**9)


@st.composite
def contests(draw: st.DrawFn) -> ContestCount:
    """A contest in any standing."""
    names = st.sampled_from(["Ann", "Bo", "100%", ""])
    seats = draw(st.integers(min_value=1, max_value=3))
    standing = Standing(
        "c", "s", draw(names), draw(names), draw(counts), draw(counts), stated=draw(st.booleans()),
        last_winner=draw(names), seats=seats, unknown=draw(st.integers(min_value=0, max_value=2_000)),
    )  # fmt: skip
    when = draw(st.none() | st.just(datetime(2024, 11, 5, 17, tzinfo=UTC)))
    snapshot = Snapshot("s", "State board", draw(st.sampled_from(Status)), when, None, (), 1)
    state = draw(st.sampled_from(["WI", "", "XX"]))
    return ContestCount(Contest("c", state, "President"), standing, snapshot, ())


@settings(deadline=None)
@given(contests())
def test_in_english_it_is_the_sentence_of_the_service(counted: ContestCount) -> None:
    """Whatever the standing: one answer, one sentence."""
    from tallyproof.web.stands import sentence_of

    with translation.override("en"):
        assert sentence_of(counted) == counted.sentence


def test_in_spanish_no_english_is_left(example_pages: Visitor) -> None:
    """Leader, margin and status of Wisconsin, on its page and on the tiles."""
    text = example_pages.get("/upper-midwest-2016/contests/wi-president/?lang=es").text
    assert "Donald Trump va primero por 22,748 de 2,976,150 votos, tras el recuento" in text
    assert " leads " not in example_pages.get("/upper-midwest-2016/?lang=es").html


def test_the_citation_holds_what_was_asked_for(example_pages: Visitor) -> None:
    """Filters, order and words are a part of the address, the language is not; markup stays text."""
    page = example_pages.get("/upper-midwest-2016/search/?q=sauk&lang=es")
    assert "http://localhost:8016/upper-midwest-2016/search/?q=sauk</span>" in page.html
    page = example_pages.get("/upper-midwest-2016/checks/?severity=error&sort=place&as_of=2017-01-01")
    assert "/checks/?severity=error&sort=place&as_of=2017-01-01" in page.text
    assert "<b>" not in example_pages.get("/upper-midwest-2016/search/?q=%3Cb%3E").html.split("<footer>")[1]
