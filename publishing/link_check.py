"""Asks another website whether an address still leads somewhere, without being led astray itself.

Whoever may edit a page chooses the addresses this server asks for, and the sites behind them choose
where they redirect to. So nothing inside a private network is ever asked: a name is looked up once,
the answer is judged, and the connection goes to that very answer. Every redirect is judged anew.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.encoding import iri_to_uri

MAX_ADDRESS_LENGTH = 2000
MAX_REDIRECTS = 5
TIMEOUT = 10.0  # seconds for one link, with all its redirects
WEB_PORTS = {"http": 80, "https": 443}
HEADERS = {"User-Agent": "clinic-site link check", "Accept": "*/*", "Connection": "close"}

_MAX_NAME = 253  # letters; no name of a host has more
_MAX_TRIES = 4  # of the network addresses that one name has
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {
    404: "The site says that it has no such page (404).",
    410: "The site says that the page was removed for good (410).",
}
# Sites that keep robots out answer like this although readers get the page.
_KEEPS_ROBOTS_OUT = {401, 403, 405, 406, 429}
_TOO_MANY_REQUESTS = 429
_NO_SUCH_NAME = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
}
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address behind a translator (NAT64)

IsAllowed = Callable[[str, int], bool]
Turn = Callable[[str], AbstractContextManager[None]]


class Verdict(Enum):
    """What one check says about a link."""

    WORKS = "works"
    DEAD = "dead"
    FAILED = "failed"  # this time; only time tells whether the link is dead
    REFUSED = "refused"  # we did not ask, so nothing is known


@dataclass(frozen=True)
class Outcome:
    """What one check found: the verdict, the reason in words for staff, the site's last answer."""

    verdict: Verdict
    problem: str = ""
    status: int | None = None


class _Malformed(ValueError):
    """An address that no browser could follow."""


class _Refused(Exception):
    """An address that we do not ask for."""


@dataclass(frozen=True)
class _Target:
    """An address taken apart, ready to be asked for."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == WEB_PORTS[self.scheme] else f"{host}:{self.port}"


class _Deadline:
    """The moment by which a check must be over, whatever the site does."""

    def __init__(self, seconds: float) -> None:
        self._at = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError when there are none."""
        left = self._at - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def extend(self, seconds: float) -> None:
        """Put the moment off, by time for which the site cannot be blamed."""
        self._at += seconds


def is_public_address(ip: str, port: int) -> bool:
    """Say whether an IP address belongs to the public internet and the port to the web."""
    if port not in WEB_PORTS.values():
        return False
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _ipv4_inside(address)
        if inner is None:
            # 6to4 wraps any IPv4 address, private ones too, and nobody needs it any more.
            return address.is_global and address in _GLOBAL_UNICAST and address.sixtofour is None
        address = inner
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _ipv4_inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _at_any_time(host: str) -> AbstractContextManager[None]:
    return nullcontext()


def check(
    address: str,
    *,
    is_allowed: IsAllowed = is_public_address,
    timeout: float = TIMEOUT,
    turn: Turn = _at_any_time,
) -> Outcome:
    """Ask for an address and say whether it leads somewhere. Never raises.

    `is_allowed` judges each network address and port before it is connected to; only public ones
    on the ports of the web pass unless another judge is given. `turn` is entered, with the host's
    name, around each request; waiting for it does not count towards `timeout`, in seconds.
    """
    asker = _Asker(is_allowed, _Deadline(timeout), turn)
    try:
        target = _target(address)
    except _Malformed as error:
        return Outcome(Verdict.DEAD, str(error))
    except _Refused as error:
        return Outcome(Verdict.REFUSED, str(error))
    try:
        return _follow(target, asker)
    except _Refused as error:
        return Outcome(Verdict.REFUSED, str(error))
    except (OSError, HTTPException, ValueError) as error:
        return _outcome_of(error)


def host_of(address: str) -> str:
    """Return the name of the host an address leads to, or nothing if it cannot be followed."""
    try:
        return _target(address).host
    except (_Malformed, _Refused):
        return ""


def _target(address: str) -> _Target:
    if len(address) > MAX_ADDRESS_LENGTH:
        raise _Refused(
            f"The address has more than {MAX_ADDRESS_LENGTH:,} characters, so it was not checked."
        )
    if _CONTROL.search(address):
        raise _Malformed("The address contains characters that no address may have.")
    try:
        parts = urlsplit(address.strip())
        port = parts.port
        path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    except ValueError as error:
        raise _Malformed("This is not an address that a browser can follow.") from error
    if parts.scheme not in WEB_PORTS:
        raise _Refused("Only addresses that begin with http:// or https:// are checked.")
    if port is None:
        port = WEB_PORTS[parts.scheme]
    host = _host(parts)
    return _Target(parts.scheme, host, port, path, address)


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    try:
        if "[" in parts.netloc:
            host = str(ipaddress.IPv6Address(name))
            if "%" in host:  # names one of our own network's cards
                raise ValueError
            return host
        # The codec is slow on very long names.
        host = name[:_MAX_NAME].encode("idna").decode("ascii").lower().removesuffix(".")
        if len(name) > _MAX_NAME or not _NAME.fullmatch(host):
            raise ValueError
    except ValueError as error:
        raise _Malformed("The address names no website after http:// or https://.") from error
    return host


def _follow(target: _Target, asker: "_Asker") -> Outcome:
    for _ in range(MAX_REDIRECTS + 1):
        status, location = asker.ask(target)
        if status not in _REDIRECTS or not location:
            return _judge(status)
        target = _target(urljoin(target.address, location))
    return Outcome(
        Verdict.FAILED, f"The site sends readers on more than {MAX_REDIRECTS} times.", status
    )


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Verdict.WORKS, status=status)
    if status in _GONE:
        return Outcome(Verdict.DEAD, _GONE[status], status)
    if status in _KEEPS_ROBOTS_OUT:
        # Publishers of journals do so as a rule: never a reason to call a source dead.
        words = "The site refuses automatic checks ({}). Open the link: readers may well get there."
        return Outcome(Verdict.REFUSED, words.format(status), status)
    if status >= 500:
        words = "The site reported a fault of its own ({})."
    else:
        words = "The site gave an answer that leads nowhere ({})."
    return Outcome(Verdict.FAILED, words.format(status), status)


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, socket.gaierror):
        if error.errno in _NO_SUCH_NAME:
            return Outcome(Verdict.DEAD, "There is no website of this name any more.")
        words = "The name of the website could not be looked up."
    elif isinstance(error, TimeoutError):
        words = "The site did not answer in time."
    elif isinstance(error, ssl.SSLCertVerificationError):
        words = "The site’s security certificate is not valid, so browsers warn readers."
    elif isinstance(error, ssl.SSLError):
        words = "No secure connection to the site was possible."
    elif isinstance(error, OSError):
        words = "The site could not be reached."
    else:
        words = "The site gave an answer that makes no sense."
    return Outcome(Verdict.FAILED, words)


@dataclass(frozen=True)
class _Asker:
    """Sends the requests of one check."""

    is_allowed: IsAllowed
    deadline: _Deadline
    turn: Turn

    def ask(self, target: _Target) -> tuple[int, str]:
        """Return the status of an address, and where it redirects to, if it does."""
        try:
            status, location = self._request("HEAD", target)
        except HTTPException:
            pass  # some servers hang up on a method that they do not know
        else:
            if status < 400 or status == _TOO_MANY_REQUESTS:
                return status, location
        # Few sites test what they answer to HEAD, so nothing bad is believed before a GET.
        return self._request("GET", target)

    def _request(self, method: str, target: _Target) -> tuple[int, str]:
        queued_at = monotonic()
        with self.turn(target.host):
            self.deadline.extend(monotonic() - queued_at)
            with self._connect(target) as connected:
                connection = HTTPConnection(target.host, target.port)
                connection.auto_open = 0  # it must not connect anywhere by itself
                connection.sock = connected
                connected.settimeout(self.deadline.left())
                connection.request(
                    method, target.path, headers={"Host": target.host_header} | HEADERS
                )
                # The status and the headers say everything, so no body is read.
                source: Any = _Source(connected, self.deadline)
                with HTTPResponse(source, method=method) as response:
                    response.begin()
                    return response.status, _unmangled(response.getheader("Location") or "")

    def _connect(self, target: _Target) -> socket.socket:
        found = _look_up(target, self.deadline)
        allowed = [ip for ip in found if self.is_allowed(ip, target.port)][:_MAX_TRIES]
        if not allowed:
            raise _Refused(_why_refused(target))
        for position, ip in enumerate(allowed[:-1]):
            with suppress(OSError):
                # An address that swallows everything must leave time for the next.
                patience = self.deadline.left() / (len(allowed) - position)
                connected = socket.create_connection((ip, target.port), patience)
                return self._secured(connected, target)
        connected = socket.create_connection((allowed[-1], target.port), self.deadline.left())
        return self._secured(connected, target)

    def _secured(self, connected: socket.socket, target: _Target) -> socket.socket:
        if target.scheme == "http":
            return connected
        try:
            connected.settimeout(self.deadline.left())
            return _tls_context().wrap_socket(connected, server_hostname=target.host)
        except BaseException:
            connected.close()
            raise


def _why_refused(target: _Target) -> str:
    if target.port not in WEB_PORTS.values():
        return f"The link leads to port {target.port}. Only websites’ usual ports are checked."
    return "The link leads into a private network, so it was not checked. Readers cannot follow it."


def _look_up(target: _Target, deadline: _Deadline) -> list[str]:
    """Return the IP addresses of a host, best first."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(each[4][0]) for each in found)))

    # Looking up a name knows no time limit, so it is left behind when it takes too long.
    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty as error:
        raise TimeoutError from error
    if isinstance(answer, Exception):
        raise answer
    return answer


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _unmangled(location: str) -> str:
    """Return a header's text as the site meant it: headers arrive read as Latin-1."""
    return location.encode("latin-1", "replace").decode("utf-8", "replace").strip()


class _Source:
    """What a response is read from: a socket that gives up at the deadline.

    A socket's own limit begins anew with each byte, so a site that sends one now and then would
    hold the check for ever.
    """

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._connected = connected
        self._deadline = deadline

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_TimedReader(self._connected, self._deadline))


class _TimedReader(RawIOBase):
    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        super().__init__()
        self._connected = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connected.settimeout(self._deadline.left())
        return self._connected.recv_into(buffer)
