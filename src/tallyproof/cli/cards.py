"""``tallyproof cards``: what cast vote records and ballot manifests say by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import (
    cards_counted,
    cards_draw,
    cards_frame,
    cards_margins,
    cards_names,
    cards_pools,
    cards_reconcile,
    cards_store,
    options,
    show,
)

if TYPE_CHECKING:
    from tallyproof.election.ballot_manifest import Manifest
    from tallyproof.election.evidence import Rejection
    from tallyproof.election.standard_names import StandardNames
    from tallyproof.services.cards import CardsTally, ContestResult

app = typer.Typer(no_args_is_help=True)
FAULTS = 2
SHOWN = 10

Files = Annotated[
    list[Path], typer.Argument(help="Cast vote records: Dominion CSV, .raire, ranked JSON, any CSV.")
]
File = Annotated[Path, typer.Argument(help="A ballot manifest as CSV or .xlsx.")]
Mapping = Annotated[
    Path | None, typer.Option("--mapping", help="How to read a CSV of another layout (TOML).")
]
Encoding = Annotated[str, typer.Option("--encoding", help="Such as cp1252; UTF-8 otherwise.")]


@app.command("tally")
def tally(
    files: Files,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="A ballot manifest that must list every batch.")
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option("--names", help="Standard names: a file that 'cards names' wrote, or Arlo's list."),
    ] = None,
    mapping: Mapping = None,
    overvote: cards_counted.Overvote = "exhaust",
    blanks: cards_counted.Blanks = None,
    repeats: cards_counted.Repeats = "keep",
    rankings: Annotated[int, typer.Option("--rankings", help="Rankings shown of each contest.")] = SHOWN,
    styles: Annotated[int, typer.Option("--styles", help="Card styles shown.")] = SHOWN,
    encoding: Encoding = "",
    json: options.Json = False,
) -> None:
    """Tally cast vote records: votes, overvotes, undervotes, write-ins, rankings, card styles."""
    import msgspec

    from tallyproof.services.cards import tally_cards

    rules = cards_counted.ranking_rules(overvote, blanks, repeats)
    asked = cards_counted.asked_cards(mapping)
    found = tally_cards(
        files, asked, rules=rules, manifest=manifest, names=_names(names), encoding=encoding,
        told=show.progress,
    )  # fmt: skip
    show.done()
    if json:
        told = msgspec.to_builtins(found)
        show.as_json({"cards": found.cards, "rejected": found.rejected, **told})
    else:
        _print(found, rankings, styles)
    if found.rejected or found.faults:
        raise typer.Exit(FAULTS)


def _names(path: Path | None) -> StandardNames | None:
    if path is None:
        return None
    from tallyproof.services.card_names import read_names

    return read_names(path)[0]


def _print(found: CardsTally, rankings: int, styles: int) -> None:
    show.table(
        ["file", "election", "layout", "cards", "rejected"],
        [(each.file, each.election, each.layout, each.cards, each.rejected) for each in found.files],
    )
    for contest in found.contests:
        _print_contest(contest, rankings)
    show.say()
    show.say(f"Card styles: {len(found.styles):,}")
    shown = found.styles[:styles]
    rows = [(each.cards, len(each.contests), ", ".join(each.contests)) for each in shown]
    if rows:
        show.table(["cards", "contests", "which"], rows)
    if rows and len(found.styles) > len(rows):
        show.say(f"  and {len(found.styles) - len(rows):,} more; --styles {len(found.styles)} shows all.")
    _print_faults((*found.remarks, *found.faults), found.rejections, found.rejected)


def _print_contest(contest: ContestResult, rankings: int) -> None:
    show.say()
    kind = f"ranked, {contest.ranks} ranks" if contest.ranks else _vote_for(contest.vote_for)
    show.say(f"{contest.name} ({kind}): {show.counted(contest.cards, 'card')}")
    first = "first preferences" if contest.ranks else "votes"
    rows: list[tuple[str, int]] = list(contest.votes.items())
    show.table(["choice", first], rows)
    parts = [show.counted(contest.overvotes, "overvoted card"), show.counted(contest.blank, "blank card")]
    if contest.undervotes is not None:
        parts.append(show.counted(contest.undervotes, "vote") + " not cast")
    parts.append(show.counted(contest.write_ins, "write-in vote"))
    show.say(f"  {', '.join(parts)}")
    if contest.rankings and rankings:
        shown = contest.rankings[:rankings]
        show.say()
        show.table(
            ["ranking", "cards"], [(" > ".join(each.ranking), each.cards) for each in shown], indent="    "
        )
        rest = len(contest.rankings) - len(shown)
        if rest:
            show.say(f"    and {rest:,} more; --rankings {len(contest.rankings)} shows all.")


def _vote_for(number: int | None) -> str:
    return "votes per voter unknown" if number is None else f"vote for {number}"


def _print_faults(faults: Sequence[str], rejections: Sequence[Rejection], rejected: int) -> None:
    if faults:
        show.say()
        for sentence in faults:
            show.wrapped(sentence)
    if rejected:
        show.say()
        verb = "is" if rejected == 1 else "are"
        show.say(f"{show.counted(rejected, 'row')} could not be read and {verb} not counted:")
        for each in rejections[:SHOWN]:
            show.wrapped(f"{each.file}, row {each.row:,}: {each.reason}.", "  ")
        if rejected > SHOWN:
            show.say(f"  and {rejected - SHOWN:,} more; --json lists them.")


@app.command("manifest")
def manifest(
    file: File,
    totals: Annotated[
        Path | None, typer.Option("--totals", help="Totals by batch, to be held against the manifest.")
    ] = None,
    votes_allowed: Annotated[
        int, typer.Option("--vote-for", min=1, help="Votes per voter, for --totals.")
    ] = 1,
    encoding: Encoding = "",
    json: options.Json = False,
) -> None:
    """Show the batches of a ballot manifest, its cards, and what is wrong with it."""
    import msgspec

    from tallyproof.election.ballot_manifest import check_totals
    from tallyproof.services.cards import read_manifest, read_totals, sentence

    found = read_manifest(file, encoding)
    rejections, faults = list(found.rejections), [sentence(remark) for remark in found.remarks]
    if totals is not None:
        given = read_totals(totals, encoding)
        rejections += given.rejections
        faults += check_totals(found, given, votes_allowed)
    if json:
        told = {"cards": found.cards, "faults": faults, **msgspec.to_builtins(found)}
        show.as_json({**told, "rejections": msgspec.to_builtins(rejections)})
    else:
        _print_manifest(found)
        _print_faults(faults, rejections, len(rejections))
    if rejections or faults:
        raise typer.Exit(FAULTS)


def _print_manifest(found: Manifest) -> None:
    batches = f"{len(found.batches):,} batch" + ("" if len(found.batches) == 1 else "es")
    show.say(f"{found.file} ({found.layout} layout): {batches}, {show.counted(found.cards, 'card')}")
    by_tabulator: dict[tuple[str, str], list[int]] = {}
    for batch in found.batches:
        by_tabulator.setdefault((batch.jurisdiction, batch.tabulator), []).append(batch.cards)
    rows = [
        (place or "–", tabulator or "–", len(cards), sum(cards), max(cards))
        for (place, tabulator), cards in by_tabulator.items()
    ]
    show.table(["jurisdiction", "tabulator", "batches", "cards", "largest"], rows)
    without = sum(batch.cards for batch in found.batches if batch.has_cvr is False)
    if without:
        show.say(f"  {show.counted(without, 'card')} without cast vote records")


app.command("import")(cards_store.import_cards)
app.command("list")(cards_store.list_cards)
app.command("undo")(cards_store.undo)
app.command("styles")(cards_store.styles)
app.command("names")(cards_names.names)
app.command("reconcile")(cards_reconcile.reconcile)
app.command("margins")(cards_margins.margins)
app.command("assertions")(cards_margins.assertions)
app.command("pools")(cards_pools.pools)
app.command("frame")(cards_frame.frame)
app.command("draw")(cards_draw.draw)
app.command("redraw")(cards_draw.redraw)
app.command("retrieval")(cards_draw.retrieval)
