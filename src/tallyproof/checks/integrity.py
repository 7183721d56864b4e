"""File and row integrity: encoding, headers, numbers, repeats, totals, test data."""
