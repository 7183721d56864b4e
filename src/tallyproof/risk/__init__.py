"""Risk functions on arrays of numbers in draw order; nothing here knows a candidate or a ballot."""
