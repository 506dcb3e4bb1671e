"""What may be said, and on whose word: sources, citations and the signs that need help now."""
