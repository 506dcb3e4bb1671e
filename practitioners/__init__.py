"""The people who work at the clinic: what they do, when, and where they are registered."""
