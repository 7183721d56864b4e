"""``tallyproof reproduce``: a published audit recomputed from its own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import show
from tallyproof.cli.options import Json

if TYPE_CHECKING:
    from tallyproof.services.reproduction import ClaimSet, ContestClaims, Line, Reproduction

FEW = 20
"""As many lines of one question are shown; of more, only those that do not agree."""
MOST = 50
FEW_CONTESTS = 5
DIFFERS, NOT_CHECKED = 2, 3


def reproduce(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The published files, archives and all.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Show every line, also where many agree.")
    ] = False,
    json: Json = False,
) -> None:
    """Recompute a finished audit from its public files; exit 2: a number differs, 3: not all was checked."""
    from tallyproof.services.reproducing import reproduce as run

    found = run(folder)
    if json:
        _as_json(found)
    else:
        _print(found, everything)
    if found.differs:
        raise typer.Exit(DIFFERS)
    if found.is_incomplete:
        raise typer.Exit(NOT_CHECKED)


def _print(found: Reproduction, everything: bool) -> None:
    show.say(f"{found.audit or 'Audit'}: {show.counted(found.read, 'file')} read.")
    if found.unread:
        named = ", ".join(found.unread[:5]) + (", …" if len(found.unread) > 5 else "")
        show.wrapped(f"{show.counted(len(found.unread), 'file')} of no format known here: {named}.")
    show.say()
    _in_all(found)
    show.say()
    _summary(found)
    sizes = found.sizes
    shown = [line for line in found.lines if everything or sizes[line.file, line.question] <= FEW]
    agreeing = [line for line in shown if line.result.value == "agrees"]
    for file in dict.fromkeys(line.file for line in agreeing):
        show.say()
        show.say(f"Agrees: {file}")
        show.table(
            ["row", "what", "contest", "published", "recomputed"],
            [
                (line.row, _what(line), line.contest, line.published, line.recomputed)
                for line in agreeing
                if line.file == file
            ],
        )
    _differing([line for line in found.lines if line.result.value == "differs"], everything)
    _unknown([line for line in found.lines if line.result.value == "cannot be checked"], everything)
    complete = [each for each in found.claims if each.tested == each.needed]
    is_short = everything or len(complete) <= FEW_CONTESTS
    for claims in found.claims if is_short else [each for each in found.claims if each not in complete]:
        show.say()
        _claims(claims)
    if not is_short:
        _many(complete)


def _what(line: Line) -> str:
    return f"{line.question}, {line.remark}" if line.remark else line.question


def _many(complete: list[ContestClaims]) -> None:
    """What many contests have in common, with each remark once."""
    show.say()
    show.say("Assertions tested and needed")
    claims = sum(len(each.tested.claims) for each in complete)
    show.wrapped(
        f"{len(complete):,} contests: {claims:,} assertions tested, each winner over each other choice; by "
        "most votes the outcome needs these. --all lists them.",
        "  ",
    )
    for remark in dict.fromkeys(each.remark for each in complete if each.remark):
        number = sum(each.remark == remark for each in complete)
        show.wrapped(f"{show.counted(number, 'contest')} of these: {remark}", "  ")


def _in_all(found: Reproduction) -> None:
    """What became of all published numbers; where none was recomputed, that stands alone."""
    agree, differ, unknown = found.results.values()
    if not agree and not differ:
        show.wrapped("Nothing could be recomputed, so nothing is shown to agree; the needs stand below.")
        return
    parts = [f"{show.counted(agree, 'line')} agree{'s' if agree == 1 else ''}", f"{differ:,} differ"]
    show.wrapped(f"{', '.join(parts)}, {unknown:,} cannot be checked.")


def _summary(found: Reproduction) -> None:
    rows = [(file, question, *counts.values()) for (file, question), counts in found.tallies.items()]
    show.table(["file", "what", "agree", "differ", "cannot be checked"], rows)


def _differing(lines: list[Line], everything: bool) -> None:
    """Both numbers with the place of the published one."""
    if not lines:
        return
    show.say()
    show.say("Differs")
    for line in lines if everything else lines[:MOST]:
        about = ", ".join(filter(None, (line.question, line.contest, line.remark)))
        numbers = f"published {line.published or 'nothing'}, recomputed {line.recomputed or 'nothing'}"
        show.wrapped(f"{line.place}: {about}: {numbers}.", "  ")
    if len(lines) > MOST and not everything:
        show.say(f"  … and {len(lines) - MOST:,} more; --all shows them.")


def _unknown(lines: list[Line], everything: bool) -> None:
    """What is needed; the same need of many lines once, unless all are asked for."""
    if not lines:
        return
    show.say()
    show.say("Cannot be checked")
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        key = (
            (line.place, line.contest, line.remark) if everything else (line.file, line.question, line.remark)
        )
        groups.setdefault(key, []).append(line)
    for first, *others in groups.values():
        about = ", ".join(filter(None, (first.question, first.contest)))
        more = f" and {show.counted(len(others), 'line')} more" if others else ""
        show.wrapped(f"{first.place}: {about}{more}: {first.remark}.", "  ")


def _claims(claims: ContestClaims) -> None:
    show.say(f"Assertions tested and needed: {claims.contest}")
    if claims.tested == claims.needed:
        show.say(f"  tested, and all that the outcome needs{_size(claims.tested)}")
    else:
        show.say(f"  tested{_size(claims.tested)}; needed{_size(claims.needed)}")
    tested = set(claims.tested.claims)
    for claim in dict.fromkeys((*claims.tested.claims, *claims.needed.claims)):
        show.wrapped(f"{'tested' if claim in tested else 'NOT TESTED'}: {claim}", "  ")
    if claims.remark:
        show.wrapped(claims.remark, "  ")


def _size(claims: ClaimSet) -> str:
    if claims.bound is None or claims.draws is None:
        return ""
    return f" (total error bound U {claims.bound:.6f}, {show.counted(claims.draws, 'draw')})"


def _as_json(found: Reproduction) -> None:
    import msgspec

    keys = ("file", "question", "agrees", "differs", "cannot be checked")
    summary = [
        dict(zip(keys, (*key, *counts.values()), strict=True)) for key, counts in found.tallies.items()
    ]
    show.as_json({"summary": summary, **msgspec.to_builtins(found)})
