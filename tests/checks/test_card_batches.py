"""Checks B15 to B19: batches beside the manifest, cards that stand twice, bounds and phantoms."""

from dataclasses import replace

import pytest

from tallyproof.election.card_part import CaseCards
from tallyproof.election.evidence import Finding
from tallyproof.testing.card_faults import (
    CardCounty,
    card_county,
    export_again,
    lose,
    rename,
    returns_text,
    scan_again,
)

from .card_material import card_material
from .county import findings, material, needs

COUNTY = card_county(1)
_TWELVE = card_county(1, batches=12, batch_cards=20)
CHECKS = ("B15", "B16", "B17", "B18", "B19")


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("seed", range(4))
def test_a_clean_county_stays_silent(check: str, seed: int) -> None:
    """Where cards, manifest and returns agree, nothing needs an explanation."""
    assert not findings(check, card_material(card_county(seed)))


@pytest.mark.parametrize("check", CHECKS)
def test_without_cards_each_says_what_it_needs(check: str) -> None:
    """A case without cards costs nothing and hears what would be needed."""
    assert "cast vote records" in needs(check, replace(card_material(COUNTY), cards=None))


def test_without_manifest_and_returns_each_says_what_it_needs() -> None:
    """Cards alone can be looked at for repeats only."""
    alone = card_material(COUNTY, manifest=False, returns=False)
    assert [bool(needs(check, alone)) for check in CHECKS] == [True, False, False, True, True]


def test_a_short_batch_is_found_with_its_phantoms() -> None:
    """Seven cards listed and not found are seven phantoms, at the row of the manifest."""
    (found,) = findings("B15", card_material(lose(COUNTY, "2", 7)))
    assert found.unit == "Lake, tabulator 2, batch 2"
    assert dict(found.numbers) == {"listed": 60, "found": 53, "d": -7}
    assert (str(found.source), found.votes_at_stake) == ("manifest.csv, row 3", 7)


def test_a_manifest_without_cards_is_told_with_the_cards_that_lack_one() -> None:
    """A county of which nothing was imported, or which was imported under another name."""
    whole = card_material(COUNTY)
    assert whole.cards is not None
    manifest = whole.cards.manifests["Lake"]
    both = CaseCards(whole.cards.parts, {"Lake": manifest, "Baca": replace(manifest, file="baca.csv")})
    (found,) = findings("B15", replace(whole, cards=both))
    assert (found.unit, found.severity.value, found.topic) == ("Baca", "info", "no records")
    assert found.message.startswith("Baca: baca.csv lists 360 cards in 6 batches, and no cast vote record")
    assert "one place has one name" not in found.message
    misnamed = CaseCards(whole.cards.parts, {"Lake County": manifest})
    (found,) = findings("B15", replace(whole, cards=misnamed))
    assert found.message.endswith("Cards without a manifest are those of Lake: one place has one name.")


def test_a_batch_of_another_name_is_found_at_its_first_card() -> None:
    """Cards in a batch that the manifest lacks, and the listed batch without cards."""
    unlisted, short = sorted(findings("B15", card_material(rename(COUNTY, "2", "B-two"))), key=_topic)[::-1]
    assert (unlisted.topic, str(unlisted.source)) == ("unlisted", "cards.csv, row 65")
    assert (short.topic, short.numbers["found"]) == ("short", 0)


def test_a_name_spelled_in_another_way_is_the_same_batch() -> None:
    """Leading zeros and capitals do not make another batch."""
    assert not findings("B15", card_material(rename(COUNTY, "2", "02")))


def test_cards_exported_twice_are_found_by_imprint_and_over_the_list() -> None:
    """Ten cards given again: at the row of the first copy, beside the row that it copies."""
    faulty = card_material(export_again(COUNTY, "2", 10))
    (again,) = findings("B16", faulty)
    assert (again.numbers["cards"], again.numbers["same"]) == (10, 10)
    assert (str(again.source), str(again.also[0])) == ("cards.csv, row 365", "cards.csv, row 65")
    (over,) = findings("B15", faulty)
    assert (over.topic, over.numbers["d"]) == ("over", 10)
    assert not findings("B17", faulty)  # told once, not twice


def test_a_place_given_twice_is_found_whatever_the_imprint() -> None:
    """Four cards with tabulator, batch and record of cards before, and imprints of their own."""
    again = export_again(COUNTY, "3", 4)
    copies = [replace(card, imprint=f"new{n}") for n, card in enumerate(again.cards[360:])]
    (found,) = findings("B16", card_material(replace(again, cards=(*COUNTY.cards, *copies))))
    assert (found.topic, found.numbers["cards"]) == ("record", 4)


@pytest.mark.parametrize("turned", [False, True])
def test_a_batch_scanned_twice_is_found(turned: bool) -> None:
    """All 60 cards agree in order with the batch that was scanned, also where the stack was turned over."""
    faulty = card_material(scan_again(COUNTY, "3", "99", turned=turned))
    (found,) = findings("B17", faulty)
    assert (found.numbers["cards"], found.numbers["longest"]) == (60, 60)
    assert found.unit == "Lake, tabulator 1, batch 99"
    assert ("other way round" in found.message) is turned
    assert str(found.source) == "cards.csv, row 365"
    assert not findings("B16", faulty)  # the imprints are new


def test_part_of_a_batch_scanned_twice_is_found() -> None:
    """A stack of forty cards that went through again at the end of another batch."""
    faulty = scan_again(COUNTY, "3", "5")
    moved = [
        replace(card, record=card.record + 60, imprint=f"x{card.record}") for card in faulty.cards[360:400]
    ]
    (found,) = findings("B17", card_material(replace(COUNTY, cards=(*COUNTY.cards, *moved))))
    assert (found.numbers["cards"], found.numbers["longest"]) == (40, 40)


def test_common_ballots_in_a_row_say_nothing() -> None:
    """Two batches of blank ballots agree card by card, and that is no sign of anything."""
    blank = replace(
        COUNTY, cards=tuple(replace(card, marks=("", "", ""), unit="Ward 1") for card in COUNTY.cards)
    )
    assert not findings("B17", card_material(blank))


def test_neighbours_who_vote_alike_are_no_second_scan() -> None:
    """Households of two in a stack do not make stretches that agree by chance."""
    pairs = tuple(
        replace(card, marks=COUNTY.cards[place - place % 2].marks, unit=COUNTY.cards[place - place % 2].unit)
        for place, card in enumerate(COUNTY.cards)
    )
    assert not findings("B17", card_material(replace(COUNTY, cards=pairs)))


def test_more_ballots_than_were_cast_are_found() -> None:
    """A batch scanned twice shows in its wards, and as more cards than the manifest lists."""
    found = findings("B18", card_material(scan_again(COUNTY, "3", "99")))
    assert [finding.id for finding in found] == [
        "B18/co-mayor/lake-ward-1", "B18/co-mayor/lake-ward-2", "B18/co-mayor/lake-ward-3",
        "B18/co-mayor/lake/manifest",
    ]  # fmt: skip
    assert sum(int(finding.numbers["x"] or 0) for finding in found[:3]) == 60
    assert found[0].source.file == "file-1.csv"


def test_too_many_in_many_wards_are_one_finding() -> None:
    """A batch with cards of twelve wards is told once, with the ward that has most."""
    found = findings("B18", card_material(scan_again(card_county(2, units=12), "3", "99"), manifest=False))
    assert [(finding.id, finding.numbers["x"]) for finding in found] == [("B18/co-mayor/lake", 60)]
    assert "12 units have too many, Ward" in found[0].message


def test_ballots_without_records_are_information() -> None:
    """Fewer ballots on cards than were cast, told once for the county."""
    (found,) = findings("B18", card_material(lose(COUNTY, "2", 7)))
    assert (found.severity.value, found.numbers["x"]) == ("info", -7)


def test_units_that_lack_records_are_counted_once_for_each_source() -> None:
    """Two sources of the same ballots cast double no count of units."""
    county = lose(COUNTY, "2", 7)
    (alone,) = findings("B18", card_material(county))
    both = material(returns_text(county), returns_text(county), state="CO")
    found = findings("B18", replace(both, cards=card_material(county).cards))
    assert [finding.numbers["units"] for finding in found] == [alone.numbers["units"]] * 2


def test_sheets_of_one_ballot_are_not_ballots() -> None:
    """Ballots of two cards come from half as many ballots, and a manifest of ballots is told as such."""
    sheets = _two_sheets(COUNTY)
    listed = card_material(sheets)
    assert not findings("B16", listed)
    assert not [f for f in findings("B18", listed) if f.severity.value == "warning"]
    ballots = replace(sheets, listed=COUNTY.listed)
    (found,) = findings("B15", card_material(ballots))
    assert "ballots and not cards" in found.message


def _two_sheets(county: CardCounty) -> CardCounty:
    """Mayor and Levy on a first sheet, a measure of everybody's on the second: each card becomes two."""
    whole = [replace(card, marks=(*card.marks[:1], "Di Eads", card.marks[2])) for card in county.cards]
    first = [replace(card, marks=(card.marks[0], None, card.marks[2])) for card in whole]
    second = [replace(card, marks=(None, card.marks[1], None)) for card in whole]
    cards = [sheet for both in zip(first, second, strict=True) for sheet in both]
    listed = tuple((tabulator, batch, 2 * number) for tabulator, batch, number in county.listed)
    return replace(county, cards=tuple(cards), listed=listed, counted=tuple(whole))


def test_phantoms_of_a_short_batch() -> None:
    """Seven listed cards without a record may each bear any contest, and take a vote off its lead."""
    found = {finding.contest: finding for finding in findings("B19", card_material(lose(COUNTY, "2", 7)))}
    assert {finding.numbers["phantoms"] for finding in found.values()} == {7}
    assert {finding.severity.value for finding in found.values()} == {"info"}
    assert found["co-mayor"].votes_at_stake == 7


def test_phantoms_that_could_take_the_lead_are_a_warning() -> None:
    """Sixty phantoms against a margin of 42."""
    found = {f.contest: f for f in findings("B19", card_material(rename(COUNTY, "2", "B-two")))}
    assert found["co-clerk"].severity.value == "warning"
    assert "cannot confirm" in found["co-clerk"].message


def test_without_a_manifest_the_bound_is_what_was_reported() -> None:
    """Votes, over- and undervotes of the contest say on how many ballots it was."""
    found = findings("B19", card_material(lose(COUNTY, "2", 7), manifest=False))
    assert {finding.numbers["phantoms"] for finding in found if finding.contest == "co-mayor"} == {7}


def test_findings_have_ids_of_their_own() -> None:
    """However many faults there are, no two findings share an id."""
    faulty = export_again(lose(scan_again(rename(COUNTY, "6", "66"), "3", "99"), "2", 7), "4", 10)
    material = card_material(faulty)
    ids = [finding.id for check in ("B14", *CHECKS) for finding in findings(check, material)]
    assert len(ids) == len(set(ids)) > 10


def test_a_manifest_of_another_election_is_one_sentence() -> None:
    """No batch in common: one warning says so, and neither phantoms nor cards listed are told again."""
    other = tuple((f"ICC{tabulator}", f"EV-{batch}", 20) for tabulator, batch, _ in _TWELVE.listed)
    faulty = card_material(replace(_TWELVE, listed=other))
    (found,) = [finding for check in CHECKS for finding in findings(check, faulty)]
    assert (found.check, found.severity.value, found.topic) == ("B15", "warning", "another")
    assert "all 12 batches, with 240 cards, are missing in manifest.csv" in found.message
    assert "another election or county" in found.message
    assert dict(found.numbers) == {"batches": 12, "cards": 240, "phantoms": 240}
    assert (found.votes_at_stake, str(found.source)) == (240, "cards.csv, row 5")


def test_batches_that_met_by_spelling_are_not_of_another_election() -> None:
    """Seven of twelve batches unknown are one sentence; those spelled otherwise are not among them."""
    listed = tuple(
        (tabulator, f"0{batch}" if place < 5 else f"EV-{batch}", cards)
        for place, (tabulator, batch, cards) in enumerate(_TWELVE.listed)
    )
    (found,) = findings("B15", card_material(replace(_TWELVE, listed=listed)))
    assert "7 of 12 batches, with 140 cards, are missing" in found.message


def test_half_of_the_batches_unknown_are_told_one_by_one() -> None:
    """Six of twelve are not most, so each batch of either side is named."""
    listed = tuple(
        (tabulator, batch if place < 6 else f"EV-{batch}", cards)
        for place, (tabulator, batch, cards) in enumerate(_TWELVE.listed)
    )
    found = findings("B15", card_material(replace(_TWELVE, listed=listed)))
    assert sorted(finding.topic for finding in found) == ["short"] * 6 + ["unlisted"] * 6


def _topic(finding: Finding) -> str:
    return finding.topic
