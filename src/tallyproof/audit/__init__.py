"""Audits: what must be shown on paper for a reported outcome to stand, and the verdict."""
