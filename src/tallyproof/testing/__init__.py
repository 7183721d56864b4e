"""Public generators of elections, cards and files, for tests and demonstrations."""
