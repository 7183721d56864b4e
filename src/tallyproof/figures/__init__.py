"""Charts from results, as SVG text; their numbers stand in a table beside them too."""
