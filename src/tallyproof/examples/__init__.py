"""Example cases: tidy tables of published figures, each case in a folder with a ``case.toml``."""
