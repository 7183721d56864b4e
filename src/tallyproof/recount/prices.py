"""What a recount costs the one who asks: exact amounts in dollars, as decimal text."""

from __future__ import annotations

from fractions import Fraction

from tallyproof.recount.expression import parse
from tallyproof.recount.knowing import known_of
from tallyproof.recount.numbers import Known
from tallyproof.recount.options import CostAnswer, TierAnswer
from tallyproof.recount.rule import Cost, StateRules, Tier


def price(cost: Cost, free: bool | None, known: Known, rules: StateRules) -> CostAnswer:
    """A cost with the tiers that apply: the first that holds, or all where the payer chooses."""
    return CostAnswer(
        payer=cost.payer,
        words=cost.words,
        form=cost.form,
        free=free,
        tiers=tuple(_tiers(cost, known)),
        cap=cost.cap,
        refund=cost.refund,
        known=known_of(cost, rules),
    )


def _tiers(cost: Cost, known: Known) -> list[TierAnswer]:
    if cost.choices:
        return [_tier(tier, _applies(tier, known), known) for tier in cost.tiers]
    found: list[TierAnswer] = []
    settled = False
    for tier in cost.tiers:
        applies = False if settled else _applies(tier, known)
        found.append(_tier(tier, applies, known))
        settled = settled or applies is True
    return found


def _applies(tier: Tier, known: Known) -> bool | None:
    return parse(tier.when).test(known).value if tier.when else True


def _tier(tier: Tier, applies: bool | None, known: Known) -> TierAnswer:
    parts = (
        (Fraction(tier.per_precinct), "precincts"),
        (Fraction(tier.per_ballot), "ballots"),
        (Fraction(tier.per_area), "areas"),
    )
    missing = tuple(name for rate, name in parts if rate and known.get(name) is None)
    amount = None
    if not tier.actual and not missing:
        amount = dollars(Fraction(tier.fixed) + sum(_units(rate, name, tier, known) for rate, name in parts))
    return TierAnswer(
        name=tier.name or _words(tier), words=_words(tier), applies=applies, amount=amount, missing=missing
    )


def _units(rate: Fraction, name: str, tier: Tier, known: Known) -> Fraction:
    count = known.get(name) or 0
    return rate * max(0, count - tier.included) if rate else Fraction(0)


def _words(tier: Tier) -> str:
    """The price in words: "$125 per precinct"."""
    parts = [f"${amount(tier.fixed)}"] if Fraction(tier.fixed) else []
    for rate, unit in (
        (tier.per_precinct, "precinct"),
        (tier.per_ballot, "ballot"),
        (tier.per_area, tier.area or "area"),
    ):
        if Fraction(rate):
            above = f" above {tier.included:,}" if tier.included else ""
            parts.append(f"${amount(rate)} per {unit}{above}")
    if tier.actual:
        parts.append("the actual cost")
    return " and ".join(parts) or "nothing"


def amount(text: str) -> str:
    """An amount as people read it: "1,000", "0.25"."""
    value = Fraction(text)
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.2f}"


def dollars(value: Fraction) -> str:
    """An exact amount as decimal text, to the cent, halves up."""
    cents = (value * 100 + Fraction(1, 2)).__floor__()
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
