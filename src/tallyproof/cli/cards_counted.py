"""What the commands on counted cards ask alike: cards, manifests, pools, seats; and how they say bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options, show
from tallyproof.cli.spread import spread
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.audit.irv_rankings import RankingRules
    from tallyproof.formats.cards.importer import AskedCards
    from tallyproof.services.card_audits import AuditAsked, AuditCards
    from tallyproof.services.card_bounds import CardBound
    from tallyproof.services.card_contests import HowWon

FAULTS = 2
SHOWN = 20

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case whose cards are counted.")]
Cards = Annotated[
    list[str] | None,
    typer.Option("--cards", metavar="[NAME=]FILE", help="Without a case: cast vote records of NAME."),
]
Manifests = Annotated[
    list[str] | None,
    typer.Option("--manifest", metavar="[NAME=]FILE", help="Without a case: the manifest of NAME."),
]
Totals = Annotated[
    list[str] | None,
    typer.Option("--totals", metavar="[NAME=]FILE", help="Totals of batches without cast vote records."),
]
TotalsContest = Annotated[
    str, typer.Option("--totals-contest", help="The contest of totals whose columns name choices only.")
]
NoImprint = Annotated[
    bool, typer.Option("--pool-no-imprint", help="Pool records without an imprint: nobody can match them.")
]
Modes = Annotated[
    list[str] | None,
    typer.Option("--pool-mode", help="Pool records of this way of voting (may be repeated)."),
]
Frame = Annotated[
    Path | None,
    typer.Option("--frame", help="The frame that cards are drawn from: contests stand on its counts."),
]
Seats = Annotated[
    list[str] | None,
    typer.Option(
        "--seats", metavar="CONTEST=NUMBER", help="How many win; else as many as a voter has votes."
    ),
]
Shares = Annotated[
    list[str] | None,
    typer.Option("--share", metavar="CONTEST=CHOICE:SHARE", help="The choice must have more, such as 0.55."),
]
Runoff = Annotated[
    list[str] | None,
    typer.Option("--runoff", metavar="CONTEST", help="Without a majority the first two go to a runoff."),
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="How to read cast vote records of another layout (TOML).")
]
Overvote = Annotated[
    str, typer.Option("--overvote", help="A rank with several choices: 'exhaust' or 'skip' it.")
]
Blanks = Annotated[
    int | None, typer.Option("--blanks", help="Empty ranks in a row that a ranking survives; any.")
]
Repeats = Annotated[
    str,
    typer.Option("--repeats", help="A choice ranked again: 'keep' it in its rank, or 'strike' it out first."),
]
RiskLimit = Annotated[float, typer.Option("--risk-limit", help="Chance that a wrong outcome may stand.")]
Seconds = Annotated[
    float, typer.Option("--seconds", min=0.1, help="For each ranked contest with more than 12 choices.")
]
ContestName = Annotated[str, typer.Option("--contest", help="The contest that is meant.")]
Problem = Annotated[
    bool, typer.Option("--problem", help="Print the problem itself, as 'tallyproof solve' takes it.")
]


@dataclass(frozen=True, slots=True)
class Counted:
    """What each of these commands is told: which cards, what pools are made of, how contests are won."""

    case: Case = ""
    cards: Cards = None
    manifest: Manifests = None
    totals: Totals = None
    totals_contest: TotalsContest = ""
    pool_no_imprint: NoImprint = False
    pool_mode: Modes = None
    frame: Frame = None
    seats: Seats = None
    share: Shares = None
    runoff: Runoff = None
    risk_limit: RiskLimit = 0.05
    overvote: Overvote = "exhaust"
    blanks: Blanks = None
    repeats: Repeats = "keep"
    mapping: MappingFile = None
    encoding: options.Encoding = ""
    home: options.Home = None


on_cards = spread(Counted, "counted")
"""The command with an option for each field of Counted in place of its parameter ``counted``."""


def audit_cards(counted: Counted) -> AuditCards:
    """The cards that a command is told of, of a case or of files.

    Raises RequestError unless they are of one of the two, and for words that are no answer.
    """
    from tallyproof.services import access, card_audits

    _require_risk_limit(counted.risk_limit)
    asked = _asked(counted)
    if bool(counted.case) == bool(counted.cards):
        raise RequestError("Name either a case or files: CASE, or --cards FILE with --manifest FILE.")
    if counted.case:
        options.refuse("of a case, whose imports say it", manifest=counted.manifest, mapping=counted.mapping)
        workspace = options.workspace(counted.home)
        return card_audits.of_case(workspace, access.terminal(), counted.case, asked)
    how = asked_cards(counted.mapping)
    return card_audits.of_files(counted.cards or [], counted.manifest or [], asked, how)


def ranking_rules(overvote: str, blanks: int | None, repeats: str) -> RankingRules:
    """How ranked ballots are read. Raises RequestError for words that are no answer."""
    from tallyproof.audit.irv_rankings import RankingRules

    if overvote not in {"exhaust", "skip"}:
        raise RequestError(f"--overvote is 'exhaust' or 'skip', not '{overvote}'.")
    if repeats not in {"keep", "strike"}:
        raise RequestError(f"--repeats is 'keep' or 'strike', not '{repeats}'.")
    return RankingRules(
        "skip" if overvote == "skip" else "exhaust", blanks, "strike" if repeats == "strike" else "keep"
    )


def asked_cards(mapping: Path | None) -> AskedCards:
    """How cast vote records are read, with the mapping file where one is named."""
    from tallyproof.formats.cards.importer import AskedCards
    from tallyproof.formats.mapping_file import load

    if mapping is None:
        return AskedCards()
    text = load(mapping)
    return AskedCards(mapping=text.text, mapping_name=text.name)


def _asked(counted: Counted) -> AuditAsked:
    from tallyproof.services.card_audits import AuditAsked
    from tallyproof.services.card_contests import HowWon
    from tallyproof.services.pool_sources import Unmatched

    rules = ranking_rules(counted.overvote, counted.blanks, counted.repeats)
    unmatched = Unmatched(counted.pool_no_imprint, tuple(counted.pool_mode or ()))
    won = [*map(_seats, counted.seats or ()), *map(_share, counted.share or ())]
    won += [(name, HowWon(runoff=True)) for name in counted.runoff or ()]
    told = dict(won)
    if len(told) < len(won):
        raise RequestError(
            "--seats, --share and --runoff are said twice of a contest. Say one of them of each."
        )
    return AuditAsked(
        tuple(counted.totals or ()), counted.totals_contest, unmatched, told, rules, counted.encoding,
        counted.frame,
    )  # fmt: skip


def _seats(text: str) -> tuple[str, HowWon]:
    from tallyproof.services.card_contests import HowWon

    name, sign, number = text.rpartition("=")
    if not sign or not number.strip().isdecimal():
        raise RequestError(f"--seats reads like 'City council=3', not '{text}'.")
    return name.strip(), HowWon(int(number))


def _share(text: str) -> tuple[str, HowWon]:
    from tallyproof.audit.contest import share_of
    from tallyproof.services.card_contests import HowWon

    rest, colon, share = text.rpartition(":")
    name, sign, choice = rest.rpartition("=")
    if not colon or not sign or not re.fullmatch(r"\d{1,9}/\d{1,9}|\d?\.\d{1,9}", share.strip()):
        raise RequestError(f"--share reads like 'Amendment G=Yes/For:0.55', not '{text}'.")
    share_of(share.strip(), "--share")
    return name.strip(), HowWon(choice=choice.strip(), share=share.strip())


def _require_risk_limit(given: float) -> None:
    if not 0 < given < 1:
        raise RequestError(f"--risk-limit is {given:g}; it must be above 0 and below 1, such as 0.05.")


def end(found: AuditCards) -> None:
    """End with 2 where something does not fit."""
    if found.pooled.faults:
        raise typer.Exit(FAULTS)


def end_of_problem(found: AuditCards) -> None:
    """Tell what does not fit beside JSON, on standard error, and end with 2 where something does not."""
    for fault in found.pooled.faults:
        show.tell(fault)
    end(found)


def where_from(found: AuditCards) -> str:
    """What the bounds on cards rest on, over all jurisdictions."""
    phantoms = sum(each.phantoms for each in found.pooled.jurisdictions.values())
    pooled = sum(pool.cards for pool in found.pooled.pools)
    recorded = sum(each.recorded for each in found.pooled.jurisdictions.values())
    parts = [f"{show.counted(recorded, 'card')} with records"]
    if pooled:
        number = len(found.pooled.pools)
        parts.append(f"{pooled:,} in {show.counted(number, 'pool')}")
    listed = [name for name, each in found.pooled.jurisdictions.items() if each.listed is not None]
    without = len(found.pooled.jurisdictions) - len(listed)
    if phantoms:
        parts.append(f"{phantoms:,} that manifests list and nothing records")
    ending = "The bounds rest on manifests."
    if not listed:
        ending = "There is no manifest: the bounds rest on the records alone, and cards may be missing."
    elif without:
        ending = f"{show.counted(without, 'jurisdiction')} without a manifest: there cards may be missing."
    if found.frame is not None:
        ending += f" Each contest stands on the cards that {found.frame.file} lists for it."
    return f"Cards: {', '.join(parts)}. {ending}"


def bound(bound: CardBound) -> str:
    """How many cards may bear a contest, and what that rests on."""
    parts = [f"{bound.recorded:,} with records"]
    if bound.pooled:
        parts.append(f"{bound.pooled:,} in pools")
    if bound.phantoms:
        parts.append(f"{bound.phantoms:,} listed and not recorded")
    return f"{show.counted(bound.cards, 'card')} may bear it ({', '.join(parts)}), by {bound.source}"
