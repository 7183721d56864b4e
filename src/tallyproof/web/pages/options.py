"""The Options tab, which says what the law allows, to whom, until when, and for how much."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.documents.calendar_file import has_event
from tallyproof.errors import RequestError
from tallyproof.recount.budget import tasks_of
from tallyproof.recount.options import Verdict
from tallyproof.services import allowed, certifying, pages
from tallyproof.services.access import Actor
from tallyproof.services.allowed import Allowed
from tallyproof.services.pages import Look
from tallyproof.web import allowed_words, asking_form, dues, law_words
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import as_of, paged
from tallyproof.web.asking_form import Asked
from tallyproof.web.carried import is_published, workspace_of
from tallyproof.web.showing import show
from tallyproof.web.wording import address

ROWS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A contest of the table."""

    allowed: Allowed
    href: str
    verdict: str
    sentence: str
    until: str
    cost: str


@open_to(READERS)
def options(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """What can be done in the contests of a case."""
    seen = pages.look(workspace_of(request), actor, case, as_of(request))
    asked = _asked(request, seen)
    found = allowed.of_case(seen, asked.asking)
    line, left_out = dues.of_case(found, _zoned(asked.asking.on), case, _as_of_text(request))
    context = {
        "answer": allowed_words.of_case(found),
        "asking": asked.asking,
        "fields": asking_form.case_fields(asked, has_day=seen.state.election is not None),
        "line": line,
        "left_out": left_out,
        "page": paged(request, [_row(request, case, each) for each in found], ROWS),
        "kept": _kept(request, asked),
        "is_asked_now": not asked.typed.get("on") and not seen.as_of,
        "caution": law_words.caution(),
    }
    return show(request, "options.html", context, title=_("Options"), seen=seen, tab="options")


@open_to(READERS)
def option(request: HttpRequest, actor: Actor, case: str, contest: str) -> HttpResponse:
    """What can be done in one contest: conditions, who may ask, deadlines, costs."""
    seen, asked, found = found_in(request, actor, case, contest)
    answer = found.answer
    context = {
        "answer": _sentence(found),
        "asking": asked.asking,
        "found": found,
        "law": answer,
        "verdict": allowed_words.verdict_words(answer.verdict) if answer else "",
        "knows_rule": answer is not None and answer.verdict is not Verdict.NO_RULE_KNOWN,
        "fields": _fields(seen, found, asked),
        "line": dues.of_contest(found, _zoned(asked.asking.on)),
        "deadlines": [(each, allowed_words.stands(each)) for each in dues.listed(answer.deadlines)]
        if answer
        else [],
        "command": _command(case, found, asked),
        "problem": msgspec.json.encode(found.problem).decode() if found.problem else "",
        "kept": _kept(request, asked),
        "is_asked_now": not asked.typed.get("on") and not seen.as_of,
        "caution": law_words.caution(),
        "papers": _papers(request, case, found, asked),
        **_calendar(seen, found, asked),
    }
    title = _("Options: %(contest)s") % {"contest": found.contest.contest.title}
    return show(request, "option.html", context, title=title, seen=seen, tab="options")


def found_in(request: HttpRequest, actor: Actor, case: str, contest: str) -> tuple[Look, Asked, Allowed]:
    """The case as it is looked at, what was asked, and what the law allows in the contest.

    Raises RequestError where the case has no such contest.
    """
    seen = pages.look(workspace_of(request), actor, case, as_of(request))
    counted = seen.contest(contest)
    if counted is None:
        raise RequestError(f"Case {seen.state.title} has no count of a contest '{contest}' as of this time.")
    asked = _asked(request, seen)
    if day := allowed.election_day(seen, asked.asking):
        asking_form.refuse_before(asked, day)
    return seen, asked, allowed.of_contest(seen, counted, asked.asking)


def _papers(request: HttpRequest, case: str, found: Allowed, asked: Asked) -> list[tuple[str, str]]:
    """Papers that can be made of this answer: address and title.

    A published folder has the calendar alone: its days stay as they are, a memo is of its hour.
    """
    if found.answer is None or found.why or asked.faults:
        return []
    named = {"deadlines": _("Deadlines for a calendar (.ics)"), "memo": _("Memo of one page (PDF)")}
    if is_published(request):
        del named["memo"]
    if not any(map(has_event, tasks_of(found.answer))):
        del named["deadlines"]
    return [(_paper(request, name, case, found, asked), title) for name, title in named.items()]


def _paper(request: HttpRequest, name: str, case: str, found: Allowed, asked: Asked) -> str:
    """The address of a paper that is asked as the page is."""
    from django.utils.http import urlencode

    place = address(name, _as_of_text(request), case=case, contest=found.contest.contest.id)
    typed = urlencode({key: text for key, text in asked.typed.items() if text})
    return f"{place}{'&' if '?' in place else '?'}{typed}" if typed else place


def _calendar(seen: Look, found: Allowed, asked: Asked) -> dict[str, object]:
    """Certification and the days that follow in the contest's state; nothing where it has no rules."""
    if found.problem is None:
        return {}
    calendar = certifying.calendar_of_contest(found.problem)
    state = certifying.certification(seen, asked.asking.on, found.problem.state).state(found.problem.state)
    settled = state is not None and state.by_sources.is_whole
    return {
        "calendar": calendar,
        "calendar_warnings": [
            each.warning
            for each in calendar.dues
            if each.warning and not (settled and each.level != "federal")
        ],
    }


def _asked(request: HttpRequest, seen: Look) -> Asked:
    now = allowed.asked_on(workspace_of(request), seen, published=is_published(request))
    return asking_form.asked(request.GET, now)


def _zoned(on: datetime) -> datetime:
    """The time of asking as a drawing needs it; without a zone it is that of each state."""
    return on if on.tzinfo else on.replace(tzinfo=UTC)


def _as_of_text(request: HttpRequest) -> str:
    return request.GET.get("as_of", "").strip()


def _kept(request: HttpRequest, asked: Asked) -> str:
    """The part of an address that asks another page the same."""
    from django.utils.http import urlencode

    shared = ("on", "requester", "election")
    return urlencode({name: asked.typed[name] for name in shared if asked.typed.get(name)})


def _row(request: HttpRequest, case: str, each: Allowed) -> Row:
    answer, deadline = each.answer, each.asking
    shows_day = deadline is not None and deadline.closes is not None and each.may_ask
    until = allowed_words.stands(deadline) if deadline and shows_day else ""
    return Row(
        each,
        address("option", _as_of_text(request), case=case, contest=each.contest.contest.id),
        allowed_words.verdict_words(answer.verdict) if answer else "",
        _sentence(each),
        until,
        allowed_words.cost_words(answer) if answer else "",
    )


def _sentence(each: Allowed) -> str:
    if each.answer is None or each.problem is None:
        return each.why
    said = allowed_words.sentence_of(each.answer, each.problem)
    return f"{said} {each.why}".strip()


def _fields(seen: Look, found: Allowed, asked: Asked) -> list[asking_form.Field]:
    names = [each.choice for each in found.contest.choices if each.measure == "choice"]
    known = allowed.acts_known(found)
    return asking_form.contest_fields(
        asked, names, found.events, known,
        asks_office=found.problem is None or bool(asked.typed.get("office")),
        has_day=seen.state.election is not None,
    )  # fmt: skip


def _command(case: str, found: Allowed, asked: Asked) -> str:
    """The same question on the command line."""
    if found.problem is None:
        return ""
    problem, on = found.problem, asked.typed.get("on", "")
    parts = ["--case", case, found.contest.contest.id]
    parts += ["--office", problem.office] if asked.asking.office else []
    parts += ["--on", on] if on and "on" not in asked.faults else []
    parts += ["--requester", problem.requester] if problem.requester else []
    for event, day in problem.acts.items():
        parts += ["--act", f"{event}={day}"]
    for name in ("precincts", "ballots"):
        if name in problem.numbers:
            parts += [f"--{name}", str(problem.numbers[name])]
    return shlex.join(["tallyproof", "recount", "options", *parts])
