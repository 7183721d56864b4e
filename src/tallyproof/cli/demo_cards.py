"""The second case of ``tallyproof demo``: a made-up county's cards, from import to the first draw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallyproof.services.access import Actor
    from tallyproof.services.workspace import Workspace
    from tallyproof.testing.card_faults import CardCounty

CASE = "lake-county-made-up"
TITLE = "Lake County (made up)"
SUMMARY = (
    "A county that does not exist: a thousand cards, their ballot manifest and returns by ward, made from a "
    "seed. Two cards have no record, and the returns of a ward give three votes to the wrong choice."
)
COUNTY = "Lake"
SEED = "31415926535897932384"
DRAWN, SHOWN = 5, 3


def build(workspace: Workspace, actor: Actor) -> None:
    """Import the county's cards, manifest and returns; what is there already stays."""
    from datetime import date

    from tallyproof.election.canvass import Status
    from tallyproof.services import card_imports, cases, importing
    from tallyproof.services.card_imports import CardRequest
    from tallyproof.services.reading import Request
    from tallyproof.testing import card_faults

    county = _county()
    cases.open_if_new(workspace, actor, CASE, date(2016, 4, 5), TITLE, SUMMARY)
    with TemporaryDirectory() as place:
        cards, manifest, returns = (Path(place) / f"{name}.csv" for name in ("cards", "manifest", "returns"))
        cards.write_text(card_faults.cvr_text(county), newline="")
        manifest.write_text(card_faults.manifest_text(county))
        returns.write_text(card_faults.returns_text(county, name=COUNTY))
        importing.import_returns(
            workspace, actor, CASE,
            Request((returns,), f"{COUNTY} County", Status.UNOFFICIAL_COMPLETE, state="WI"),
        )  # fmt: skip
        card_imports.import_cards(workspace, actor, CASE, CardRequest((cards,), COUNTY, manifest))


def _county() -> CardCounty:
    """A thousand cards; two have no record, and the returns give three votes to the wrong choice."""
    from tallyproof.testing.card_faults import card_county, lose, miscount

    made = card_county(11, batches=20, batch_cards=50, units=4)
    return miscount(lose(made, "7", 2), "Ward 2", "Ann Lee", "Bob Roy", 3)


def headlines(workspace: Workspace, actor: Actor) -> Iterator[str]:
    """What the cards say, what does not fit, and which cards an audit would pull first."""
    from tallyproof.services import reconciling

    yield ""
    yield f"What do the cards of {TITLE} say?"
    yield from (f"  {each}" for each in _margins(workspace, actor))
    yield ""
    yield "Do cards, manifest and returns agree?"
    found = reconciling.reconcile_case(workspace, actor, CASE)
    yield from (f"  {each.message}" for each in found.findings[:SHOWN])
    if more := len(found.findings) - SHOWN:
        yield f"  And {more} more; tallyproof cards reconcile {CASE} shows them all."
    yield ""
    yield "Which cards would an audit look at first?"
    yield from (f"  {each}" for each in _drawn(workspace, actor))


def _margins(workspace: Workspace, actor: Actor) -> Iterator[str]:
    """Each contest: who leads by how much, and how many cards a comparison audit would take."""
    from tallyproof.services import card_audits, card_margins

    found = card_audits.of_case(workspace, actor, CASE)
    for each in card_margins.margins(found.pooled.contests):
        if each.smallest is None:
            yield f"{each.name}: {each.sentence}"
            continue
        most = max(assertion.comparison_cards for assertion in each.assertions)
        yield (
            f"{each.name}: {each.sentence} The margin is {each.smallest:,} votes, {each.percent:.1f} % of "
            f"{each.bound.cards:,} cards: about {most:,} compared at a risk limit of 5 %."
        )


def _drawn(workspace: Workspace, actor: Actor) -> Iterator[str]:
    """The frame's hash, which is published first, and what a seed draws from it."""
    from tallyproof.services import drawing, framing
    from tallyproof.services.card_parts import case_cards

    with TemporaryDirectory() as place:
        made = framing.make_frame(Path(place) / "frame.csv", case_cards(workspace, actor, CASE))
        wanted = drawing.asked(SEED, "uniform", DRAWN, {}, with_replacement=False)
        record = drawing.draw(Path(place) / "frame.csv", wanted, frame_hash=made.sha256)
    yield f"Frame of {made.cards:,} cards, SHA-256 {made.sha256}."
    pulled = ", ".join(each.card for each in record.rounds[0].draws)
    yield f"The seed {SEED}, were it rolled after that, would draw: {pulled}."
