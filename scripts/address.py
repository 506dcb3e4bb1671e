"""Where the site listens: which port, whether it is free, and under which names it is reached."""

import contextlib
import errno
import ipaddress
import socket
from dataclasses import dataclass

from scripts.environment import Problem

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (named, not bound)


@dataclass(frozen=True)
class Address:
    """A host and port to listen on."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Say whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def near_host(self) -> str:
        """The host under which this machine itself reaches it."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def local_url(self) -> str:
        """Its address in a browser on this machine: a loopback one, as plain http must be."""
        return f"http://{in_url(self.host if self.is_loopback else '127.0.0.1')}:{self.port}"


def in_url(host: str) -> str:
    """Return a host as an address writes it: IPv6 in square brackets."""
    return f"[{host}]" if ":" in host else host


def parse_port(text: str) -> int:
    """Return the port, or raise a problem that says what a port is."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise Problem(
        f"PORT must be a whole number from 1 to 65535, not “{text}”."
        f" For example: make run PORT={DEFAULT_PORT + 1}"
    )


def check_free(address: Address, command: str) -> None:
    """Raise a problem, with the command that gets round it, unless we can listen there."""
    error = listen_error(address)
    if error is None:
        return
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        raise Problem(
            f"HOST “{address.host}” is not an address of this machine."
            f" Leave HOST out, or use 0.0.0.0 for all of its addresses."
        )
    other = next_free(address)
    if error.errno == errno.EACCES:
        raise Problem(
            f"Port {address.port} needs administrator's rights. Use another port: {command}"
            f" PORT={other}"
        )
    if error.errno == errno.EADDRINUSE:
        raise Problem(
            f"Port {address.port} is taken by another program (perhaps this site, already running)."
            f" Use another port: {command} PORT={other}"
        )
    raise Problem(f"Cannot listen on {in_url(address.host)}:{address.port}: {error.strerror}.")


def listen_error(address: Address) -> OSError | None:
    """Return why nobody could listen on the address now, if so."""
    try:
        family, kind, protocol, _, name = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(name)
    except OSError as error:
        return error
    return None


def next_free(address: Address) -> int:
    """Return a port near the address's that is free: the next one, or one of the twenty after."""
    start = max(address.port, 1023) + 1
    for port in range(start, min(start + 20, 65536)):
        if listen_error(Address(address.host, port)) is None:
            return port
    return DEFAULT_PORT


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((DEFAULT_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def machine_names() -> list[str]:
    """Return the names and addresses under which others may ask this machine for the site."""
    name = socket.gethostname()
    names = {name, socket.getfqdn()}
    with contextlib.suppress(OSError):  # a machine may not know its own name
        names |= {str(entry[4][0]) for entry in socket.getaddrinfo(name, None)}
    # Connecting a datagram socket sends nothing; it tells which address faces the network.
    with (
        contextlib.suppress(OSError),  # no network
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
    ):
        probe.connect(("192.0.2.1", 9))
        names.add(probe.getsockname()[0])
    return sorted(in_url(found.partition("%")[0]) for found in names if found)
