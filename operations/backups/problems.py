"""What stops a backup from being made, opened or restored."""

from django.db import DatabaseError

from enquiries.outbox import describe


class BackupProblem(Exception):
    """The text says what is wrong and what to do. It holds nothing of what is backed up."""


# What the machine may do to a backup: a disk that is full, a database that went away.
FAILURES = (BackupProblem, OSError, DatabaseError)


def told(problem: Exception) -> str:
    """Return what went wrong, in words that hold nothing of what is backed up."""
    if isinstance(problem, BackupProblem):
        return str(problem)
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror} ({problem.filename or 'the disk of the backups'})."
    return f"It failed with {describe(problem)}; the log has more."
