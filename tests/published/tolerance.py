"""Whether an answer agrees with a vector, at the vector's own tolerance."""

from typing import Any

import numpy as np

from .recorded import plain


def agrees(got: Any, vector: dict[str, Any], expected: Any = None) -> bool:
    """Within the vector's relative and absolute tolerance of its answer, or of the part named."""
    wanted = plain(vector["expected"] if expected is None else expected)
    tolerance = vector.get("tolerance", 0.0)
    if not isinstance(tolerance, dict):
        tolerance = {"rel": 0.0, "abs": tolerance}
    close = np.isclose(
        np.asarray(got, dtype=float),
        np.asarray(wanted, dtype=float),
        rtol=tolerance["rel"],
        atol=tolerance["abs"],
    )
    return bool(np.shape(got) == np.shape(wanted) and np.all(close))
