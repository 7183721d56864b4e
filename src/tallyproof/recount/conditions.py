"""Margin tests decided with the numbers of a contest, and said in words."""

from __future__ import annotations

from fractions import Fraction

from tallyproof.recount.expression import VARIABLES, Compared, Tested, parse
from tallyproof.recount.knowing import known_of
from tallyproof.recount.numbers import Numbers
from tallyproof.recount.options import ComparedAnswer, Condition
from tallyproof.recount.rule import StateRules, Test, Then


def decide(
    test: Test, numbers: Numbers, stages: dict[str, int], more: dict[str, int], rules: StateRules
) -> Condition:
    """One condition of the law with its numbers.

    ``stages`` holds the margins of later stages by number; a stage whose margin is not given cannot be
    decided. ``more`` holds further variables.
    """
    known = {**(numbers.contest if test.then is Then.AUTOMATIC else numbers.request), **more}
    if test.stage > 1:
        known["margin"] = stages.get(str(test.stage))
    tested = parse(test.when).test(known) if test.when else Tested(True, (), ())
    return Condition(
        name=test.name,
        then=test.then.value,
        when=test.when,
        stage=test.stage,
        returns=test.returns,
        holds=tested.value,
        compared=tuple(_answer(each) for each in tested.compared),
        missing=tested.missing,
        waivable_by=test.waivable_by,
        method=test.method,
        sentence=_sentence(test, tested),
        known=known_of(test, rules),
    )


def _answer(compared: Compared) -> ComparedAnswer:
    left, right = compared.left, compared.right
    return ComparedAnswer(
        compared.text,
        None if left is None else str(left),
        compared.sign,
        None if right is None else str(right),
        compared.value,
    )


def _sentence(test: Test, tested: Tested) -> str:
    if not test.when:
        return f"{_upper(test.name)}: the law sets no margin."
    if tested.value is None:
        needed = ", ".join(VARIABLES[name] for name in tested.missing)
        return f"{_upper(test.name)}: cannot be decided without {needed}."
    shown = "; ".join(said(each) for each in tested.compared if each.value is not None)
    return f"{_upper(test.name)}: {'holds' if tested.value else 'does not hold'} ({shown})."


def said(compared: Compared) -> str:
    """The comparison with its numbers: "margin ≤ 0.25 % × total: 22,617 ≤ 7,440.375 is not so"."""
    verdict = "is so" if compared.value else "is not so"
    text = compared.text.replace("margin_petitioner", "margin to the one who asks")
    return f"{text}: {shown(compared.left)} {compared.sign} {shown(compared.right)} {verdict}"


def shown(number: Fraction | None) -> str:
    """A number as people read it, exactly where it has at most six decimals."""
    if number is None:
        return "unknown"
    if number.denominator == 1:
        return f"{number.numerator:,}"
    scaled = number * 1_000_000
    sign = "" if scaled.denominator == 1 else "about "
    return sign + f"{float(number):,.6f}".rstrip("0").rstrip(".")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
