"""``tallyproof cards margins`` and ``assertions``: who won by how much, and what confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tallyproof.cli import cards_counted, options, show
from tallyproof.election.card_joins import and_list, is_answer

JOINED_SHOWN = 5
NOBODY = "one without a name"
"""A jurisdiction whose files nobody named."""

if TYPE_CHECKING:
    from tallyproof.services.card_audits import AuditCards
    from tallyproof.services.card_bounds import CardBound
    from tallyproof.services.card_margins import AssertionMargin, ContestMargin


@cards_counted.on_cards
def margins(
    counted: cards_counted.Counted,
    seconds: cards_counted.Seconds = 60.0,
    json: options.Json = False,
) -> None:
    """Show every contest's winners and smallest margin, in votes and over its cards."""
    from tallyproof.services import card_margins

    found = cards_counted.audit_cards(counted)
    told = card_margins.margins(found.pooled.contests, risk_limit=counted.risk_limit, seconds=seconds)
    show.done()
    if json:
        import msgspec

        show.as_json({"contests": msgspec.to_builtins(told), "faults": list(found.pooled.faults)})
    else:
        _print_margins(told, found)
    cards_counted.end(found)


@cards_counted.on_cards
def assertions(
    contest: cards_counted.ContestName,
    counted: cards_counted.Counted,
    seconds: cards_counted.Seconds = 60.0,
    problem: cards_counted.Problem = False,
    json: options.Json = False,
) -> None:
    """Show what must be confirmed for a contest's outcome, and by how much each claim holds."""
    import msgspec

    from tallyproof.services import card_margins
    from tallyproof.services.card_problems import contest_called

    found = cards_counted.audit_cards(counted)
    chosen, limit = contest_called(found.pooled, contest), counted.risk_limit
    if problem:
        show.done()
        show.as_json(msgspec.to_builtins(card_margins.problem_of(chosen, limit)))
        cards_counted.end_of_problem(found)
        return
    (told,) = card_margins.margins([chosen], risk_limit=limit, seconds=seconds)
    show.done()
    if json:
        show.as_json(msgspec.to_builtins(told))
        cards_counted.end_of_problem(found)
        return
    _print_assertions(told, limit)
    _print_faults(each for each in found.pooled.faults if each not in told.remarks)
    cards_counted.end(found)


def _print_margins(told: tuple[ContestMargin, ...], found: AuditCards) -> None:
    rows = [
        (
            each.name,
            each.kind,
            each.bound.cards,
            _won_by(each),
            "" if each.smallest is None else each.smallest,
            "" if each.percent is None else f"{each.percent:.2f} %",
        )
        for each in told
    ]
    show.table(["contest", "kind", "cards", "won by", "margin", "of its cards"], rows)
    show.say()
    show.wrapped(cards_counted.where_from(found))
    _print_joined(told)
    if any(_is_measure(each) for each in told):
        show.wrapped("Measures are taken to be decided by most votes; --share tells which needs more.")
    for each in told:
        _print_remarks(each, found.pooled.faults)
    _print_faults(found.pooled.faults)


def _print_faults(faults: Iterable[str]) -> None:
    """What does not fit in files as a whole."""
    for fault in faults:
        show.say()
        show.wrapped(fault)


def _print_joined(told: tuple[ContestMargin, ...]) -> None:
    """Which contests are counted over several jurisdictions."""
    many = [each for each in told if len(each.bound.jurisdictions) > 1]
    if many:
        shown = "; ".join(
            f"{each.name} ({and_list([name or NOBODY for name in each.bound.jurisdictions])})"
            for each in many[:JOINED_SHOWN]
        )
        more = f"; and {len(many) - JOINED_SHOWN:,} more" if len(many) > JOINED_SHOWN else ""
        show.wrapped(f"Counted together by name over jurisdictions: {shown}{more}.")


def _won_by(each: ContestMargin) -> str:
    """The winners, or what stands in their place."""
    if each.status == "unopposed":
        return f"{', '.join(each.winners)} (unopposed)"
    return ", ".join(each.winners) or ("nobody" if each.status == "assertions" else each.status)


def _is_measure(each: ContestMargin) -> bool:
    """Whether it is a question answered by yes or no, of which nobody said what it needs."""
    return bool(each.votes) and all(map(is_answer, each.votes)) and each.kind == "vote for 1"


def _print_remarks(each: ContestMargin, said: tuple[str, ...]) -> None:
    """What else must be known of a contest, but what is said below of a whole file."""
    sentences = [remark for remark in each.remarks if remark not in said]
    if each.status not in {"assertions", "unopposed", "no cards"}:
        sentences.append(each.sentence)
    for sentence in sentences:
        if f"{each.name}: {sentence}" not in said:
            show.wrapped(f"{each.name}: {sentence}")


def _print_assertions(told: ContestMargin, risk_limit: float) -> None:
    show.say(f"{told.name} ({told.kind}): {told.sentence}")
    show.say(f"  {cards_counted.bound(told.bound)}")
    show.say()
    first = "first preferences" if told.kind == "ranked" else "votes"
    show.table(["choice", first], list(told.votes.items()))
    if told.assertions:
        show.say()
        show.say(f"To confirm it, {_all_of(len(told.assertions))} must be shown:")
        for number, each in enumerate(told.assertions, 1):
            show.wrapped(f"({number}) {each.claim}", "  ")
            show.say(f"      margin {show.counted(each.votes, 'vote')}, {each.percent:.2f} % of its cards; "
                     f"{_sample(each, told.bound)}")  # fmt: skip
        _print_samples(told, risk_limit)
    if told.explanation:
        show.say()
        show.say("No other choice can then have won:")
        for sentence in told.explanation[len(told.assertions) :]:
            show.say(f"  {sentence}")
    for remark in told.remarks:
        show.say()
        show.wrapped(remark)


def _all_of(number: int) -> str:
    return {1: "this", 2: "both of these"}.get(number, f"all {number} of these")


def _print_samples(told: ContestMargin, risk_limit: float) -> None:
    """What the samples named suppose."""
    if all(each.comparison_cards >= told.bound.cards for each in told.assertions):
        return
    more = "; cards in pools make them larger" if told.bound.pooled else ""
    show.say()
    show.wrapped(
        f"Samples are those of a card comparison at {100 * risk_limit:g} % that finds no error{more}."
    )


def _sample(each: AssertionMargin, bound: CardBound) -> str:
    if each.comparison_cards >= bound.cards:
        return "a full count takes no more cards"
    return f"a sample of {show.counted(each.comparison_cards, 'card')}"
