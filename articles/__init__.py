"""Articles, by category."""
