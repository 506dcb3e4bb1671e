"""The address of a client is the one that our own proxies saw, never one that it claims."""

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from components.client_address import client_address

DIRECT = "192.0.2.1"


def address(
    settings: LazySettings, proxies: int, forwarded: str | None, direct: str = DIRECT
) -> str:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=direct))


@pytest.mark.parametrize("forwarded", [None, "", "203.0.113.9", "203.0.113.9, 203.0.113.10"])
def test_without_a_proxy_the_header_is_not_read(
    settings: LazySettings, forwarded: str | None
) -> None:
    assert address(settings, 0, forwarded) == DIRECT


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),  # the first was made up by the client
        (2, "198.51.100.66, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        (2, "203.0.113.9,192.0.2.7", "203.0.113.9"),
        (1, "  203.0.113.9  ", "203.0.113.9"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_as_many_addresses_are_read_from_the_right_as_there_are_proxies(
    settings: LazySettings, proxies: int, forwarded: str, expected: str
) -> None:
    assert address(settings, proxies, forwarded) == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        (1, None),
        (1, ""),
        (2, "203.0.113.9"),
        (1, "unknown"),
        (1, "203.0.113.9, "),
        (1, "203.0.113.9:4711"),
        (1, "<script>"),
        (1, "1" * 10_000),
    ],
)
def test_header_that_our_proxies_cannot_have_written_is_left_aside(
    settings: LazySettings, proxies: int, forwarded: str | None
) -> None:
    assert address(settings, proxies, forwarded) == DIRECT


def test_socket_without_an_address_has_a_placeholder(settings: LazySettings) -> None:
    assert address(settings, 0, None, direct="") == "0.0.0.0"  # noqa: S104


def test_sign_in_attempts_are_counted_by_it(settings: LazySettings) -> None:
    assert settings.AXES_CLIENT_IP_CALLABLE == "components.client_address.client_address"
