"""What the law allows, in the page's language; in English the sentence of the answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from tallyproof.recount.office import in_sentence
from tallyproof.recount.options import (
    CostAnswer,
    DeadlineAnswer,
    Knowledge,
    RecountOptions,
    RecountOptionsAnswer,
    Standing,
    Verdict,
)
from tallyproof.recount.saying import lacking, may_have_ended
from tallyproof.services.allowed import Allowed
from tallyproof.web.law_words import date_words, event_words, said
from tallyproof.web.wording import register, votes

ACTS = {
    "request": gettext_noop("Ask for a recount"),
    "court-contest": gettext_noop("Contest the result in court"),
    "waiver": gettext_noop("Waive a recount"),
    "start": gettext_noop("The recount begins"),
    "completion": gettext_noop("The recount ends"),
    "appeal": gettext_noop("Appeal from a recount"),
}
VERDICTS = {
    Verdict.AUTOMATIC: gettext_noop("automatic"),
    Verdict.REQUESTABLE: gettext_noop("on request"),
    Verdict.DISCRETIONARY: gettext_noop("for others to weigh"),
    Verdict.NOT_AVAILABLE: gettext_noop("opened by no rule that we know"),
    Verdict.CANNOT_BE_DECIDED: gettext_noop("cannot be decided"),
    Verdict.NO_RULE_KNOWN: gettext_noop("no rule known"),
}
STANDINGS = {
    Standing.OPEN: gettext_noop("open until %(when)s"),
    Standing.PAST: gettext_noop("ended %(when)s"),
    Standing.NOT_YET_RUNNING: gettext_noop("not yet running; ends %(when)s"),
    Standing.UNKNOWN: gettext_noop("ends %(when)s; the hour of the act that decides is not known"),
}


def act_words(act: str) -> str:
    """What a deadline is for."""
    return _(ACTS[act]) if act in ACTS else act


def verdict_words(verdict: Verdict) -> str:
    """What can be said of a recount, in a few words."""
    return _(VERDICTS[verdict])


def then_words(then: str) -> str:
    """What follows where a condition holds."""
    return _("free of charge") if then == "free" else verdict_words(Verdict(then))


def stands(deadline: DeadlineAnswer) -> str:
    """Whether a deadline is open, past or to come, and its time; or why its day is not known."""
    if deadline.look_up:
        return _("Not checked against its source, so no day is counted: look it up in %(citation)s.") % {
            "citation": deadline.known.citation
        }
    if deadline.closes is None:
        acts = ", ".join(event_words(event) for event in deadline.needs)
        if acts:
            return _("The day is not known: it is counted from %(acts)s.") % {"acts": acts}
        return _("The law’s words give no day that can be counted.")
    if deadline.act in ("start", "completion"):
        return _("by %(when)s") % {"when": ends(deadline)}
    return _(STANDINGS[deadline.standing]) % {"when": ends(deadline)}


def ends(deadline: DeadlineAnswer) -> str:
    """When a deadline ends; where that hangs on an hour that is not known, the first and the last time."""
    if deadline.closes is None:
        return ""
    if deadline.earliest is None:
        return said(deadline.closes)
    form = {"first": said(deadline.earliest), "last": said(deadline.closes)}
    return _("%(first)s at the earliest, %(last)s at the latest") % form


def sentence_of(answer: RecountOptionsAnswer, problem: RecountOptions) -> str:
    """What can be done: what ``RecountOptionsAnswer.sentence`` says."""
    form = {"state": in_sentence(answer.state_name), "requester": problem.requester}
    match answer.verdict:
        case Verdict.AUTOMATIC:
            return _automatic(answer)
        case Verdict.REQUESTABLE:
            return _asked(answer)
        case Verdict.DISCRETIONARY:
            return _weighed(answer)
        case Verdict.NOT_AVAILABLE if problem.requester:
            return (
                _(
                    "By the law that we know of %(state)s, %(requester)s cannot ask for a recount with these "
                    "votes, and none is automatic."
                )
                % form
            )
        case Verdict.NOT_AVAILABLE:
            return _("By the law that we know of %(state)s, this margin opens no recount.") % form
        case Verdict.CANNOT_BE_DECIDED:
            return _("For %(state)s it cannot be decided from these numbers: %(names)s not known.") % {
                **form,
                "names": lacking(answer.conditions),
            }
    return _(
        "No rule known for %(state)s on %(day)s. That does not mean that no recount is possible: "
        "look at the law of that day."
    ) % {**form, "day": date_words(answer.date)}


def _automatic(answer: RecountOptionsAnswer) -> str:
    held = next(each for each in answer.conditions if each.then == "automatic" and each.holds)
    form = {"state": in_sentence(answer.state_name), "name": held.name, "who": held.waivable_by}
    if held.waivable_by:
        return _("In %(state)s a recount is automatic, unless waived by the %(who)s: %(name)s.") % form
    return _("In %(state)s a recount is automatic: %(name)s.") % form


def _asked(answer: RecountOptionsAnswer) -> str:
    form, over = {"state": in_sentence(answer.state_name)}, _over(answer.deadlines)
    match answer.free:
        case True:
            told = (
                _("In %(state)s a recount could be asked for, free of charge.")
                if over
                else _("In %(state)s a recount may be asked for, free of charge.")
            )
        case False:
            told = (
                _("In %(state)s a recount could be asked for, at the requester's cost.")
                if over
                else _("In %(state)s a recount may be asked for, at the requester's cost.")
            )
        case _unknown:
            told = (
                _("In %(state)s a recount could be asked for.")
                if over
                else _("In %(state)s a recount may be asked for.")
            )
    return f"{told % form} {over or _until(answer.deadlines)}".strip()


def _weighed(answer: RecountOptionsAnswer) -> str:
    form = {"state": in_sentence(answer.state_name)}
    if over := _over(answer.deadlines):
        told = _("In %(state)s a recount could be asked for, for others to weigh.")
        return f"{told % form} {over}"
    told = _(
        "In %(state)s a recount may be asked for; whether it is granted is for others to weigh."
    )  # fmt: skip
    return f"{told % form} {_until(answer.deadlines)}".strip()


def _over(times: Sequence[DeadlineAnswer]) -> str:
    asking = [each for each in times if each.act == "request"]
    ended = [each for each in asking if each.standing is Standing.PAST]
    running = any(
        each.standing in (Standing.OPEN, Standing.NOT_YET_RUNNING) or may_have_ended(each) for each in asking
    )
    if not ended or running:
        return ""
    told = (
        _("The time to ask ended %(when)s, by the rules that we could count.")
        if len(ended) < len(asking)
        else _("The time to ask ended %(when)s.")
    ) % {"when": ends(_last(ended))}
    if still := [each for each in times if each.act == "court-contest" and each.standing is Standing.OPEN]:
        told += " " + _("A contest in court is open until %(when)s.") % {"when": ends(_last(still))}
    return told


def _until(times: Sequence[DeadlineAnswer]) -> str:
    requests = [each for each in times if each.act == "request"]
    open_ = [each for each in requests if each.standing is Standing.OPEN]
    if open_:
        return _("The time to ask ends %(when)s.") % {"when": ends(_last(open_))}
    return _undecided(next(filter(may_have_ended, requests), requests[0])) if requests else ""


def _last(deadlines: Sequence[DeadlineAnswer]) -> DeadlineAnswer:
    """The one that ends last, of some whose ends are known."""

    def end(each: DeadlineAnswer) -> tuple[float, float]:
        times = each.closes, each.earliest or each.closes
        return times[0].timestamp() if times[0] else 0.0, times[1].timestamp() if times[1] else 0.0

    return max(deadlines, key=end)


def _undecided(deadline: DeadlineAnswer) -> str:
    """A deadline that is not open: in English the law's sentence with its words, else where it stands."""
    if (get_language() or "en").startswith("en"):
        return deadline.sentence
    told = stands(deadline).rstrip(".")
    return f"{told[:1].upper()}{told[1:]}."


def of_case(found: Sequence[Allowed]) -> str:
    """What can be done in the contests of a case, and until when at the earliest."""
    answered = [(each, each.answer) for each in found if each.answer]
    if not answered:
        return found[0].why if found else _("No source gives the votes of a contest yet.")
    if len(found) == 1:
        each, answer = answered[0]
        return sentence_of(answer, each.problem) if each.problem else answer.sentence
    return " ".join(
        filter(None, (_automatic_in(found), _open_in(found), _court_in(found), _unknown_in(found)))
    )


def _automatic_in(found: Sequence[Allowed]) -> str:
    named = [
        each.contest.contest.title
        for each in found
        if each.answer and each.answer.verdict is Verdict.AUTOMATIC
    ]
    if not named:
        return _("A recount is automatic in none of these %(all)s contests.") % {"all": votes(len(found))}
    form = {"n": votes(len(named)), "all": votes(len(found)), "names": _few(named)}
    return (
        ngettext(
            "A recount is automatic in one of %(all)s contests (%(names)s).",
            "A recount is automatic in %(n)s of %(all)s contests (%(names)s).",
            len(named),
        )
        % form
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join([*names[:3], "…"] if len(names) > 3 else names)


def _open_in(found: Sequence[Allowed]) -> str:
    """Where the time to ask is open and ends first; else where it ended last."""
    times = [(each, deadline) for each in found if each.may_ask and (deadline := each.asking)]
    open_ = [pair for pair in times if pair[1].standing is Standing.OPEN and pair[1].closes]
    if open_:
        first, deadline = open_[0]
        return ngettext(
            "The time to ask for one is open in one contest: %(contest)s, until %(when)s.",
            "The time to ask for one is open in %(n)s contests; it ends first in %(contest)s: %(when)s.",
            len(open_),
        ) % {
            "n": votes(len(open_)),
            "contest": first.contest.contest.title,
            "when": ends(deadline),
        }
    past = [pair for pair in times if pair[1].standing is Standing.PAST]
    coming = sum(deadline.standing is Standing.NOT_YET_RUNNING for _each, deadline in times)
    perhaps = sum(may_have_ended(deadline) for _each, deadline in times)
    unknown = len(times) - len(past) - coming - perhaps
    told = [_("No time to ask for one is known to be open.")]
    if perhaps:
        told.append(
            ngettext(
                "In %(n)s contest that hangs on the hour of an act, which is not known.",
                "In %(n)s contests that hangs on the hour of an act, which is not known.",
                perhaps,
            )
            % {"n": votes(perhaps)}
        )
    if coming:
        told.append(
            ngettext("In %(n)s contest it is yet to begin.", "In %(n)s contests it is yet to begin.", coming)
            % {"n": votes(coming)}
        )
    if past:
        last = _last([deadline for _each, deadline in past])
        named = next(each.contest.contest.title for each, deadline in past if deadline is last)
        told.append(
            _("The last to end was that of %(contest)s, %(when)s.") % {"contest": named, "when": ends(last)}
        )
    if unknown:
        told.append(
            ngettext(
                "In %(n)s contest the day cannot be counted from what is known.",
                "In %(n)s contests the day cannot be counted from what is known.",
                unknown,
            )
            % {"n": votes(unknown)}
        )
    return " ".join(told)


def _court_in(found: Sequence[Allowed]) -> str:
    """Where a contest in court is open, which may be so after the time to ask has ended."""
    open_ = [
        each.contest.contest.title
        for each in found
        if each.answer
        and any(
            deadline.act == "court-contest" and deadline.standing is Standing.OPEN
            for deadline in each.answer.deadlines
        )
    ]
    if not open_:
        return ""
    told = ngettext(
        "The result can be contested in court in one: %(names)s.",
        "The result can be contested in court in %(n)s: %(names)s.",
        len(open_),
    )
    return told % {"n": votes(len(open_)), "names": _few(open_)}


def _unknown_in(found: Sequence[Allowed]) -> str:
    """Where no rule is known, which is not the same as no recount."""
    number = sum(each.answer is None or each.answer.verdict is Verdict.NO_RULE_KNOWN for each in found)
    if not number:
        return ""
    told = ngettext("For one no rule is known.", "For %(n)s no rule is known.", number)
    return told % {"n": votes(number)}


def cost_words(answer: RecountOptionsAnswer) -> str:
    """What the one who asks pays, in a few words."""
    if answer.verdict in (Verdict.NO_RULE_KNOWN, Verdict.NOT_AVAILABLE):
        return ""
    if answer.verdict is Verdict.AUTOMATIC:
        return _("nobody has to ask and pay")
    if answer.free:
        return _("free of charge")
    told = [_price(each) for each in answer.costs if each.form != "none"]
    found = list(dict.fromkeys(filter(None, told))) or [each.words for each in answer.costs]
    return "; ".join(found) or _("not in our rules")


def _price(cost: CostAnswer) -> str:
    parts = [
        f"{tier.words} (${money(tier.amount)})" if tier.amount and tier.amount != "0" else tier.words
        for tier in cost.tiers
        if tier.applies
    ]
    return _(" or ").join(dict.fromkeys(parts))


def money(amount: str) -> str:
    """An amount in dollars with thousands separated: 973250 as 973,250."""
    whole, sign, cents = amount.partition(".")
    return f"{int(whole):,}{sign}{cents}"


def known_words(known: Knowledge) -> str:
    """How a statement is known: its basis, confidence and as-of date."""
    if known.basis == "memory":
        return _("from memory, not checked against its source")
    told = _("from its source, confidence %(confidence)s, as of %(as_of)s") % {
        "confidence": confidence_words(known.confidence),
        "as_of": known.as_of,
    }
    if not known.memory:
        return told
    return f"{told}; " + _("from memory: %(fields)s") % {"fields": ", ".join(known.memory)}


def confidence_words(confidence: str) -> str:
    """How sure those who wrote the rules are."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}.get(confidence, confidence)


def asked_words(on: datetime) -> str:
    """The time of asking for the time line."""
    return _("asked %(day)s") % {"day": f"{on:%Y-%m-%d}"}


register.filter("law_known", known_words)
register.filter("law_act", act_words)
register.filter("law_then", then_words)
register.filter("dollars", money)
register.filter("plain_words", lambda word: word.replace("_", " "))
