"""What changed between two versions: by id, by spelling, with units that came and went."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.tracking.difference import Difference, difference

from .tables import Row, row, table

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["P-1", "P-2", "P-3"]), st.sampled_from(["Adams", "Baker"])),
    st.none() | st.integers(0, 999),
    min_size=1,
)


def changes(found: Difference) -> list[tuple[str, str, int | None, int | None]]:
    """Unit, choice, before and after of each change."""
    return [(each.unit, each.choice, each.before, each.after) for each in found.changes]


def test_one_number_changed() -> None:
    """The unit, the number before and after, and the rows where they stand."""
    old = table(row("P-1", "Adams", 44, row=7), row("P-1", "Baker", 401))
    found = difference(old, table(row("P-1", "Adams", 484, row=9), row("P-1", "Baker", 401)))
    assert changes(found) == [("Rock, P-1", "Adams", 44, 484)]
    assert (found.changes[0].row_before, found.changes[0].row_after, found.changes[0].by) == (7, 9, 440)
    assert (found.units, found.added, found.removed, found.compared) == (("Rock, P-1",), (), (), 2)


def test_spelling_is_no_change() -> None:
    """Case, punctuation and leading zeros of a place do not make it another."""
    old = table(row("TOWN OF HAZELHURST Wards 01-2", "Adams", 1, county="ST. CROIX"))
    assert (
        changes(difference(old, table(row("Town of Hazelhurst Ward 1-2", "Adams", 1, county="St. Croix"))))
        == []
    )


def test_units_that_spelling_alone_tells_apart_stay_apart() -> None:
    """Where one table has both "1A" and "1 A" exact names decide."""
    old = table(row("Ward 1A", "Adams", 1), row("Ward 1 A", "Adams", 2))
    new = table(row("Ward 1A", "Adams", 1), row("Ward 1 A", "Adams", 3))
    assert changes(difference(old, new)) == [("Rock, Ward 1 A", "Adams", 2, 3)]


def test_a_renamed_unit_meets_itself_by_id() -> None:
    """An official id outlives the unit's name."""
    old = table(row("Ward 1", "Adams", 1, unit_id="WI-7"))
    new = table(row("Ward 1 and 2", "Adams", 5, unit_id="WI-7"))
    assert changes(difference(old, new)) == [("Rock, Ward 1", "Adams", 1, 5)]


def test_ids_that_repeat_in_every_county_need_the_county() -> None:
    """Precinct 1 of Rock is not precinct 1 of Dane."""
    rows = [row("A", "Adams", 1, unit_id="001"), row("B", "Adams", 2, unit_id="001", county="Dane")]
    assert changes(difference(table(*rows), table(*rows))) == []
    new = [rows[0], {**rows[1], "votes": 3}]
    assert changes(difference(table(*rows), table(*new))) == [("Dane, B", "Adams", 2, 3)]


def test_ids_of_two_systems_are_not_compared() -> None:
    """Where no id is in both tables units meet by name."""
    old, new = row("A", "Adams", 1, unit_id="WI-1"), row("A", "Adams", 2, unit_id="55105-1")
    assert changes(difference(table(old), table(new))) == [("Rock, A", "Adams", 1, 2)]


def test_units_that_came_and_went_are_named() -> None:
    """A unit that only one version has is named apart from those that changed."""
    found = difference(
        table(row("P-1", "Adams", 1), row("P-2", "Adams", 2)),
        table(row("P-1", "Adams", 1), row("P-3", "Adams", 4)),
    )
    assert (found.removed, found.added) == (("Rock, P-2",), ("Rock, P-3",))
    assert changes(found) == [("Rock, P-2", "Adams", 2, None), ("Rock, P-3", "Adams", None, 4)]
    assert [each.by for each in found.changes] == [None, None]


def test_an_unknown_number_is_no_zero() -> None:
    """Unknown before and after is no change; unknown to 5 is one of unknown size."""
    assert changes(difference(table(row("P", "Adams", None)), table(row("P", "Adams", None)))) == []
    found = difference(table(row("P", "Adams", None)), table(row("P", "Adams", 5)))
    assert (changes(found), found.changes[0].by) == ([("Rock, P", "Adams", None, 5)], None)
    assert found.added == ()


def test_a_total_that_changes_alone_is_told() -> None:
    """A stated total and a county's own row are changes; only the finest level are units that changed."""
    units = [row("P-1", "Adams", 1), row("P-1", "Baker", 2)]
    total = row("", "Adams", 1, level="county", unit_kind="total")
    found = difference(table(*units, total), table(*units, {**total, "votes": 9}))
    assert (changes(found), found.units) == ([("Rock", "Adams", 1, 9)], ())


def test_the_margin_before_and_after() -> None:
    """A contest whose leader or margin moved is named; others are not."""
    old = table(row("P", "Adams", 10), row("P", "Baker", 8), row("P", "Cole", 1, contest="wi-sheriff"))
    new = table(row("P", "Adams", 7), row("P", "Baker", 8), row("P", "Cole", 1, contest="wi-sheriff"))
    [margin] = difference(old, new).margins
    assert (margin.contest, margin.leader_before, margin.margin_before) == ("wi-president", "Adams", 2)
    assert (margin.leader_after, margin.margin_after) == ("Baker", 1)


def test_another_spelling_of_the_leader_is_no_other_leader() -> None:
    """Capitals do not change who leads."""
    old = table(row("P", "Adams", 10), row("P", "Baker", 8))
    new = table(row("P", "ADAMS", 10), row("P", "BAKER", 8))
    assert difference(old, new).margins == ()


def rows_of(counts: dict[tuple[str, str], int | None]) -> list[Row]:
    return [row(unit, choice, votes) for (unit, choice), votes in counts.items()]


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_the_difference_leads_from_one_to_the_other(
    old: dict[tuple[str, str], int | None], new: dict[tuple[str, str], int | None]
) -> None:
    """Every number that differs is told once, forwards as backwards; nothing differs from itself."""
    forwards = difference(table(*rows_of(old)), table(*rows_of(new)))
    backwards = difference(table(*rows_of(new)), table(*rows_of(old)))
    expected = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert {(each.unit.removeprefix("Rock, "), each.choice.title()) for each in forwards.changes} == expected
    assert [(each.before, each.after) for each in forwards.changes] == [
        (each.after, each.before) for each in backwards.changes
    ]
    assert (forwards.added, forwards.removed) == (backwards.removed, backwards.added)
    assert difference(table(*rows_of(old)), table(*rows_of(old))).changes == ()
