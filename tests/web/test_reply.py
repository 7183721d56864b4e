"""What an office says of a finding and of an import in the browser, and what the ledger keeps of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof.services import access, cases, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.store.chain import Event

from .official import Official

SignedIn = Callable[..., Official]
FINDING = "B2/wi-president/demo-town-of-birch"
PAGE = f"/demo/findings/{FINDING}/"
REPLY = f"/demo/replies/{FINDING}/"
WORDS = {"step": "explain", "words": "The tape reads 155.", "cite": "Letter of 7 November 2024", "after": "0"}


def fault_case(workspace: Workspace, folder: Path) -> int:
    """A case with one finding; the number of its import."""
    path = folder / "county.csv"
    path.write_text(
        "county,precinct,office,party,candidate,votes\n"
        "Demo,Town of Birch,Ballots Cast,,,347\n"
        "Demo,Town of Birch,President,DEM,Ann Adams,186\n"
        "Demo,Town of Birch,President,REP,Bob Baker,255\n"
    )
    request = Request((path,), state="WI", election=None)
    return importing.import_returns(workspace, access.terminal(), "demo", request).record.sequence


@pytest.fixture
def demo(home: Workspace, tmp_path: Path) -> Workspace:
    """A home with that case."""
    fault_case(home, tmp_path)
    return home


@pytest.fixture
def jo(demo: Workspace, signed_in: SignedIn) -> Official:
    """An official of the case."""
    return signed_in(demo, cases=["demo"])


def last(workspace: Workspace) -> Event:
    return list(workspace.ledger.events("demo"))[-1]


def send(someone: Official, **changes: str) -> tuple[int, str]:
    answer = someone.post(REPLY, WORDS | changes)
    return answer.status, answer.text


def test_a_reply_becomes_an_event_and_stands_in_the_history(demo: Workspace, jo: Official) -> None:
    """Under the account's number; the name and the note are commitments."""
    assert send(jo, note="phoned first") == (302, "")
    event = last(demo)
    assert event.kind == cases.EXPLAINED
    assert event.actor.startswith("official:")
    assert all(set(event.body[name]) == {"commitment"} for name in ("note", "actor_name"))  # type: ignore[arg-type]
    assert "Jo Doe" not in json.dumps(event.body)
    text = jo.get(PAGE).text
    assert "The tape reads 155." in text
    assert "Letter of 7 November 2024" in text
    assert "phoned first" not in text


def test_a_finding_is_explained_resolved_and_opened_again(demo: Workspace, jo: Official) -> None:
    """Each step offers the ones that can follow it."""
    send(jo)
    assert send(jo, step="resolve", after="1")[0] == 302
    assert 'value="explain"' not in jo.get(PAGE).html
    assert send(jo, step="reopen", cite="", after="2")[0] == 302
    assert cases.state(demo, access.terminal(), "demo").life(FINDING).state == "open"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"words": "  "}, "Say it in your office’s own words."),
        ({"cite": ""}, "Say where it stands"),
        ({"step": ""}, "Choose what you say of the finding."),
        ({"step": "reopen"}, "Choose what you say of the finding."),
        ({"step": "delete"}, "Choose what you say of the finding."),
        ({"words": "x" * 10_001}, "Shorten this to 10,000 letters; it has 10,001."),
        ({"after": "7"}, "Somebody replied to this finding since you opened the form"),
    ],
)
def test_an_unfit_reply_is_not_recorded_and_what_was_typed_is_kept(
    demo: Workspace, jo: Official, changes: dict[str, str], told: str
) -> None:
    """The page comes back with the reason in words and every field as it was."""
    before = last(demo)
    answer = jo.post(REPLY, WORDS | {"note": "phoned <first>"} | changes)
    assert answer.status == 422
    assert told in answer.text
    assert "phoned &lt;first&gt;" in answer.html
    assert (WORDS | changes)["words"].strip() in answer.html
    assert last(demo) == before


def test_the_same_form_sent_twice_is_recorded_once(demo: Workspace, jo: Official) -> None:
    """A second click is told that somebody replied, perhaps oneself."""
    send(jo)
    status, text = send(jo)
    assert status == 422
    assert "perhaps you yourself" in text
    assert sum(each.kind == cases.EXPLAINED for each in demo.ledger.events("demo")) == 1


def test_words_of_a_reply_are_shown_as_text_only(jo: Official) -> None:
    """A stored script stays a sentence."""
    hostile = "<script>alert('x')</script>{{ 7|add:7 }}"
    assert send(jo, words=hostile, cite="javascript:alert(1)")[0] == 302
    html = jo.get(PAGE).html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "{{ 7|add:7 }}" in html


def test_a_reader_reads_and_cannot_reply(demo: Workspace, signed_in: SignedIn) -> None:
    """No form is offered, and a form sent by hand is refused."""
    reader = signed_in(demo, "Rea Reader", "reader", ["demo"])
    assert "reply" not in reader.get(PAGE).html
    before = last(demo)
    status, text = send(reader)
    assert (status, "Your account may read, and change nothing." in text) == (403, True)
    assert reader.post("/demo/imports/2/undo/", {"reason": "x"}).status == 403
    assert reader.post("/-/people/", {"name": "x"}).status == 403
    assert last(demo) == before


def test_an_official_of_another_case_cannot_reply(demo: Workspace, signed_in: SignedIn) -> None:
    """The case is as good as not there."""
    assert send(signed_in(demo, "Other Official"))[0] == 404
    assert last(demo).kind == cases.IMPORTED


def test_a_stranger_cannot_reply(demo: Workspace, jo: Official) -> None:
    """A form sent after signing out says so; nothing is recorded."""
    token = jo.token(PAGE)
    jo.cookies.pop("tallyproof")
    answer = jo.post(REPLY, WORDS | {"csrfmiddlewaretoken": token}, token=False)
    assert answer.status == 403
    assert "You are not signed in" in answer.text
    assert last(demo).kind == cases.IMPORTED


def test_a_reply_without_the_forms_token_is_refused(demo: Workspace, jo: Official) -> None:
    """Another site cannot reply in the office's name."""
    assert jo.post(REPLY, WORDS, token=False).status == 403
    assert last(demo).kind == cases.IMPORTED


def test_the_past_offers_no_form(jo: Official) -> None:
    """A reply is about what stands now."""
    assert "reply" in jo.get(PAGE).html
    assert "reply-words" not in jo.get(f"{PAGE}?as_of=2100-01-01").html


def test_an_import_is_undone_with_a_reason_after_one_question(demo: Workspace, jo: Official) -> None:
    """The question names what will happen; without a reason nothing does."""
    assert "Undo this import" in jo.get("/demo/imports/2/").text
    undo = "/demo/imports/2/undo/"
    assert "no longer count" in jo.get(undo).text
    assert jo.post(undo, {"reason": " "}).status == 422
    assert last(demo).kind == cases.IMPORTED
    assert jo.post(undo, {"reason": "wrong <file>"}).headers["Location"] == "/demo/imports/2/"
    assert last(demo).kind == cases.UNDONE
    page = jo.get("/demo/imports/2/")
    assert "wrong &lt;file&gt;" in page.html
    assert "Undo this import" not in page.text
    assert jo.post(undo, {"reason": "again"}).status == 302
    assert sum(each.kind == cases.UNDONE for each in demo.ledger.events("demo")) == 1
