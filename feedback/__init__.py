"""“Is anything wrong with this page?”: notes from readers to staff."""
