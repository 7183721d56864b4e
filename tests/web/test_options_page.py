"""The Options tab: what the law allows in the example's contests, asked when and by whom."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils import translation

from tallyproof.errors import RequestError
from tallyproof.recount.options import RecountOptions, Standing
from tallyproof.services import access, allowed, cases, example, importing, pages, recounting, solving
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.web.django_setup import configure
from tallyproof.web.static import site

from .visitor import Answer, Visitor

configure()
TAB = f"/{example.CASE}/options/"
NOON = "2016-11-23T12:00"


def ask(pages: Visitor, contest: str = "", **fields: str) -> Answer:
    answer = pages.get(f"{TAB}{f'{contest}/' if contest else ''}?{urlencode(fields)}")
    assert answer.status == 200
    return answer


def sentence(answer: Answer) -> str:
    """The sentence that answers first."""
    found = re.findall(r'<p class="answer">(.*?)</p>', answer.html)[0]
    return html.unescape(re.sub("<[^>]*>", "", found))


def faults(answer: Answer) -> dict[str, str]:
    """The sentence beside each field that is wrong."""
    told = re.findall(
        r'<p id="([\w-]+)-help"><strong class="fault">Please correct: (.*?)</strong>', answer.html
    )
    return {name: html.unescape(text) for name, text in told}


def test_the_tab_is_in_the_navigation_and_answers_for_all_contests(example_pages: Visitor) -> None:
    """With the time of asking it says where the time to ask is open, and what can go to court."""
    answer = ask(example_pages, on=NOON)
    assert TAB in example_pages.get(f"/{example.CASE}/").links
    assert sentence(answer).startswith("A recount is automatic in none of these 51 contests.")
    assert "contested in court in one: Pennsylvania · President" in sentence(answer)
    assert "Michigan · President Ask for a recount not yet running; ends Wed 30 Nov 2016" in answer.text


def test_a_time_that_may_be_over_is_not_called_one_that_cannot_be_counted(example_pages: Visitor) -> None:
    """On the day that Michigan's 48 hours end, at an hour that nobody knows."""
    told = sentence(ask(example_pages, on="2016-11-30T10:00"))
    assert "In 1 contest that hangs on the hour of an act, which is not known." in told
    before, after = (
        re.findall(r"In (\d+) contests? the day cannot be counted", sentence(ask(example_pages, on=on)))
        for on in ("2016-11-29T10:00", "2016-12-01T10:00")
    )
    assert re.findall(r"In (\d+) contests? the day cannot be counted", told) in (before, after)


def test_a_deadline_that_is_surely_open_goes_before_one_that_may_be_over(example_home: Workspace) -> None:
    """Arkansas has two: two days after the first returns, and until the canvass, whose hour is not known."""
    seen = pages.look(example_home, access.READER, example.CASE)
    arkansas = next(each for each in seen.count.contests if each.contest.state == "AR")
    acts = {"unofficial_returns": "2016-11-17", "county_canvass": "2016-11-18"}
    asking = allowed.Asking(datetime(2016, 11, 18, 20), acts=acts)  # noqa: DTZ001
    found = allowed.of_contest(seen, arkansas, asking).asking
    assert found is not None
    assert (found.standing, found.closes and found.closes.day) == (Standing.OPEN, 19)


def test_wisconsin_is_open_until_the_friday_given_the_last_statement(example_pages: Visitor) -> None:
    """Asked on 23 November, with the last county statement received on the 21st; later it is over."""
    known = {"act-last_county_statement": "2016-11-21"}
    open_ = sentence(ask(example_pages, "wi-president", on=NOON, **known))
    assert open_.endswith("The time to ask ends Fri 25 Nov 2016, 17:00 CST.")
    over = sentence(ask(example_pages, "wi-president", on="2016-12-01", **known))
    assert over.endswith("The time to ask ended Fri 25 Nov 2016, 17:00 CST.")


def test_what_follows_from_a_condition_is_said_in_words(example_pages: Visitor) -> None:
    """Not by the word that rule files have for it."""
    page = ask(example_pages, "wi-president", on=NOON).html
    assert re.findall(r'data-label="Then">([^<]*)<', page) == ["on request", "free of charge"]


def test_without_the_act_the_day_is_not_counted(example_pages: Visitor) -> None:
    """It says which act is missing, and offers a field for it."""
    answer = ask(example_pages, "wi-president", on=NOON)
    assert "it is counted from the state's receipt of the last county statement" in html.unescape(answer.text)
    assert 'name="act-last_county_statement"' in answer.html
    assert "Fri 25 Nov" not in answer.text


@pytest.mark.parametrize(("who", "price"), [("Jill Stein", "$973,250"), ("Hillary Clinton", "$194,650")])
def test_the_price_is_that_of_the_one_who_asks(example_pages: Visitor, who: str, price: str) -> None:
    """Michigan's fee for 7,786 precincts by the distance from the winner."""
    answer = ask(example_pages, "mi-president", on=NOON, requester=who, precincts="7,786")
    assert price in answer.text
    assert f"May {who}?" in answer.text


def test_the_page_says_what_solve_says(example_pages: Visitor) -> None:
    """The problem that the page shows has the same sentence and the same days through solve."""
    answer = ask(example_pages, "pa-president", on=NOON)
    shown = html.unescape(re.findall(r"<pre><code>(\{.*?\})</code></pre>", answer.html)[0])
    told = json.loads(solving.solve_json(shown))
    assert told["sentence"] == sentence(answer)
    assert all(each["words"] in html.unescape(answer.text) for each in told["deadlines"])
    assert all(each["known"]["citation"] in html.unescape(answer.text) for each in told["conditions"])


def test_a_rule_from_memory_has_no_day(example_pages: Visitor) -> None:
    """Pennsylvania's five days for the court are from memory: look it up; the drawing has the two others."""
    answer = ask(example_pages, "pa-president", on=NOON)
    assert "Not checked against its source, so no day is counted: look it up in 25 P.S. 3263." in answer.text
    assert answer.html.count('class="flow stake-bar"') == 2


def test_numbers_and_time_follow_as_of(example_pages: Visitor) -> None:
    """As of 28 November the law is asked then, with the margin known then."""
    answer = ask(example_pages, "wi-president", as_of="2016-11-28")
    assert "Asked as of 2016-11-28 23:59 UTC" in answer.text
    assert "Margin: 22,177" in answer.text


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("on", "yesterday", "“yesterday” is no time"),
        ("on", "9999-12-31", "is no time"),
        ("on", "0001-01-01", "is no time"),
        ("act-last_county_statement", "2016-13-01", "is no time"),
        ("act-last_county_statement", "9999-12-31", "is no time"),
        ("precincts", "-5", "is no whole number"),
        ("precincts", "٣", "is no whole number"),
        ("ballots", "1e9", "is no whole number"),
        ("ballots", "99999999999", "is no whole number"),
        ("office", "emperor", "is no office of the law"),
    ],
)
def test_a_fault_stands_beside_its_field_and_the_rest_is_answered(
    example_pages: Visitor, field: str, text: str, why: str
) -> None:
    """In words; what was typed stays, and the other fields count."""
    answer = ask(example_pages, "wi-president", **{"requester": "Jill Stein", field: text})
    assert why in faults(answer)[field]
    assert 'aria-invalid="true"' in answer.html
    assert "May Jill Stein?" in answer.text


def test_an_act_before_the_election_is_a_fault_of_its_field(example_pages: Visitor) -> None:
    """The rest of the page is answered, without that day."""
    page = ask(example_pages, "mi-president", on=NOON, **{"act-state_canvass": "2015-11-28"})
    assert faults(page) == {"act-state_canvass": "“2015-11-28” is before the election of 2016-11-08."}
    assert "it ends Wed 30 Nov 2016" in sentence(page)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_as_of_a_far_year_the_pages_stand(example_pages: Visitor, day: str) -> None:
    """The law is asked now then: a count may be looked at as of any day, no deadline can."""
    assert ask(example_pages, as_of=day).status == 200
    assert example_pages.get(f"/{example.CASE}/?as_of={day}").status == 200
    contest = example_pages.get(f"{TAB}wi-president/?as_of={day}")
    assert contest.status == (404 if day.startswith("0") else 200)  # no source had counted it in the year 1


def test_a_name_in_parts_is_asked_in_every_contest(example_pages: Visitor) -> None:
    """On the page of the case a part of a name will do; where nobody has it, anybody's answer says so."""
    answer = ask(example_pages, on=NOON, requester="stein")
    assert "requester=stein" in "".join(answer.links)
    assert "'stein' is not among the choices" in html.unescape(answer.text)
    assert "for others to weigh" in answer.text


@pytest.mark.parametrize("field", ["on", "requester", "office", "precincts", "act-state_canvass", "election"])
@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "{% now 'Y' %}", "\x00", "\ud7ff" * 9, "x" * 999]
)
def test_hostile_words_come_back_as_text(example_pages: Visitor, field: str, text: str) -> None:
    """In any field of both pages: never markup, never a fault of the program."""
    for contest in ("", "mi-president"):
        answer = ask(example_pages, contest, **{field: text})
        assert "<script" not in answer.html
        assert "This page could not be made" not in answer.text


def test_every_contest_has_a_page_and_in_english_the_sentence_of_the_service(
    example_home: Workspace, example_pages: Visitor
) -> None:
    """All 51 states, whatever the verdict: one answer, one sentence."""
    from tallyproof.web.allowed_words import sentence_of

    seen = pages.look(example_home, access.READER, example.CASE)
    found = allowed.of_case(seen, allowed.Asking(datetime(2016, 11, 23, 18, tzinfo=UTC)))
    assert len(found) == 51
    with translation.override(None):
        for each in found:
            assert each.answer is not None
            assert each.problem is not None
            assert sentence_of(each.answer, each.problem) == each.answer.sentence
    assert example_pages.get(f"{TAB}ca-president/").status == 200


MARGINS = (0, 1, 100, 999, 2_500, 5_000, 10_000, 50_000)


@pytest.mark.parametrize("state", ["FL", "WI", "PA", "MI", "TN", "LA", "NC", "AZ"])
@pytest.mark.parametrize("day", [date(2016, 11, 8), date(2026, 11, 3)])
def test_sentences_of_other_margins_are_those_of_the_service_too(state: str, day: date) -> None:
    """Automatic, on request, free, to be weighed, not available, without a rule."""
    from tallyproof.web.allowed_words import sentence_of

    with translation.override(None):
        for margin in MARGINS:
            asked = RecountOptions(
                state=state, date=day, office="governor", margin=margin, total=1_000_000,
                on=datetime(day.year, 11, 20, 12, tzinfo=UTC),
            )  # fmt: skip
            answer = recounting.options(asked)
            assert sentence_of(answer, asked) == answer.sentence


def test_it_speaks_spanish_where_asked(example_pages: Visitor) -> None:
    """The language stays in the form."""
    assert '<input type="hidden" name="lang" value="es">' in ask(example_pages, lang="es").html


def test_a_case_without_day_or_contest_says_what_is_missing(
    opened_home: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """An empty case has a page; a case without election day asks for it."""
    assert "No source gives the votes" in visit(opened_home).get("/no-returns-yet/options/").text
    assert 'name="election"' in visit(opened_home).get("/no-returns-yet/options/").html


@pytest.fixture
def local(home: Workspace, tmp_path: Path) -> Workspace:
    """A county's case: an office that no rule names, and no election day."""
    path = tmp_path / "sauk.csv"
    rows = "WI,Sauk,Drain Commissioner,1,Ann,,choice,60\nWI,Sauk,Drain Commissioner,1,Bo,,choice,50\n"
    path.write_text(f"state,county,office,vote_for,choice,party,measure,votes\n{rows}")
    cases.open_case(home, access.terminal(), "sauk")
    importing.import_returns(home, access.terminal(), "sauk", Request((path,), "Sauk County"))
    return home


def test_day_and_office_can_be_said_where_the_case_has_none(
    local: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """First the day is asked for, then the office; then the law answers."""
    visitor = visit(local)
    (contest,) = [each.contest.id for each in pages.look(local, access.READER, "sauk").count.contests]
    page = f"/sauk/options/{contest}/"
    assert "day of the election is not known" in visitor.get(page).text
    assert "Which office is" in visitor.get(f"{page}?election=2024-11-05").text
    asked = visitor.get(f"{page}?election=2024-11-05&office=county-office")
    assert "In Wisconsin a recount" in asked.text


def test_a_contest_that_is_not_there_is_not_found(example_pages: Visitor) -> None:
    """404, in words."""
    assert example_pages.get(f"{TAB}atlantis-president/").status == 404


def test_published_pages_are_asked_at_the_last_event_and_have_no_form(local: Workspace) -> None:
    """The same ledger gives the same bytes on another day."""
    files = dict(site(local, "sauk"))
    page = files["options/index.html"].decode()
    assert "the last event of this record" in page
    assert "<form" not in page
    assert files["options/index.html"] == dict(site(local, "sauk"))["options/index.html"]


def test_nobody_asks_without_the_right_to_read(example_home: Workspace) -> None:
    """The engine raises for an unknown case, as every page does."""
    with pytest.raises(RequestError, match="no case"):
        pages.look(example_home, access.READER, "nowhere")
