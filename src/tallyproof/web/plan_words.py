"""What the planner page says: its answer in a sentence, methods by name, formula and source."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from tallyproof.audit.plan import Size
from tallyproof.services.planning import Planned
from tallyproof.web.plan_form import Asked
from tallyproof.web.wording import votes

POLLING = ("minerva", "alpha_polling", "bravo")


@dataclass(frozen=True, slots=True)
class Method:
    """A method's name, what is done, its formula, and where it was published."""

    title: str
    done: str
    formula: str
    source: str
    link: str


METHODS = {
    "comparison": Method(
        noop("Card comparison"),
        noop("Each card drawn is compared with the machine’s record of it."),
        "n = ⌈ln α / (ln(2 − v) − ln 2)⌉",
        "Spertus 2023, COBRA, eq. 1",
        "https://arxiv.org/abs/2304.01010",
    ),
    "super_simple": Method(
        noop("Card comparison, super-simple"),
        noop("The same, by the formula that most states with audits use."),
        "n = ⌈−2γ (ln α + o₁ ln(1 − 1/2γ) + o₂ ln(1 − 1/γ)) / v⌉, γ = 1.03905",
        "Lindeman and Stark 2012, A gentle introduction to risk-limiting audits",
        "https://doi.org/10.1109/MSP.2012.56",
    ),
    "pools": Method(
        noop("Comparison with pools (ONEAudit)"),
        noop("Cards without a record of their own are compared with the mean of their batch."),
        "B = (u − ω) / (2u − v), ω = pool mean − A(paper)",
        "Stark 2023, ONEAudit",
        "https://arxiv.org/abs/2303.03335",
    ),
    "batch": Method(
        noop("Batch comparison (MACRO)"),
        noop("Whole batches are drawn and counted by hand."),
        "draws = ⌈ln α / ln(1 − 1/U)⌉, U = 1 + 1/v",
        "Stark 2009, Efficient post-election audits of multiple contests",
        "https://doi.org/10.2139/ssrn.1443314",
    ),
    "alpha_polling": Method(
        noop("Ballot polling, ALPHA"),
        noop("Only paper is read, card by card; the test learns from what it sees."),
        "Tⱼ = Tⱼ₋₁ · (xⱼ ηⱼ / mⱼ + (u − xⱼ)(u − ηⱼ) / (u − mⱼ)) / u",
        "Stark 2023, ALPHA, eq. 4–6",
        "https://doi.org/10.1214/22-AOAS1646",
    ),
    "minerva": Method(
        noop("Ballot polling, Minerva"),
        noop("Only paper is read, one round of the size given here."),
        "Pr(K ≥ k | tie) ≤ α · Pr(K ≥ k | as reported)",
        "Zagórski and others 2021, Minerva",
        "https://www.usenix.org/conference/usenixsecurity21/presentation/zagorski",
    ),
    "bravo": Method(
        noop("Ballot polling, BRAVO"),
        noop("Only paper is read, one round, judged at its end."),
        "(2s)^w · (2 − 2s)^l ≥ 1/α",
        "Lindeman, Stark and Yates 2012, BRAVO",
        "https://www.usenix.org/conference/evtwote12/workshop-program/presentation/lindeman",
    ),
}


def title_of(method: str) -> str:
    """A method's name in the page's language."""
    return gettext(METHODS[method].title)


def chart_name(method: str) -> str:
    """A method's name at the end of its line."""
    return {
        "comparison": _("comparison"), "super_simple": _("super-simple"), "pools": _("pools"),
        "batch": _("batches"), "alpha_polling": "ALPHA", "minerva": "Minerva", "bravo": "BRAVO",
    }[method]  # fmt: skip


def answer(asked: Asked, planned: Planned | None) -> str:
    """What the audit would cost, in one sentence; or why no sample can do it."""
    if asked.no_sample:
        return asked.no_sample
    if planned is None or asked.question is None or asked.closest is None:
        return _("Something is missing or cannot be; the sentence beside each field says what.")
    form = {
        "whom": _whom(asked),
        "limit": f"{100 * asked.question.risk_limit:g}",
        "compared": size_words(_half(planned, "comparison")),
        "polled": size_words(_least_polled(planned)),
        "cards": votes(asked.question.cards),
    }
    said = (
        _(
            "To confirm %(whom)s at a risk limit of %(limit)s%%, expect to examine %(compared)s if each card "
            "is compared with its record, or %(polled)s if only paper is read."
        )
        if planned_at_all(planned)
        else _("To confirm %(whom)s, count all %(cards)s cards by hand: no sample is smaller.")
    )
    return said % form


def planned_at_all(planned: Planned) -> bool:
    """Whether any method needs fewer cards than all."""
    return any(row.half.cards is not None or row.half.low is not None for row in planned.rows)


def _whom(asked: Asked) -> str:
    closest = asked.closest
    assert closest is not None
    form = {"lead": votes(closest.lead), "winner": closest.winner, "loser": closest.loser}
    if not closest.winner:
        return _("a lead of %(lead)s votes") % form
    return _("%(winner)s’s lead of %(lead)s votes over %(loser)s") % form


def _half(planned: Planned, method: str) -> Size | None:
    row = planned.row(method)
    return row.half if row else None


def _least_polled(planned: Planned) -> Size | None:
    known = [row.half for row in planned.rows if row.method in POLLING and row.half.cards is not None]
    return min(known, key=lambda size: size.cards or 0, default=_half(planned, "bravo"))


def size_words(size: Size | None) -> str:
    """A size within a sentence."""
    if size is None or (size.cards is None and size.low is None):
        return _("all cards")
    if size.cards is None:
        return _("more than %(n)s cards") % {"n": votes(size.low)}
    return _("about %(n)s cards") % {"n": votes(size.cards)}


def cell(size: Size) -> str:
    """A size in a table."""
    if size.cards is None:
        return _("all") if size.low is None else _("over %(n)s") % {"n": votes(size.low)}
    return votes(size.cards)


def how(size: Size) -> str:
    """Where a size comes from, and how sure it is."""
    form = {"low": votes(size.low), "high": votes(size.high), "n": votes(size.replications)}
    if size.how == "formula":
        return _("by formula")
    if size.how == "normal approximation":
        return _("by the normal approximation")
    if size.cards is None:
        return _("%(n)s simulated audits") % form
    if size.high is None:
        return _("%(n)s simulated audits: %(low)s or more") % form
    return _("%(n)s simulated audits: %(low)s to %(high)s") % form
