"""Poll books, paper, provisional and mail ballots."""
