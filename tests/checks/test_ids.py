"""Ids of findings on real returns."""

from collections import Counter
from pathlib import Path

import pytest

from tallyproof.checks.catalogue import run

from .county import material_of

SETS = {
    "Wisconsin 2016 beside its statistics": (
        "medsl2016/wi.zip",
        "wi2016/raw/wec_el190_2016_general_2017-10-05.csv",
    ),
    "Michigan 2016 beside its counties": (
        "medsl2016/mi.zip",
        "formats/openelections/20161108__mi__general__county.csv",
    ),
    "Wisconsin, April 2016": ("formats/openelections/20160405__wi__general__ward.csv",),
    "Antrim 2020": ("formats/openelections/20201103__mi__general__antrim__precinct.csv",),
    "Pennsylvania 2016": ("formats/openelections/20161108__pa__general_county.csv",),
    "toy election twice": (
        "toy_election/20241105__zz__general__demo__precinct.csv",
        "toy_election/2024-zz-precinct-general.csv",
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_every_finding_has_an_id_of_its_own(name: str, shared_data: Path) -> None:
    """No two findings of a report share an id, so that an answer to one answers no other."""
    report = run(material_of(*(shared_data / file for file in SETS[name])))
    counted = Counter(finding.id for finding in report.findings)
    assert [finding_id for finding_id, times in counted.items() if times > 1] == []
    assert all(finding.source.file for finding in report.findings)
