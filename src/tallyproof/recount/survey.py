"""One margin put to the law of every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from tallyproof.errors import RequestError
from tallyproof.recount.calendar import Office
from tallyproof.recount.evaluate import evaluate
from tallyproof.recount.options import CAUTION, RecountOptions, RecountOptionsAnswer, Verdict
from tallyproof.recount.rule import StateRules

Asked = tuple[StateRules, Office, dt.datetime]
"""A state's rules, its clock and the time of asking there."""


class Survey(msgspec.Struct, frozen=True, tag_field="kind", tag="recount_survey", kw_only=True):
    """What each state's law would say of one margin and total, as if two choices shared all votes.

    ``fire`` are the states whose automatic trigger would set off a recount, ``blind`` those whose trigger
    would not, ``without`` those that have none for this office, ``open`` those that cannot be decided.
    """

    sentence: str
    trigger_sentence: str
    fire: tuple[str, ...]
    blind: tuple[str, ...]
    without: tuple[str, ...]
    open: tuple[str, ...]
    no_rule: tuple[str, ...]
    answers: tuple[RecountOptionsAnswer, ...]
    caution: str = CAUTION


def survey(problem: RecountOptions, asked: Iterable[Asked]) -> Survey:
    """Ask the law of every state. Raises RequestError without margin and total, or for impossible ones."""
    if problem.margin is None or problem.total is None or problem.votes:
        raise RequestError(
            "To compare states give one margin and one total, not votes: they stand for any two choices."
        )
    answers = tuple(
        evaluate(
            msgspec.structs.replace(problem, state=rules.state, only_two=True, requester=""),
            rules,
            office,
            on,
        )
        for rules, office, on in asked
    )
    groups = {name: tuple(each.state for each in answers if _group(each) == name) for name in GROUPS}
    return Survey(
        sentence=_sentence(problem, answers),
        trigger_sentence=_trigger_sentence(problem.margin, groups),
        fire=groups["fire"],
        blind=groups["blind"],
        without=groups["without"],
        open=groups["open"],
        no_rule=groups["no_rule"],
        answers=answers,
    )


GROUPS = ("fire", "blind", "without", "open", "no_rule")


def _group(answer: RecountOptionsAnswer) -> str:
    """Where a state stands as to its automatic trigger."""
    if answer.verdict is Verdict.NO_RULE_KNOWN:
        return "no_rule"
    first = [each.holds for each in answer.conditions if each.then == "automatic" and each.stage == 1]
    if not first:
        return "without"
    return "fire" if True in first else "open" if None in first else "blind"


def _sentence(problem: RecountOptions, answers: Sequence[RecountOptionsAnswer]) -> str:
    counts = {verdict: sum(each.verdict is verdict for each in answers) for verdict in Verdict}
    parts = [f"{_WORDS[verdict]} in {number}" for verdict, number in counts.items() if number]
    return (
        f"A margin of {problem.margin:,} of {problem.total:,} votes, taken in each of {len(answers)} "
        f"jurisdictions as if two choices shared all votes: a recount is {'; '.join(parts)}."
    )


_WORDS = {
    Verdict.AUTOMATIC: "automatic",
    Verdict.REQUESTABLE: "to be had on request",
    Verdict.DISCRETIONARY: "for others to grant",
    Verdict.NOT_AVAILABLE: "opened by no rule that we know",
    Verdict.CANNOT_BE_DECIDED: "not to be decided from these numbers",
    Verdict.NO_RULE_KNOWN: "without a known rule",
}


def _trigger_sentence(margin: int, groups: dict[str, tuple[str, ...]]) -> str:
    """What a margin trigger cannot see."""
    fire, blind, without, open_ = (len(groups[name]) for name in GROUPS[:4])
    doubt = f", {open_} cannot be decided" if open_ else ""
    return (
        f"Automatic triggers: {fire} would fire, {blind} would not{doubt}, and {without} jurisdictions have "
        "none for this office. A trigger reads only the reported margin: were the margin of "
        f"{margin:,} itself the error, no trigger would tell in the {blind + without} where none fires."
    )
