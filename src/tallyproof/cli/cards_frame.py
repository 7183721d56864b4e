"""The command ``tallyproof cards frame``, which lists every card or batch that may be drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import cards_counted, options, show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.election.card_part import CaseCards
    from tallyproof.sampling.frame import Order
    from tallyproof.services.card_audits import AuditAsked
    from tallyproof.services.framing import FrameMade
    from tallyproof.services.pool_sources import PoolSources

Case = Annotated[str, typer.Argument(metavar="[CASE]", help="The case whose cards and manifests are listed.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where the frame is written: .csv or .csv.gz.")]
Manifests = Annotated[
    list[str] | None,
    typer.Option(
        "--manifest", metavar="[NAME=]FILE", help="Without a case: a manifest, of jurisdiction NAME."
    ),
]
Cards = Annotated[
    list[str] | None,
    typer.Option("--cards", metavar="[NAME=]FILE", help="Without a case: cast vote records of NAME."),
]
Batches = Annotated[bool, typer.Option("--batches", help="List batches with their cards, not cards.")]
Bounds = Annotated[
    Path | None,
    typer.Option(
        "--bounds", help="Error bounds: a table (Batch, Bound), or what solve answers to batch_audit."
    ),
]
OrderOption = Annotated[
    str, typer.Option("--order", help="'canonical', or 'as-listed' for the order of the manifests.")
]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", help="How to read cast vote records of another layout (TOML).")
]

FAULTS = 2
SHOWN = 20


def frame(
    output: Output,
    case: Case = "",
    manifest: Manifests = None,
    cards: Cards = None,
    batches: Batches = False,
    bounds: Bounds = None,
    order: OrderOption = "canonical",
    totals: cards_counted.Totals = None,
    totals_contest: cards_counted.TotalsContest = "",
    pool_no_imprint: cards_counted.NoImprint = False,
    pool_mode: cards_counted.Modes = None,
    mapping: Mapping = None,
    encoding: options.Encoding = "",
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Write the frame of a draw and print its hash, which is published before the seed is rolled.

    Pools are told as to 'tallyproof cards pools': a card of a pool may bear every contest of the pool.
    """
    from tallyproof.services import framing
    from tallyproof.services.exporting import require_new
    from tallyproof.services.frame_bounds import read_bounds
    from tallyproof.services.frame_pools import frame_pools

    _require_output(output)
    require_new(output)
    if bool(case) == bool(manifest or cards):
        raise RequestError(
            "Name either a case or files: tallyproof cards frame CASE --output FILE, or --manifest, --cards."
        )
    asked = _asked(totals, totals_contest, pool_no_imprint, pool_mode, encoding)
    listed, sources = (
        _of_case(home, case, asked) if case else _of_files(cards or [], manifest or [], asked, mapping)
    )
    of_cards = not batches and bounds is None
    if not of_cards or not listed.parts:
        where = "without cast vote records" if of_cards else "in a frame of batches"
        options.refuse(where, totals=totals, pool_no_imprint=pool_no_imprint, pool_mode=pool_mode)
    made = framing.make_frame(
        output, listed, order=_order(order), of_batches=batches,
        bounds=read_bounds(bounds, encoding) if bounds else None,
        pools=frame_pools(listed, sources) if of_cards else None,
    )  # fmt: skip
    show.done()
    if json:
        import msgspec

        show.as_json(msgspec.to_builtins(made))
    else:
        _print(made)
    if made.faults:
        raise typer.Exit(FAULTS)


def _require_output(path: Path) -> None:
    if not path.name.casefold().endswith((".csv", ".csv.gz")):
        raise RequestError(f"{path}: a frame is written as .csv or .csv.gz. Name such a file.")


def _order(text: str) -> Order:
    if text == "canonical" or text == "as-listed":
        return "canonical" if text == "canonical" else "as-listed"
    raise RequestError(f"--order is 'canonical' or 'as-listed', not '{text}'.")


def _asked(
    totals: list[str] | None, contest: str, no_imprint: bool, modes: list[str] | None, encoding: str
) -> AuditAsked:
    from tallyproof.services.card_audits import AuditAsked
    from tallyproof.services.pool_sources import Unmatched

    unmatched = Unmatched(no_imprint, tuple(modes or ()))
    return AuditAsked(tuple(totals or ()), contest, unmatched, encoding=encoding)


def _of_case(home: Path | None, case: str, asked: AuditAsked) -> tuple[CaseCards, PoolSources]:
    from tallyproof.services import access
    from tallyproof.services.card_audits import sources_of_case

    return sources_of_case(options.workspace(home), access.terminal(), case, asked)


def _of_files(
    cards: list[str], manifests: list[str], asked: AuditAsked, mapping: Path | None
) -> tuple[CaseCards, PoolSources]:
    from tallyproof.services.card_audits import sources_of_files

    return sources_of_files(cards, manifests, asked, cards_counted.asked_cards(mapping))


def _print(made: FrameMade) -> None:
    show.say(f"{made.file}: frame of {made.kind}, {made.order} order")
    rows = [(name or "–", cards) for name, cards in made.jurisdictions.items()]
    show.table(["jurisdiction", "cards"], rows)
    batches = f"{made.batches:,} batch" + ("" if made.batches == 1 else "es")
    show.say(f"  {show.counted(made.cards, 'card')} in {batches}")
    if made.contests:
        show.say()
        show.table(["contest", "cards that bear it"], list(made.contests.items()))
    for remark in (*made.remarks, *made.faults[:SHOWN]):
        show.say()
        show.wrapped(remark)
    if len(made.faults) > SHOWN:
        show.say(f"  and {len(made.faults) - SHOWN:,} more rows; --json lists them.")
    show.say()
    show.say(f"SHA-256 {made.sha256}")
    show.wrapped("Publish the frame, or at least this hash, before the seed is rolled.")
