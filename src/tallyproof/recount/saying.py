"""The sentence that answers first."""

from __future__ import annotations

from collections.abc import Sequence

from tallyproof.recount.deadlines import said_between
from tallyproof.recount.expression import VARIABLES
from tallyproof.recount.options import Condition, DeadlineAnswer, RecountOptions, Standing, Verdict


def sentence(
    reached: Verdict,
    free: bool | None,
    state: str,
    problem: RecountOptions,
    decided: Sequence[Condition],
    times: Sequence[DeadlineAnswer],
) -> str:
    """What can be done, in one or two sentences that claim no more than the conditions show.

    ``state`` is its name as it stands in a sentence.
    """
    day = f"{problem.date.day} {problem.date:%B %Y}"
    match reached:
        case Verdict.AUTOMATIC:
            held = next(each for each in decided if each.then == "automatic" and each.holds)
            waived = f", unless waived by the {held.waivable_by}" if held.waivable_by else ""
            return f"In {state} a recount is automatic{waived}: {held.name}."
        case Verdict.REQUESTABLE:
            if over := _over(times):
                return f"In {state} a recount could be asked for{_price(free)}. {over}"
            return f"In {state} a recount may be asked for{_price(free)}. {_until(times)}".strip()
        case Verdict.DISCRETIONARY:
            if over := _over(times):
                return f"In {state} a recount could be asked for, for others to weigh. {over}"
            return (
                f"In {state} a recount may be asked for; whether it is granted is for others to weigh. "
                f"{_until(times)}"
            ).strip()
        case Verdict.NOT_AVAILABLE:
            if problem.requester:
                return (
                    f"By the law that we know of {state}, {problem.requester} cannot ask for a recount with "
                    "these votes, and none is automatic."
                )
            return f"By the law that we know of {state}, this margin opens no recount."
        case Verdict.CANNOT_BE_DECIDED:
            return f"For {state} it cannot be decided from these numbers: {lacking(decided)} not known."
        case Verdict.NO_RULE_KNOWN:
            return (
                f"No rule known for {state} on {day}. That does not mean that no recount is possible: "
                "look at the law of that day."
            )


def lacking(decided: Sequence[Condition]) -> str:
    """The numbers that the conditions need and nobody gave, in words."""
    return ", ".join(dict.fromkeys(VARIABLES[name] for each in decided for name in each.missing))


def _price(free: bool | None) -> str:
    return (
        {True: ", free of charge", False: ", at the requester's cost"}.get(free, "")
        if free is not None
        else ""
    )


def _over(times: Sequence[DeadlineAnswer]) -> str:
    """When the time to ask ended, and what is still open; "" where it is not known to be over."""
    asking = [each for each in times if each.act == "request"]
    ended = [each for each in asking if each.standing is Standing.PAST]
    running = any(
        each.standing in {Standing.OPEN, Standing.NOT_YET_RUNNING} or may_have_ended(each) for each in asking
    )
    if not ended or running:
        return ""
    doubt = ", by the rules that we could count" if len(ended) < len(asking) else ""
    return f"The time to ask ended {_last(ended)}{doubt}.{_court(times)}"


def may_have_ended(deadline: DeadlineAnswer) -> bool:
    """Whether it hangs on the hour of an act, which is not known, if time is over."""
    return deadline.standing is Standing.UNKNOWN and deadline.closes is not None


def _last(times: Sequence[DeadlineAnswer]) -> str:
    """The end of the one that ends last."""
    ends = ((each.closes, each.earliest) for each in times if each.closes)
    closes, earliest = max(ends, key=lambda each: (each[0], each[1] or each[0]))
    return said_between(earliest, closes)


def _court(times: Sequence[DeadlineAnswer]) -> str:
    open_ = [each for each in times if each.act == "court-contest" and each.standing is Standing.OPEN]
    return f" A contest in court is open until {_last(open_)}." if open_ else ""


def _until(times: Sequence[DeadlineAnswer]) -> str:
    requests = [each for each in times if each.act == "request"]
    if not requests:
        return ""
    open_ = [each for each in requests if each.standing is Standing.OPEN]
    if open_:
        return f"The time to ask ends {_last(open_)}."
    return next(filter(may_have_ended, requests), requests[0]).sentence
