"""Across levels and sources: roll-ups, doubled counts, rosters, later amendments."""
