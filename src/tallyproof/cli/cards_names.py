"""``tallyproof cards names``: what contests and choices are called, and their standard names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options, show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.services.card_names import Called, NamesLook, StandardGroup

FAULTS = 2
SHOWN = 10
PLACES = 3

Case = Annotated[str, typer.Argument(metavar="CASE", help="Short name of the case.")]
Propose = Annotated[
    Path | None,
    typer.Option("--propose", help="Write the names, and proposals to review, to this TOML file."),
]
AcceptSame = Annotated[
    bool,
    typer.Option(
        "--accept-same", help="Propose as accepted what differs in case, punctuation or notes only."
    ),
]
Use = Annotated[
    Path | None, typer.Option("--use", help="Set the names in this file: TOML, or Arlo's list as CSV.")
]
Export = Annotated[
    Path | None, typer.Option("--export", help="Write the names that are set to this TOML file.")
]
Lists = Annotated[
    list[Path] | None,
    typer.Option("--list", help="A list of contests by county, looked at as well; may be given again."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why names that were set are replaced.")]


def names(
    case: Case,
    propose: Propose = None,
    accept_same: AcceptSame = False,
    use: Use = None,
    reason: Reason = "",
    export: Export = None,
    lists: Lists = None,
    shown: Annotated[int, typer.Option("--shown", min=0, help="Contests shown of each kind.")] = SHOWN,
    by: options.By = "",
    home: options.Home = None,
    json: options.Json = False,
) -> None:
    """Show what cards and returns call contests and choices, and give them standard names."""
    if sum(each is not None for each in (propose, use, export)) > 1:
        raise RequestError("--propose, --use and --export are three steps. Give one at a time.")
    if reason and use is None:
        raise RequestError("--reason belongs to --use. Leave it out.")
    if accept_same and propose is None:
        raise RequestError("--accept-same belongs to --propose. Leave it out.")
    from tallyproof.services import access, card_names

    workspace, actor = options.workspace(home), access.terminal(by)
    if propose is not None:
        found = card_names.propose(workspace, actor, case, lists or (), accept_same=accept_same)
        _write(propose, card_names.proposal_text(found))
        told = card_names.decisions(found)
        _say_proposed(case, propose, told["proposed"], told["accepted"])
        return
    if export is not None:
        _write(export, card_names.names_text(workspace, actor, case))
        show.say(f"The names of case {case} are written to {export}.")
        return
    if use is not None:
        card_names.set_names(workspace, actor, case, use, reason)
    look = card_names.look(workspace, actor, case, lists or ())
    show.done()
    if json:
        import msgspec

        show.as_json(msgspec.to_builtins(look, str_keys=True))
    else:
        _print(look, shown)
    if look.faults:
        raise typer.Exit(FAULTS)


def _write(path: Path, text: str) -> None:
    """Write a new file; one that is there may hold decisions, which nobody should lose."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise RequestError(f"{path} is there already. Name a new file.") from None
    except OSError as fault:
        raise RequestError(f"{path} cannot be written ({fault.strerror}). Name another file.") from None


def _say_proposed(case: str, path: Path, undecided: int, accepted: int) -> None:
    if accepted:
        show.say(f"{show.counted(accepted, 'wording')} accepted in {path}.")
    if not undecided:
        show.say(f"Nothing to decide in {path}: no other names are alike enough.")
    else:
        show.say(f"{show.counted(undecided, 'wording')} to decide in {path}.")
        show.wrapped(
            'In each line write state = "accepted" or "refused"; lines left as "proposed" have no effect.'
        )
    if undecided or accepted:
        show.say(f"Then: tallyproof cards names {case} --use {path}")


def _print(look: NamesLook, shown: int) -> None:
    if look.record is None:
        show.say(f"Case {look.case} has no standard names; contests go by what files call them.")
        if look.contests:
            show.say(f"To have some proposed: tallyproof cards names {look.case} --propose FILE.toml")
    else:
        counts = look.record.counts
        show.say(
            f"Standard names of case {look.case}: {look.record.file} (event {look.record.sequence}), "
            f"{show.counted(counts['accepted'], 'wording')} accepted, {counts['refused']:,} refused."
        )
        if look.undecided:
            show.say(f"{show.counted(look.undecided, 'wording')} still proposed: without effect.")
    if not look.contests:
        show.say(
            f"There are no contests yet. Next: tallyproof cards import {look.case} FILE --jurisdiction NAME"
        )
        return
    show.say()
    show.table(
        ["jurisdiction", "contests", "also elsewhere", "renamed"],
        [(each.jurisdiction, each.contests, each.shared, each.renamed) for each in look.places],
    )
    _print_joined([each for each in look.contests if each.is_joined], shown)
    _print_alone(look.alone, shown)
    if look.faults:
        show.say()
        show.say("What does not fit:")
    for sentence in look.faults:
        show.wrapped(sentence, "  ")


def _print_joined(groups: Sequence[StandardGroup], shown: int) -> None:
    for each in groups[:shown]:
        show.say()
        votes = f" (vote for {each.vote_for})" if each.vote_for else ""
        show.say(f"{each.name}{votes}: {_places(each.places)}")
        rows = [("contest", *row) for row in _renamed(each.wordings, each.name)]
        for choice, wordings in each.choices:
            rows += [(choice, *row) for row in _renamed(wordings, choice)]
        show.table(["", "called", "in"], rows)
    if len(groups) > shown:
        show.say(f"  and {len(groups) - shown:,} more; --shown {len(groups)} shows all.")


def _renamed(wordings: Iterable[Called], standard: str) -> list[tuple[str, str]]:
    return [(each.name, _places(each.places)) for each in wordings if each.name != standard]


def _places(places: Sequence[str]) -> str:
    if len(places) <= PLACES:
        return ", ".join(places)
    return f"{', '.join(places[: PLACES - 1])} and {len(places) - PLACES + 1:,} more"


def _print_alone(alone: Sequence[Called], shown: int) -> None:
    if not alone:
        return
    show.say()
    show.say(f"{show.counted(len(alone), 'contest')} of one source only, under no rule:")
    show.table(["contest", "in"], [(each.name, _places(each.places)) for each in alone[:shown]])
    if len(alone) > shown:
        show.say(f"  and {len(alone) - shown:,} more; --shown {len(alone)} shows all.")
