"""Steps that bring a ledger's database to the present form; run by Alembic."""
