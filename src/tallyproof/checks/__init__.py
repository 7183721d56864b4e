"""One question per check; each answers with findings, with silence, or with what it would need."""
