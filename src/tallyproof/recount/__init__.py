"""Recount law: who may ask for a recount, when, how and at what cost, and a recount compared."""
