"""Check an election from the reported count to the paper ballots."""

__version__ = "0.1.0"
