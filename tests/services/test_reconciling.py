"""Reconciliation of cases and files, and of published elections whose sources agree."""

import csv
from pathlib import Path

import pytest

from tallyproof.audit.batch_lines import FoundBatch, batch_lines
from tallyproof.audit.card_facts import facts_of
from tallyproof.audit.card_votes import count_votes
from tallyproof.election.ballot_manifest import Batch, Manifest
from tallyproof.errors import RequestError
from tallyproof.services import access, checking, importing
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import read_totals
from tallyproof.services.reading import Request
from tallyproof.services.reconciling import reconcile_case, reconcile_files, to_json
from tallyproof.services.workspace import Workspace
from tallyproof.testing.card_faults import (
    CardCounty,
    card_county,
    cvr_text,
    lose,
    manifest_text,
    returns_text,
)

ARLO = ("Kendall_Park", "Mount_Olive", "Siletz", "Waurika", "Worthington_Hills")
COUNTY = card_county(1)


def written(folder: Path, county: CardCounty) -> tuple[Path, Path, Path]:
    """Cards, manifest and returns as files."""
    texts = (cvr_text(county), manifest_text(county), returns_text(county))
    files = tuple(folder / name for name in ("cards.csv", "manifest.csv", "returns.csv"))
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8", newline="")
    return files[0], files[1], files[2]


def test_files_that_agree_are_silent(tmp_path: Path) -> None:
    """No finding, nothing left unchecked, every batch as listed."""
    cards, manifest, returns = written(tmp_path, COUNTY)
    found = reconcile_files([cards], manifest, Request((returns,), state="CO"), jurisdiction="Lake")
    assert (found.findings, found.not_checkable) == ((), ())
    assert [line.difference for line in found.tables.batches] == [0] * 6
    assert [line.phantoms for line in found.tables.contests] == [0, 0, 0]


def test_a_case_tells_what_its_files_tell(workspace: Workspace, tmp_path: Path) -> None:
    """The same findings from a case, among those of the whole check, and in JSON."""
    cards, manifest, returns = written(tmp_path, lose(COUNTY, "2", 7))
    importing.import_returns(workspace, access.terminal(), "lake", Request((returns,), state="CO"))
    import_cards(workspace, access.terminal(), "lake", CardRequest((cards,), "Lake", manifest))
    of_case = reconcile_case(workspace, access.terminal(), "lake")
    request = Request((returns,), state="CO")
    of_files = reconcile_files([cards], manifest, request, jurisdiction="Lake")
    ids = [finding.id for finding in of_files.findings]
    assert [finding.id for finding in of_case.findings] == ids and "B15" in ids[0]
    assert set(ids) <= {
        each.id for each in checking.check_case(workspace, access.terminal(), "lake").findings
    }
    assert [each["id"] for each in to_json(of_case)["findings"]] == ids


def test_a_kept_report_does_not_outlive_its_cards(workspace: Workspace, tmp_path: Path) -> None:
    """A report made before cards came is not shown after they came."""
    cards, manifest, returns = written(tmp_path, lose(COUNTY, "2", 7))
    importing.import_returns(workspace, access.terminal(), "lake", Request((returns,), state="CO"))
    assert not [
        f for f in checking.check_case(workspace, access.terminal(), "lake").findings if f.check == "B15"
    ]
    import_cards(workspace, access.terminal(), "lake", CardRequest((cards,), "Lake", manifest))
    assert [f for f in checking.check_case(workspace, access.terminal(), "lake").findings if f.check == "B15"]


def test_a_case_without_cards_is_told_so(workspace: Workspace, tmp_path: Path) -> None:
    """The sentence names the command that brings cards."""
    _, _, returns = written(tmp_path, COUNTY)
    importing.import_returns(workspace, access.terminal(), "lake", Request((returns,), state="CO"))
    with pytest.raises(RequestError, match="tallyproof cards import lake"):
        reconcile_case(workspace, access.terminal(), "lake")


@pytest.mark.parametrize("name", ARLO)
def test_published_elections_agree(name: str, shared_data: Path) -> None:
    """Five small elections: cards, manifests and totals by batch agree, and no check says a word."""
    folder = shared_data / "formats" / "arlo"
    cards = folder / f"{name}_-_cvrs.csv"
    found = reconcile_files([cards], folder / f"{name}_-_ballot_manifest.csv")
    assert found.findings == ()
    assert [line.missing + line.over for line in found.tables.batches] == [0] * len(found.tables.batches)
    for totals in sorted(folder.glob(f"{name}_-_*_candidate_totals_by_batch.csv")):
        contest = totals.name.removeprefix(f"{name}_-_").removesuffix("_-_candidate_totals_by_batch.csv")
        assert _by_batch(cards, contest.replace("_", " ")) == _totals(totals), totals.name


def _by_batch(cards: Path, contest: str) -> dict[str, dict[str, int]]:
    facts = facts_of(parts_from_files([cards]))
    votes = count_votes(facts, facts.batch, len(facts.batches))[0][contest].votes
    names = facts.batches.table["batch"].to_list()
    return {
        name: {choice.casefold(): int(own[place]) for choice, own in votes.items()}
        for place, name in enumerate(names)
    }


def _totals(path: Path) -> dict[str, dict[str, int]]:
    given = read_totals(path)
    choices = [choice.casefold() for choice in given.choices]
    return {batch: dict(zip(choices, votes, strict=True)) for batch, votes in given.votes.items()}


SILENT = {
    "Arapahoe 2016, two pages": (
        "formats/dominion_csv/arapahoe_2017_CVR_Export_20170310104116.csv",
        "formats/dominion_csv/arapahoe_2017_manifest.csv",
    ),
    "with counting groups": (
        "vendor_variants/dominion/cvr_counting_group.csv", "vendor_variants/manifest_comparison.csv",
    ),
    "with newlines in names": (
        "vendor_variants/dominion/cvr_newlines_in_names.csv", "vendor_variants/manifest_comparison.csv",
    ),
    "sorted rankings of a mayor": (
        "irv_nsw2021/CSVs/NewSouthWales21/Uralla_Mayoral.csv",
        "irv_nsw2021/CSVs/NewSouthWales21/Uralla_Mayoral.manifest.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_published_cards_that_agree_with_their_manifest_are_silent(name: str, shared_data: Path) -> None:
    """Batches as listed, no card twice, no stretch twice, also where the export is sorted."""
    cards, manifest = (shared_data / file for file in SILENT[name])
    assert reconcile_files([cards], manifest).findings == ()


def test_a_published_sample_is_one_card_short(shared_data: Path) -> None:
    """The basic export of the vendor samples has 5 of the 6 cards of its last batch: one phantom."""
    folder = shared_data / "vendor_variants"
    found = reconcile_files([folder / "dominion" / "cvr_basic.csv"], folder / "manifest_comparison.csv")
    (short,) = [finding for finding in found.findings if finding.check == "B15"]
    assert (short.numbers["d"], str(short.source)) == (-1, "manifest_comparison.csv, row 5")
    assert [line.phantoms for line in found.tables.contests] == [1, 1]


def test_two_sheets_come_from_fewer_ballots(shared_data: Path) -> None:
    """Arapahoe's 165 cards come from at least 97 ballots: each contest stands on one sheet of a ballot."""
    cards, manifest = (shared_data / file for file in SILENT["Arapahoe 2016, two pages"])
    (line,) = reconcile_files([cards], manifest).tables.jurisdictions
    assert (line.cards, line.ballots, line.listed) == (165, 97, 165)


def test_a_state_whose_batches_agree_is_silent(shared_data: Path) -> None:
    """Colorado 2024 as the state compared it: 54,049 batches of 63 counties, every one as listed."""
    file = shared_data / "formats" / "colorado_rla_2024" / "batchCountComparison.csv"
    counties: dict[str, list[dict[str, str]]] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            counties.setdefault(row["county_name"], []).append(row)
    lines = [line for county, own in counties.items() for line in batch_lines(county, *_both(county, own))]
    assert (len(counties), len(lines)) == (63, 54_049)
    assert {line.difference for line in lines} == {0}


def _both(county: str, rows: list[dict[str, str]]) -> tuple[list[FoundBatch], Manifest]:
    listed = [
        Batch(row["batch_id"], int(row["count_per_manifest"]), number, row["scanner_id"], county)
        for number, row in enumerate(rows, 2)
    ]
    found = [
        FoundBatch(row["scanner_id"], row["batch_id"], int(row["count_per_cvr_file"]), "cvr", number)
        for number, row in enumerate(rows, 2)
        if int(row["count_per_cvr_file"])
    ]
    return found, Manifest("manifest", "Colorado", tuple(listed))
