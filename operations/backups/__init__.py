"""Backups: one encrypted, checked archive of rows and files, and the way back (decision 0017)."""
