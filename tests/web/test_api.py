"""What programs ask: problems solved over HTTP as anywhere else, and data of a case with its validator."""

import io
import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tallyproof.services import access, cases, example, openapi, solving
from tallyproof.services.workspace import Workspace

from .visitor import Answer, Visitor

CASE = f"/{example.CASE}"
PROBLEM = {"kind": "margin", "votes": {"Ann": 60, "Bo": 50}}


def ask(pages: Visitor, body: bytes, kind: str = "application/json", length: int | None = None) -> Answer:
    """POST to /solve."""
    told: dict[str, Any] = {}
    environ = {
        "PATH_INFO": "/solve", "QUERY_STRING": "", "REQUEST_METHOD": "POST", "HTTP_HOST": "localhost:8016",
        "SERVER_NAME": "localhost", "SERVER_PORT": "8016", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body) if length is None else length),
    }  # fmt: skip

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        told.update(status=int(status.split(" ")[0]), headers=dict(headers))

    pieces = pages.application(environ, start)
    return Answer(told["status"], told["headers"], b"".join(pieces))


def schema(name: str) -> dict[str, Any]:
    """A schema of the document with all it refers to."""
    return {"$ref": f"#/components/schemas/{name}", "components": openapi.document()["components"]}


@pytest.mark.parametrize("given", [PROBLEM, [PROBLEM, PROBLEM], []])
def test_a_problem_is_answered_as_on_the_command_line(example_pages: Visitor, given: object) -> None:
    """The same bytes as the service gives, one or many."""
    body = json.dumps(given).encode()
    answer = ask(example_pages, body)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.body == solving.solve_json(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"null", b'{"kind": "margin"}', b'{"kind": "margin", "votes": {"Ann": -1, "Bo": 2}}',
     b'{"kind": "nothing"}', b"[" * 60_000],
)  # fmt: skip
def test_what_is_no_problem_is_refused_in_a_sentence(example_pages: Visitor, body: bytes) -> None:
    """As JSON with status 400, never a page and never a fault of the program."""
    answer = ask(example_pages, body)
    told = json.loads(answer.body)
    assert answer.status == 400
    jsonschema.validate(told, schema("fault"))
    assert told["error"].endswith(".")


@pytest.mark.parametrize("length", [None, 0])
def test_a_problem_that_is_too_long_is_not_read(example_pages: Visitor, length: int | None) -> None:
    """Whether its length is stated truly or not: never more than the limit is kept."""
    answer = ask(example_pages, b" " * 70_000, length=length)
    assert answer.status == (413 if length is None else 400)


def test_a_form_of_another_site_cannot_ask(example_pages: Visitor) -> None:
    """Browsers send application/json elsewhere only when they are allowed to."""
    assert ask(example_pages, json.dumps(PROBLEM).encode(), "text/plain").status == 415
    assert example_pages.get("/solve").status == 405


def test_the_document_is_what_is_committed_and_what_is_served(example_pages: Visitor) -> None:
    """One text, made from the types."""
    answer = example_pages.get("/openapi.json")
    assert json.loads(answer.body) == openapi.document()
    assert answer.headers["Content-Type"] == "application/json"


def test_every_reference_of_the_document_leads_somewhere() -> None:
    """And every schema is one."""
    text, known = json.dumps(openapi.document()), openapi.components()
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(known)
    for each in known.values():
        jsonschema.Draft202012Validator.check_schema(each)


def test_problems_and_answers_fit_the_document(example_pages: Visitor) -> None:
    """A client made from it gets along with the program; a misspelt field does not fit."""
    jsonschema.validate(PROBLEM, schema("Margin"))
    jsonschema.validate(
        json.loads(ask(example_pages, json.dumps(PROBLEM).encode()).body), schema("MarginAnswer")
    )
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**PROBLEM, "seat": 1}, schema("Margin"))


@pytest.mark.parametrize("name", list(openapi.DATA))
def test_data_files_fit_the_document(example_pages: Visitor, name: str) -> None:
    """Every list and the record of the example, field by field."""
    answer = example_pages.get(f"{CASE}/data/{name}.json?q=sauk")
    assert answer.status == 200
    jsonschema.validate(json.loads(answer.body), schema(name))


def test_a_data_file_with_a_field_too_many_does_not_fit(example_pages: Visitor) -> None:
    """The schemas are not so wide that anything fits."""
    told = json.loads(example_pages.get(f"{CASE}/data/count.json").body)
    told["contests"][0]["winner"] = "somebody"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema("count"))


def test_the_count_as_data_is_the_count_as_page(example_pages: Visitor) -> None:
    """The same sentence, margin and total; and of a day, that day's."""
    contests = json.loads(example_pages.get(f"{CASE}/data/count.json").body)["contests"]
    now = next(each for each in contests if each["id"] == "wi-president")
    assert (now["margin"], now["total"]) == (22_748, 2_976_150)
    then = json.loads(example_pages.get(f"{CASE}/data/count.json?as_of=2016-11-28").body)["contests"]
    assert next(each for each in then if each["id"] == "wi-president")["margin"] == 22_177


@pytest.mark.parametrize(
    "name",
    [
        "count.csv",
        "findings.xlsx",
        "imports.csv",
        "units/wi-president.json",
        "rejections/7.csv",
        "changes/5-6.csv",
    ],
)
def test_lists_download_as_tables(example_pages: Visitor, name: str) -> None:
    """Under a name that says what they are; never as a page."""
    answer = example_pages.get(f"{CASE}/data/{name}")
    assert answer.status == 200
    assert "html" not in answer.headers["Content-Type"]
    assert len(answer.body) > 10


@pytest.mark.parametrize(
    "name", ["nothing.json", "count.exe", "../count.json", "units/nowhere.csv", "rejections/x.csv",
             "changes/1-2.csv", "changes/x.csv", "record.csv", "count/x.json", "units.json"],
)  # fmt: skip
def test_a_data_file_that_is_not_there_is_not_found(example_pages: Visitor, name: str) -> None:
    """In words, with status 404."""
    assert example_pages.get(f"{CASE}/data/{name}").status == 404


def test_who_has_it_as_it_stands_gets_nothing_again(example_pages: Visitor) -> None:
    """304 for the validator, in a list or weak; the whole for another one."""
    address = f"{CASE}/data/count.json"
    tag = example_pages.get(address).headers["ETag"]
    for stated in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = example_pages.get(address, headers={"HTTP_IF_NONE_MATCH": stated})
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert example_pages.get(address, headers={"HTTP_IF_NONE_MATCH": '"other"'}).status == 200


def test_an_event_changes_the_validator(home: Workspace) -> None:
    """So that nobody keeps what is no longer so."""
    from tallyproof.services import datafiles, pages

    cases.open_case(home, access.terminal(), "county")
    before = datafiles.etag(pages.look(home, access.READER, "county"))
    home.ledger.append("county", "terminal", cases.REOPENED, {"finding": "x", "words": "y"})
    assert datafiles.etag(pages.look(home, access.READER, "county")) != before


def test_a_problem_that_takes_too_long_is_refused_in_a_sentence(
    example_pages: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 422, and what to do instead; a formula is answered as ever."""
    from tallyproof.services.bounded import Solver
    from tallyproof.web.pages import api

    monkeypatch.setattr(api, "SOLVER", Solver(seconds=0.01, patience=0.01))
    heavy = {"kind": "sample_size", "cards": 10**9, "margins": [1e-4], "most_drawn": 10**11}
    refused = ask(example_pages, json.dumps(heavy).encode())
    assert refused.status == 422
    assert "tallyproof solve" in json.loads(refused.body)["error"]
    assert ask(example_pages, json.dumps(PROBLEM).encode()).status == 200
    with api.SOLVER._turn:
        busy = ask(example_pages, json.dumps(heavy).encode())
    assert (busy.status, busy.headers["Retry-After"]) == (503, "5")
    api.SOLVER.close()
