"""The planner: what is typed into its form becomes an answer, or a sentence beside the field."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tallyproof.services import access, example, importing, planning, solving
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.web import plan_form
from tallyproof.web.static import site

from .visitor import Answer, Visitor

PLAN = "/-/plan/"
FILLED = {"votes": "Ann 600\nBo 400", "cards": "1,000"}


@pytest.fixture
def pages(home: Workspace, visit: Callable[[Workspace], Visitor]) -> Visitor:
    """The planner needs no case."""
    return visit(home)


def ask(pages: Visitor, **fields: str) -> Answer:
    return pages.get(f"{PLAN}?{urlencode(fields)}")


def faults(answer: Answer) -> dict[str, str]:
    """The sentence beside each field that is wrong."""
    found = re.findall(
        r'<p id="(\w+)-help"><strong class="fault">Please correct: (.*?)</strong>', answer.html
    )
    return dict(found)


def test_an_empty_page_shows_a_worked_example_and_the_form(pages: Visitor) -> None:
    """An answer with numbers, then the fields filled with the example's."""
    answer = pages.get(PLAN)
    assert answer.status == 200
    assert "To confirm Ann’s lead of 408 votes over Bo at a risk limit of 5%" in answer.text
    assert "A worked example" in answer.text
    assert "Ann 5,204" in answer.html


def test_the_page_says_what_solve_says(pages: Visitor) -> None:
    """Nine in ten at most: the cells of the table are the sizes of the problem that the page shows."""
    answer = ask(pages, **FILLED, batch_cards="20", one_vote="0.1")
    shown = re.findall(r"<pre><code>(\{.*?\})</code></pre>", answer.html)[0].replace("&quot;", '"')
    sizes = json.loads(solving.solve_json(shown))["sizes"]
    cells = re.findall(
        r'<tr><th scope="row">[^<]*</th><td class="n">[^<]*</td><td class="n">([\d,a-z]+)', answer.html
    )
    told = [f"{size['cards']:,}" if size["cards"] is not None else "all" for size in sizes]
    assert len(told) == 6
    assert cells[: len(told)] == told


def test_card_comparison_is_the_formula_of_the_audits_own_bet(pages: Visitor) -> None:
    """A margin of 5 %: ln 20 / ln(1 + 1.9 (1 / 1.95 - 1/2)), rounded up."""
    assert "about 125 cards if each card is compared" in ask(pages, lead="5000", cards="100000").text


def test_a_range_says_how_sure_a_simulated_size_is(pages: Visitor) -> None:
    """ALPHA is simulated: audits, from, to."""
    assert re.search(
        r"ALPHA \| [\d,]+ \| [\d,]+ \| [\d.]+% \| \d+ simulated audits: [\d,]+ to", ask(pages, **FILLED).text
    )


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("votes", "Ann", "“Ann” is no name and number"),
        ("votes", "600", "“600” is no name and number"),
        ("votes", "Ann 6\nAnn 5", "“Ann” stands there twice"),
        ("votes", f"{'x' * 300} 6\n{'x' * 299} 5", "stands there twice"),
        ("votes", "Bo 1.000\nAnn 5", "“Bo 1.000” is no name and number"),
        ("votes", "Ann -5\nBo 3", "“Ann -5” is no name and number"),
        ("votes", "Ann 1e30\nBo 3", "“Ann 1e30” is no name and number"),
        ("votes", f"Ann {'9' * 19}\nBo 3", "is no name and number"),
        ("votes", "\n".join(f"c{n} 1" for n in range(300)), "At most 200 choices"),
        ("votes", "A 1\n" * 9_000, "too long"),
        ("votes", "Ann 2000\nBo 1", ""),
        ("cards", "", "Write how many cards"),
        ("cards", "ten", "“ten” is no whole number"),
        ("cards", "-5", "no whole number"),
        ("cards", "1e9", "no whole number"),
        ("cards", "9" * 400, "no whole number"),
        ("cards", "2000000000", "from 1 to 1,000,000,000"),
        ("cards", "700", "So many cards cannot bear 1,000 votes"),
        ("winners", "0", "from 1 to 200"),
        ("vote_for", "1.5", "no whole number"),
        ("risk_limit", "0", "from 0.01 to 50"),
        ("risk_limit", "nan", "no number"),
        ("two_votes", "50", "from 0 to 20"),
        ("one_vote", "inf", "no number"),
        ("pooled", "100", "from 0.1 to 99"),
        ("batch_cards", "٣", "no whole number"),
        ("lead", "100", "not both"),
    ],
)  # fmt: skip
def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
    pages: Visitor, field: str, text: str, why: str
) -> None:
    """In words, with the answer withheld; the other fields keep what they held."""
    answer = ask(pages, **{**FILLED, field: text})
    told = faults(answer)
    assert answer.status == 200
    assert "To confirm" not in answer.text
    assert why.replace("'", "&#x27;") in told.get(field, told.get("cards", ""))
    assert 'aria-invalid="true"' in answer.html
    kept = (text if field != "votes" else text.split("\n")[0]).replace("<", "&lt;")
    assert kept in answer.html


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"votes": "Ann 5\nBo 5", "cards": "10"}, "Ann and Bo tie with 5 votes"),
        ({"votes": "Ann 5", "cards": "10"}, "no more choices than seats"),
        ({"votes": "Ann 5\nBo 4", "cards": "10", "winners": "2"}, "no more choices than seats"),
    ],
)
def test_what_no_sample_can_confirm_is_an_answer(pages: Visitor, fields: dict[str, str], why: str) -> None:
    """A tie has no sample size, and says so."""
    assert why in ask(pages, **fields).text


@pytest.mark.parametrize("field", plan_form.FIELDS)
@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "{% now 'Y' %}{{ request }}", "\x00", "’ OR 1=1", "\ud7ff" * 9]
)
def test_hostile_words_come_back_as_text(pages: Visitor, field: str, text: str) -> None:
    """In any field: never markup, never a fault of the program."""
    answer = ask(pages, **{**FILLED, field: text})
    assert answer.status == 200
    assert "<script" not in answer.html
    assert "This page could not be made" not in answer.text


@pytest.mark.parametrize("name", ["<b>Ann</b>", "x" * 5_000, "Ann's {{ 7 }}", "=cmd()", "-Ann", "名前"])
def test_any_name_can_be_planned_for(pages: Visitor, name: str) -> None:
    """It is shown as typed, also in the sentence."""
    answer = ask(pages, votes=f"{name} 600\nBo 400", cards="1000")
    assert "lead of 200 votes over Bo" in answer.text
    assert "<b>Ann" not in answer.html


@pytest.mark.parametrize("line", ["Ann 1,600", "Ann: 1600", "Ann,1600", "Ann\t1600", "Ann – 1600"])
def test_votes_may_follow_a_name_in_many_ways(pages: Visitor, line: str) -> None:
    """As people write them or paste them from a table."""
    answer = ask(pages, votes=f"{line}\nBo 400", cards="2000")
    assert "confirm Ann’s lead of 1,200 votes over Bo" in answer.text


def test_an_address_that_repeats_or_adds_fields_is_answered(pages: Visitor) -> None:
    """The last of two counts; unknown ones are left alone."""
    answer = pages.get(f"{PLAN}?cards=5&cards=1000&{urlencode({'votes': FILLED['votes']})}&x=1&as_of=never")
    assert "lead of 200 votes" in answer.text
    assert pages.get(f"{PLAN}?" + "&".join(f"f{n}=1" for n in range(2_001))).status == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"lead": "1", "cards": "1000000000"},
        {"lead": "1", "cards": "3", "cast": "3"},
        {"lead": "1000000", "cards": "1000000000", "risk_limit": "0.01"},
        {"lead": "20000", "cards": "1000000", "two_votes": "0.2", "one_vote": "1"},
        {"lead": "999", "cards": "1000"},
        {"lead": "1", "cards": "1"},
    ],
)
def test_nobody_can_keep_the_server_busy(pages: Visitor, fields: dict[str, str]) -> None:
    """Whatever is asked, each answer takes seconds of work at most; the second time it is kept."""
    planning.planned.cache_clear()
    began = time.process_time()
    assert ask(pages, **fields, pooled="50", batch_cards="1").status == 200
    assert time.process_time() - began < 3
    began = time.process_time()
    ask(pages, **fields, pooled="50", batch_cards="1")
    assert time.process_time() - began < 0.2


def test_a_closer_simulation_is_made_on_request_and_one_at_a_time(pages: Visitor) -> None:
    """The quick answer offers it; while one is made for somebody else, the quick one is shown again."""
    from tallyproof.web.pages import plan

    fields = {"lead": "4", "cards": "300", "pooled": "50"}
    wide = {"lead": "3000", "cards": "100000"}
    assert "Simulate more closely" not in ask(pages, **fields).text
    assert "Simulate more closely" in ask(pages, **wide).text
    assert "400 simulated audits" in ask(pages, **wide, closely="1").text
    with plan._closely:
        assert "somebody else is under way" in ask(pages, **wide, closely="1").text


def test_a_contest_page_leads_to_its_plan(example_pages: Visitor) -> None:
    """With the contest's own numbers: Wisconsin 2016, 22,748 of 2,976,150."""
    page = example_pages.get(f"/{example.CASE}/contests/wi-president/")
    (link,) = [each for each in page.links if PLAN in each and "cards" in each]
    answer = example_pages.get(link)
    assert "lead of 22,748 votes over" in answer.text
    assert "2,976,150" in answer.text


def test_published_pages_have_no_link_that_needs_a_server(home: Workspace, tmp_path: Path) -> None:
    """No page of the folder leads to the planner."""
    path = tmp_path / "sauk.csv"
    rows = "WI,Sauk,President,1,Ann,,choice,60\nWI,Sauk,President,1,Bo,,choice,50\n"
    path.write_text(f"state,county,office,vote_for,choice,party,measure,votes\n{rows}")
    importing.import_returns(home, access.terminal(), "sauk", Request((path,), "Sauk County"))
    files = dict(site(home, "sauk"))
    assert any("contests" in name for name in files)
    assert not [name for name, text in files.items() if name.endswith(".html") and b"/plan" in text]


def test_the_planner_is_found_from_every_page(example_pages: Visitor) -> None:
    """From the front page and from each page's foot."""
    for address in ("/", f"/{example.CASE}/", PLAN):
        assert PLAN in example_pages.get(address).links


def test_the_planner_speaks_spanish_where_asked(pages: Visitor) -> None:
    """The language stays in the form."""
    assert '<input type="hidden" name="lang" value="es">' in pages.get(f"{PLAN}?lang=es").html
