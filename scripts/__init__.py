"""Tools behind the Makefile. They need Python alone: they run before anything is installed.

The version is checked here because Python reads this file before any other of the folder, so an old
Python says what is wrong instead of stumbling over newer syntax.
"""

import sys

OLDEST_PYTHON = (3, 11)


def python_problem(version: "tuple[int, ...]") -> str:
    """Return what to do about a Python that is too old, or an empty text."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    return (
        "This is Python {}.{}; the site needs {}.{} or newer.\n"
        "Install a newer Python and name it, for example: make run PYTHON=python3.12"
    ).format(version[0], version[1], *OLDEST_PYTHON)


if python_problem(sys.version_info[:2]):
    sys.exit(python_problem(sys.version_info[:2]))
