"""The Cards tab: numbers of the services, names as text, what is missing said, the same when published."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from tallyproof import web
from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.reconciliation import JurisdictionLine
from tallyproof.bootstrap import open_workspace
from tallyproof.services import (
    access,
    caching,
    card_answers,
    card_audits,
    card_imports,
    card_margins,
    cases,
    pages,
    publishing,
    reconciling,
)
from tallyproof.services.card_answers import CardsAnswer
from tallyproof.services.workspace import Workspace
from tallyproof.testing import card_faults
from tallyproof.testing.cards import write
from tallyproof.web.serving import Serving
from tallyproof.web.static import site

from . import made_cards
from .made_cards import ACTOR, CASE, HOSTILE
from .official import Official
from .visitor import Visitor

Visit = Callable[[Workspace], Visitor]
ADAMS = JurisdictionLine("Adams", ("a.csv",), "m.csv", 360, 360, 360, 360, 0, 0, 6, 6, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three counties: two cards short, in agreement, without a manifest."""
    place = tmp_path_factory.mktemp("cards")
    workspace = open_workspace(place / "home")
    made_cards.build(workspace, place)
    return workspace


@pytest.fixture(scope="module")
def shown(made: Workspace) -> Visitor:
    """A visitor of the three counties, who asks for the rest of an address."""
    return Visitor(web.application(made))


def told(visitor: Visitor, rest: str = "cards/") -> str:
    answer = visitor.get(f"/{CASE}/{rest}")
    assert answer.status == 200
    return answer.text


# ---- what is on the page


def test_the_first_sentence_says_what_is_there_and_what_is_missing(shown: Visitor) -> None:
    """Cards, jurisdictions, the manifest that differs, the one that lacks, phantoms."""
    said = (
        "778 cards of 3 jurisdictions. Adams: 2 cards fewer than the manifest lists. One jurisdiction has no "
        "manifest. An audit needs 2 phantoms, for cards that are listed and have no cast vote record."
    )
    assert said in told(shown)


def test_jurisdictions_and_batches_are_those_of_the_reconciliation(made: Workspace, shown: Visitor) -> None:
    """Every number of its lines stands in a row."""
    from tallyproof.web import card_words

    text, tables = told(shown), reconciling.reconcile_case(made, ACTOR, CASE).tables
    for line in tables.jurisdictions:
        listed = "" if line.listed is None else f" | {line.listed} | {line.cards - line.listed}"
        row = f"{line.jurisdiction} {card_words.stands(line)} | {line.cards}{listed}".replace("-", "−")
        assert row in text
    (batch,) = tables.differing
    assert f"Adams | {batch.tabulator} | {batch.batch} {batch.listed} {batch.found} | −2 | See" in text
    assert "Batches that differ: 1 of 13" in text


def test_contests_are_those_of_the_margins(made: Workspace, shown: Visitor) -> None:
    """Bound, winners, margin, share and sample of each contest that has them."""
    text = told(shown)
    found = card_margins.margins(card_audits.of_case(made, ACTOR, CASE).pooled.contests)
    known = [each for each in found if each.percent is not None]
    assert len(known) == 4
    for each in known:
        sample = max(claim.comparison_cards for claim in each.assertions)
        row = f"{''.join(each.winners)} {each.smallest} | {each.percent:.2f}% | {sample}"
        assert each.name in text and f"{each.bound.cards} by " in text
        assert row in text


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a tie: a count of all cards decides it, not a sample.",
        "Write-ins together would win, and records do not say who they are.",
        "Nobody loses here, so there is nothing to confirm.",
        "Winners are taken to be 2, as many as a voter has votes.",
        "60 by records alone",
        "5 sets of contests stand together on cards. None stands on fewer than 10 cards.",
    ],
)
def test_what_a_number_cannot_say_is_said(shown: Visitor, sentence: str) -> None:
    """Ties, write-ins, somebody alone, several winners, no manifest, and few cards of a style."""
    assert sentence in told(shown)


def test_names_of_files_are_text(shown: Visitor) -> None:
    """A county, a contest, a choice and a file with signs of HTML in them."""
    html = shown.get(f"/{CASE}/cards/").html
    assert "<script>alert" not in html and "<b>Clerk" not in html and "<i>Lee" not in html
    assert HOSTILE in told(shown) and "Mayor & <b>Clerk</b>" in told(shown)


def test_no_votes_of_a_precinct_or_a_style_are_told(shown: Visitor) -> None:
    """Neither in the page's tables nor in its files: only cards by batch, and whole contests.

    Findings stand beside them, as on the pages of checks.
    """
    data = json.loads(shown.get(f"/{CASE}/data/cards.json").body)
    assert "Ward" in json.dumps(data.pop("findings"))
    assert "Ward" not in json.dumps(data)
    page = told(shown)
    start, end = page.index("findings on cards"), page.index("Contest by contest")
    assert "Ward" not in page[:start] + page[end:]
    for rest in ("data/cards.csv", "data/card-batches.csv", "data/card-contests.csv"):
        assert "Ward" not in shown.get(f"/{CASE}/{rest}").html
    assert set(data["differing_batches"][0]) & {"votes", "style", "unit"} == set()


def test_every_link_leads_somewhere(shown: Visitor) -> None:
    """Findings, events, planner and files; an event's row is on the page that the link names."""
    links = {link for link in shown.get(f"/{CASE}/cards/").links if link.startswith("/")}
    assert {link: shown.get(link.split("#")[0]).status for link in links} == dict.fromkeys(links, 200)
    (row,) = {link.split("#")[1] for link in links if "#event-2" in link}
    assert f'id="{row}"' in shown.get(f"/{CASE}/record/").html
    assert any("/findings/B15/" in link for link in links)


def test_the_planner_gets_the_contests_votes(made: Workspace, shown: Visitor) -> None:
    """Its page says the same lead, of the same cards."""
    links = shown.get(f"/{CASE}/cards/").links
    (link,) = [unquote(each) for each in links if "Di+Eads" in each and "cards=573" in each]
    (clerk,) = (each for each in card_answers.answer(made, ACTOR, look(made)).contests
                if each.margin.name == "Clerk")  # fmt: skip
    assert f"lead of {clerk.margin.smallest} votes" in shown.get(link).text


def test_the_draw_names_the_closest_contest(shown: Visitor) -> None:
    """With the sample that stands in its row."""
    assert "--contest Clerk=46 --output round1.json" in told(shown)
    assert f"tallyproof cards frame {CASE} --output frame.csv.gz" in told(shown)


def test_in_spanish_no_sentence_of_the_page_is_english(shown: Visitor) -> None:
    """The first sentence and the status of contests."""
    text = told(shown, "cards/?lang=es")
    assert "778 tarjetas de 3 jurisdicciones. Adams: 2 tarjetas menos" in text
    assert not [word for word in ("An audit needs", "This is a tie", "by manifests") if word in text]


# ---- what is missing


def test_without_cards_there_is_no_tab_and_the_page_says_what_to_do(
    opened_home: Workspace, visit: Visit
) -> None:
    """The command that imports, on a page that stands."""
    visitor = visit(opened_home)
    assert "/no-returns-yet/cards/" not in visitor.get("/no-returns-yet/").links
    text = visitor.get("/no-returns-yet/cards/").text
    assert "This case has no cast vote records yet." in text
    assert "tallyproof cards import no-returns-yet FILE --jurisdiction NAME" in text
    assert visitor.get("/no-returns-yet/data/cards.json").status == 404
    assert visitor.get("/no-returns-yet/cards/batches/").status == 200


def test_a_manifest_alone_is_said_to_be_alone(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """The tab is there, with one row and no contests."""
    listed = write(card_faults.manifest_text(card_faults.card_county(1)), tmp_path / "m.csv")
    card_imports.import_cards(home, ACTOR, CASE, card_imports.CardRequest((), "Adams", listed))
    visitor = visit(home)
    assert f"/{CASE}/cards/" in visitor.get(f"/{CASE}/").links
    text = told(visitor)
    assert "A ballot manifest is here, and no cast vote records yet." in text
    assert "Adams a manifest, and no cast vote records | 0" in text
    assert "Contest by contest" not in text


def test_a_batch_of_another_name_leaves_room_for_more_cards(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """Sixty cards listed nowhere and sixty that are not there: the sums agree, the batches do not."""
    renamed = card_faults.rename(card_faults.card_county(1), "2", "Annex")
    cases.open_case(home, ACTOR, CASE, title=made_cards.TITLE)
    made_cards.county(home, tmp_path, "Adams", renamed)
    text = told(visit(home))
    assert "360 cards of Adams: as many cards as the manifest lists, but not in every batch." in text
    lines = {line.contest: line for line in reconciling.reconcile_case(home, ACTOR, CASE).tables.contests}
    assert lines["Clerk"].bound == lines["Clerk"].cards + 60
    assert f"Clerk vote for one {lines['Clerk'].bound} by manifests" in text
    assert "Batches with more cards than listed must be settled first" in text


def test_cards_without_a_manifest_ask_for_one(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """Nobody can tell what is missing; once it is undone there is no tab."""
    made_cards.cards(home, tmp_path, "Clark", made_cards.ODD, made_cards.odd_cards())
    text = told(visit(home))
    assert "60 cards of Clark: no manifest. Nobody can tell whether cards are missing." in text
    assert "There is no ballot manifest. Import one" in text
    card_imports.undo(home, ACTOR, CASE, 2, "another county’s")
    assert f"/{CASE}/cards/" not in visit(home).get(f"/{CASE}/").links


def test_a_ranked_contest_that_takes_too_long_names_its_command(
    home: Workspace, tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page comes in time; the winner is not guessed."""
    monkeypatch.setattr(card_answers, "SECONDS", 0.2)
    made_cards.cards(home, tmp_path, "Clark", *made_cards.ranked(3, 24, 600))
    text = told(visit(home))
    assert "What confirms the winner was not found in the few seconds" in text
    assert f"tallyproof cards assertions {CASE} --contest 'City Council' --seconds 600" in text
    assert "City Council ranked 600 by records alone What confirms" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "as many cards as the manifest lists, batch by batch"),
        ({"cards": 362, "over": 2}, "2 cards more than the manifest lists"),
        ({"cards": 359, "missing": 1}, "1 card fewer than the manifest lists"),
        ({"missing": 3, "over": 3}, "as many cards as the manifest lists, but not in every batch"),
        ({"listed": None, "expected": None}, "no manifest"),
        ({"listed": 400, "missing": 0}, "as many cards as the manifest lists, batch by batch"),
    ],
)
def test_how_a_jurisdiction_stands(changes: dict[str, int | None], said: str) -> None:
    """By cards, batch by batch; batches that the manifest lists without records need none."""
    from tallyproof.web import card_words

    assert card_words.stands(replace(ADAMS, **changes)) == said  # type: ignore[arg-type]


# ---- who sees it, how long it takes, what is published


def test_strangers_elsewhere_are_told_of_nothing(made: Workspace) -> None:
    """Neither page nor file, and the answer does not say that there is a case."""
    stranger = Official(
        web.application(made, Serving(hosts=("tally.example.org",), beyond=True)), host="localhost"
    )
    for rest in ("cards/", "cards/batches/", "data/cards.json", "data/card-contests.csv"):
        answer = stranger.get(f"/{CASE}/{rest}")
        assert answer.status == 404
        assert made_cards.TITLE not in answer.html


def look(workspace: Workspace) -> pages.Look:
    return pages.look(workspace, access.READER, CASE)


def test_the_answer_is_kept_and_made_again_where_it_is_damaged(
    made: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restart reads it; what cannot be read is counted anew, with the same answer."""
    first = card_answers.answer(made, ACTOR, look(made))
    caching.forget()
    with monkeypatch.context() as patched:
        patched.setattr(card_audits, "of_case", lambda *_: pytest.fail("the cards were counted again"))
        assert card_answers.answer(made, ACTOR, look(made)) == first
    (kept,) = (Path(made.place) / "files" / "named" / "reports").glob("cards-*")
    kept.write_bytes(kept.read_bytes()[:-9])
    caching.forget()
    assert card_answers.answer(made, ACTOR, look(made)) == first


def test_very_many_batches_come_in_pages(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """58 jurisdictions of 5,000 batches that all differ: twenty on the page, then two hundred at a time."""
    names = [f"County {number:02}" for number in range(58)]
    lines = tuple(
        BatchLine(name, "1", str(batch), 9, 8, None, "", None, "") for name in names for batch in range(5_000)
    )
    counties = tuple(replace(ADAMS, jurisdiction=name, missing=5_000, cards=0) for name in names)
    huge = CardsAnswer(counties, lines, len(lines))
    monkeypatch.setattr(card_answers, "answer", lambda *_: huge)
    visitor = Visitor(web.application(made))
    page = visitor.get(f"/{CASE}/cards/")
    assert len(page.body) < 250_000
    assert "All 290,000 batches" in page.text and "55 more jurisdictions differ" in page.text
    last = visitor.get(f"/{CASE}/cards/batches/?page=1450&jurisdiction=")
    assert "289,801–290,000 of 290,000" in last.text
    chosen = visitor.get(f"/{CASE}/cards/batches/?jurisdiction=County+57&page=25").text
    assert "4,801–5,000 of 5,000" in chosen
    assert visitor.get(f"/{CASE}/cards/batches/?jurisdiction=Nowhere").status == 400


def test_files_hold_what_the_page_shows(shown: Visitor, made: Workspace) -> None:
    """JSON with reconciliation and margins as the services tell them; the same rows as CSV."""
    data = json.loads(shown.get(f"/{CASE}/data/cards.json").body)
    expected = reconciling.to_json(reconciling.reconcile_case(made, ACTOR, CASE))
    for name in ("jurisdictions", "contests", "findings", "not_checkable"):
        assert data[name] == json.loads(json.dumps(expected[name]))
    assert data["differing_batches"] == [each for each in expected["batches"] if each["difference"]]
    rows = list(csv.DictReader(io.StringIO(shown.get(f"/{CASE}/data/card-contests.csv").html)))
    assert [row["contest"] for row in rows] == [each["name"] for each in data["margins"]]
    (clerk,) = (row for row in rows if row["contest"] == "Clerk")
    assert (clerk["bound"], clerk["margin"], clerk["comparison_cards"]) == ("573", "77", "46")


def test_the_published_page_says_the_same(tmp_path: Path, visit: Visit) -> None:
    """Page, batches and files are in the folder; the words are those of the server; twice the same bytes."""
    home = open_workspace(tmp_path / "home")
    made_cards.build(home, tmp_path)
    before = visit(home).get(f"/{CASE}/data/cards.json").body
    publishing.publish(home, ACTOR, CASE, tmp_path / "a", site)
    caching.forget()
    publishing.publish(home, ACTOR, CASE, tmp_path / "b", site)
    page = (tmp_path / "a" / "cards" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "b" / "cards" / "index.html").read_text(encoding="utf-8") == page
    assert "<form" not in page and "/-/plan/" not in page
    assert (tmp_path / "a" / "data" / "cards.json").read_bytes() == before
    assert (tmp_path / "a" / "data" / "card-batches.xlsx").is_file()
    for words in ("2 cards fewer than the manifest lists", "Clark &lt;script&gt;", "This is a tie", "13.44%"):
        assert words in page and words in visit(home).get(f"/{CASE}/cards/").html
    assert cases.PUBLISHED in {event.kind for event in home.ledger.events(CASE)}
