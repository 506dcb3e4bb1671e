"""Asking the storage of uploads what it holds, whatever kind of storage it is."""

from django.core.files.storage import default_storage


def listing(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files in a folder; none if it is not there, or nobody can say."""
    try:
        return default_storage.listdir(folder)
    except (OSError, NotImplementedError):
        return [], []
