"""Days and acts of the law are said in the page's language, and in English as the law's engine says them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from tallyproof.recount import acts, deadlines
from tallyproof.recount.options import CAUTION
from tallyproof.recount.rule import EVENTS

from .visitor import Visitor


def test_english_is_that_of_the_law(example_pages: Visitor) -> None:
    """Pages, command line and programs name acts and days alike."""
    from tallyproof.web import law_words

    assert law_words.ACTS_COUNTED == EVENTS
    assert law_words.caution() == CAUTION
    for month in range(1, 13):
        at = datetime(2016, month, month + 3, 17, 5, tzinfo=UTC)
        night = at.replace(hour=23, minute=59)
        with translation.override("en"):
            assert law_words.said(at) == deadlines.said(at)
            assert law_words.day_said(at) == acts.day_said(at)
            assert law_words.day_said(night) == acts.day_said(night)


@pytest.mark.parametrize("event", EVENTS)
def test_every_act_has_spanish_words(example_pages: Visitor, event: str) -> None:
    """None is left in English between Spanish sentences."""
    from tallyproof.web import law_words

    with translation.override("es"):
        assert law_words.event_words(event) != EVENTS[event]


def test_a_day_in_spanish(example_pages: Visitor) -> None:
    """With Spanish names of weekday and month; the zone stays that of the law."""
    from tallyproof.web import law_words

    at = datetime(2016, 11, 25, 17, tzinfo=UTC)
    with translation.override("es"):
        assert law_words.said(at) == "vie 25 nov 2016, 17:00 UTC"
        assert law_words.date_words(at.date()) == "25 de noviembre de 2016"
