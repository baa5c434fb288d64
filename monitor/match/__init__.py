"""Articles and rules become hits, each with the words that made it."""
