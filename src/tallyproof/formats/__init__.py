"""Importers, one per source format: each identifies a file, then reads records or rejections."""
