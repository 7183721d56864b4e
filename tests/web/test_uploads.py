"""Uploading in the browser, page by page: what each answers, who may, what hostile input comes to."""

import base64
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formats.bad_files import GOOD, MAKERS
from tallyproof import web
from tallyproof.services import access, cases, previewing, uploading
from tallyproof.services.workspace import Workspace

from .official import Official
from .visitor import Answer

CASE = "no-returns-yet"
START = f"/{CASE}/upload/"
SCRIPT = "<script>alert(1)</script>"
UNKNOWN = "Ort,Wahllokal,Ann Adams (DEM),Bob Baker (REP),Total Votes\nAdams,W1,12,9,21\nAdams,W2,8,10,18\n"
Sign = Callable[..., Official]


@pytest.fixture
def clerk(opened_home: Workspace, signed_in: Sign) -> Official:
    return signed_in(opened_home, cases=[CASE])


def send(clerk: Official, *files: tuple[str, str | bytes]) -> Answer:
    """Upload files and follow to the upload's page."""
    given = [("files", name, each.encode() if isinstance(each, str) else each) for name, each in files]
    sent = clerk.post(START, {}, given)
    if sent.status != 302:
        return sent
    clerk.place = sent.headers["Location"]  # type: ignore[attr-defined]
    return clerk.get(sent.headers["Location"])


def act(clerk: Official, do: str, **fields: str) -> Answer:
    return clerk.post(clerk.place.partition("#")[0], {"do": do, **fields})  # type: ignore[attr-defined]


# ---- the usual way


def test_a_file_is_uploaded_looked_at_and_imported(clerk: Official, opened_home: Workspace) -> None:
    page = send(clerk, ("returns.csv", GOOD))
    assert "One row will be imported; none is rejected." in page.text
    assert "Recognised as OpenElections CSV" in page.text and "Import one row" in page.html
    done = act(clerk, "import", source="County clerk", status="certified")
    assert done.headers["Location"] == f"/{CASE}/imports/2/?done=1"
    shown = clerk.get(done.headers["Location"])
    assert "County clerk" in shown.text and "Undo this import" in shown.text
    assert "Imported just now." in shown.text and "?done" not in shown.text  # nor is it cited so
    record = cases.state(opened_home, access.READER, CASE).active[0]
    assert record.actor.startswith("official:") and record.snapshot.status.value == "certified"


def test_an_upload_can_be_left_and_is_found_again_on_the_count_tab(clerk: Official) -> None:
    send(clerk, ("returns.csv", GOOD))
    for address in (f"/{CASE}/", START):
        page = clerk.get(address)
        assert "Unfinished uploads" in page.text and clerk.place in page.html  # type: ignore[attr-defined]
        assert "by Jo Doe" in page.text
    act(clerk, "discard")
    assert "Unfinished uploads" not in clerk.get(START).text


def test_a_proposed_mapping_is_corrected_in_the_form_and_imported(
    clerk: Official, opened_home: Workspace
) -> None:
    page = send(clerk, ("ergebnis.csv", UNKNOWN))
    assert "layout proposed" in page.text and "Use these columns" in page.text
    assert 'value="import"' not in page.html
    fields = {"file": "1", "header": "1", "column1.county": "Ort", "column1.unit": "Wahllokal"}
    fields |= {"same.office": "Mayor", "same.state": "WI", "use.Ann Adams (DEM)": "choice"}
    fields |= {"name.Ann Adams (DEM)": "Ann Adams", "use.Bob Baker (REP)": "choice"}
    act(clerk, "map", **fields)
    agreed = clerk.get(clerk.place)  # type: ignore[attr-defined]
    assert "2 rows will be imported" in agreed.text and "Wisconsin · Mayor" in agreed.text
    act(clerk, "import")
    assert cases.state(opened_home, access.READER, CASE).active[0].readings[0].importer == "mapping"


def test_a_mapping_that_cannot_be_followed_says_why_and_keeps_what_was_typed(clerk: Official) -> None:
    send(clerk, ("ergebnis.csv", UNKNOWN))
    act(clerk, "map", file="1", header="one", **{"same.office": "Dogcatcher"})
    page = clerk.get(clerk.place)  # type: ignore[attr-defined]
    assert "'one' is no header row" in page.text
    assert 'value="one"' in page.html and 'value="Dogcatcher"' in page.html


def test_fields_that_cannot_be_followed_are_kept_and_said_in_words(clerk: Official) -> None:
    send(clerk, ("returns.csv", GOOD))
    page = act(clerk, "import", as_of_time="17:00", state="Wisconsin")
    assert page.status == 422
    assert "A time needs its day." in page.text and "Write the two letters of the state" in page.text
    assert 'value="Wisconsin"' in page.html and 'aria-invalid="true"' in page.html


def test_rows_that_will_not_be_stored_are_shown_with_reason_and_paged(clerk: Official) -> None:
    bad = "".join(f"Adams,Ward {n},President,Ann Adams,many\n" for n in range(2, 302))
    page = send(clerk, ("returns.csv", GOOD + bad))
    assert "300 will not be stored" in page.text and "has 'many' in votes" in page.text
    rows = clerk.get(f"{clerk.place}1/rejected/?page=2")  # type: ignore[attr-defined]
    assert "201–300 of 300" in rows.text


def test_the_same_file_twice_is_said_and_not_imported_twice(clerk: Official, opened_home: Workspace) -> None:
    send(clerk, ("returns.csv", GOOD))
    act(clerk, "import")
    page = send(clerk, ("again.csv", GOOD))
    assert "This very file was imported" in page.text and "as import 2" in page.text
    assert 'value="import"' not in page.html
    assert act(clerk, "import").status == 422
    assert len(cases.state(opened_home, access.READER, CASE).imports) == 1
    act(clerk, "again", file="1", again="on")
    assert 'value="import"' in clerk.get(clerk.place).html  # type: ignore[attr-defined]


def test_two_people_who_import_the_same_file_import_it_once(
    clerk: Official, opened_home: Workspace, signed_in: Sign
) -> None:
    other = signed_in(opened_home, "Bo Second", cases=[CASE])
    send(clerk, ("one.csv", GOOD))
    send(other, ("two.csv", GOOD))
    assert act(clerk, "import").headers["Location"].endswith("?done=1")
    assert act(other, "import").status == 422  # its page now says that the file counts
    assert "This very file was imported" in other.get(other.place).text  # type: ignore[attr-defined]
    assert len(cases.state(opened_home, access.READER, CASE).imports) == 1


def test_an_import_is_undone_once_with_a_reason(clerk: Official, opened_home: Workspace) -> None:
    send(clerk, ("returns.csv", GOOD))
    act(clerk, "import")
    address = f"/{CASE}/imports/2/undo/"
    assert clerk.post(address, {"reason": " "}).status == 422
    clerk.post(address, {"reason": "Wrong file"})
    assert cases.state(opened_home, access.READER, CASE).imports[0].reason == "Wrong file"
    assert "one row will be imported" in send(clerk, ("returns.csv", GOOD)).text.lower()


def test_a_new_case_is_opened_by_its_title_and_leads_to_its_first_upload(
    clerk: Official, opened_home: Workspace
) -> None:
    opened = clerk.post("/-/new-case/", {"title": "Sauk County, November 2024", "election": "2024-11-05"})
    assert opened.headers["Location"] == "/sauk-county-november-2024/upload/"
    assert clerk.get(opened.headers["Location"]).status == 200
    state = cases.state(opened_home, access.READER, "sauk-county-november-2024")
    assert (state.title, str(state.election)) == ("Sauk County, November 2024", "2024-11-05")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": ""}, "Say which election it is"),
        ({"title": "x" * 101}, "100 letters at most"),
        ({"title": "A", "case": "Not A Name"}, "cannot name a case"),
        ({"title": "A", "case": CASE}, "There is a case"),
        ({"title": "A", "election": "soon"}, "is no day"),
        ({"title": "選挙"}, "cannot name a case"),
    ],
)
def test_a_case_that_cannot_be_opened_says_why_and_keeps_what_was_typed(
    clerk: Official, fields: dict[str, str], told: str
) -> None:
    page = clerk.post("/-/new-case/", fields)
    assert page.status == 422 and told in page.text
    assert fields["title"] in page.html


# ---- who may


def test_strangers_and_readers_upload_nothing(
    clerk: Official, opened_home: Workspace, signed_in: Sign
) -> None:
    stranger = Official(web.application(opened_home))
    assert stranger.get(START).headers["Location"].startswith("/-/sign-in/")
    assert stranger.post(START, {}, [("files", "a.csv", GOOD.encode())]).status == 403
    reader = signed_in(opened_home, "Ann Reader", role="reader", cases=[CASE])
    assert reader.get(START).status == 403
    elsewhere = signed_in(opened_home, "Cy Elsewhere", cases=["other"])
    assert elsewhere.get(START).status in {403, 404}
    assert elsewhere.post(START, {}, [("files", "a.csv", GOOD.encode())]).status == 403
    assert "Upload results" not in reader.get(f"/{CASE}/").text


def test_a_form_without_its_token_uploads_nothing(clerk: Official, opened_home: Workspace) -> None:
    refused = clerk.post(START, {}, [("files", "a.csv", GOOD.encode())], token=False)
    assert refused.status == 403
    assert not (Path(opened_home.place) / "drafts").exists()


def test_an_upload_of_another_case_is_not_found(
    clerk: Official, opened_home: Workspace, signed_in: Sign
) -> None:
    send(clerk, ("returns.csv", GOOD))
    cases.open_case(opened_home, access.terminal(), "other")
    elsewhere = signed_in(opened_home, "Cy Elsewhere", cases=["other"])
    draft = clerk.place.split("/")[-2]  # type: ignore[attr-defined]
    assert elsewhere.get(f"/other/upload/{draft}/").status == 404
    assert elsewhere.get(f"/{CASE}/upload/{draft}/").status == 403


# ---- hostile input


def test_no_script_of_a_file_reaches_a_page(clerk: Official) -> None:
    cells = GOOD.replace("Ann Adams", f"Ann {SCRIPT}").replace("Ward 1", "=HYPERLINK(A1)")
    other = UNKNOWN.replace("Ort", SCRIPT)
    page = send(clerk, (f"{SCRIPT}.csv", cells), ("<img src=x onerror=alert(2)>.csv", other))
    assert page.status == 200
    assert "<script>alert" not in page.html and "<img" not in page.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.html and "=HYPERLINK(A1)" in page.html
    assert re.findall(r"<script[^>]*>", page.html) == []


def test_only_the_page_that_chooses_files_runs_our_script(clerk: Official) -> None:
    start, page = clerk.get(START), send(clerk, ("returns.csv", GOOD))
    assert "script-src 'self'" in start.headers["Content-Security-Policy"]
    assert "unsafe" not in start.headers["Content-Security-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert start.html.count("<script") == 1 and "<script" not in page.html
    assert clerk.get(re.findall(r'<script src="([^"]+)"', start.html)[0]).status == 200


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("zip bomb", "far more than a table of its packed size should"),
        ("truncated zip", "cut short or damaged"),
        ("web page saved as CSV", "It is a web page, not a table."),
        ("zip in a zip", "is a zip inside a zip"),
        ("old Excel file", "old Excel format"),
        ("half a gzip file", "cut short or damaged"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence(clerk: Official, tmp_path: Path, name: str, told: str) -> None:
    path = MAKERS[name](tmp_path)
    page = send(clerk, (path.name, path.read_bytes()))
    assert page.status == 200 and told in page.text and "cannot be read" in page.text
    assert 'value="import"' not in page.html and "--" not in page.text


def test_what_is_said_of_a_file_uses_the_words_of_the_page(clerk: Official, tmp_path: Path) -> None:
    """A field by its label, not by its key in a mapping; a file within a zip by its own small letters."""
    mayor = "Precinct,Ann Adams,Bob Baker,Total\nW1,12,9,21\nW2,8,10,18\n"
    page = send(clerk, ("mayor.csv", mayor), ("bomb.zip", MAKERS["zip bomb"](tmp_path).read_bytes()))
    assert "Contest: nothing in the file names the contest" in page.text
    assert "office:" not in page.text
    assert re.search(r"\b[a-z]+\.csv would unpack to", page.text)


def test_an_entity_bomb_is_refused(clerk: Official) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "lol">{entities}]>'
    bomb = f"{head}<ElectionResult>&a9;</ElectionResult>"
    page = send(clerk, ("detail.xml", bomb))
    assert page.status == 200 and "cannot be read" in page.text
    assert 'value="import"' not in page.html


def test_an_empty_file_and_no_file_are_told(clerk: Official) -> None:
    assert "is empty" in send(clerk, ("empty.csv", b"")).text
    nothing = clerk.post(START, {}, [("files", "", b"")])
    assert nothing.status == 422 and "No file came." in nothing.text


def test_more_than_the_limit_is_refused_in_words_by_its_announced_length(
    opened_home: Workspace, signed_in: Sign
) -> None:
    clerk = signed_in(opened_home, cases=[CASE])
    told = clerk.post(
        START, {}, [("files", "a.csv", GOOD.encode())], headers={"CONTENT_LENGTH": str(600_000_000)}
    )
    assert told.status == 413 and "at most" in told.text


def test_a_body_that_grows_beyond_the_limit_is_refused_and_nothing_is_kept(
    opened_home: Workspace, signed_in: Sign
) -> None:
    small = replace(opened_home, largest_upload=1000)
    clerk = signed_in(small, cases=[CASE])
    page = clerk.post(START, {}, [("files", "a.csv", b"x" * 3000)])
    assert page.status == 422 and "the most that is taken here" in page.text
    assert not uploading.unfinished(small, access.terminal(), CASE)


# ---- in pieces (tus 1.0)


def tus(clerk: Official, method: str, address: str, body: bytes = b"", **headers: str) -> Answer:
    clerk.get(START)
    told = {
        "HTTP_TUS_RESUMABLE": "1.0.0",
        "HTTP_X_CSRFTOKEN": clerk.token(START),
        **{f"HTTP_{name.upper()}": text for name, text in headers.items()},
    }
    return clerk._ask(method, address, body, "application/offset+octet-stream", told)


def begun(clerk: Official, size: int, name: str = "returns.csv") -> str:
    draft = tus(clerk, "POST", START, x_upload="begin").headers["Location"]
    named = f"filename {base64.b64encode(name.encode()).decode()}"
    announced = tus(clerk, "POST", f"{draft}files/", upload_length=str(size), upload_metadata=named)
    assert announced.status == 201 and announced.headers["Tus-Resumable"] == "1.0.0"
    return announced.headers["Location"]


def test_a_file_comes_in_pieces_and_goes_on_after_a_break(clerk: Official) -> None:
    content = GOOD.encode()
    place = begun(clerk, len(content))
    assert tus(clerk, "PATCH", place, content[:10], upload_offset="0").headers["Upload-Offset"] == "10"
    asked = tus(clerk, "HEAD", place)
    assert (asked.status, asked.headers["Upload-Offset"]) == (200, "10")
    assert (asked.headers["Upload-Length"], asked.headers["Cache-Control"]) == (
        str(len(content)),
        "private, no-store",
    )
    assert tus(clerk, "PATCH", place, content[10:], upload_offset="10").status == 204
    page = clerk.get(place.rpartition("files/")[0])
    assert page.status == 200 and "returns.csv" in page.text


def test_what_does_not_fit_the_protocol_is_refused(clerk: Official) -> None:
    place = begun(clerk, 10)
    wrong_place = tus(clerk, "PATCH", place, b"abc", upload_offset="5")
    assert (wrong_place.status, wrong_place.headers["Upload-Offset"]) == (409, "0")
    assert tus(clerk, "PATCH", place, b"abc").status == 400
    assert tus(clerk, "PATCH", place, b"x" * 11, upload_offset="0").status == 413
    assert tus(clerk, "PATCH", place, b"abc", upload_offset="0", tus_resumable="0.2").status == 412
    assert tus(clerk, "PATCH", f"{place[:-2]}9/", b"abc", upload_offset="0").status == 404
    assert tus(clerk, "DELETE", place).status == 204
    assert tus(clerk, "HEAD", place).status == 404
    draft = place.rpartition("files/")[0]
    assert tus(clerk, "POST", f"{draft}files/", upload_length="many").status == 400
    large = tus(clerk, "POST", f"{draft}files/", upload_length="500000001")
    assert large.status == 413 and "the most that is taken here" in large.html


def test_pieces_without_a_token_are_refused(clerk: Official) -> None:
    place = begun(clerk, 3)
    assert tus(clerk, "PATCH", place, b"abc", upload_offset="0", x_csrftoken="wrong").status == 403


def test_a_name_in_pieces_is_kept_in_its_folder(clerk: Official) -> None:
    place = begun(clerk, 0, "../../../evil\u202e<b>.csv")
    page = clerk.get(place.rpartition("files/")[0])
    assert "evil&lt;b&gt;" in page.html and "../" not in page.text


# ---- real files


def test_every_results_file_of_the_toy_election_is_recognised_with_the_same_sums(
    clerk: Official, shared_data: Path
) -> None:
    folder = shared_data / "toy_election"
    names = ["2024-zz-precinct-general.csv", "20241105__zz__general__demo__precinct.csv", "detail.xml"]
    names += ["err_v2.json", "err_v2.xml"]
    page = send(clerk, *((name, (folder / name).read_bytes()) for name in names))
    assert page.text.casefold().count("bob baker | 395") == len(names)
    assert page.text.casefold().count("ann adams | 380") == len(names)


def test_wisconsin_wards_are_imported_by_the_proposal(
    clerk: Official, opened_home: Workspace, shared_data: Path
) -> None:
    name = "wi_2016_president_wards_canvass_and_recount.csv"
    send(clerk, (name, (shared_data / "wi2016" / name).read_bytes()))
    finished(clerk)
    page = clerk.get(clerk.place)  # type: ignore[attr-defined]
    assert "Trump | 1,404,440" in page.text and "add up to 'total_canvass'" in page.text
    file = uploading.unfinished(opened_home, access.terminal(), CASE)[0].draft.files[0]
    act(clerk, "map-text", file="1", mapping=file.mapping)
    finished(clerk)
    assert "Import 3,636 rows" in clerk.get(clerk.place).html  # type: ignore[attr-defined]


def test_a_spreadsheet_of_unknown_layout_gets_a_form_with_its_first_rows(
    clerk: Official, shared_data: Path
) -> None:
    path = shared_data / "wi2016" / "raw" / "wec_ward_report_first_posted.xlsx"
    send(clerk, (path.name, path.read_bytes()))
    finished(clerk)
    page = clerk.get(clerk.place)  # type: ignore[attr-defined]
    assert "Which column holds what" in page.text and "The first rows as they stand" in page.text


def finished(clerk: Official) -> None:
    """Wait until nothing is being done with the upload any more."""
    for _ in range(60):
        if "Refresh" not in clerk.get(clerk.place).headers:  # type: ignore[attr-defined]
            return
        time.sleep(0.5)
    raise AssertionError("the upload is not read")


def test_a_file_without_its_state_asks_for_it_and_is_shown_again_before_it_is_imported(
    clerk: Official, opened_home: Workspace
) -> None:
    assert "The files do not name it" in send(clerk, ("returns.csv", GOOD)).text
    again = act(clerk, "import", state="wi")
    assert again.headers["Location"].endswith("?again=1")
    shown = clerk.get(again.headers["Location"])
    assert "Look at the sums, then import." in shown.text and "Wisconsin · President" in shown.text
    assert not cases.state(opened_home, access.READER, CASE).imports
    assert act(clerk, "import", state="wi").headers["Location"].endswith("?done=1")


def test_reading_shows_how_far_it_is_and_loads_itself_again(
    clerk: Official, opened_home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallyproof.web.pages.uploads.PATIENCE", 0.0)
    go_on = threading.Event()
    read = previewing.preview

    def slow(*given: Any) -> Any:
        assert go_on.wait(20)
        return read(*given)

    monkeypatch.setattr(previewing, "preview", slow)
    page = send(clerk, ("returns.csv", GOOD))
    assert page.headers["Refresh"] == "2" and "returns.csv is being read." in page.text
    assert "File: 1 of 1" in page.text and "Time left:" in page.text
    go_on.set()
    finished(clerk)
    assert "One row will be imported" in clerk.get(clerk.place).text  # type: ignore[attr-defined]
