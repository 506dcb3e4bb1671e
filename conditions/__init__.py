"""Condition pages, the A to Z of their names, and the parts of the body they concern."""
