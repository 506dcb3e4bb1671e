"""The folder of files in which workers count, for `manage.py metrics` to add up."""

import contextlib
import os
import re
from pathlib import Path

# The name by which prometheus_client knows it; it has to be set before that is imported.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_OF_PROCESS = re.compile(r"_(\d+)\.db$")


def folder_in(data: Path) -> Path:
    """Return the folder."""
    return data / "metrics"


def prepare(data: Path) -> dict[str, str]:
    """Make the folder, empty but for what running processes count in; return what names it.

    Nothing is returned if it cannot be made: a site that does not count still serves.
    """
    folder = folder_in(data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_ended(folder, "*.db")
    except OSError:
        return {}
    return {VARIABLE: str(folder)}


def forget_ended(folder: Path, pattern: str = "gauge_live*.db") -> None:
    """Delete files of processes that have ended. What they counted up is kept, unless asked for."""
    for file in folder.glob(pattern):
        found = _OF_PROCESS.search(file.name)
        if found and not _is_there(int(found[1])):
            file.unlink(missing_ok=True)


def _is_there(pid: int) -> bool:
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
