"""Verbs: what an actor may do to a case."""
