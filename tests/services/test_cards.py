"""Tallies of published cast vote records equal the numbers published beside them."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tallyproof.audit.irv_rankings import COLORADO, RankingRules
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.services.cards import ContestResult, read_manifest, read_totals, tally_cards
from tallyproof.testing import cards as made
from tallyproof.testing.cards import MadeContest

PLACES = ("Kendall Park", "Waurika", "Siletz", "Worthington Hills", "Mount Olive")


def by_name(paths: list[Path]) -> dict[str, ContestResult]:
    """The contests of these files."""
    return {contest.name: contest for contest in tally_cards(paths).contests}


def test_all_contests_of_new_south_wales_2021_have_their_published_rankings(shared_data: Path) -> None:
    """The 20 contests read from Dominion's layout give each ranking as often as the published JSON does."""
    folder = shared_data / "irv_nsw2021" / "CSVs" / "NewSouthWales21"
    files = [path for path in sorted(folder.glob("*_Mayoral.csv*")) if path.suffix in {".csv", ".gz"}]
    assert len(files) == 20
    cards = 0
    for path in files:
        (contest,) = tally_cards([path]).contests
        told = json.loads((shared_data / "audits" / "irv" / "nsw2021" / f"{contest.name}.json").read_bytes())
        names = told["metadata"]["candidates"]
        published: Counter[tuple[str, ...]] = Counter()
        for each in told["votes"]:
            published[tuple(names[place] for place in each["prefs"])] += each["n"]
        assert {each.ranking: each.cards for each in contest.rankings} == published
        cards += contest.cards
    assert cards == 449_902


def test_the_five_small_elections_add_up(shared_data: Path) -> None:
    """Cast vote records without overvotes, batch totals and the stated tally are the same numbers."""
    folder = shared_data / "formats" / "arlo"
    found = by_name([folder / f"{place.replace(' ', '_')}_-_cvrs.csv" for place in PLACES])
    for told in json.loads((folder / "small-election.spec.json").read_bytes())["contests"]:
        assert found[told["name"]].votes == told["tally"]
        assert found[told["name"]].cards == told["total_ballots_cast"]
        assert found[told["name"]].overvotes > 0
        totals: Counter[str] = Counter()
        for path in folder.glob(f"*_{told['name'].replace(' ', '_')}_-_candidate_totals_by_batch.csv"):
            read = read_totals(path)
            for votes in read.votes.values():
                totals.update(dict(zip(read.choices, votes, strict=True)))
        assert dict(totals) == told["tally"]


def test_each_place_of_the_small_elections_fits_its_manifest(shared_data: Path) -> None:
    """Every batch of the cards stands in the manifest, which lists just as many cards."""
    folder = shared_data / "formats" / "arlo"
    for place in (name.replace(" ", "_") for name in PLACES):
        listed = folder / f"{place}_-_ballot_manifest.csv"
        tally = tally_cards([folder / f"{place}_-_cvrs.csv"], manifest=listed)
        assert (tally.faults, tally.cards) == ((), read_manifest(listed).cards)


def test_arapahoe_2016_has_165_cards_of_two_pages(shared_data: Path) -> None:
    """The sample in ="…" quotation is read whole, second pages and their contests included."""
    folder = shared_data / "formats" / "dominion_csv"
    manifest = folder / "arapahoe_2017_manifest.csv"
    tally = tally_cards([folder / "arapahoe_2017_CVR_Export_20170310104116.csv"], manifest=manifest)
    assert (tally.cards, tally.rejected, tally.faults) == (165, 0, ())
    assert sum(style.cards for style in tally.styles) == 165 == read_manifest(manifest).cards
    bears = {contest.name: contest.cards for contest in tally.contests}
    assert 0 < bears["Presidential Electors"] < 165
    assert not all("Presidential Electors" in style.contests for style in tally.styles)


def test_a_line_exported_twice_is_told(shared_data: Path) -> None:
    """The row that repeats tabulator, batch and record is named with the row that it repeats."""
    (fault,) = tally_cards([shared_data / "formats" / "dominion_csv" / "invalid_dup_line.csv"]).faults
    assert "row 6: 1 card has" in fault and "this one those of row 5" in fault


@pytest.mark.parametrize("number", [*range(2), *range(5, 19)])
def test_broken_dominion_files_are_refused_with_what_is_wrong(number: int, shared_data: Path) -> None:
    """Each file is refused, or its only row rejected, and the sentence names what the published one names."""
    folder = shared_data / "vendor_variants"
    cases = json.loads((folder / "invalid_cases.json").read_bytes())
    told = cases[number]["upstream_error"]
    try:
        tally = tally_cards([folder / cases[number]["file"]])
    except UnreadableError as fault:
        said = str(fault)
    else:
        assert (tally.cards, tally.rejected) == (0, 1)
        said = f"row {tally.rejections[0].row}: {tally.rejections[0].reason}"
    words = ("CvrNumber", "TabulatorNum", "BatchId", "RecordId", "ImprintedId", "UniqueVotingIdentifier",
             "empty", "Contest 1 (123)", "(Vote Fo=1)", "'0 (0%)'", "'0 (0)'")  # fmt: skip
    assert [word for word in words if word in told and word not in said] == []
    assert number == 0 or "row " in said


@pytest.mark.parametrize(("number", "near"), [(2, "BATCH1"), (3, "TABULATOR1"), (4, "")])
def test_batches_that_the_manifest_lacks_are_told_with_the_closest(
    number: int, near: str, shared_data: Path
) -> None:
    """Cards of unknown batches are a fault that names the batch and the closest one of the manifest."""
    folder = shared_data / "vendor_variants"
    path = folder / "invalid" / f"case_{number:02}_dominion.csv"
    (test,) = tally_cards([path]).faults
    assert "'Test Audit CVR Upload': these may be cards of a test" in test
    _, fault = tally_cards([path], manifest=folder / "manifest_comparison.csv").faults
    assert "dominion.csv, row 5: 1 card in tabulator" in fault
    assert "manifest_comparison.csv does not list" in fault
    assert (f"{near}" in fault.split("The closest in the manifest is", 1)[-1]) if near else "Nothing" in fault


def test_all_dominion_variants_of_the_same_cards_tally_alike(shared_data: Path) -> None:
    """Quotation, counting group, unique id and newlines in names change no vote."""
    folder = shared_data / "vendor_variants" / "dominion"
    wanted = by_name([folder / "cvr_basic.csv"])
    assert by_name([folder / "cvr_leading_equal_signs.csv"]) == wanted
    groups = by_name([folder / "cvr_counting_group.csv"])
    for other in ("newlines_in_names", "unique_voting_identifier"):
        assert by_name([folder / f"cvr_{other}.csv"]) == groups


@pytest.mark.parametrize("name", [
    "DifferentCandidateNamesInDifferentRanks1", "DifferentCandidateNamesInDifferentRanks2",
    "Repeated1stRankCandidate", "Repeated2ndRankCandidate", "ShuffledChoices", "Skipped1stRankCandidate",
    "Skipped3rdRankCandidate",
])  # fmt: skip
def test_ranked_headers_that_do_not_match_are_refused(name: str, shared_data: Path) -> None:
    """Ranks whose candidates differ from those of rank 1 are refused at row 3, never guessed."""
    path = shared_data / "irv_nsw2021" / "CSVs" / "badExamples" / f"InvalidIRVHeaders{name}.csv"
    with pytest.raises(UnreadableError, match="row 3"):
        tally_cards([path])


def test_rankings_follow_the_rules_given(tmp_path: Path) -> None:
    """A rank with two choices ends a ranking or is skipped, and so does an empty one."""
    contest = MadeContest("Mayor", ("a", "b", "c"), 1, 3)
    cards = [made.MadeCard("1", "1", "1", {0: ((0,), (1, 2), (1,))}),
             made.MadeCard("1", "1", "2", {0: ((0,), (), (1,))})]  # fmt: skip
    path = made.write(made.dominion_text([contest], cards), tmp_path / "a.csv")

    def rankings(rules: RankingRules) -> list[tuple[str, ...]]:
        return sorted(each.ranking for each in tally_cards([path], rules=rules).contests[0].rankings)

    assert rankings(RankingRules()) == [("a",), ("a", "b")]
    assert rankings(RankingRules("skip")) == [("a", "b")]
    assert rankings(RankingRules("exhaust", 0)) == [("a",)]


def test_colorado_reads_the_ten_odd_cards_as_published(shared_data: Path) -> None:
    """Repeats, overvotes and skipped ranks of a published test file, and the reading printed beside each."""
    (folder,) = (shared_data / "irv_nsw2021" / "CSVs").glob("Tiny-IRV-Examples")
    told = csv.reader(
        (folder / "ThreeCandidatesTenInvalidVotes_withInterpretations.csv").open(encoding="utf-8")
    )
    wanted = Counter(tuple(name.strip() for name in row[-1].split(",")) for row in list(told)[4:])
    blank = wanted.pop(("Blank",))
    path = folder / "ThreeCandidatesTenInvalidVotes.csv"
    (contest,) = tally_cards([path], rules=COLORADO).contests
    assert {tuple(name[0] for name in each.ranking): each.cards for each in contest.rankings} == wanted
    assert (contest.overvotes, blank) == (2, 2)
    (other,) = tally_cards([path]).contests
    assert other.rankings != contest.rankings


def test_minneapolis_2013_is_read_by_a_mapping(shared_data: Path, tmp_path: Path) -> None:
    """A ranked CSV that no vendor wrote: every row is a card, none rejected."""
    mapping = """[[contest]]
name = "Mayor"
ranked = true
columns = ["rank1", "Rank2", "rank3"]
overvote = ["overvote"]
undervote = ["undervote"]
empty = "undervote"
"""
    path = shared_data / "formats" / "performance" / "minneapolis_2013_mayor_cvr.csv"
    tally = tally_cards([path], AskedCards(mapping=mapping))
    (contest,) = tally.contests
    assert (tally.cards, tally.rejected, contest.cards) == (80_101, 0, 80_101)
    first = Counter(line.split(",")[0] for line in path.read_text().splitlines()[1:])
    assert contest.votes["BETSY HODGES"] >= first["BETSY HODGES"] > 0


def test_the_same_file_twice_is_refused_by_its_bytes(tmp_path: Path) -> None:
    """A copy under another name counts as the same file; another file does not."""
    contests = [MadeContest("A", ("x", "y"))]
    text = made.dominion_text(contests, made.make_cards(1, contests, 5))
    first, copy = (made.write(text, tmp_path / name) for name in ("a.csv", "b.csv"))
    other = made.write(made.dominion_text(contests, made.make_cards(2, contests, 5)), tmp_path / "c.csv")
    assert tally_cards([first, other]).cards == 10
    with pytest.raises(RequestError, match=r"b\.csv is the same file as a\.csv"):
        tally_cards([first, copy])


def test_files_of_two_elections_are_told(tmp_path: Path) -> None:
    """Both names stand in one sentence; two files of one election are in order."""
    contests = [MadeContest("A", ("x", "y"))]
    texts = [made.dominion_text(contests, made.make_cards(seed, contests, 5)) for seed in (1, 2)]
    first, second = (made.write(text, tmp_path / f"{at}.csv") for at, text in enumerate(texts))
    # the cards of both have the same places, but in files of their own
    assert tally_cards([first, second]).faults == ()
    made.write(texts[1].replace("Made up", "Primary"), second)
    (said,) = tally_cards([first, second]).faults
    assert said == "The files name 2 elections: Made up; Primary. Look whether all belong here."


def test_undervotes_and_write_ins_are_counted(tmp_path: Path) -> None:
    """Of two votes one not cast is an undervote, three marks are an overvote, a write-in is told apart."""
    contest = MadeContest("Council", ("x", "y", "Write-In"), vote_for=2)
    marks = [(0, 1), (0,), (), (0, 1, 2), (2,)]
    cards = [made.MadeCard("1", "1", str(number), {0: (each,)}) for number, each in enumerate(marks)]
    path = made.write(made.dominion_text([contest], cards), tmp_path / "a.csv")
    (found,) = tally_cards([path]).contests
    assert found.votes == {"x": 2, "y": 1, "Write-In": 1}
    assert (found.overvotes, found.blank, found.undervotes, found.write_ins) == (1, 1, 4, 1)


def test_styles_are_told_apart_among_many_contests(tmp_path: Path) -> None:
    """More contests than a word has bits: each card's set of contests is its own style."""
    contests = [MadeContest(f"C{place}", ("x", "y")) for place in range(130)]
    bears = [(0, 59, 60), (0, 59, 120), (0, 129), (0, 129), ()]
    cards = [made.MadeCard("1", "1", str(number), dict.fromkeys(places, ((0,),)))
             for number, places in enumerate(bears)]  # fmt: skip
    path = made.write(made.dominion_text(contests, cards), tmp_path / "a.csv")
    wanted = Counter(tuple(f"C{place}" for place in places) for places in bears)
    assert {style.contests: style.cards for style in tally_cards([path]).styles} == wanted
