"""How values are written to the shared cache: as bytes or JSON, and never as Python's pickles.

Whoever can write a pickle into the cache can have the site run whatever they like.
"""

import json
from typing import Any

_BYTES, _JSON = b"b", b"j"


class PlainValues:
    """A serializer of Django's Redis cache for bytes and for what JSON can hold."""

    def dumps(self, value: Any) -> int | bytes:
        """Return what is stored. Whole numbers stay as they are, so that Redis can count them."""
        if type(value) is int:
            return value
        if isinstance(value, bytes):
            return _BYTES + value
        return _JSON + json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        """Return the value. Raises ValueError for what we did not write."""
        kind, content = stored[:1], stored[1:]
        if kind == _BYTES:
            return content
        return json.loads(content) if kind == _JSON else int(stored)
