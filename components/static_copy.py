"""Whether pages are rendered for a copy of the site as plain files, that nothing stands behind.

Such a copy can take no form and knows no present: what a page says of this moment would stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_making: ContextVar[bool] = ContextVar("making_static_copy", default=False)


def is_static_copy() -> bool:
    """Say whether what is rendered now goes into such a copy."""
    return _making.get()


@contextmanager
def making_static_copy() -> Iterator[None]:
    """Render pages for such a copy."""
    token = _making.set(True)
    try:
        yield
    finally:
        _making.reset(token)
