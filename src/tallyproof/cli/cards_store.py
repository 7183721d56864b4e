"""``tallyproof cards import``, ``list``, ``undo`` and ``styles``: cards kept in a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options, show

if TYPE_CHECKING:
    from tallyproof.services.card_imports import CardsImported
    from tallyproof.services.card_records import CardImport, ManifestImport
    from tallyproof.services.card_styles import StylesReport

SHOWN = 10
FAULTS = 2

Case = Annotated[str, typer.Argument(metavar="CASE", help="Short name of the case.")]
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE...]", help="Cast vote records of one jurisdiction."),
]
Jurisdiction = Annotated[
    str, typer.Option("--jurisdiction", "-j", help="Whose cards these are, such as the county.")
]
ManifestFile = Annotated[
    Path | None, typer.Option("--manifest", help="The ballot manifest, alone or beside the cards.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="How to read a CSV of another layout (TOML).")
]
Source = Annotated[
    str, typer.Option("--source", help="Who says so: a later import of this source takes its place.")
]


def import_cards(
    case: Case,
    files: Files = None,
    jurisdiction: Jurisdiction = "",
    manifest: ManifestFile = None,
    mapping: MappingFile = None,
    importer: options.ImporterName = "",
    source: Source = "",
    encoding: options.Encoding = "",
    by: options.By = "",
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Keep cast vote records and a ballot manifest in a case; a new name opens a new case.

    An import that was cut off is taken up where it stopped when the command is given again.
    """
    from tallyproof.services import access, card_imports

    request = card_imports.CardRequest(
        tuple(files or ()), jurisdiction, manifest, mapping, importer, encoding, source
    )
    found = card_imports.import_cards(options.workspace(home), access.terminal(by), case, request)
    show.done()
    if json:
        show.as_json(_told(found))
    else:
        _report(found)
    if found.faults or found.rejections or found.remarks:
        raise typer.Exit(FAULTS)


def _told(found: CardsImported) -> dict[str, object]:
    import msgspec

    told: dict[str, object] = msgspec.to_builtins(found)
    return told


def _report(found: CardsImported) -> None:
    if found.opened:
        show.say(f"Opened the case {found.case}.")
    for sentence in found.already:
        show.wrapped(sentence)
    if found.cards:
        _say_cards(found.cards)
    if found.manifest:
        _say_manifest(found.manifest)
    if not found.cards and not found.manifest:
        show.say("Nothing changed.")
        return
    for remark in found.remarks:
        place = f", row {remark.row:,}" if remark.row is not None else ""
        show.wrapped(f"{remark.file}{place}: {remark.text}.", "  ")
    for rejection in found.rejections[:SHOWN]:
        show.wrapped(f"{rejection.file}, row {rejection.row:,}: {rejection.reason}.", "  ")
    rejected = (found.cards.rejected if found.cards else 0) + (
        found.manifest.rejected if found.manifest else 0
    )
    if rejected > SHOWN:
        show.say(f"  … and {rejected - SHOWN:,} more; --json lists the first thousand.")
    for sentence in (*found.others, *found.faults):
        show.wrapped(sentence)
    numbers = [each.sequence for each in (found.cards, found.manifest) if each]
    beside = f" (the manifest: {numbers[1]})" if len(numbers) > 1 else ""
    show.say(f"To take it back: tallyproof cards undo {found.case} {numbers[0]} --reason …{beside}")


def _say_cards(record: CardImport) -> None:
    for each in record.readings:
        read = f"{show.counted(each.cards, 'card')}, {show.counted(each.rejected, 'row')} rejected"
        held = f"{show.counted(each.contests, 'contest')}, {show.counted(each.styles, 'card style')}"
        show.say(f"{each.file.name}: read as {each.importer}, SHA-256 {each.file.sha256[:16]}…")
        show.say(f"  {read}; {held}")
    files = show.counted(len(record.readings), "file")
    show.say(
        f"{show.counted(record.cards, 'card')} of {record.jurisdiction} from {files} "
        f"(event {record.sequence})."
    )


def _say_manifest(record: ManifestImport) -> None:
    batches = f"{record.batches:,} batch" + ("" if record.batches == 1 else "es")
    places = ", ".join(record.jurisdictions[:3]) + (", …" if len(record.jurisdictions) > 3 else "")
    show.say(f"{record.file.name}: {record.layout} layout, SHA-256 {record.file.sha256[:16]}…")
    rejected = f"{show.counted(record.rejected, 'row')} rejected"
    show.say(f"  {batches}, {show.counted(record.cards, 'card')}, {rejected}")
    show.say(f"Ballot manifest of {places} (event {record.sequence}).")


def list_cards(case: Case, home: options.Home = None, json: options.Json = False) -> None:
    """List the imports of cards and manifests of a case, and which of them count."""
    from tallyproof.services import access, card_records, cases

    state = cases.state(options.workspace(home), access.terminal(), case)
    cards = {(each.sequence, reading.key) for each, reading in card_records.counting_cards(state.cards)}
    listed = card_records.counting_manifests(state.manifests)
    rows = [
        (each.sequence, each.jurisdiction, reading.file.name, reading.cards, reading.rejected,
         _standing(each.undone, (each.sequence, reading.key) in cards))
        for each in state.cards
        for reading in each.readings
    ]  # fmt: skip
    manifests = [
        (each.sequence, _places(each), each.file.name, each.batches, each.cards,
         _standing(each.undone, any(found.sequence == each.sequence for found in listed.values())))
        for each in state.manifests
    ]  # fmt: skip
    if json:
        names = ("event", "jurisdiction", "file", "cards", "rejected", "state")
        of_batches = ("event", "jurisdiction", "file", "batches", "cards", "state")
        show.as_json(
            {
                "cards": [dict(zip(names, row, strict=True)) for row in rows],
                "manifests": [dict(zip(of_batches, row, strict=True)) for row in manifests],
            }
        )
        return
    if not rows and not manifests:
        show.say(
            f"Case {case} has no cards yet. Next: tallyproof cards import {case} FILE --jurisdiction NAME"
        )
    if rows:
        show.table(["event", "jurisdiction", "file", "cards", "rejected", ""], rows)
    if manifests:
        show.table(["event", "jurisdiction", "manifest", "batches", "cards", ""], manifests)


def _places(record: ManifestImport) -> str:
    names = record.jurisdictions
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"


def _standing(undone: str, counts: bool) -> str:
    return "undone" if undone else "counts" if counts else "replaced"


def undo(
    case: Case,
    event: Annotated[int, typer.Argument(help="Event number of the import.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who read the ledger later.")] = "",
    by: options.By = "",
    home: options.Home = None,
) -> None:
    """Undo an import of cards or of a manifest by its event number; the event and the original stay."""
    from tallyproof.services import access, card_imports, card_records

    state = card_imports.undo(options.workspace(home), access.terminal(by), case, event, reason)
    counting = card_records.counting_cards(state.cards)
    cards = sum(reading.cards for _, reading in counting)
    verb = "counts" if cards == 1 else "count"
    show.say(
        f"Import {event} of case {case} is undone (event {state.sequence}); "
        f"{show.counted(cards, 'card')} of {show.counted(len(counting), 'file')} {verb}."
    )


def styles(
    case: Case,
    rare: Annotated[
        int, typer.Option("--rare", min=1, help="A style on fewer cards than this is counted as rare.")
    ] = 10,
    shown: Annotated[int, typer.Option("--styles", min=0, help="Card styles shown.")] = SHOWN,
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Show which contests stand together on cards, and how many styles so few cards bear that votes show."""
    import msgspec

    from tallyproof.services import access, card_parts, card_styles

    cards = card_parts.case_cards(options.workspace(home), access.terminal(), case)
    found = card_styles.card_styles(cards.parts, rare)
    if json:
        show.as_json(msgspec.to_builtins(found, str_keys=True))
        return
    if not found:
        show.say(
            f"Case {case} has no cards yet. Next: tallyproof cards import {case} FILE --jurisdiction NAME"
        )
    for each in found:
        _say_styles(each, shown)


def _say_styles(found: StylesReport, shown: int) -> None:
    show.say(
        f"{found.jurisdiction}: {show.counted(len(found.styles), 'card style')} on {found.cards:,} cards"
    )
    rows = [
        (each.cards, len(each.contests), ", ".join(each.stated) or "–", ", ".join(each.contests) or "none")
        for each in found.styles[:shown]
    ]
    if rows:
        show.table(["cards", "contests", "ballot type", "which"], rows)
    if len(found.styles) > shown:
        show.say(f"  and {len(found.styles) - shown:,} more; --styles {len(found.styles)} shows all.")
    most = max(found.contests_per_card, default=0)
    total = sum(number * cards for number, cards in found.contests_per_card.items())
    if found.cards:
        least = min(found.contests_per_card)
        show.say(f"  {total / found.cards:.1f} contests per card on average, {least} to {most}.")
    if found.rare:
        stand = "style stands" if found.rare == 1 else "styles stand"
        show.wrapped(
            f"{found.rare:,} {stand} on fewer than {found.rare_below:,} cards "
            f"({show.counted(found.rare_cards, 'card')} together): "
            "whoever knows who voted there may learn how.",
            "  ",
        )
    for sentence in found.remarks[:SHOWN]:
        show.wrapped(sentence, "  ")
    if len(found.remarks) > SHOWN:
        show.say(f"  … and {len(found.remarks) - SHOWN:,} more remarks; --json lists them.")
