"""Languages and scripts: which language a text is in, its words, and spellings that count as the same."""
