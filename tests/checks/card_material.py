"""A made-up county of cards as material for checks, through the real importers."""

import tempfile
from dataclasses import replace
from pathlib import Path

from tallyproof.checks.material import Material
from tallyproof.election.card_part import CaseCards
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import read_manifest
from tallyproof.testing.card_faults import CardCounty, card_county, cvr_text, manifest_text, returns_text

from .county import material


def card_material(
    county: CardCounty, *, manifest: bool = True, returns: bool = True, by_mode: bool = False,
    jurisdiction: str = "Lake", state: str = "CO",
) -> Material:  # fmt: skip
    """Cards as "cards.csv", the manifest as "manifest.csv", returns as "file-1.csv"."""
    counted = returns_text(county if returns else _nobody(county), by_mode=by_mode)
    listed = manifest_text(county) if manifest else ""
    whole = text_material(cvr_text(county), listed, counted, jurisdiction=jurisdiction, state=state)
    return whole if returns else replace(whole, returns=whole.returns.clear(), snapshots={})


def text_material(
    cards: str, manifest: str = "", returns: str = "", *, jurisdiction: str = "Lake", state: str = "CO"
) -> Material:
    """The texts of three files, of the same names as above; an empty one is not there."""
    base = material(returns or returns_text(card_county(1)), state=state)
    if not returns:
        base = replace(base, returns=base.returns.clear(), snapshots={})
    with tempfile.TemporaryDirectory() as folder:
        exported, listed = Path(folder) / "cards.csv", Path(folder) / "manifest.csv"
        exported.write_text(cards, encoding="utf-8", newline="")
        listed.write_text(manifest, encoding="utf-8")
        parts = parts_from_files([exported], jurisdiction)
        manifests = {jurisdiction: read_manifest(listed)} if manifest else {}
        return replace(base, cards=CaseCards(parts, manifests))


def _nobody(county: CardCounty) -> CardCounty:
    return replace(county, counted=county.counted[:1])
