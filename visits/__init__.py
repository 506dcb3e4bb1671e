"""Counting without watching: how often pages are asked for, and which addresses are missing."""
