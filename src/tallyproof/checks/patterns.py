"""Patterns inside a count: zeros, write-ins, repeated and shifted blocks."""
