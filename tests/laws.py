"""How many made-up examples a law is tried on."""

from hypothesis import settings

USUAL = 100
"""Examples of a law that names no number of its own; ``conftest.py`` gives the profile "deep" more."""


def examples(number: int) -> int:
    """The number in a usual run; in a deeper one as many times more as for all other laws."""
    return number * settings().max_examples // USUAL
