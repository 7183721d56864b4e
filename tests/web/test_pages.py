"""Every page: answer first, at stable addresses, with lists that sort, filter and turn by address."""

from collections.abc import Callable
from typing import Any

import pytest

from tallyproof.errors import StoreError
from tallyproof.services import access, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

CASE = "/upper-midwest-2016"
PAGES = (
    "/",
    f"{CASE}/",
    f"{CASE}/contests/wi-president/",
    f"{CASE}/contests/wi-president/changes/6-7/",
    f"{CASE}/checks/",
    f"{CASE}/findings/B2/wi-president/sauk/",
    f"{CASE}/record/",
)
ACCUSING = ("fraud", "rigged", "stolen", "cheat", "tamper", "manipulat", "crime")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_there_and_links_only_to_pages_that_are(example_pages: Visitor, address: str) -> None:
    """Every link on every page leads somewhere, and no tab is shown before it exists."""
    page = example_pages.get(address)
    assert page.status == 200
    inner = {link.split("#")[0] for link in page.links if link.startswith(("/", "?"))} - {""}
    followed = [link if link.startswith("/") else address + link for link in sorted(inner)[:40]]
    assert not [link for link in followed if example_pages.get(link).status != 200]


@pytest.mark.parametrize("address", [*PAGES, f"{CASE}/?as_of=2016-11-28", f"{CASE}/checks/?severity=warning"])
def test_every_link_and_form_names_where_it_leads(example_pages: Visitor, address: str) -> None:
    """No address was left out of a template."""
    html = example_pages.get(address).html
    assert not [each for each in ('href=""', 'action=""', 'href="#"', "None") if each in html]


def test_filters_keep_the_time_that_the_page_is_about(example_pages: Visitor) -> None:
    """A form on a page as of a day asks for the same day again, and one link leads back to now."""
    page = example_pages.get(f"{CASE}/contests/wi-president/?as_of=2016-11-28&sort=-total")
    assert '<input type="hidden" name="as_of" value="2016-11-28">' in page.html
    assert '<input type="hidden" name="sort" value="-total">' in page.html
    assert f"{CASE}/contests/wi-president/" in page.links


@pytest.mark.parametrize("address", PAGES)
def test_no_page_accuses(example_pages: Visitor, address: str) -> None:
    """No word of a page says what somebody did on purpose."""
    text = example_pages.get(address).text.casefold()
    assert not [word for word in ACCUSING if word in text]


@pytest.mark.parametrize("address", PAGES[1:])
def test_a_page_says_how_it_is_cited(example_pages: Visitor, address: str) -> None:
    """Its address, when it was read, and the head of the chain."""
    text = (
        example_pages.get(f"{address}?sort=").text
        if "record" not in address
        else example_pages.get(address).text
    )
    assert f"http://localhost:8016{address}" in text
    assert "read 2026-01-02 12:00 UTC" in text
    assert "Ledger head: event" in text


def test_the_front_page_answers_for_each_case(example_pages: Visitor) -> None:
    """Leader, closest margin, status and open findings, in a sentence and as numbers."""
    text = example_pages.get("/").text
    assert "Donald Trump leads with 306 of 538 electors by the states’ results." in text
    assert (
        "The closest of 51 contests is Michigan · President: Donald Trump leads by 10,704 of 4,799,284 votes"
        in text
    )
    assert "Leader: Donald Trump Closest margin: 10,704" in text
    assert "50 certified, 1 recounted" in text


def test_the_count_shows_electors_and_each_report_of_the_margin(example_pages: Visitor) -> None:
    """Pledged and cast electors; Wisconsin's five reports with their changes; Pennsylvania's 70,010."""
    text = example_pages.get(f"{CASE}/").text
    assert "Donald Trump | 306 | 304" in text
    assert "Hillary Clinton | 232 | 227" in text
    for row in ("22,525 | –", "22,177 | −348", "22,617 | +440", "22,748 | +131", "70,010 | –"):
        assert row in text


def test_the_count_as_of_a_day_is_the_one_of_that_day(example_pages: Visitor) -> None:
    """With the time and its zone above it, and links that keep to it."""
    page = example_pages.get(f"{CASE}/?as_of=2016-11-28")
    assert "As the sources stood at 2016-11-28 23:59 UTC" in page.text
    assert "Wisconsin: Donald Trump leads by 22,177 of 2,975,313 votes, unofficial" in page.text
    assert f"{CASE}/contests/wi-president/?as_of=2016-11-28" in page.links
    assert f"{CASE}/checks/?as_of=2016-11-28" in page.links


@pytest.mark.parametrize(
    "when",
    [
        "2016-12-02T17:00-06:00",
        "2016-12-02T23:00Z",
        "2016-12-02T23:00:00",
        "2016-12-03T00:00%2B01:00",
        "2016-12-03T00:00+01:00",
    ],
)
def test_a_time_may_be_given_in_any_zone(example_pages: Visitor, when: str) -> None:
    """The moment of the canvass in five spellings, one with a plus sign that the address lost."""
    text = example_pages.get(f"{CASE}/contests/wi-president/?as_of={when}").text
    assert "Donald Trump leads by 22,617 of 2,975,753 votes" in text


def test_a_second_before_the_canvass_the_count_is_the_one_before(example_pages: Visitor) -> None:
    """What is said at 17:00 is not known at 16:59."""
    text = example_pages.get(f"{CASE}/contests/wi-president/?as_of=2016-12-02T16:59:59-06:00").text
    assert "22,177 of 2,975,313" in text


@pytest.mark.parametrize(
    "query",
    [
        "as_of=yesterday",
        "as_of=2016-13-01",
        "as_of=2016",
        "sort=height",
        "page=0",
        "page=-1",
        "page=two",
        "page=9999999999",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_in_words(example_pages: Visitor, query: str) -> None:
    """The page says which part, and that nothing was changed."""
    answer = example_pages.get(f"{CASE}/?{query}")
    assert answer.status == 400
    assert "What happened" in answer.text
    assert "Nothing was changed by asking." in answer.text


@pytest.mark.parametrize("query", ["severity=grave", "state=XX", "check=Z9", "life=dead"])
def test_a_filter_that_is_none_is_refused_with_what_may_be_chosen(example_pages: Visitor, query: str) -> None:
    """The page lists the words that can be chosen."""
    answer = example_pages.get(f"{CASE}/checks/?{query}")
    assert answer.status == 400
    assert "Possible:" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/no-such-case/",
        "/no-such-case/record/",
        f"{CASE}/contests/no-such-contest/",
        f"{CASE}/findings/B2/wi-president/dane/",
        f"{CASE}/contests/wi-president/changes/1-99/",
        f"{CASE}/map/",
        "/-/nothing.css",
    ],
)
def test_what_is_not_there_is_said_not_to_be_there(example_pages: Visitor, address: str) -> None:
    """404 with what happened, what is safe and what to do, and no list of what else there is."""
    answer = example_pages.get(address)
    assert answer.status == 404
    assert "What is safe" in answer.text
    assert "What to do" in answer.text
    assert "Known cases" not in answer.text


def test_a_fault_of_the_program_is_a_plain_page(
    home: Workspace, visit: Callable[[Workspace], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what is safe, and shows nothing of the program's inside."""
    from tallyproof.services import pages

    def fail(*_: Any) -> None:
        raise ValueError("a secret of the inside")

    monkeypatch.setattr(pages, "overview", fail)
    answer = visit(home).get("/")
    assert answer.status == 500
    assert "every original is kept as it was" in answer.text
    assert "secret of the inside" not in answer.html


def test_what_is_kept_but_cannot_be_read_is_said_in_its_own_words(
    home: Workspace, visit: Callable[[Workspace], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence of the store reaches the page."""
    from tallyproof.services import pages

    def fail(*_: Any) -> None:
        raise StoreError("The returns table 12ab cannot be read.")

    monkeypatch.setattr(pages, "overview", fail)
    answer = visit(home).get("/")
    assert answer.status == 500
    assert "The returns table 12ab cannot be read." in answer.text


def test_an_empty_home_says_what_to_do_first(home: Workspace, visit: Callable[[Workspace], Visitor]) -> None:
    """The two commands to begin with."""
    text = visit(home).get("/").text
    assert "None yet." in text
    assert "tallyproof demo" in text
    assert "tallyproof import returns" in text


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "Nothing was reported yet."),
        ("checks/", "There are no returns to check yet."),
        ("record/", "One event stands"),
    ],
)
def test_a_case_without_returns_says_what_to_do_first(
    opened_home: Workspace, visit: Callable[[Workspace], Visitor], page: str, said: str
) -> None:
    """Each of its tabs is there, with the command that brings returns in."""
    answer = visit(opened_home).get(f"/no-returns-yet/{page}")
    assert answer.status == 200
    assert said in answer.text
    assert "tallyproof import returns FILE --case no-returns-yet" in answer.text


def test_units_sort_by_any_column_either_way(example_pages: Visitor) -> None:
    """Milwaukee is largest for Clinton, Menominee smallest in all."""
    address = f"{CASE}/contests/wi-president/"
    assert _first_unit(example_pages, f"{address}?sort=-choice-2") == "Milwaukee"
    assert _first_unit(example_pages, f"{address}?sort=total") == "Menominee"
    assert _first_unit(example_pages, f"{address}?sort=-county") == "Wood"


def _first_unit(pages: Visitor, address: str) -> str:
    html = pages.get(address).html
    row = html.split('class="units"')[1].split("<tbody>")[1].split('scope="row">')[1]
    return (
        row.removeprefix("<a ").split(">", 1)[1].split("<")[0] if row.startswith("<a ") else row.split("<")[0]
    )


def test_a_sorted_column_says_so_to_screen_readers_and_turns_round(example_pages: Visitor) -> None:
    """aria-sort on the heading, whose link asks for the other way."""
    html = example_pages.get(f"{CASE}/contests/wi-president/?sort=-total").html
    assert 'aria-sort="descending"><a href="?sort=total#units">All votes' in html


def test_units_are_found_by_a_part_of_their_name(example_pages: Visitor) -> None:
    """In any case, and nothing found is said in words."""
    address = f"{CASE}/contests/wi-president/"
    assert _first_unit(example_pages, f"{address}?q=sAUk") == "Sauk"
    assert "No unit has that name." in example_pages.get(f"{address}?q=atlantis").text


def test_a_large_contest_comes_in_pages(huge_home: Workspace, visit: Callable[[Workspace], Visitor]) -> None:
    """100 of 3,636 units at a time, in less than 1.5 MB, each on exactly one page."""
    pages = visit(huge_home)
    address = "/large-example/contests/wi-president/"
    first, last, beyond = (pages.get(f"{address}?page={number}") for number in (1, 37, 99))
    assert "1–100 of 3,636" in first.text
    assert "3,601–3,636 of 3,636" in last.text
    assert last.text.split("Cite this")[0] == beyond.text.split("Cite this")[0]
    assert len(first.body) < 1_500_000


def test_a_large_contest_narrows_to_a_county(
    huge_home: Workspace, visit: Callable[[Workspace], Visitor]
) -> None:
    """The filter and the order stay while pages are turned."""
    page = visit(huge_home).get("/large-example/contests/wi-president/?county=Example+County+01&sort=-total")
    rows = page.html.split('class="units"')[1].split("</table>")[0]
    assert rows.count("Example County 01") == 51
    assert "Example County 02" not in rows


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("severity=warning", "Sawyer: 9,137 votes", "Sauk: 34,323 votes"),
        ("life=resolved", "Sauk: 34,323 votes", "Sawyer: 9,137 votes"),
        ("check=B2&state=WI", "Trempealeau: 13,687 votes", "signed in, "),
    ],
)
def test_findings_narrow_by_address(example_pages: Visitor, query: str, shown: str, hidden: str) -> None:
    """Severity, where it stands, check and state."""
    text = example_pages.get(f"{CASE}/checks/?{query}").text
    assert shown in text
    assert hidden not in text


def test_filters_that_leave_nothing_say_so(example_pages: Visitor) -> None:
    """Pennsylvania has no error."""
    text = example_pages.get(f"{CASE}/checks/?state=PA&severity=error").text
    assert "No finding fits all of these choices." in text


def test_checks_say_what_cannot_be_checked_and_what_it_needs(example_pages: Visitor) -> None:
    """The third answer stands beside the findings."""
    text = example_pages.get(f"{CASE}/checks/").text
    assert "What cannot be checked, and what it needs" in text
    assert "votes in two statewide contests by reporting unit" in text


def test_findings_are_ranked_by_votes_at_stake(example_pages: Visitor) -> None:
    """Sauk before Sawyer before Kenosha, in the bars and in the list."""
    text = example_pages.get(f"{CASE}/checks/?check=B2").text
    places = [text.index(name) for name in ("Sauk", "Sawyer", "Trempealeau", "Kenosha")]
    assert places == sorted(places)


def test_the_record_shows_originals_rows_and_undone_imports(
    home: Workspace, visit: Callable[[Workspace], Visitor], tmp_path: Any
) -> None:
    """File name, SHA-256, rows read, stored and rejected with reasons, and why an import was undone."""
    path = tmp_path / "county.csv"
    path.write_text(
        "county,office,candidate,votes\nAdams,President,Ann,5\nAdams,President,,,,\nAdams,President,Bo,3\n"
    )
    actor = access.terminal("Somebody")
    done = importing.import_returns(home, actor, "adams", Request((path,), "Adams County", state="WI"))
    importing.undo_import(home, actor, "adams", done.record.sequence, "It was the wrong file.")
    text = visit(home).get("/adams/record/").text
    assert done.record.readings[0].file.sha256 in text
    assert "Rows read: 3 Stored: 2 Rejected: 1" in text
    assert "It was the wrong file." in text
    assert "Its numbers no longer count; the original is kept." in text
    assert "Somebody" not in text
