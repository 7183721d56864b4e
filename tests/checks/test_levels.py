"""Parts against wholes, doubled counts, missing places and changes after certification."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.checks.roster import town_name, town_of
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Severity

from .county import findings, material, needs

TIDY = "state,county,unit,office,vote_for,choice,party,measure,mode,votes\n"
WARDS = {"Ward 1": (310, 240), "Ward 2": (44, 330), "Ward 3": (518, 471), "Ward 4": (125, 88)}
VOTES = tuple[int, int]


def rows(county: str, units: dict[str, VOTES]) -> str:
    """Two choices' votes by unit; the unit "" is the whole county."""
    return "".join(
        f"WI,{county},{unit},President,1,{name},{party},choice,total,{votes}\n"
        for unit, both in units.items()
        for name, party, votes in zip(("Ann", "Bob"), ("DEM", "REP"), both, strict=True)
    )


def whole(units: dict[str, VOTES], *, plus: VOTES = (0, 0)) -> VOTES:
    """The sum over the units, and more on top."""
    return (
        sum(each[0] for each in units.values()) + plus[0],
        sum(each[1] for each in units.values()) + plus[1],
    )


def county(plus: VOTES = (0, 0)) -> str:
    """Oneida with four wards in rows 2 to 9 and its own figures in rows 10 and 11."""
    return TIDY + rows("Oneida", WARDS) + rows("Oneida", {"": whole(WARDS, plus=plus)})


# ---- C1: parts add up to the whole


def test_wards_that_add_up_to_their_county_are_silent() -> None:
    """Every choice of the four wards comes to the county's figure."""
    assert findings("C1", material(county())) == []


@pytest.mark.parametrize(
    ("status", "severity"), [(Status.CERTIFIED, Severity.ERROR), (Status.UNKNOWN, Severity.WARNING)]
)
def test_a_changed_county_figure_is_found_at_its_row(status: Status, severity: Severity) -> None:
    """A gap in a final count is an error, before that a warning; no ward explains 97 votes."""
    (found,) = findings("C1", material(county(plus=(0, 97)), status=status))
    assert (found.severity, found.votes_at_stake, found.source.row) == (severity, 97, 11)
    assert found.numbers["explained_by"] is None
    assert "No other number of this contest is off there." in found.message


def test_the_ward_with_a_dropped_digit_is_named() -> None:
    """440 votes short for one choice: Ward 2 has 44 where 484 would close the gap."""
    (found,) = findings("C1", material(county(plus=(440, 0))))
    assert found.source.row == 4
    assert found.also[0].row == 10
    assert "Oneida, Ward 2 alone would explain it, if it had 484 instead of 44." in found.message


def test_a_ward_counted_twice_is_named_for_both_choices() -> None:
    """Where the gaps of all choices are the votes of one ward, that ward is named."""
    found = findings("C1", material(county(plus=WARDS["Ward 4"])))
    assert [each.numbers["explained_by"] for each in found] == ["Oneida, Ward 4"] * 2
    assert all("counted twice in the stated figure" in each.message for each in found)


def test_a_ward_that_explains_one_of_two_gaps_is_not_named() -> None:
    """A part that fits by chance for one choice only is no explanation."""
    found = findings("C1", material(county(plus=(125, 61))))
    assert [each.numbers["explained_by"] for each in found] == [None, None]


def test_counties_are_added_up_to_their_state() -> None:
    """The state's figure is compared with its counties', and counties without one with their wards'."""
    state = rows("", {"": whole({"a": whole(WARDS), "b": (900, 800)}, plus=(5, 0))})
    text = TIDY + rows("Oneida", WARDS) + rows("Vilas", {"": (900, 800)}) + state
    (found,) = findings("C1", material(text))
    assert (found.unit, found.numbers["gap"], found.numbers["parts"]) == ("Wisconsin", 5, 2)


def test_two_sources_that_do_not_meet_are_a_warning() -> None:
    """Wards of one certified file and the county's figure of another only disagree."""
    wards, figure = TIDY + rows("Oneida", WARDS), TIDY + rows("Oneida", {"": whole(WARDS, plus=(7, 0))})
    (found,) = findings("C1", material(wards, figure, status=Status.CERTIFIED))
    assert found.severity is Severity.WARNING
    assert "Two sources disagree: file-2.csv gives the latter." in found.message
    assert (found.source.file, found.source.row) == ("file-2.csv", 2)


def test_a_file_of_one_county_is_not_held_against_the_state() -> None:
    """A source with one of the counties that others know is no sum for the state."""
    some, all_of_it = (
        TIDY + rows("Oneida", WARDS),
        rows("Oneida", {"": whole(WARDS)}) + rows("Vilas", {"": (9, 8)}),
    )
    both = material(some, TIDY + all_of_it + rows("", {"": whole(WARDS, plus=(9, 8))}))
    assert findings("C1", both) == []


def test_an_unknown_ward_makes_no_gap() -> None:
    """A sum with a suppressed part is unknown."""
    hidden = county().replace(
        "Ward 2,President,1,Ann,DEM,choice,total,44", "Ward 2,President,1,Ann,DEM,choice,total,*"
    )
    assert findings("C1", material(hidden)) == []


def test_wards_alone_cannot_be_checked() -> None:
    """Without a stated figure the answer says what is missing."""
    assert needs("C1", material(TIDY + rows("Oneida", WARDS)))
    assert needs("C2", material(TIDY + rows("Oneida", WARDS)))


@settings(deadline=None, max_examples=examples(50))
@given(
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=6),
    st.integers(-50, 50),
)
def test_a_gap_is_found_exactly_where_there_is_one(wards: list[VOTES], plus: int) -> None:
    """For all wards: silent when the county is their sum, one finding of the gap's size otherwise."""
    units = {f"Ward {n}": both for n, both in enumerate(wards)}
    text = TIDY + rows("Oneida", units) + rows("Oneida", {"": whole(units, plus=(plus, 0))})
    assert [each.numbers["gap"] for each in findings("C1", material(text))] == ([plus] if plus else [])


# ---- C2: no count twice


def test_a_county_figure_of_twice_its_wards_is_an_error() -> None:
    """Every choice doubled: an error at the county's row, with the lead that would go as the stake."""
    (found,) = findings("C2", material(county(plus=whole(WARDS))))
    assert (found.severity, found.source.row, found.numbers["ratio"]) == (Severity.ERROR, 11, 2.0)
    assert found.votes_at_stake == abs(whole(WARDS)[0] - whole(WARDS)[1])


def test_a_total_among_the_wards_is_named() -> None:
    """A ward as large as all others together doubles the sum: it may be their total."""
    units = {**WARDS, "Ward 99": whole(WARDS)}
    (found,) = findings("C2", material(TIDY + rows("Oneida", units) + rows("Oneida", {"": whole(WARDS)})))
    assert "Oneida, Ward 99 is as large as all others together" in found.message
    assert found.numbers["ratio"] == 0.5


def test_two_sources_of_twice_the_size_only_disagree() -> None:
    """Across two files it is a warning."""
    wards, figure = TIDY + rows("Oneida", WARDS), TIDY + rows("Oneida", {"": whole(WARDS, plus=whole(WARDS))})
    assert [each.severity for each in findings("C2", material(wards, figure))] == [Severity.WARNING]


@pytest.mark.parametrize("plus", [(0, 0), (997, 0), (900, 1300)])
def test_a_figure_that_is_not_twice_for_each_choice_is_not_doubled(plus: VOTES) -> None:
    """Right figures, one doubled choice, and a total that is twice by chance are none."""
    assert findings("C2", material(county(plus=plus))) == []


# ---- C3: every expected place is there

BEFORE = {
    "City of Brookfield Wards 1-3": (1200, 3800), "City of Brookfield Wards 4-24": (2256, 7059),
    "Town of Brookfield Wards 1-10": (900, 1500), "City of New Berlin Ward 1": (200, 300),
    "City of Muskego Ward 1": (10, 20),
}  # fmt: skip
WITHOUT = {name: both for name, both in BEFORE.items() if not name.startswith("City of Brookfield")}


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        (Status.UNOFFICIAL_COMPLETE, Severity.ERROR),
        (Status.UNKNOWN, Severity.WARNING),
        (Status.UNOFFICIAL_PARTIAL, Severity.INFO),
    ],
)
def test_the_city_of_brookfield_is_missed_in_waukesha_2011(status: Status, severity: Severity) -> None:
    """ "100 % in" with a city absent is an error; while the count goes on it is only told."""
    now, before = TIDY + rows("Waukesha", WITHOUT), TIDY + rows("Waukesha", BEFORE)
    (found,) = findings("C3", material(now, status=status, previous=before))
    assert (found.unit, found.severity, found.votes_at_stake) == (
        "Waukesha, City of Brookfield",
        severity,
        14_315,
    )
    assert (found.source.file, found.also[0].file, found.also[0].row) == ("file-1.csv", "before.csv", 2)


def test_a_complete_roster_is_silent() -> None:
    """The same places as before, whatever their votes and spelling."""
    now = TIDY + rows("WAUKESHA COUNTY", {name.upper(): (1, 1) for name in BEFORE})
    assert findings("C3", material(now, previous=TIDY + rows("Waukesha", BEFORE))) == []


def test_a_ward_that_an_earlier_version_had_is_missed() -> None:
    """The newest earlier version of the same source is a roster too."""
    later = {name: both for name, both in BEFORE.items() if not name.startswith("City of Muskego")}
    versions = ((TIDY + rows("Waukesha", BEFORE), Status.UNOFFICIAL_PARTIAL),)
    (found,) = findings(
        "C3", material(TIDY + rows("Waukesha", later), status=Status.CERTIFIED, earlier=versions)
    )
    assert (found.unit, found.severity) == ("Waukesha, City of Muskego", Severity.ERROR)


def test_renamed_wards_are_told_and_not_missed() -> None:
    """New ward numbers in the same city may be the old ones: for information, once per county."""
    renamed = {**WITHOUT, "City of Brookfield Wards 1-12": (3456, 10859)}
    (found,) = findings(
        "C3", material(TIDY + rows("Waukesha", renamed), previous=TIDY + rows("Waukesha", BEFORE))
    )
    assert (found.severity, found.unit, found.votes_at_stake) == (Severity.INFO, "Waukesha", None)
    assert "2 unit names of the election before not found, and 1 new name" in found.message


def test_a_unit_without_a_vote_is_as_good_as_missing() -> None:
    """A row of zeros where hundreds voted before is found."""
    silent = {**BEFORE, "City of New Berlin Ward 1": (0, 0)}
    (found,) = findings(
        "C3", material(TIDY + rows("Waukesha", silent), previous=TIDY + rows("Waukesha", BEFORE))
    )
    assert "has a row but not one vote" in found.message


def test_a_missing_county_is_found_only_in_a_file_of_the_state() -> None:
    """A file of one county does not lack the others; a file of most counties does."""
    before = TIDY + "".join(rows(name, {"": (500, 400)}) for name in ("Adams", "Brown", "Dane"))
    one, two = (
        TIDY + rows("Adams", {"": (510, 390)}),
        TIDY + "".join(rows(n, {"": (510, 390)}) for n in ("Adams", "Dane")),
    )
    assert findings("C3", material(one, previous=before)) == []
    assert [each.unit for each in findings("C3", material(two, previous=before))] == ["Brown"]


def test_without_a_roster_the_answer_says_so() -> None:
    """One file alone does not tell which units should be in it."""
    assert needs("C3", material(county()))


def test_a_municipality_is_read_from_a_wards_name() -> None:
    """The part before the ward; a bare precinct number belongs to the county as a whole."""
    assert town_of("village-of-howard-ward-2-8") == "village-of-howard"
    assert (town_of("precinct-12"), town_of("acme-township")) == ("", "")
    assert town_name("CITY OF BROOKFIELD Wards 1-3") == "CITY OF BROOKFIELD"


# ---- C7: certified numbers stay

TRUE = {"Ward 1": (128_110, 81_222)}


def versions(
    now: str, then: str, later: Status, first: Status = Status.CERTIFIED
) -> list[tuple[Severity, int | None]]:
    """Severity and stake of what C7 finds."""
    given = material(now, status=later, earlier=((then, first),), state="VA")
    return [(each.severity, each.votes_at_stake) for each in findings("C7", given)]


def test_prince_william_2020_stands_with_its_change_of_the_margin() -> None:
    """Virginia: one candidate 2,327 too many and the other 1,648 too few make 3,975 votes of margin."""
    then, now = (
        TIDY + rows("Prince William", {"Ward 1": (126_462, 83_549)}),
        TIDY + rows("Prince William", TRUE),
    )
    given = material(now, status=Status.CORRECTION, earlier=((then, Status.CERTIFIED),))
    (found,) = findings("C7", given)
    assert (found.unit, found.severity, found.votes_at_stake) == ("Prince William", Severity.WARNING, 3_975)
    assert "Ann +1,648, Bob -2,327" in found.message
    assert (found.source.row, found.also[0].row) == (3, 3)


def test_early_votes_found_after_certification_count_as_a_change() -> None:
    """Miami County, Ohio, 2018: 6,282 early votes in a unit that the certified version did not have."""
    then = TIDY + rows("Miami", TRUE)
    now = then + rows("Miami", {"Early voting": (3_946, 2_336)})
    assert versions(now, then, Status.CORRECTION) == [(Severity.WARNING, 3_946 - 2_336)]


@pytest.mark.parametrize(
    ("later", "severity"), [(Status.RECOUNT, Severity.INFO), (Status.CERTIFIED, Severity.WARNING)]
)
def test_a_recount_is_the_lawful_way_to_change_a_certified_count(later: Status, severity: Severity) -> None:
    """After a recount the change is for information, else it asks for an explanation."""
    then, now = TIDY + rows("Oneida", {"Ward 1": (500, 400)}), TIDY + rows("Oneida", {"Ward 1": (503, 401)})
    assert versions(now, then, later) == [(severity, 2)]


def test_numbers_that_stay_are_silent_and_uncertified_ones_may_change() -> None:
    """The same numbers again make no finding; before certification there is nothing to check."""
    then, now = TIDY + rows("Oneida", WARDS), TIDY + rows("Oneida", {**WARDS, "Ward 1": (311, 240)})
    assert versions(then, then, Status.CERTIFIED) == []
    given = material(now, status=Status.CERTIFIED, earlier=((then, Status.UNOFFICIAL_COMPLETE),))
    assert needs("C7", given)


def test_votes_moved_between_wards_are_a_change_without_a_stake() -> None:
    """The total stays, two wards differ: found, with nothing at stake for the margin."""
    moved = {**WARDS, "Ward 1": (300, 240), "Ward 2": (54, 330)}
    assert versions(TIDY + rows("O", moved), TIDY + rows("O", WARDS), Status.CERTIFIED) == [
        (Severity.WARNING, 0)
    ]


def test_a_later_file_of_one_county_is_compared_in_that_county() -> None:
    """Counties that only the certified version has do not count as lost."""
    then = TIDY + rows("Oneida", WARDS) + rows("Vilas", {"Ward 1": (900, 100)})
    assert versions(TIDY + rows("Oneida", WARDS), then, Status.CORRECTION) == []


def test_a_certified_county_figure_meets_the_sum_of_later_wards() -> None:
    """Where only the later version has the wards, whole counties are compared."""
    then = TIDY + rows("Oneida", {"": whole(WARDS)})
    assert versions(TIDY + rows("Oneida", WARDS), then, Status.CERTIFIED) == []
    more = TIDY + rows("Oneida", {**WARDS, "Ward 1": (330, 240)})
    assert versions(more, then, Status.CERTIFIED) == [(Severity.WARNING, 20)]


def test_an_amendment_keeps_its_id_when_a_newer_version_comes() -> None:
    """The change from the first to the second certified version is told under one id ever after."""
    first, second = (TIDY + rows("Oneida", {"Ward 1": votes}) for votes in ((500, 400), (503, 401)))
    one = findings("C7", material(second, status=Status.CERTIFIED, earlier=((first, Status.CERTIFIED),)))
    versions_of_it = ((second, Status.CERTIFIED), (first, Status.CERTIFIED))
    later = findings("C7", material(second, status=Status.CERTIFIED, earlier=versions_of_it))
    assert [each.id for each in one] == [each.id for each in later]
