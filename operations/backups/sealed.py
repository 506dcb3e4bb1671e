"""Encryption of an archive as it is written, and decryption as it is read: never all in memory.

The format is age's, by pyrage: each 64 KiB is authenticated, and the last one says that it is.
"""

import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pyrage

from operations.backups.problems import BackupProblem

_AT_ONCE = 1 << 20  # bytes
_WRONG_KEY = (
    "{} cannot be opened with this BACKUP_KEY. It was made with another key, or it is damaged."
)
_DAMAGED = "{} is damaged or cut short. Nothing of it can be trusted: take another backup."


class _Source:
    """Parts that are made one by one, as a stream that asks for the next when it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = b""
        self.problem: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._left:
                self._left = next(self._parts)
        except StopIteration:
            return b""
        except Exception as problem:
            # The encryption passes on an error's words only.
            self.problem = problem
            raise
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def seal(parts: Generator[bytes], target: BinaryIO, key: str) -> None:
    """Write the parts to the file, encrypted for the key. Errors in making a part come through."""
    source = _Source(parts)
    recipient = pyrage.x25519.Identity.from_str(key).to_public()
    try:
        pyrage.encrypt_io(source, target, [recipient])
    except Exception:
        if source.problem is not None:
            raise source.problem from None
        raise
    finally:
        parts.close()


@contextmanager
def unsealed(path: Path, key: str) -> Iterator[BinaryIO]:
    """Yield what the archive holds as a stream. What was read counts only once this has ended.

    Raises BackupProblem, at the end at the latest, if the key is another, or if any byte was
    changed or is missing.
    """
    read_end, write_end = os.pipe()
    problems: list[Exception] = []

    def decrypt() -> None:
        identity = pyrage.x25519.Identity.from_str(key)
        # Broken off below, there is nobody to read the rest.
        with suppress(BrokenPipeError), os.fdopen(write_end, "wb") as target:
            try:
                with path.open("rb") as source:
                    pyrage.decrypt_io(source, target, [identity])
            except Exception as problem:
                problems.append(problem)

    thread = threading.Thread(target=decrypt, name="decrypt", daemon=True)
    thread.start()
    try:
        with os.fdopen(read_end, "rb") as stream:
            yield stream
            while stream.read(_AT_ONCE):
                pass
    except BackupProblem:
        raise
    except Exception:
        thread.join()
        if problems:  # what was cut short made no sense further on
            raise _told(problems[0], path) from None
        raise
    finally:
        thread.join()
    if problems:
        raise _told(problems[0], path)


def _told(problem: Exception, path: Path) -> BackupProblem:
    is_wrong_key = "No matching keys" in str(problem)
    return BackupProblem((_WRONG_KEY if is_wrong_key else _DAMAGED).format(path.name))
