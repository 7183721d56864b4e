"""How numbers, times and names are written."""

from datetime import datetime

import pytest

from tallyproof.web.django_setup import configure

configure()

from tallyproof.web import wording  # noqa: E402  filters need Django's settings


def test_an_unknown_number_is_never_shown_as_0() -> None:
    """Unknown is said in words wherever a number would stand."""
    assert wording.votes(None) == wording.signed(None) == wording.percent(None) == "not given"
    assert (wording.votes(0), wording.signed(0), wording.percent(0.0)) == ("0", "0", "0.0%")


@pytest.mark.parametrize(("number", "written"), [(1_405_284, "+1,405,284"), (-348, "−348"), (0, "0")])
def test_a_change_carries_its_sign(number: int, written: str) -> None:
    """With a true minus sign."""
    assert wording.signed(number) == written


@pytest.mark.parametrize(
    ("share", "digits", "written"),
    [(0.1092, 1, "10.9%"), (0.00001, 1, "under 0.1%"), (0.00004, 2, "under 0.01%"), (13.0, 1, "1,300.0%"),
     (float("inf"), 1, "all of a tie")],
)  # fmt: skip
def test_a_share_too_small_to_show_is_not_nothing(share: float, digits: int, written: str) -> None:
    """And one of a tie has no number."""
    assert wording.percent(share, digits) == written


def test_a_time_is_shown_with_its_zone() -> None:
    """The source's own zone, and UTC as UTC."""
    noon = datetime.fromisoformat("2016-12-12T15:00:00-06:00")
    assert wording.written(noon) == "2016-12-12 15:00 UTC−06:00"
    assert wording.written(datetime.fromisoformat("2016-12-12T15:00:00Z")) == "2016-12-12 15:00 UTC"
    assert 'datetime="2016-12-12T15:00-06:00"' in wording.moment(noon)
    assert wording.moment(None) == "no time stated"


@pytest.mark.parametrize(
    ("choice", "family"),
    [("Donald Trump", "Trump"), ("TRUMP, DONALD J.", "TRUMP"), ("Rocky Roque De La Fuente", "De La Fuente"),
     ("Martin King Jr.", "King"), ("Yes", "Yes"), ("???", "???")],
)  # fmt: skip
def test_a_heading_uses_the_family_name(choice: str, family: str) -> None:
    """As the source writes it."""
    assert wording.surname(choice) == family


def test_long_names_may_break_and_are_escaped() -> None:
    """After separators, never inside what was escaped."""
    assert wording.breakable("a_b.csv") == "a_<wbr>b.<wbr>csv"
    assert wording.breakable("<a>&b") == "&lt;a&gt;&amp;b"
    assert wording.hyphened("Ann Featherstonehaugh") == "Ann Featherst\u00adonehaugh"
    assert wording.dated("<b> as of 2016-11-28.") == '&lt;b&gt; as of <span class="nowrap">2016-11-28</span>.'
