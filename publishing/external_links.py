"""The links of our pages to other websites: where they stand, and which of them are dead.

Every app that owns texts registers a function that yields the addresses in them. A check sends one
request at a time to each host, and asks several hosts at once; only the caller's thread uses the
database.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from queue import SimpleQueue
from threading import Event, Lock
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from publishing.link_check import (
    TIMEOUT,
    WEB_PORTS,
    IsAllowed,
    Outcome,
    Verdict,
    check,
    host_of,
    is_public_address,
)
from publishing.models.external_link import ExternalLink, digest_of
from publishing.text import clean_line, clean_paste

CHECK_AGAIN_AFTER = timedelta(hours=20)  # so that a daily run finds every link due
HOSTS_AT_ONCE = 8
PAUSE = 1.0  # seconds between two requests to one host
# Three hosts that all fall silent at once mean that it is we who are cut off.
MIN_HOSTS_TO_TELL = 3

_BATCH = 500  # rows in one statement
_ESCAPABLE = r"[\\`*_{}\[\]()>#+.!-]"  # what a backslash takes its meaning from
# A character of an address, and an address with brackets in it: “/Back_(anatomy)”.
_CHARACTER = rf"(?:\\{_ESCAPABLE}|\\(?!{_ESCAPABLE})|[^\s()\\])"
_BRACKETS = rf"\((?:{_CHARACTER}|\({_CHARACTER}*+\))*+\)"
_PLAIN = rf"(?:{_CHARACTER}|{_BRACKETS}|[ ]+(?=[^\s\"'()]))*+"
_TOKENS = re.compile(
    rf"""
    (?P<code>(?<!`)(?P<ticks>`++)
        (?:[^`\n]|\n(?!\s*\n)|(?!(?P=ticks)(?!`))`++)++
        (?P=ticks))
    | <(?P<autolink>https?://[^<>]*)>
    | \](?P<target>\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>{_PLAIN}))(?=[\s)]))
    | \\{_ESCAPABLE}
    | (?P<picture>!\[)
    | (?P<open>\[)
    | (?P<close>\])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?!\^)[^\[\]\n]+\]:[ ]*\n?[ ]*<?(?P<address>https?://[^\s<>]+)",
    re.MULTILINE | re.IGNORECASE,
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ESCAPED = re.compile(rf"\\({_ESCAPABLE})")
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);", re.IGNORECASE)


@dataclass(frozen=True)
class LinkedFrom:
    """A page that a link stands on: what staff call it, and where they open it."""

    text: str
    url: str


@dataclass(frozen=True)
class DeadLink:
    """A link that readers cannot follow any more, and the pages to mend."""

    address: str
    since: datetime
    problem: str
    pages: list[LinkedFrom]


@dataclass
class Summary:
    """What a run over all links did, in numbers of links."""

    known: int = 0
    checked: int = 0
    works: int = 0
    dead: int = 0
    failed: int = 0
    refused: int = 0
    forgotten: int = 0
    is_offline: bool = False


Finder = Callable[[], Iterable[tuple[str, str, str]]]
Checker = Callable[..., Outcome]

_finders: list[Finder] = []


def register_address_finder(finder: Finder) -> Finder:
    """Add a function that yields an address, the name of the page it stands on, and where to open
    that page. Usable as a decorator; safe to call twice.
    """
    if finder not in _finders:
        _finders.append(finder)
    return finder


def addresses_in(text: str) -> list[str]:
    """Return the addresses of other websites that a Markdown text links to, each once.

    Finds inline links, `<https://…>` and definitions of references; code and pictures are no links.
    """
    if "://" not in text:
        return []
    text = clean_paste(text)
    found = [*_inline_addresses(text), *(each["address"] for each in _DEFINITION.finditer(text))]
    written = (_as_written(address) for address in found if _WEB.match(address))
    return list(dict.fromkeys(address for address in written if not _is_own(address)))


def external_addresses() -> dict[str, list[LinkedFrom]]:
    """Return every address of another website with the pages that link to it.

    What follows a # is cut off: it names a place on the page, and the page is what can go.
    """
    found: dict[str, dict[LinkedFrom, None]] = defaultdict(dict)
    for finder in _finders:
        for written, text, url in finder():
            address = clean_line(written).partition("#")[0]
            if address and not _is_own(address):
                found[address][LinkedFrom(text, url)] = None
    return {address: list(pages) for address, pages in found.items()}


def dead_links() -> list[DeadLink]:
    """Return the dead links that a page still has, the longest dead first."""
    rows = list(ExternalLink.objects.filter(is_dead=True).order_by("dead_since", "address"))
    # The texts are only read when there is something to look for.
    pages = external_addresses() if rows else {}
    return [
        DeadLink(row.address, row.dead_since or row.first_seen_at, row.problem, pages[row.address])
        for row in rows
        if row.address in pages
    ]


def check_all(
    *,
    everything: bool = False,
    limit: int | None = None,
    is_allowed: IsAllowed = is_public_address,
    timeout: float = TIMEOUT,
    pause: float = PAUSE,
    checker: Checker = check,
) -> Summary:
    """Check the links of all pages and keep what was found.

    Links checked within `CHECK_AGAIN_AFTER` are left out unless `everything` is asked for; `limit`
    takes those that were never checked, then those checked longest ago. `timeout` and `pause` are
    in seconds.
    """
    addresses = set(external_addresses())
    summary = Summary(known=len(addresses), forgotten=_keep_rows_of(addresses))
    due = {row.address: row for row in _due(everything=everything, limit=limit)}
    turns = _Turns(pause)

    def ask(address: str) -> Outcome:
        return checker(address, is_allowed=is_allowed, timeout=timeout, turn=turns.take)

    diary = _Diary(due, summary)
    for address, outcome in _outcomes(due, ask):
        diary.note(address, outcome)
    diary.close()
    return summary


def _inline_addresses(text: str) -> Iterator[str]:
    """Yield the targets of inline links: brackets are matched, as a link's text may hold some."""
    is_link: list[bool] = []  # for each bracket that is open: whether it may open a link
    for token in _TOKENS.finditer(text):
        if token["autolink"]:
            yield token["autolink"]
        elif token["picture"] or token["open"]:
            is_link.append(bool(token["open"]))
        elif (token["target"] or token["close"]) and is_link and is_link.pop():
            yield token["angled"] or token["plain"] or ""


def _as_written(address: str) -> str:
    """Return an address without the marks that Markdown asks for inside one."""
    plain = _ESCAPED.sub(r"\1", address)
    return clean_line(_ENTITY.sub(lambda match: unescape(match[0]), plain))


def _is_own(address: str) -> bool:
    try:
        return _place(address) == _place(settings.SITE_URL)
    except ValueError:  # no address at all: the check says so
        return False


def _place(address: str) -> tuple[str, int | None]:
    parts = urlsplit(address)
    # Our pages are ours with http and with https alike.
    port = None if parts.port == WEB_PORTS.get(parts.scheme) else parts.port
    return (parts.hostname or "", port)


def _keep_rows_of(addresses: set[str]) -> int:
    """Make rows of new links, delete those of links no page has; return how many were deleted."""
    stored = dict(ExternalLink.objects.values_list("digest", "pk").iterator())
    digests = {digest_of(address): address for address in addresses}
    new = [ExternalLink.of(digests[digest]) for digest in sorted(digests.keys() - stored.keys())]
    # Two runs may overlap: the second finds the first one's rows and lets them be.
    ExternalLink.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    gone = [key for digest, key in stored.items() if digest not in digests]
    for start in range(0, len(gone), _BATCH):
        ExternalLink.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
    return len(gone)


def _due(*, everything: bool, limit: int | None) -> list[ExternalLink]:
    rows = ExternalLink.objects.order_by(F("checked_at").asc(nulls_first=True), "pk")
    if not everything:
        last = timezone.now() - CHECK_AGAIN_AFTER
        rows = rows.filter(Q(checked_at__isnull=True) | Q(checked_at__lt=last))
    return list(rows if limit is None else rows[: max(0, limit)])


@dataclass
class _Diary:
    """Writes down what checks found, once it is clear that the internet can be reached at all.

    A server that is cut off finds no name and no site; that says nothing about any link.
    """

    rows: dict[str, ExternalLink]
    summary: Summary
    is_online: bool = False
    held_back: list[tuple[str, Outcome]] = field(default_factory=list)

    def note(self, address: str, outcome: Outcome) -> None:
        """Take an outcome; it is written now or when a site has answered."""
        if self.is_online or outcome.verdict is Verdict.REFUSED or not host_of(address):
            self._write(address, outcome)
            return
        self.held_back.append((address, outcome))
        if outcome.verdict is Verdict.WORKS or outcome.status is not None:
            self.is_online = True
            self._write_held_back()

    def close(self) -> None:
        """Write what was held back, unless it is we who are cut off."""
        silent = {host_of(address) for address, _ in self.held_back}
        if len(silent) >= MIN_HOSTS_TO_TELL:
            self.summary.is_offline = True
        else:
            self._write_held_back()

    def _write_held_back(self) -> None:
        for address, outcome in self.held_back:
            self._write(address, outcome)
        self.held_back.clear()

    def _write(self, address: str, outcome: Outcome) -> None:
        row = self.rows[address]
        row.learn(outcome, timezone.now())
        # Not save(): the row may have been deleted by another run, and must not come back.
        changes = {name: getattr(row, name) for name in ExternalLink.STATE}
        ExternalLink.objects.filter(pk=row.pk).update(**changes)
        self._count(row, outcome)

    def _count(self, row: ExternalLink, outcome: Outcome) -> None:
        self.summary.checked += 1
        if row.is_dead:
            self.summary.dead += 1
        elif outcome.verdict is Verdict.WORKS:
            self.summary.works += 1
        elif outcome.verdict is Verdict.REFUSED:
            self.summary.refused += 1
        else:
            self.summary.failed += 1


class _Turns:
    """Sees to it that a host gets one request at a time, and a pause after each.

    Links are shared out by host, but redirects lead from any host to any other.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}
        self._ended: dict[str, float] = {}

    @contextmanager
    def take(self, host: str) -> Iterator[None]:
        """Wait until the host may be asked, and keep others from asking it meanwhile."""
        with self._guard:
            lock = self._locks.setdefault(host, Lock())
        with lock:
            sleep(max(0.0, self._ended.get(host, 0.0) + self._pause - monotonic()))
            try:
                yield
            finally:
                self._ended[host] = monotonic()


def _outcomes(
    addresses: Iterable[str], ask: Callable[[str], Outcome]
) -> Iterator[tuple[str, Outcome]]:
    """Yield what was found about each address, as it is found."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[host_of(address)].append(address)
    results: SimpleQueue[tuple[str, Outcome] | None] = SimpleQueue()
    stop = Event()

    def work(share: list[str]) -> None:
        try:
            for address in share:
                if stop.is_set():
                    return
                results.put((address, ask(address)))
        finally:
            results.put(None)

    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="link-check") as pool:
        # The host with the most links takes longest, so it begins first.
        shares = sorted(by_host.values(), key=len, reverse=True)
        jobs = [pool.submit(work, share) for share in shares]
        try:
            for _ in jobs:
                yield from iter(results.get, None)
        finally:
            # Somebody who stops the run waits for the requests under way, no longer.
            stop.set()
            pool.shutdown(cancel_futures=True)
        for job in jobs:
            job.result()  # raises what went wrong in a thread
