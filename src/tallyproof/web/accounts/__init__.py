"""The people who may sign in, kept beside the ledger and never in it."""
