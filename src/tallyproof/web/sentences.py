"""The sentence that answers each page's question, made from the same answer as its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tallyproof.election.evidence import Finding, Severity
from tallyproof.election.jurisdiction import STATES
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import FindingPage, Look, RecordPage, VersionStep
from tallyproof.web.stands import sentence_of
from tallyproof.web.wording import counted_votes, life_words, percent, severity_count, votes


def of_count(seen: Look) -> str:
    """Where the count stands, and how final it is."""
    contests = seen.count.contests
    if not contests:
        return (
            _("Nothing was reported yet.")
            if not seen.imports
            else _("No source gives the votes of a contest yet.")
        )
    if len(contests) == 1:
        return sentence_of(contests[0])
    closest = seen.closest
    return " ".join(part for part in (_electors(seen), _closest(seen, closest)) if part)


def _electors(seen: Look) -> str:
    electors = [each for each in seen.count.electors if each.pledged]
    if not electors:
        return ""
    return _("%(leader)s leads with %(pledged)s of %(all)s electors by the states’ results.") % {
        "leader": electors[0].choice,
        "pledged": votes(electors[0].pledged),
        "all": votes(sum(each.pledged for each in electors)),
    }


def _closest(seen: Look, closest: ContestCount | None) -> str:
    if closest is None:
        return _("%(number)s contests are reported; none has a margin that can be compared.") % {
            "number": votes(len(seen.count.contests))
        }
    stands = sentence_of(closest).removeprefix(f"{STATES.get(closest.contest.state, '')}: ")
    return _("The closest of %(number)s contests is %(contest)s: %(stands)s") % {
        "number": votes(len(seen.count.contests)),
        "contest": closest.contest.title,
        "stands": stands,
    }


def of_findings(findings: Sequence[Finding]) -> str:
    """What open findings could move at most: never a sum, always the largest."""
    weighed = [each for each in findings if each.votes_at_stake]
    if not findings:
        return _("No finding is open.")
    said = ngettext("One finding is open", "%(n)s findings are open", len(findings)) % {
        "n": votes(len(findings))
    }
    if not weighed:
        return f"{said}."
    most = max(weighed, key=lambda each: (each.at_stake_ratio or 0.0, each.votes_at_stake or 0))
    form = {"stake": counted_votes(most.votes_at_stake or 0), "margin": votes(most.margin)}
    if most.margin is None:
        tail = ngettext("it could move %(stake)s", "one could move %(stake)s", len(findings))
    else:
        tail = ngettext(
            "it could move %(stake)s, against a margin of %(margin)s",
            "the one with most at stake could move %(stake)s, against a margin of %(margin)s",
            len(findings),
        )
    return f"{said}; {tail % form}."


def of_checks(seen: Look) -> str:
    """Whether the numbers add up."""
    found = seen.checked.findings
    if not seen.imports and not found:
        return _("There are no returns to check yet.")
    if not found:
        return _("Every check that can be made on these returns is satisfied.")
    return _("Not everywhere: %(counted)s. %(open)s") % {
        "counted": _by_severity(found),
        "open": of_findings(seen.open_findings),
    }


def _by_severity(findings: Sequence[Finding]) -> str:
    """How many findings of each severity there are, gravest first."""
    number = Counter(each.severity for each in findings)
    return ", ".join(severity_count(each, number[each]) for each in Severity if number[each])


def of_finding(page: FindingPage) -> str:
    """Where a finding stands, in the last words that were said of it."""
    last = page.life.history[-1] if page.life.history else None
    if last is None:
        return _("Nobody has explained this finding yet.")
    return _("This finding is %(state)s: %(words)s") % {
        "state": life_words(page.life.state),
        "words": last.words,
    }


def of_stake(found: Finding) -> str:
    """The most that a finding could change."""
    if found.votes_at_stake is None:
        return _("How many votes this could move is not known.")
    form = {
        "stake": counted_votes(found.votes_at_stake),
        "margin": votes(found.margin),
        "share": percent(found.at_stake_ratio),
    }
    if found.margin is None:
        said = _("Resolved in the worst direction, it could move %(stake)s; the margin is not known.")
    else:
        said = _(
            "Resolved in the worst direction, it could move %(stake)s, "
            "against a margin of %(margin)s: %(share)s."
        )
    return said % form


def of_step(step: VersionStep) -> str:
    """What changed between two versions."""
    units, numbers = len(step.units), len(step.changes)
    if not numbers:
        return _("No number changed.")
    said = ngettext("One number changed", "%(n)s numbers changed", numbers) % {"n": votes(numbers)}
    where = ngettext("in one unit", "in %(n)s units", units) % {"n": votes(units)}
    return f"{said} {where}. {_margin_moved(step)}".strip()


def _margin_moved(step: VersionStep) -> str:
    moved = step.margin
    if moved is None:
        return _("The margin stayed the same.")
    form = {"before": votes(moved.margin_before), "after": votes(moved.margin_after),
            "old": moved.leader_before, "new": moved.leader_after}  # fmt: skip
    if moved.leader_before == moved.leader_after:
        return _("The margin went from %(before)s to %(after)s.") % form
    return _("The lead went from %(old)s (by %(before)s) to %(new)s (by %(after)s).") % form


def of_record(page: RecordPage) -> str:
    """Whether the chain of events holds."""
    number = page.state.sequence
    if page.broken:
        return _("The chain of events does not hold: event %(n)s is the first broken link (%(what)s).") % {
            "n": votes(page.broken.sequence),
            "what": page.broken.what.value,
        }
    return ngettext(
        "One event stands in the ledger, and its hash holds.",
        "%(n)s events stand in the ledger, each chained to the one before by its hash; every link holds.",
        number,
    ) % {"n": votes(number)}
