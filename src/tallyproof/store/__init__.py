"""The ledger, the original files and the tables built from them."""
