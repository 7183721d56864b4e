"""Sampling: a public seed, the tickets that follow from it, and every draw of cards and batches."""
