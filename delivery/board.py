"""What has changed, for every process of the machine to see: a small file that all of them map.

The file has a number of slots of 8 bytes. Each tag, such as "articles.article:12", has one. Who
changes something writes new random bytes to the slots of its tags; who keeps a page remembers what
stood in the slots of its tags, and the page is right as long as that still stands there. Two tags
may share a slot: then a page is rendered once too often, and never once too seldom.
"""

import mmap
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

_BYTES = 8
SLOTS = 8192
# The first slots are not for tags: the board's own name, by which a machine knows what it wrote
# itself; and what changes with any change, so that mostly one look is enough.
_NAME = slice(0, _BYTES)
_ANYTHING = slice(_BYTES, 2 * _BYTES)
_FIRST = 2

Stamp = tuple[tuple[slice, bytes], ...]


class Board:
    """The slots, mapped from a file. Reading and writing one costs no system call."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if os.fstat(file.fileno()).st_size < SLOTS * _BYTES:
                os.ftruncate(file.fileno(), SLOTS * _BYTES)
            self._slots = mmap.mmap(file.fileno(), SLOTS * _BYTES)
        if not any(self._slots[_NAME]):
            self._slots[_NAME] = os.urandom(_BYTES)

    @property
    def name(self) -> str:
        """The board's name: the same for every process of the machine."""
        return self._slots[_NAME].hex()

    def anything(self) -> bytes:
        """Return what is different after any change."""
        return self._slots[_ANYTHING]

    def photograph(self) -> "Photograph":
        """Return what stands in all slots now."""
        return Photograph(bytes(self._slots))

    def stands(self, stamp: Stamp) -> bool:
        """Say whether nothing has changed since the stamp was taken."""
        return all(self._slots[place] == value for place, value in stamp)

    def touch(self, tags: Iterable[str]) -> None:
        """Note that what the tags stand for has changed."""
        for place in _places(tags):
            self._slots[place] = os.urandom(_BYTES)
        # Last: who sees this has to see the others.
        self._slots[_ANYTHING] = os.urandom(_BYTES)


class Photograph:
    """What stood in the slots at a moment, for whoever learns only later which ones matter."""

    def __init__(self, slots: bytes) -> None:
        self._slots = slots

    def stamp(self, tags: Iterable[str]) -> Stamp:
        """Return what stood in the slots of the tags."""
        return tuple((place, self._slots[place]) for place in _places(tags))


def _places(tags: Iterable[str]) -> list[slice]:
    numbers = {_FIRST + zlib.crc32(tag.encode()) % (SLOTS - _FIRST) for tag in tags}
    return [slice(number * _BYTES, (number + 1) * _BYTES) for number in sorted(numbers)]
