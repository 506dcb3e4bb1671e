"""The pages that are kept: rendered once, compressed once for each coding, bounded by bytes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from delivery import squeezing
from delivery.board import Board, Stamp
from delivery.coding import Coded, at_best, quickly

Headers = list[tuple[str, str]]
# What a page takes beside its bytes: headers, stamp, the table's own entry. Measured roughly.
_FRAME_BYTES = 4000


@dataclass
class Page:
    """An answer of the framework: status, headers, and the body in each coding asked for so far."""

    status: str
    headers: Headers
    body: bytes
    # What it shows, as it was when it was rendered.
    stamp: Stamp = ()
    # Until when it is right if nothing changes, in seconds since 1970; 0 for what is not kept.
    until: float = 0.0
    etag: str = field(init=False)
    is_html: bool = field(init=False)
    # The slot for any change, when the stamp was last compared.
    seen: bytes = b""
    # Whole answers by coding, as `delivery.answers` made them.
    answers: dict[str, Any] = field(default_factory=dict)
    _coded: dict[str, Coded] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.etag = blake2b(self.body, digest_size=12).hexdigest()
        self.is_html = self.content_type.startswith("text/html")

    @property
    def content_type(self) -> str:
        """The type of the body, or nothing."""
        told = (value for name, value in self.headers if name.lower() == "content-type")
        return next(told, "")

    def in_coding(self, coding: str) -> Coded:
        """Return the body in a coding; brotli is made better afterwards if the page is kept."""
        done = self._coded.get(coding)
        if done is None:
            with self._lock:
                done = self._coded.get(coding)
                if done is None:
                    done = self._coded[coding] = quickly(self.body, coding)
                    if coding == "br" and self.until:
                        squeezing.later(self)
        return done

    def squeeze(self) -> None:
        """Make the smallest brotli there is, for all who ask from now on."""
        self._coded["br"] = at_best(self.body)

    @property
    def size(self) -> int:
        """How many bytes it takes, or will once every coding is made."""
        return _FRAME_BYTES + len(self.body) * 3 // 2


class KeptPages:
    """Pages by address, the least recently asked for given up first."""

    def __init__(self, board: Board, most_bytes: int) -> None:
        self._board = board
        self._most = most_bytes
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self.bytes = 0
        # For whoever watches the site. Counted under the lock that is held anyway.
        self.answered = 0
        self.missed = 0
        self._lock = threading.Lock()
        self._rendering: dict[str, Future[Page]] = {}

    def get(self, address: str) -> Page | None:
        """Return the page, if it is kept and still right."""
        page = self._pages.get(address)
        if page is None:
            return None
        if not self._is_right(page):
            self._drop(address, page)
            return None
        with self._lock:
            self.answered += 1
            if address in self._pages:
                self._pages.move_to_end(address)
        return page

    def _is_right(self, page: Page) -> bool:
        now = self._board.anything()
        if page.seen != now:
            if not self._board.stands(page.stamp):
                return False
            page.seen = now
        return time.time() < page.until

    def get_or_render(self, address: str, render: Callable[[], Page]) -> Page:
        """Return the page, rendered once however many ask for it at the same time."""
        while True:
            with self._lock:
                coming = self._rendering.get(address)
                if coming is None:
                    self.missed += 1
                    own = self._rendering[address] = Future()
            if coming is None:
                return self._render(address, own, render)
            page = coming.result()
            # Somebody else's may have been begun before a change that we have to show.
            if self._board.stands(page.stamp):
                return page

    def _render(self, address: str, coming: "Future[Page]", render: Callable[[], Page]) -> Page:
        try:
            # Whoever was faster may have just finished.
            page = self.get(address) or render()
            if page.until > time.time() and page.size <= self._most:
                self._put(address, page)
            coming.set_result(page)
        except BaseException as error:
            coming.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._rendering[address]
        return page

    def _put(self, address: str, page: Page) -> None:
        with self._lock:
            before = self._pages.pop(address, None)
            self._pages[address] = page
            self.bytes += page.size - (before.size if before else 0)
            while self.bytes > self._most:
                _, oldest = self._pages.popitem(last=False)
                self.bytes -= oldest.size

    def _drop(self, address: str, page: Page) -> None:
        with self._lock:
            if self._pages.get(address) is page:
                del self._pages[address]
                self.bytes -= page.size
