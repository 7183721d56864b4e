"""Plans of recounts: rules, clocks and holidays of each state brought to the budget."""

from __future__ import annotations

from functools import partial

import msgspec

from tallyproof.recount import budget
from tallyproof.recount.evaluate import evaluate
from tallyproof.services import recounting


def plan(problem: budget.RecountPlan) -> budget.RecountPlanAnswer:
    """What asking for these recounts costs, and every act with its time.

    Raises RequestError for an unknown state, office, choice or act, and for impossible numbers.
    """
    asks = []
    contests = []
    for each in problem.contests:
        asked = recounting.named(each.contest)
        rules = recounting.rules_of(asked.state)
        at = recounting.asked_at(problem.on or asked.on, rules.state)
        asks.append(partial(evaluate, rules=rules, office=recounting.office_of(rules.state), on=at))
        contests.append(msgspec.structs.replace(each, contest=asked))
    return budget.plan(msgspec.structs.replace(problem, contests=tuple(contests)), asks)
