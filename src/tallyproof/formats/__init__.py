"""One importer per source format: it recognises a document and reads its rows."""
