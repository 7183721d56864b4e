"""Super-simple discrepancies in detail: each size of error, and no sample at all."""

import numpy as np

from tallyproof.audit.assertion import Tally
from tallyproof.audit.assorter import Column, one_vote_kinds
from tallyproof.audit.discrepancy import counts, errors, pairs_of, super_simple_risk
from tallyproof.risk.supersimple import Discrepancies

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
