"""Verbs: each takes an actor, checks the right to act, and answers with plain objects."""
