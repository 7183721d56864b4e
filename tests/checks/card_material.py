"""A made-up county of cards as material for checks, through the real importers."""

import tempfile
from dataclasses import replace
from pathlib import Path

from tallyproof.checks.material import Material
from tallyproof.election.card_part import CaseCards
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import read_manifest
from tallyproof.testing.card_faults import CardCounty, cvr_text, manifest_text, returns_text

from .county import material


def card_material(
    county: CardCounty, *, manifest: bool = True, returns: bool = True, by_mode: bool = False,
    jurisdiction: str = "Lake", state: str = "CO",
) -> Material:  # fmt: skip
    """Cards as "cards.csv", the manifest as "manifest.csv", returns as "file-1.csv"."""
    base = material(returns_text(county if returns else _nobody(county), by_mode=by_mode), state=state)
    if not returns:
        base = replace(base, returns=base.returns.clear(), snapshots={})
    with tempfile.TemporaryDirectory() as folder:
        cards, listed = Path(folder) / "cards.csv", Path(folder) / "manifest.csv"
        cards.write_text(cvr_text(county), encoding="utf-8", newline="")
        listed.write_text(manifest_text(county), encoding="utf-8")
        parts = parts_from_files([cards], jurisdiction)
        manifests = {jurisdiction: read_manifest(listed)} if manifest else {}
        return replace(base, cards=CaseCards(parts, manifests))


def _nobody(county: CardCounty) -> CardCounty:
    return replace(county, counted=county.counted[:1])
