"""Super-simple discrepancies in detail: each size of error, and no sample at all."""

import numpy as np
import pytest

from tallyproof.audit.assertion import Tally
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.discrepancy import (
    counts,
    errors,
    overstatement_of,
    pairs_of,
    risk_of,
    super_simple_risk,
)
from tallyproof.errors import RequestError
from tallyproof.risk.supersimple import GAMMA, Discrepancies, risk_of_errors

KINDS = one_vote_kinds(2)
PAIRS = pairs_of(Tally({"w": 600, "l": 400}, 1_000))


def column(*codes: int) -> Column:
    return Column(np.array(codes, dtype=np.int8), KINDS)


def test_each_size_of_error_is_counted() -> None:
    """Over by two, over by one, right, under by one, under by two, twice each of the last."""
    records, papers = column(0, 0, 0, 2, 1, 2, 1), column(1, 2, 0, 0, 0, 0, 0)
    assert counts(records, papers, PAIRS) == Discrepancies(1, 1, 2, 2)
    assert errors(records, papers, PAIRS).tolist() == [2, 1, 0, -1, -2, -1, -2]


def test_no_draw_has_no_error() -> None:
    """P is 1."""
    assert errors(column(), column(), PAIRS).tolist() == []
    assert counts(column(), column(), PAIRS) == Discrepancies()
    assert super_simple_risk(column(), column(), PAIRS) == 1


def test_a_distant_loser_weighs_less_unless_asked() -> None:
    """A vote for w that was for x weighs by the margin of 500, one fifth of two, and by that of 100 one."""
    pairs = pairs_of(Tally({"w": 600, "l": 500, "x": 100}, 2_000))
    kinds = one_vote_kinds(3)
    compared = [(kinds[0], kinds[0], 300), (kinds[2], kinds[2], 0), (kinds[0], kinds[2], 1)]
    clean = (1 - 0.05 / (2 * GAMMA)) ** 301
    distant = clean / (1 - 1 / (2 * GAMMA))
    assert overstatement_of(kinds[0], kinds[2], pairs) == 1
    assert risk_of(compared, pairs) == pytest.approx(distant, rel=1e-12)
    assert risk_of(compared, pairs, conservative=True) == pytest.approx(clean / (1 - 1 / GAMMA), rel=1e-12)
    assert risk_of(compared, pairs, 2.0) == pytest.approx((1 - 0.05 / 4) ** 301 / (1 - 1 / 4), rel=1e-12)


def test_every_card_drawn_may_be_in_error() -> None:
    """Two cards, both in error; three errors on two cards are refused."""
    assert risk_of_errors(2, 0.1, [1.0, -2.0]) == pytest.approx(
        (1 - 0.05 / GAMMA) ** 2 / ((1 - 0.5 / GAMMA) * (1 + 1 / GAMMA))
    )
    with pytest.raises(RequestError, match="'draws' must be at least as many as cards with errors"):
        risk_of_errors(2, 0.1, [1.0, -1.0, -1.0])
