"""``tallyproof cards pools``: cards known together only, and the audit problems made with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import cards_counted, options, show
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.services.card_audits import AuditCards


@cards_counted.on_cards
def pools(
    counted: cards_counted.Counted,
    contest: Annotated[
        list[str] | None, typer.Option("--contest", help="Only this contest (may be repeated).")
    ] = None,
    strata: Annotated[
        str,
        typer.Option("--strata", help="The problem of one contest by 'jurisdiction', 'mode' or 'records'."),
    ] = "",
    problem: cards_counted.Problem = False,
    json: options.Json = False,
) -> None:
    """Show the cards that have no record of their own, as pools whose totals an audit can use."""
    found = cards_counted.audit_cards(counted)
    show.done()
    if problem or strata:
        _print_problem(found, contest or [], strata, counted.risk_limit)
        cards_counted.end_of_problem(found)
        return
    if json:
        _print_pools_json(found, contest or [])
    else:
        _print_pools(found, contest or [])
    cards_counted.end(found)


def _print_pools(found: AuditCards, names: list[str]) -> None:
    from tallyproof.services.card_problems import contest_called

    chosen = [contest_called(found.pooled, name) for name in names]
    pooled = found.pooled.pools
    if not pooled:
        phantoms = sum(each.phantoms for each in found.pooled.jurisdictions.values())
        own = f"{show.counted(phantoms, 'card')} listed and not recorded" if phantoms else ""
        show.wrapped(
            f"There are no pools: {own or 'every card has a record of its own'}. --totals gives totals of "
            "batches without records; --pool-no-imprint and --pool-mode pool records that nobody can match "
            "to paper."
        )
    else:
        show.table(
            ["pool", "made from", "cards", "recorded", "contests"],
            [(each.name, each.source, each.cards, each.recorded, len(each.contests))
             for each in pooled[: None if names else cards_counted.SHOWN]],
        )  # fmt: skip
        if not names and len(pooled) > cards_counted.SHOWN:
            show.say(f"  and {len(pooled) - cards_counted.SHOWN:,} more; --json lists all.")
        show.say()
        show.wrapped(cards_counted.where_from(found))
    for contest in chosen:
        show.say()
        show.say(f"{contest.name}: {cards_counted.bound(contest.bound)}")
        rows = [(name, pool.cards, *_votes(contest.recorded.choices, pool.votes))
                for name, pool in contest.pools.items()]  # fmt: skip
        if rows:
            show.table(["pool", "cards", *contest.recorded.choices], rows)
        for remark in (*contest.remarks, *filter(None, [contest.refused or contest.not_auditable])):
            if not {remark, f"{contest.name}: {remark}"} & {*found.pooled.faults}:
                show.wrapped(remark)
    for fault in found.pooled.faults:
        show.say()
        show.wrapped(fault)


def _votes(choices: tuple[str, ...], votes: dict[str, int]) -> list[object]:
    return [votes.get(choice, "ranked" if not votes else 0) for choice in choices]


def _print_pools_json(found: AuditCards, names: list[str]) -> None:
    import msgspec

    from tallyproof.services.card_problems import contest_called

    chosen = [contest_called(found.pooled, name) for name in names] or list(found.pooled.contests)
    show.as_json(
        {
            "pools": msgspec.to_builtins(found.pooled.pools),
            "contests": {
                each.name: {
                    "bound": msgspec.to_builtins(each.bound),
                    "pools": msgspec.to_builtins(dict(each.pools)),
                    "remarks": [*each.remarks, *filter(None, [each.refused or each.not_auditable])],
                }
                for each in chosen
            },
            "faults": list(found.pooled.faults),
        }
    )


def _print_problem(found: AuditCards, names: list[str], strata: str, risk_limit: float) -> None:
    """One contest as a card audit or a stratified one, several as an audit of contests."""
    import msgspec

    from tallyproof.services import card_problems, card_strata

    if strata:
        if strata not in {"jurisdiction", "mode", "records"} or len(names) != 1:
            raise RequestError("--strata is 'jurisdiction', 'mode' or 'records', for one --contest.")
        if found.frame is not None:
            raise RequestError("--strata and --frame do not go together: a frame tells how many cards bear a "
                               "contest, and not how many in each stratum.")  # fmt: skip
        by: card_strata.By = (
            "mode" if strata == "mode" else "records" if strata == "records" else "jurisdiction"
        )
        contest = card_problems.contest_called(found.pooled, names[0])
        made: msgspec.Struct = card_strata.strata_for(
            found.cards, found.pooled, contest, by, found.sources, risk_limit
        )
    elif len(names) == 1:
        made = card_problems.problem_for(card_problems.contest_called(found.pooled, names[0]), risk_limit)
    else:
        made = card_problems.contests_problem_for(found.pooled, found.styles, names, risk_limit)
    show.as_json(msgspec.to_builtins(made))
