"""The form in which an office replies to a finding: what can be said now, and what is wrong with a reply."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from tallyproof.services.cases import Life

STEPS_FROM = {
    "open": ("explain", "resolve"),
    "explained": ("explain", "resolve", "reopen"),
    "resolved": ("reopen",),
}
LONGEST_WORDS, LONGEST_LINE = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as it was typed; ``after`` is how many steps the finding's history had then."""

    step: str = ""
    words: str = ""
    cite: str = ""
    note: str = ""
    after: str = ""
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """The form: the steps that can be taken with their labels, and the draft."""

    steps: list[tuple[str, str]]
    draft: Draft
    after: int


def form_after(life: Life, draft: Draft) -> Form:
    """The form for a finding that stands where its history left it."""
    labels = {
        "explain": _("We explain it: why the numbers read as they do"),
        "resolve": _("It is settled: a record shows what is right"),
        "reopen": _("It is open again: what was said no longer holds"),
    }
    possible = STEPS_FROM[life.state]
    return Form([(each, labels[each]) for each in possible], draft, len(life.history))


def draft_of(sent: QueryDict) -> Draft:
    """The reply that a form sent."""
    step, words, cite, note, after = (
        sent.get(name, "") for name in ("step", "words", "cite", "note", "after")
    )
    return Draft(step, words.strip(), cite.strip(), note.strip(), after)


def faults_of(draft: Draft, life: Life) -> dict[str, str]:
    """What is wrong with a reply, by field; nothing where it can be recorded."""
    found = {
        "step": _step_fault(draft, life),
        "words": _length_fault(draft.words, LONGEST_WORDS) or _words_fault(draft),
        "cite": _length_fault(draft.cite, LONGEST_LINE) or _cite_fault(draft),
        "note": _length_fault(draft.note, LONGEST_LINE),
    }
    return {name: fault for name, fault in found.items() if fault}


def _step_fault(draft: Draft, life: Life) -> str:
    if draft.after != str(len(life.history)):
        return _(
            "Somebody replied to this finding since you opened the form, perhaps you yourself. "
            "Read the history above, then send it again if it still holds."
        )
    return "" if draft.step in STEPS_FROM[life.state] else _("Choose what you say of the finding.")


def _words_fault(draft: Draft) -> str:
    return "" if draft.words else _("Say it in your office’s own words.")


def _cite_fault(draft: Draft) -> str:
    if draft.cite or draft.step == "reopen":
        return ""
    return _("Say where it stands, so that others can look it up.")


def _length_fault(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return _("Shorten this to %(most)s letters; it has %(has)s.") % {
        "most": f"{most:,}",
        "has": f"{len(text):,}",
    }
