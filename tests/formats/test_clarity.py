"""Clarity detail XML: real files to the vote, and each oddity of the format by itself."""

import resource
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election.canvass import Status
from tallyproof.election.returns import Level, Measure, Mode, is_measure
from tallyproof.formats import intake, raw
from tallyproof.formats.clarity_words import ZONES, moment
from tallyproof.formats.tidy import Reading

from .clarity_files import choice, contest, detail, units, vote_type
from .reading import cells, read, sums

GEORGIA = "formats/clarity/GA_2020_general_detail_20201120_1237.xml"
ED, MAIL = "Election Day Votes", "Absentee by Mail Votes"


def told(reading: Reading, topic: str) -> str:
    """What is remarked on a topic."""
    return "; ".join(remark.text for remark in reading.remarks if remark.topic == topic)


# ---- real files


def test_georgia_2020_adds_up_to_its_own_totals(shared_data: Path) -> None:
    """298 contests, 470 choices: counties and ways of voting each come to every choice's stated total."""
    frame = read(shared_data / GEORGIA).frame
    choices = frame.filter(is_measure(Measure.CHOICE))
    assert choices["contest"].n_unique() == 298
    of_state, is_total = pl.col("level") == Level.STATE.value, pl.col("mode") == Mode.TOTAL.value
    votes = pl.col("votes")
    added = choices.group_by("contest", "choice").agg(
        stated=votes.filter(of_state & is_total).sum(), by_mode=votes.filter(of_state & ~is_total).sum(),
        by_county=votes.filter(~of_state).sum(), totals=(of_state & is_total).sum(),
    )  # fmt: skip
    assert added.height == 470
    assert (
        added.filter(
            (pl.col("stated") != pl.col("by_mode")) | (pl.col("stated") != pl.col("by_county"))
        ).height
        == 0
    )
    assert added["totals"].unique().to_list() == [1]


def test_georgia_2020_in_our_words(shared_data: Path) -> None:
    """The president's votes, parties out of names, districts out of wordings in two languages."""
    reading = read(shared_data / GEORGIA)
    assert sums(reading, "ga-president") == {"trump": 2_461_837, "biden": 2_474_507, "jorgensen": 62_138}
    names = dict(reading.frame.filter(pl.col("contest") == "ga-president").select("choice", "party").rows())
    assert names == {"Donald J. Trump": "REP", "Joseph R. Biden": "DEM", "Jo Jorgensen": "LIB"}
    offices = reading.frame.filter(pl.col("office") == "State Senate")["district"].unique()
    assert len(offices) == 55
    assert (reading.status, str(reading.election), str(reading.as_of)) == (
        Status.UNKNOWN, "2020-11-03", "2020-11-20 15:37:06-05:00",
    )  # fmt: skip


def test_kentucky_2014_by_precinct(shared_data: Path) -> None:
    """33 precincts of Greenup; registration of 0 is not known."""
    reading = read(shared_data / "formats/clarity/clarify_precinct.xml", state="KY")
    assert sums(reading, "ky-us-senator-republican") == {
        "mcconnell": 1_135, "bevin": 820, "payne": 48, "sterling": 46, "copas": 11,
    }  # fmt: skip
    registered = reading.frame.filter(is_measure(Measure.REGISTERED))
    assert registered.select("county", "unit", "votes").rows() == [("Greenup", "", 28_162)]


def test_arkansas_2014_by_county(shared_data: Path) -> None:
    """75 counties with their own ballots and registration."""
    frame = read(shared_data / "formats/clarity/clarify_county.xml").frame
    assert set(frame["level"]) == {"state", "county"}
    assert frame.filter(is_measure(Measure.REGISTERED) & (pl.col("county") != "")).height == 75


# ---- the oddities, one by one


def test_a_zip_is_read_like_its_file(tmp_path: Path) -> None:
    """As the site offers it."""
    path = detail(tmp_path, [contest("Governor", [choice("Ann Adams", {ED: [("Ash", "3")]}, total="3")])])
    with zipfile.ZipFile(tmp_path / "detailxml.zip", "w") as archive:
        archive.write(path, "detail.xml")
    zipped = read(tmp_path / "detailxml.zip")
    assert zipped.frame.drop("file").equals(read(path).frame.drop("file"))
    assert zipped.frame["file"].unique().to_list() == ["detailxml.zip/detail.xml"]


def test_a_turnout_of_zero_is_not_known(tmp_path: Path) -> None:
    """And percentReporting is never taken for a number."""
    turnout = (
        '<Precinct name="Ash" totalVoters="0" ballotsCast="0" voterTurnout="0.00" percentReporting="4" />'
        '<Precinct name="Birch" totalVoters="7" ballotsCast="3" voterTurnout="42.86" percentReporting="32" />'
    )
    reading = read(
        detail(tmp_path, [contest("Governor", [choice("Ann", {ED: [("Ash", "0")]})])], turnout=turnout)
    )
    assert cells(reading, "unit", "measure", "votes") == [
        ("Birch", "registered", 7), ("Birch", "ballots_cast", 3), ("Ash", "choice", 0),
    ]  # fmt: skip
    assert told(reading, "units") == (
        "gives votes for 1 place of which it tells no turnout: 'Ash'; "
        "tells turnout of 1 place without any vote: 'Birch'"
    )


def test_precincts_reporting_is_the_number_that_should(tmp_path: Path) -> None:
    """Fewer reported: the count is partial. All reported: the file does not say how final it is."""
    votes = [choice("Ann", {ED: [("Ash", "3")]})]
    for reported, status in ((31, Status.UNOFFICIAL_PARTIAL), (32, Status.UNKNOWN)):
        progress = f'precinctsReporting="32" precinctsReported="{reported}"'
        reading = read(detail(tmp_path, [contest("Governor", votes, more=progress)]))
        assert reading.status is status
        assert bool(told(reading, "progress")) is (status is Status.UNOFFICIAL_PARTIAL)


def test_a_county_may_be_called_like_a_state(tmp_path: Path) -> None:
    """Ohio County, Kentucky: precincts below it say that it is no state. A state's file has counties."""
    votes = [("Ash", "3")]
    county = read(
        detail(tmp_path, [contest("Governor", [choice("Ann", {ED: votes})])], region="Ohio"), state="KY"
    )
    assert set(cells(county, "state", "county", "unit")) == {("KY", "Ohio", "Ash")}
    parts = f'<Choice key="1" text="Ann">{vote_type(ED, votes, tag="County")}</Choice>'
    state = read(detail(tmp_path, [contest("Governor", [parts])], region="Ohio"))
    assert set(cells(state, "state", "county", "unit")) == {("OH", "Ash", "")}


@pytest.mark.parametrize(
    ("text", "party", "expected"),
    [
        ("Ann Adams (Dem)", "NP", ("Ann Adams", "DEM")),
        ("Ann Adams (I) (Rep)", "", ("Ann Adams", "REP")),
        ("Ann Adams (I)", "NP", ("Ann Adams", "NP")),
        ("Ann Adams (Dem)", "REP", ("Ann Adams", "REP")),
        ("Robert (Bob) Burns", "LIB", ("Robert (Bob) Burns", "LIB")),
        ("(Dem)", "", ("(Dem)", "")),
    ],
)
def test_names_without_party_and_incumbency(
    tmp_path: Path, text: str, party: str, expected: tuple[str, str]
) -> None:
    """A party in the name counts where the field is silent; a nickname stays."""
    path = detail(tmp_path, [contest("Governor", [choice(text, {ED: [("Ash", "3")]}, party=party)])])
    assert cells(read(path), "choice", "party") == [expected]


def test_suppressed_votes_are_unknown(tmp_path: Path) -> None:
    """Words for few votes are no zero; words that nobody knows are rejected."""
    hidden = "hidden because the precinct has less than 10 votes"
    votes = [("Ash", hidden), ("Birch", "*"), ("Cedar", ""), ("Dell", "many"), ("Elm", "12")]
    reading = read(detail(tmp_path, [contest("Governor", [choice("Ann", {ED: votes})])]))
    assert cells(reading, "unit", "votes", "note") == [
        ("Ash", None, "suppressed"), ("Birch", None, "suppressed"), ("Cedar", None, "blank"), ("Elm", 12, ""),
    ]  # fmt: skip
    assert [(each.row, each.reason) for each in reading.rejections] == [
        (4, "has 'many' in votes where a number is expected")
    ]


def test_a_precinct_named_twice_counts_twice(tmp_path: Path) -> None:
    """Also with the same number: Clarity's own sums contain both."""
    votes = [("Ash", "5"), ("Ash", "5"), ("Birch", "1")]
    reading = read(detail(tmp_path, [contest("Governor", [choice("Ann", {ED: votes}, total="11")])]))
    assert sums(reading, "governor") == {"ann": 11}
    assert (
        told(reading, "units") == "names 1 place more than once in a contest, each counted as a part: 'Ash'"
    )


def test_contests_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Their keys tell them apart; one contest's name twice under one key is one contest."""
    votes = [choice("Ann", {ED: [("Ash", "3")]})]
    path = detail(tmp_path, [contest("Council", votes, key=key) for key in ("7", "8", "8")])
    reading = read(path)
    assert (sums(reading, "council"), sums(reading, "council-8")) == ({"ann": 3}, {"ann": 6})


def test_overvotes_stand_under_the_contest(tmp_path: Path) -> None:
    """Without a choice and a way of voting; another word there is not guessed."""
    parts = [vote_type(name, [("Ash", "1")]) for name in ("Overvotes", "Undervotes", "Spoilt")]
    reading = read(detail(tmp_path, [contest("Governor", parts)]))
    assert cells(reading, "measure", "mode", "votes") == [
        ("overvotes", "total", 1),
        ("undervotes", "total", 1),
    ]
    assert [each.reason for each in reading.rejections] == [
        "has a measure 'Spoilt' that Tallyproof does not know"
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_each_zone_is_known(zone: str) -> None:
    """The time stamp carries letters and no offset."""
    found, fault = moment(f"11/5/2020 11:39:44 AM {zone}")
    assert found is not None and fault == ""
    assert found.utcoffset() == found.tzinfo.utcoffset(None) and found.hour == 11  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "stamp", ["11/5/2020 11:39:44 AM XYZ", "11/5/2020 11:39:44 AM", "13/45/2020 11:39:44 AM EST"]
)
def test_a_time_that_cannot_be_read_is_told(tmp_path: Path, stamp: str) -> None:
    """No zone is guessed."""
    reading = read(
        detail(tmp_path, [contest("Governor", [choice("Ann", {ED: [("Ash", "3")]})])], stamp=stamp)
    )
    assert reading.as_of is None
    assert told(reading, "time") == f"has the time stamp '{stamp}', which cannot be read"


# ---- what leads to a number


def test_a_number_is_shown_with_what_leads_to_it(tmp_path: Path) -> None:
    """Each stored number is the one that stands at its place in the original."""
    modes = {ED: [("Ash", "5"), ("Birch", "2")], MAIL: [("Ash", "4")]}
    path = detail(
        tmp_path, [contest("Governor", [choice("Ann (Dem)", modes, total="11")])], turnout=units([])
    )
    with intake.documents([path]) as (document,):
        assert raw.raw_row(document, 4) == (
            ("Contest", "Choice", "VoteType", "Precinct", "votes"),
            ("Governor", "Ann (Dem)", MAIL, "Ash", "4"),
        )
        assert raw.raw_row(document, 1) == (
            ("Contest", "Choice", "totalVotes"),
            ("Governor", "Ann (Dem)", "11"),
        )
        for row, votes in cells(read(path), "row", "votes"):
            assert raw.raw_row(document, int(str(row)))[1][-1] == str(votes)
        assert raw.raw_row(document, 5) == raw.raw_row(document, 0) == ((), ())


# ---- room and laws


def test_elements_that_nobody_asked_for_take_no_room(tmp_path: Path) -> None:
    """A file of 40 MB of other elements grows the program by less than its own size."""
    path = tmp_path / "detail.xml"
    with path.open("w") as stream:
        stream.write("<ElectionResult><Region>Fern</Region>")
        stream.writelines('<Advertisement text="Vote early and often." />\n' for _ in range(800_000))
        stream.write(contest("Governor", [choice("Ann", {ED: [("Ash", "3")]})]) + "</ElectionResult>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read(path).stored == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


NUMBERS = st.one_of(st.integers(0, 5_000).map(str), st.sampled_from(["*", "", "n/a", "12x", "1,234", "-3"]))
VOTES = st.lists(st.tuples(st.sampled_from(["Ash", "Birch", "Cedar & Dell", 'Elm "A"']), NUMBERS), max_size=6)
CHOICES = st.dictionaries(
    st.sampled_from(["Ann (Dem)", "Bob (I)", "Write-in"]), VOTES, min_size=1, max_size=3
)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CHOICES, min_size=1, max_size=3))
def test_every_number_is_stored_or_rejected(
    tmp_path: Path, ballot: list[dict[str, list[tuple[str, str]]]]
) -> None:
    """None is lost and none made up, whatever the numbers look like."""
    contests = [
        contest(
            f"Office {place}", [choice(name, {ED: votes}) for name, votes in choices.items()], key=str(place)
        )
        for place, choices in enumerate(ballot)
    ]
    written = [text for choices in ballot for votes in choices.values() for _, text in votes]
    if not written:
        return
    reading = read(detail(tmp_path, contests))
    assert reading.read == len(written) == reading.stored + len(reading.rejections)
    known = [int(text.replace(",", "")) for text in written if text.lstrip("-").replace(",", "").isdigit()]
    assert reading.frame["votes"].drop_nulls().sum() == sum(known)
