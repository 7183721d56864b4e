"""Commands that draw cards: ``tallyproof cards draw``, ``redraw`` and ``retrieval``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tallyproof.cli import options, show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.services.draw_records import Drawn, DrawRecord, Method
    from tallyproof.services.retrieving import Pull

FrameFile = Annotated[Path, typer.Argument(metavar="FRAME", help="The frame that was published.")]
RecordFile = Annotated[Path, typer.Argument(metavar="RECORD", help="The record of a draw (JSON).")]
SeedText = Annotated[str, typer.Option("--seed", help="The digits rolled in public, at least 20.")]
Size = Annotated[int, typer.Option("--size", min=0, help="How many cards or batches are drawn now.")]
Contests = Annotated[
    list[str] | None,
    typer.Option("--contest", metavar="NAME=SIZE", help="Cards of this contest in all (may be repeated)."),
]
MethodName = Annotated[
    str,
    typer.Option("--method", help="uniform, consistent, ppeb, colorado, rivest, shangrla, arlo-ballots, "
                                  "arlo-batches."),
]  # fmt: skip
Round = Annotated[Path | None, typer.Option("--round", help="The record of the rounds before.")]
FrameHash = Annotated[str | None, typer.Option("--frame-hash", help="The SHA-256 published before the seed.")]
Without = Annotated[bool, typer.Option("--without-replacement", help="Draw no card twice.")]
Jurisdictions = Annotated[
    list[str] | None, typer.Option("--jurisdiction", help="Draw from these alone (may be repeated).")
]
Reproducing = Annotated[
    bool, typer.Option("--reproducing", help="Admit the short seed of an audit that is over.")
]
Numpy = Annotated[int, typer.Option("--numpy", help="The version of NumPy that Arlo ran on: 1 or 2.")]
RecordOut = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the record to this .json file.")
]
All = Annotated[bool, typer.Option("--all", help="Show every line, not only the first 20.")]

FAULTS = 2
SHOWN = 20


def draw(
    frame: FrameFile,
    seed: SeedText = "",
    size: Size = 0,
    contest: Contests = None,
    method: MethodName = "",
    round_: Round = None,
    frame_hash: FrameHash = None,
    without_replacement: Without = False,
    jurisdiction: Jurisdictions = None,
    reproducing: Reproducing = False,
    numpy_major: Numpy = 1,
    output: RecordOut = None,
    show_all: All = False,
    json: options.Json = False,
) -> None:
    """Draw from a published frame by a public seed; --round goes on from an earlier record."""
    from tallyproof.services import draw_records, drawing, exporting

    if output is not None:
        if output.suffix.casefold() != ".json":
            raise RequestError(f"{output}: the record of a draw is JSON. Name a .json file.")
        exporting.require_new(output)
    sizes = _sizes(contest or [])
    if not size and not sizes:
        raise RequestError("Say how many are drawn: --size 100, or --contest NAME=100 for each contest.")
    if round_ is not None:
        options.refuse("beside --round, whose record says it", method=method, jurisdiction=jurisdiction,
                       without_replacement=without_replacement, reproducing=reproducing)  # fmt: skip
        earlier = draw_records.load_record(round_)
        if seed and seed != earlier.seed:
            raise RequestError(
                f"The record was drawn by seed {earlier.seed}, not {seed}. Rounds share a seed."
            )
        record = drawing.draw_next(frame, earlier, size, sizes, frame_hash=frame_hash)
    else:
        record = drawing.draw(
            frame,
            drawing.asked(
                seed, _method(method, by_contest=bool(sizes)), size, sizes,
                with_replacement=not without_replacement, jurisdictions=tuple(jurisdiction or ()),
                reproducing=reproducing, numpy_major=_numpy(numpy_major),
            ),
            frame_hash=frame_hash,
        )  # fmt: skip
    if output is not None:
        draw_records.save_record(record, output)
    if json:
        _as_json(record)
    else:
        _print(record, output, compared=frame_hash is not None or round_ is not None, show_all=show_all)


def _sizes(texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        name, sign, number = text.rpartition("=")
        if not sign or not name.strip() or not (number.isascii() and number.isdigit()) or len(number) > 9:
            raise RequestError(f"--contest is NAME=SIZE, such as 'Mayor=120', not '{text}'.")
        if name.strip() in found:
            raise RequestError(f"--contest is said twice of {name.strip()}. Say it once, with all its cards.")
        found[name.strip()] = int(number)
    return found


def _method(text: str, *, by_contest: bool) -> Method:
    from tallyproof.services.drawing import METHODS

    wanted = text or ("consistent" if by_contest else "uniform")
    for method in METHODS:
        if method == wanted:
            return method
    raise RequestError(f"'{text}' is not a method. Use one of: {', '.join(METHODS)}.")


def _numpy(number: int) -> Literal[1, 2]:
    if number == 1 or number == 2:
        return 1 if number == 1 else 2
    raise RequestError(f"--numpy is 1 or 2, not {number}.")


def _as_json(record: DrawRecord) -> None:
    import msgspec

    show.as_json(msgspec.to_builtins(record))


def _print(record: DrawRecord, output: Path | None, *, compared: bool, show_all: bool) -> None:
    facts = record.frame
    show.say(f"Frame   {facts.file}: {show.counted(facts.cards, 'card')}, {facts.order} order")
    show.say(f"SHA-256 {facts.sha256}")
    show.say(f"Seed    {record.seed}")
    how = "" if record.with_replacement or record.usable else ", without replacement"
    show.say(f"Method  {record.method}{how}")
    if record.jurisdictions:
        show.say(f"From    {', '.join(record.jurisdictions)}")
    last = record.rounds[-1].draws
    things = {(each.key, each.card) for each in last}
    what = "card" if any(each.card for each in last) else "batch"
    plural = what if len(things) == 1 else "cards" if what == "card" else "batches"
    show.say(f"\nRound {len(record.rounds)}: {show.counted(len(last), 'draw')}, {len(things):,} {plural}")
    shown = last if show_all else last[:SHOWN]
    by, cells = _by(shown)
    rows = [
        (each.draw, each.jurisdiction or "–", each.tabulator or "–", each.batch, each.card or "all", *cell)
        for each, cell in zip(shown, cells, strict=True)
    ]
    if rows:
        show.table(["draw", "jurisdiction", "tabulator", "batch", "card", *by], rows)
    if len(last) > len(shown):
        show.say(f"  and {len(last) - len(shown):,} more; --all shows them.")
    _print_contests(record)
    if not compared:
        show.say()
        show.wrapped("Compare the frame's SHA-256 with the one published before the seed was rolled, "
                     "or give that one as --frame-hash.")  # fmt: skip
    if output is not None:
        show.tell(f"Record written to {output}.")


def _by(draws: Sequence[Drawn]) -> tuple[list[str], list[tuple[object, ...]]]:
    """A column of numbers or of tickets, whatever the cards were drawn by; none for bounds alone."""
    if all(each.number is not None for each in draws):
        return ["number"], [(each.number,) for each in draws]
    if all(each.ticket for each in draws):
        return ["ticket"], [(f"{(each.ticket or '')[:12]}…",) for each in draws]
    return [], [()] * len(draws)


def _print_contests(record: DrawRecord) -> None:
    if record.usable:
        show.say()
        rows = [(name, len(draws), record.thresholds.get(name, "–")[:16])
                for name, draws in record.usable.items()]  # fmt: skip
        show.table(["contest", "cards that count", "last ticket"], rows)


def redraw(record: RecordFile, frame: FrameFile, json: options.Json = False) -> None:
    """Draw a published record anew from its frame and seed, and say whether it agrees."""
    from tallyproof.services import draw_records, drawing

    listed = draw_records.load_record(record)
    wrong = drawing.redraw(frame, listed)
    if json:
        show.as_json({"agrees": not wrong, "differences": wrong, "draws": len(listed.draws),
                      "frame_sha256": listed.frame.sha256})  # fmt: skip
    elif wrong:
        show.say(f"{record.name} is not what the frame and seed {listed.seed} draw:")
        for sentence in wrong:
            show.wrapped(sentence, "  ")
    else:
        rounds = show.counted(len(listed.rounds), "round")
        show.wrapped(f"{record.name} agrees: frame and seed {listed.seed} draw the same "
                     f"{show.counted(len(listed.draws), 'draw')} in {rounds}.")  # fmt: skip
        show.say(f"SHA-256 of the frame: {listed.frame.sha256}")
    if wrong:
        raise typer.Exit(FAULTS)


def retrieval(
    record: RecordFile,
    round_: Annotated[
        int | None, typer.Option("--round", min=1, help="Only what no round before this one has pulled.")
    ] = None,
    manifest: Annotated[
        list[str] | None,
        typer.Option("--manifest", metavar="[NAME=]FILE", help="A manifest that says where batches stand."),
    ] = None,
    encoding: options.Encoding = "",
    output: options.Output = None,
    show_all: All = False,
    json: options.Json = False,
) -> None:
    """List the drawn cards in the order in which they are pulled, each once with all its draws."""
    from tallyproof.services import draw_records, exporting, retrieving
    from tallyproof.services.frame_lists import cards_of_files

    if output is not None:
        exporting.require_output(output, [record])
    places = retrieving.places_of(cards_of_files(manifest or [], [], None, encoding).manifests)
    pulls = retrieving.retrieval(draw_records.load_record(record), places, round_number=round_)
    if output is not None:
        options.save(retrieving.retrieval_table(pulls), output)
    if json:
        import msgspec

        show.as_json(msgspec.to_builtins(pulls))
    else:
        _print_pulls(pulls, show_all=show_all)


def _print_pulls(pulls: list[Pull], *, show_all: bool) -> None:
    from tallyproof.services import retrieving

    batches = retrieving.by_batch(pulls)
    has_cards = any(pull.card for pull in pulls)
    what = show.counted(len(pulls), "card") + " in " if has_cards else ""
    show.say(f"{what}{len(batches):,} batch{'' if len(batches) == 1 else 'es'}")
    shown = pulls if show_all else pulls[:SHOWN]
    rows = [(number, pull.key[0] or "–", pull.place or "–", pull.key[1] or "–", pull.key[2],
             pull.card or "all", " ".join(map(str, pull.draws)))
            for number, pull in enumerate(shown, 1)]  # fmt: skip
    if rows:
        show.table(["pull", "jurisdiction", "place", "tabulator", "batch", "card", "draws"], rows)
    if len(pulls) > len(shown):
        show.say(f"  and {len(pulls) - len(shown):,} more; --all shows them, --output writes them.")
    if has_cards:
        show.say()
        listed = batches if show_all else batches[:SHOWN]
        show.table(["jurisdiction", "place", "tabulator", "batch", "cards to pull"],
                   [(key[0] or "–", place or "–", key[1] or "–", key[2], cards)
                    for key, place, cards in listed])  # fmt: skip
        if len(batches) > len(listed):
            show.say(f"  and {len(batches) - len(listed):,} more batches; --all shows them.")
