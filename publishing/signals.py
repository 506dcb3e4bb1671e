"""Told of what Django tells nobody: a page's row that was written by its history."""

from django.dispatch import Signal

# Sent with `page`, inside the transaction that wrote its row.
page_written = Signal()
