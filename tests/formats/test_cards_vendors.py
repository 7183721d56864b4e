"""Cast vote records of vendors that are not read yet are named, with what to do instead."""

from pathlib import Path

import pytest

from tallyproof.errors import UnrecognisedError
from tallyproof.services.cards import tally_cards


@pytest.mark.parametrize(("path", "said"), [
    ("formats/ess/ess-test.cvr", "an ES&S export of cast vote records (known by its row 1)"),
    ("formats/ess/ess_cvr_sample.csv", "an ES&S export"),
    ("vendor_variants/ess/ess_ballots_1.csv", "an ES&S export of cast vote records (known by its row 6)"),
    ("vendor_variants/ess/ess_upload.zip", "an ES&S export"),
    ("formats/hart/test_Hart_CVR_1.xml", "a Hart Verity cast vote record (XML)"),
    ("formats/hart/Hart_CVRs.zip", "a Hart Verity cast vote record (XML)"),
    ("vendor_variants/hart/scanned_ballot_information_minimal.csv", "Hart's list of scanned ballots"),
    ("formats/clearballot/clearballot_sample_CVR.csv", "Clear Ballot's CSV export"),
    ("vendor_variants/invalid/case_21_clearballot.csv", "Clear Ballot's CSV export"),
    ("formats/unisyn/797-GEN-OVCS_Sess_3_Combined_UVSOVS22516.xml", "Unisyn's cast vote record report"),
    ("formats/nist_cvr_v1/synthetic_gen-01.xml", "a NIST SP 1500-103 cast vote record report (XML)"),
    ("formats/nist_cvr_v1/synthetic_gen-01.json", "a NIST SP 1500-103 cast vote record report (JSON)"),
    ("formats/dominion_json/san_francisco_2024/CvrExport_0.json", "Dominion's JSON export"),
    ("formats/dominion_json/clear_creek_2016_CVR_Export_20160713143950.zip", "Dominion's JSON export"),
])  # fmt: skip
def test_a_known_export_is_named(path: str, said: str, shared_data: Path) -> None:
    """The vendor is told by the file's own header, and the remedy names CSV or a mapping."""
    with pytest.raises(UnrecognisedError) as told:
        tally_cards([shared_data / path])
    assert f": is {said}" in str(told.value) and "which is not read yet." in str(told.value)
    assert "--mapping FILE" in str(told.value) or "as CSV from the same program" in str(told.value)


def test_a_manifest_given_as_cards_is_told(shared_data: Path) -> None:
    """The option that takes it is named."""
    with pytest.raises(UnrecognisedError, match=r"is a ballot manifest.*Give it with --manifest"):
        tally_cards([shared_data / "vendor_variants" / "manifest_comparison.csv"])


def test_a_table_of_no_vendor_is_refused_without_a_guess(tmp_path: Path) -> None:
    """A column or two with a vendor's names is not yet its export."""
    path = tmp_path / "cards.csv"
    path.write_text("RowNumber,BoxID,Mayor\n1,1,Ann\n")
    with pytest.raises(UnrecognisedError, match="in no layout of cast vote records"):
        tally_cards([path])
