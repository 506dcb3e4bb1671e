"""Ports and hosts: what is refused, and in which words."""

import errno
import socket
from collections.abc import Iterator

import pytest

from scripts import address as module
from scripts.address import Address, check_free, in_url, machine_names, next_free, parse_port
from scripts.environment import Problem


@pytest.fixture
def taken() -> Iterator[Address]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield Address("127.0.0.1", listener.getsockname()[1])


@pytest.mark.parametrize("text", ["1", "8000", "65535"])
def test_port_is_read(text: str) -> None:
    assert parse_port(text) == int(text)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "abc", "80.0", " 80", "٨٠٠٠", "1e3"])
def test_wrong_port_is_named_with_an_example(text: str) -> None:
    with pytest.raises(Problem) as raised:
        parse_port(text)
    assert f"“{text}”" in str(raised.value)
    assert "make run PORT=8001" in str(raised.value)


def test_taken_port_names_a_free_one(taken: Address) -> None:
    with pytest.raises(Problem, match=f"Port {taken.port} is taken") as raised:
        check_free(taken, "make run")
    assert f"make run PORT={next_free(taken)}" in str(raised.value)


def test_free_port_passes() -> None:
    check_free(Address("127.0.0.1", module.free_port()), "make run")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_foreign_host_is_refused(host: str) -> None:
    with pytest.raises(Problem, match="is not an address of this machine"):
        check_free(Address(host, 8000), "make run")


def test_privileged_port_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: Address) -> OSError | None:
        return OSError(errno.EACCES, "Permission denied") if address.port < 1024 else None

    monkeypatch.setattr(module, "listen_error", refuse)
    with pytest.raises(Problem, match=r"administrator's rights.*PORT=1024"):
        check_free(Address("127.0.0.1", 80), "make run")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("192.0.2.7", "http://127.0.0.1:8000"),
        ("clinic-pc", "http://127.0.0.1:8000"),
    ],
)
def test_site_address_is_always_a_loopback_one(host: str, url: str) -> None:
    assert Address(host, 8000).local_url == url


def test_machine_names_are_written_as_in_addresses() -> None:
    names = machine_names()
    assert socket.gethostname() in names
    assert not any("%" in name for name in names)
    assert in_url("fe80::1") == "[fe80::1]"
