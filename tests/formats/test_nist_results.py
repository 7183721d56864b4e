"""NIST SP 1500-100 v2 results: real reports to the vote, and each rule of reading by itself."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.evidence import Finding
from tallyproof.election.returns import Measure, is_measure
from tallyproof.formats import intake, raw
from tallyproof.formats.tidy import Reading

from .nist_files import (
    UNITS,
    Part,
    as_json,
    as_xml,
    candidate,
    contest,
    part,
    report,
    selection,
    text,
    unit,
    votes,
)
from .reading import cells, read, sums

CAMBRIDGE = "formats/nist_err_v2/cambridge_ma_2022_general"


def told(reading: Reading, topic: str) -> str:
    """What is remarked on a topic."""
    return "; ".join(remark.text for remark in reading.remarks if remark.topic == topic)


def findings(reading: Reading, check: str) -> list[Finding]:
    """What a check finds in this reading, taken as certified."""
    frame = reading.frame.with_columns(snapshot=pl.lit("s1").cast(pl.Categorical))
    found = catalogue()[check].answer(Material(frame, {"s1": Snapshot("s1", "Clerk", Status.CERTIFIED)}))
    assert isinstance(found, list), found
    return found


def adams(*counts: Part, **fields: Any) -> Part:
    return contest("con-1", "Mayor", [selection("cs-a", list(counts), "can-a")], **fields)


# ---- real reports


def test_cambridge_2022_is_the_same_in_both_languages(shared_data: Path) -> None:
    """Equal totals in every contest; only the ids of selections differ."""
    first, second = (read(shared_data / f"{CAMBRIDGE}.{ending}") for ending in ("json", "xml"))
    contests = first.frame["contest"].unique().to_list()
    assert len(contests) == 27
    assert {name: sums(first, name) for name in contests} == {name: sums(second, name) for name in contests}
    assert (first.status, str(first.election)) == (Status.CERTIFIED, "2022-11-08")


def test_cambridge_2022_accounts_for_every_ballot(shared_data: Path) -> None:
    """Ballots are votes and undervotes in all 660 cells within the contests' districts."""
    reading = read(shared_data / f"{CAMBRIDGE}.json")
    frame, votes_of = reading.frame, pl.col("votes")
    ballots = frame.filter(is_measure(Measure.BALLOTS_CAST)).select("unit", ballots=votes_of)
    counted = frame.filter(pl.col("contest") != "").group_by("unit", "contest").agg(votes_of.sum())
    compared = counted.join(ballots, on="unit")
    assert compared.height == 660
    assert compared.filter(votes_of != pl.col("ballots")).height == 0
    assert "gives 378 counts of a unit that lies outside the contest's district" in told(reading, "districts")
    assert [
        each for check in ("B2", "B3", "A4", "C1") if check != "C1" for each in findings(reading, check)
    ] == []


def test_nists_own_report_is_not_added_twice(shared_data: Path) -> None:
    """Its county is the whole of units that nothing says it is composed of."""
    reading = read(shared_data / "formats/nist_err_v2/synthetic_gen-01.xml")
    assert set(cells(reading, "county")) == {("Test",)}
    whole = reading.frame.filter(pl.col("level") == "county")
    parts = reading.frame.filter(pl.col("level") == "unit")
    keys = ["contest", "choice", "measure"]
    totals = whole.group_by(keys).agg(pl.col("votes").sum())
    added = parts.group_by(keys).agg(added=pl.col("votes").sum())
    assert totals.join(added, on=keys).filter(pl.col("votes") != pl.col("added")).height == 0
    assert totals.height == added.height > 90


# ---- levels


def test_a_count_at_two_levels_is_added_once_and_compared(tmp_path: Path) -> None:
    """The county's own count is kept for C1, which finds that it is 3 more than its parts."""
    counts = [votes("ru-ash", 40), votes("ru-birch", 10), votes("ru-fern", 53)]
    reading = read(as_json(tmp_path, report(adams(*counts), Status="certified")))
    assert cells(reading, "unit", "level", "votes") == [
        ("Ash", "unit", 40), ("Birch", "unit", 10), ("", "county", 53),
    ]  # fmt: skip
    assert sums(reading, "mayor") == {"adams": 50}
    (found,) = findings(reading, "C1")
    assert (found.numbers["total"], found.numbers["stated"]) == (50, 53)


def test_a_unit_beside_its_own_parts_is_a_subtotal(tmp_path: Path) -> None:
    """A split precinct: where only the whole has a count, the whole counts."""
    units = (
        unit("ru-fern", "Fern", "county", ("ru-ash",)), unit("ru-ash", "Ash", "precinct", ("ru-1", "ru-2")),
        unit("ru-1", "Ash 1", "split-precinct"), unit("ru-2", "Ash 2", "split-precinct"),
    )  # fmt: skip
    both = adams(votes("ru-ash", 9), votes("ru-1", 5), votes("ru-2", 4))
    alone = contest("con-2", "Clerk", [selection("cs-2", [votes("ru-ash", 7)], "can-b")])
    reading = read(as_json(tmp_path, report(both, alone, units=units)))
    assert cells(reading, "unit", "unit_kind", "votes") == [
        ("Ash total", "total", 9), ("Ash 1", "place", 5), ("Ash 2", "place", 4), ("Ash", "place", 7),
    ]  # fmt: skip
    assert (sums(reading, "mayor"), sums(reading, "clerk")) == ({"adams": 9}, {"baker": 7})


def test_a_way_of_voting_counted_for_the_county_alone_is_not_lost(tmp_path: Path) -> None:
    """Absentee ballots counted in one place are no total of the precincts."""
    counts = [
        votes("ru-ash", 40, "election-day"),
        votes("ru-fern", 8, "absentee-mail"),
        votes("ru-fern", 40, "election-day"),
    ]
    reading = read(as_json(tmp_path, report(adams(*counts))))
    assert cells(reading, "unit", "level", "unit_kind", "mode", "votes") == [
        ("Ash", "unit", "place", "election-day", 40),
        ("[county-wide]", "unit", "floating", "absentee-mail", 8),
        ("", "county", "place", "election-day", 40),
    ]  # fmt: skip
    assert sums(reading, "mayor") == {"adams": 48}


def test_a_total_is_never_added_to_ways_of_voting(tmp_path: Path) -> None:
    """The stated total counts; B7 finds that the ways of voting come to 2 less."""
    counts = [votes("ru-ash", 10, "total"), votes("ru-ash", 5, "election-day"), votes("ru-ash", 3, "early")]
    reading = read(as_json(tmp_path, report(adams(*counts))))
    assert sums(reading, "mayor") == {"adams": 10}
    assert [found.numbers["d"] for found in findings(reading, "B7")] == [-2]


# ---- references


def test_counts_in_undefined_units_are_rejected(tmp_path: Path) -> None:
    """With the place of the number and its reason; other broken references are told."""
    broken = contest("con-2", "Clerk", [selection("cs-2", [votes("ru-ash", 3)], "can-x")], district="ru-gone")
    election = {"Candidate": [candidate("can-a", "Ann Adams", PartyId="par-gone")]}
    content = report(adams(votes("ru-ash", 5), votes("ru-nowhere", 7)), broken, election=election)
    for path in (as_json(tmp_path, content), as_xml(tmp_path, content)):
        reading = read(path)
        assert [(each.row, each.reason) for each in reading.rejections] == [
            (2, "is a count in unit 'ru-nowhere', which the report does not define")
        ]
        assert reading.read == 3 == reading.stored + 1
        assert told(reading, "references") == (
            "names in PartyId of Candidate the id 'par-gone', which it does not define; "
            "names in ElectionDistrictId of CandidateContest the id 'ru-gone', which it does not define; "
            "names in CandidateIds of CandidateSelection the id 'can-x', which it does not define"
        )
        assert sums(reading, "clerk") == {"can-x": 3}


def test_an_id_of_two_objects_is_told(tmp_path: Path) -> None:
    """A reference to it could mean either."""
    reading = read(
        as_json(tmp_path, report(adams(votes("ru-ash", 5)), units=(*UNITS, unit("ru-ash", "Ash again"))))
    )
    assert told(reading, "references") == "uses the id 'ru-ash' for 2 objects"


def test_units_that_compose_each_other_in_a_circle_are_read(tmp_path: Path) -> None:
    """Nothing runs for ever, and every vote is kept."""
    units = (unit("ru-fern", "Fern", "county", ("ru-ash",)), unit("ru-ash", "Ash", "precinct", ("ru-fern",)))
    assert sums(read(as_json(tmp_path, report(adams(votes("ru-ash", 5)), units=units))), "mayor") == {
        "adams": 5
    }


def test_units_of_one_name_stay_apart(tmp_path: Path) -> None:
    """By their town, and if that is not enough by their id."""
    towns = (
        unit("ru-fern", "Fern", "county", ("t-1", "t-2")), unit("t-1", "Oak", "town", ("w-1", "w-3")),
        unit("t-2", "Elm", "town", ("w-2",)), *(unit(f"w-{n}", "Ward 1", "ward") for n in (1, 2, 3)),
    )  # fmt: skip
    reading = read(as_json(tmp_path, report(adams(*(votes(f"w-{n}", n) for n in (1, 2, 3))), units=towns)))
    assert cells(reading, "county", "unit") == [
        ("Fern", "Oak Ward 1 [w-1]"), ("Fern", "Elm Ward 1"), ("Fern", "Oak Ward 1 [w-3]"),
    ]  # fmt: skip


# ---- what a report says of itself


def test_flags_and_parts_are_told(tmp_path: Path) -> None:
    """A test and one of several parts look like any report."""
    reading = read(
        as_json(tmp_path, report(adams(votes("ru-ash", 5)), IsTest=True, SequenceStart=2, SequenceEnd=3))
    )
    assert told(reading, "test data") == "says of itself that it is a test (IsTest)"
    assert told(reading, "parts") == "is report 2 of 3: the others belong to it"
    assert [found.severity for found in findings_of_file(reading)] == ["error"]


def findings_of_file(reading: Reading) -> list[Finding]:
    frame = reading.frame.with_columns(snapshot=pl.lit("s1").cast(pl.Categorical))
    found = catalogue()["A9"].answer(Material(frame, {}, remarks=reading.remarks))
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    "status",
    ["pre-election", "unofficial-partial", "unofficial-complete", "certified", "correction", "recount"],
)
def test_every_status_is_ours_too(tmp_path: Path, status: str) -> None:
    """The specification's words are read as they stand."""
    assert read(as_json(tmp_path, report(adams(votes("ru-ash", 5)), Status=status))).status == status


def test_states_come_from_postal_codes_or_names(tmp_path: Path) -> None:
    """A name that is no state's is not made one."""
    key = part("ExternalIdentifier", Type="ocd-id", Value="ocd-division/country:us/state:zz")
    for state, expected in (
        (unit("ru-s", "Wisconsin", "state"), "WI"),
        (unit("ru-s", "Zedland", "state", ExternalIdentifier=[key]), "ZZ"),
        (unit("ru-s", "Zedland", "state"), ""),
    ):
        reading = read(as_json(tmp_path, report(adams(votes("ru-ash", 5)), units=(*UNITS, state))))
        assert cells(reading, "state") == [(expected,)]


# ---- what counts


def test_suppressed_counts_are_unknown(tmp_path: Path) -> None:
    """The 0 that stands there is no count."""
    hidden = votes("ru-ash", 0, IsSuppressedForPrivacy=True)
    for path in (as_json(tmp_path, report(adams(hidden))), as_xml(tmp_path, report(adams(hidden)))):
        assert cells(read(path), "votes", "note") == [(None, "suppressed")]


@pytest.mark.parametrize(
    ("variation", "words"),
    [
        ("plurality", "the way of voting 'plurality' does not allow"),
        ("rcv", "the way of voting 'rcv' allows"),
    ],
)
def test_fractions_are_refused(tmp_path: Path, variation: str, words: str) -> None:
    """12.0 is 12; 12.5 is no number of votes, least of all where each vote is whole."""
    given = adams(votes("ru-ash", 12.0), votes("ru-birch", 12.5), VoteVariation=variation)
    reading = read(as_json(tmp_path, report(given)))
    assert cells(reading, "votes") == [(12,)]
    (rejection,) = reading.rejections
    assert rejection.row == 2 and f"has the fractional count 12.5, which {words}" in rejection.reason


def write_ins(line: list[Part], other: int | None, typed: list[Part]) -> Part:
    """A contest with write-ins on a line of their own, in OtherCounts, and as counts of their own type."""
    selections = [selection("cs-a", [votes("ru-ash", 20), *typed], "can-a")]
    selections += [selection("cs-w", line, IsWriteIn=True)] if line else []
    counts = [part("OtherCounts", GpUnitId="ru-ash", WriteIns=other)] if other is not None else []
    return contest("con-1", "Mayor", selections, OtherCounts=counts)


@pytest.mark.parametrize(
    ("line", "other", "typed", "expected", "disagrees"),
    [
        ([votes("ru-ash", 4)], 4, [votes("ru-ash", 4, "write-in")], 4, False),
        ([votes("ru-ash", 4)], 5, [], 4, True),
        ([], 5, [votes("ru-ash", 6, "write-in")], 5, True),
        ([], None, [votes("ru-ash", 6, "write-in")], 6, False),
        ([votes("ru-birch", 1)], 5, [], 6, False),
    ],
)
def test_write_ins_in_three_places_count_once(
    tmp_path: Path, line: list[Part], other: int | None, typed: list[Part], expected: int, disagrees: bool
) -> None:
    """Unit by unit the first place counts, and the others are held against it."""
    reading = read(as_json(tmp_path, report(write_ins(line, other, typed))))
    assert sums(reading, "mayor") == {"adams": 20, "write-in": expected}
    assert ("different numbers of write-ins" in told(reading, "write-ins")) is disagrees


def test_two_lines_for_names_written_in_are_no_repeat(tmp_path: Path) -> None:
    """A contest for two seats has two, and both may have one vote."""
    lines = [selection(f"cs-{n}", [votes("ru-ash", 1)], IsWriteIn=True) for n in (1, 2)]
    assert sums(
        read(as_json(tmp_path, report(contest("con-1", "Council", lines, allowed=2)))), "council"
    ) == {"write-in": 2}


def test_rounds_seats_and_devices_are_not_added(tmp_path: Path) -> None:
    """Later rounds count the same ballots again; a device's count is part of the whole beside it."""
    device = part("DeviceClass", Type="opscan-central")
    counts = [votes("ru-ash", 20, Round=1), votes("ru-ash", 26, Round=2), votes("ru-ash", 1, "seats")]
    by_device = [votes("ru-birch", 7), votes("ru-birch", 7, DeviceClass=device)]
    reading = read(as_json(tmp_path, report(adams(*counts, *by_device))))
    assert sums(reading, "mayor") == {"adams": 27}
    assert [remark.topic for remark in reading.remarks] == ["seats", "rounds", "devices"]


def test_counts_by_device_alone_are_added(tmp_path: Path) -> None:
    """Also where two devices counted the same number."""
    kinds = [part("DeviceClass", Type=kind) for kind in ("opscan-central", "dre")]
    counts = [votes("ru-ash", 7, DeviceClass=kind) for kind in kinds]
    assert sums(read(as_json(tmp_path, report(adams(*counts)))), "mayor") == {"adams": 14}


@pytest.mark.parametrize(
    ("kind", "other", "mode"),
    [
        ("other", "Drive-through", "other"),
        ("other", "Early Voting", "early"),
        ("other", None, "other"),
        ("absentee-fwab", None, "uocava"),
        ("absentee-in-person", None, "absentee-in-person"),
        ("uocava", None, "uocava"),
    ],
)
def test_ways_of_voting_by_their_names(tmp_path: Path, kind: str, other: str | None, mode: str) -> None:
    """A name given for "other" says more than "other"."""
    fields = {"OtherType": other} if other else {}
    reading = read(as_json(tmp_path, report(adams(votes("ru-ash", 5, kind, **fields)))))
    assert cells(reading, "mode", "mode_raw") == [(mode, other or kind)]


def test_names_in_english_where_there_are_several(tmp_path: Path) -> None:
    """Else the first language that is given."""
    several = candidate("can-a", "") | {"BallotName": text(("es", "Ana"), ("en-US", "Ann"))}
    foreign = candidate("can-b", "") | {"BallotName": text(("es", "Beto"), ("fr", "Bob"))}
    selections = [
        selection("cs-a", [votes("ru-ash", 1)], "can-a"),
        selection("cs-b", [votes("ru-ash", 1)], "can-b"),
    ]
    given = report(contest("con-1", "Mayor", selections), election={"Candidate": [several, foreign]})
    assert cells(read(as_json(tmp_path, given)), "choice") == [("Ann",), ("Beto",)]


def test_a_ticket_and_a_candidate_of_two_parties(tmp_path: Path) -> None:
    """Names of a ticket are joined; each line of a candidate keeps its party, and both count."""
    people = [candidate("can-a", "Ann Adams"), candidate("can-m", "Mia Mate")]
    parties = [part("Party", id=f"par-{code}", Name=text(code)) for code in ("DEM", "WFP")]
    lines = [
        selection(f"cs-{n}", [votes("ru-ash", n)], "can-a", "can-m", EndorsementPartyIds=[party["@id"]])
        for n, party in enumerate(parties, 1)
    ]
    given = report(contest("con-1", "Mayor", lines), election={"Candidate": people}, Party=parties)
    reading = read(as_json(tmp_path, given))
    assert cells(reading, "choice", "party", "votes") == [
        ("Ann Adams / Mia Mate", "DEM", 1),
        ("Ann Adams / Mia Mate", "WFP", 2),
    ]
    assert sums(reading, "mayor") == {"adams": 3}


def test_contests_of_one_name_stay_apart(tmp_path: Path) -> None:
    """By district, by the party of a primary, at last by id."""
    units = (
        *UNITS,
        unit("d-5", "FIFTH DISTRICT", "congressional", ("ru-ash",)),
        unit("d-6", "SIXTH DISTRICT", "congressional", ("ru-birch",)),
    )
    parties = [part("Party", id="par-d", Name=text("DEM")), part("Party", id="par-r", Name=text("REP"))]
    places = {"d-5": "ru-ash", "d-6": "ru-birch", "ru-fern": "ru-ash"}
    counts = {district: [votes(place, 1)] for district, place in places.items()}
    named: list[tuple[str, str, dict[str, Any]]] = [
        ("Representative in Congress", "d-5", {}), ("Representative in Congress", "d-6", {}),
        ("Clerk", "ru-fern", {"PrimaryPartyIds": ["par-d"]}),
        ("Clerk", "ru-fern", {"PrimaryPartyIds": ["par-r"]}),
        ("Levy", "ru-fern", {}), ("Levy", "ru-fern", {}),
    ]  # fmt: skip
    contests = [
        contest(f"con-{n}", name, [selection(f"cs-{n}", counts[district], "can-a")], district, **more)
        for n, (name, district, more) in enumerate(named)
    ]
    reading = read(as_json(tmp_path, report(*contests, units=units, Party=parties)))
    assert reading.frame["contest"].unique(maintain_order=True).to_list() == [
        "us-house-5", "us-house-6", "clerk-dem", "clerk-rep", "levy-con-4", "levy-con-5",
    ]  # fmt: skip


def test_votes_outside_a_district_count_and_are_told(tmp_path: Path) -> None:
    """Only what has no vote for a named choice is left out there."""
    units = (*UNITS, unit("d-1", "Ward district", "other", ("ru-ash",)))
    given = contest(
        "con-1", "Council", [selection("cs-a", [votes("ru-ash", 5), votes("ru-birch", 2)], "can-a")], "d-1"
    )
    reading = read(as_json(tmp_path, report(given, units=units)))
    assert sums(reading, "council") == {"adams": 7}
    assert "votes of 1 unit outside the contest's district, such as 'Birch' for Council: counted" in told(
        reading, "districts"
    )


# ---- what leads to a number


def test_json_and_xml_give_the_same_rows(tmp_path: Path) -> None:
    """Number by number, so that a finding's row means the same in both; and each shows what leads to it."""
    samples = Path(__file__).parents[1] / "samples/nist-results"
    one, two = (read(samples / f"report.{ending}") for ending in ("json", "xml"))
    assert one.frame.drop("file").equals(two.frame.drop("file"))
    with intake.documents([samples / "report.json", samples / "report.xml"]) as documents:
        for row, number in one.frame.select("row", "votes").drop_nulls().rows()[::5]:
            shown = {raw.raw_row(document, row) for document in documents}
            assert len(shown) == 1
            header, texts = shown.pop()
            assert "GpUnitId" in header or "VotersRegistered" in header
            assert float(texts[-1]) == number
        assert raw.raw_row(documents[0], 10_000) == ((), ())
