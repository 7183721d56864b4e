"""One question per check, each answered with findings."""
