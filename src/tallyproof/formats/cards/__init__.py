"""Cast vote records, one importer per layout."""
