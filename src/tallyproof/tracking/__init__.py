"""The count over time: margins, leads and certification."""
