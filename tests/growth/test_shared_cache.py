"""What machines share in Redis: right while it is there, not missed while it is away."""

from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import redis
from django.conf import LazySettings
from django.core.cache import cache

from clinic_site.growth import shared_cache
from delivery import coding
from scripts.address import free_port
from scripts.redis_server import throw_away_redis

pytestmark = [pytest.mark.whole, pytest.mark.xdist_group("growth")]

BODY = b"<p>" + b"Knees bend. " * 500 + b"</p>"


def at_best(body: bytes) -> bytes:
    return coding.at_best(body).body


@pytest.fixture(autouse=True)
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was compressed, in order; and a cache that is asked at once."""
    done: list[bytes] = []
    compress = brotli.compress

    def note(body: bytes, **options: Any) -> Any:
        done.append(body)
        return compress(body, **options)

    monkeypatch.setattr("brotli.compress", note)
    monkeypatch.setattr(coding, "_resting_until", 0.0)
    return done


@pytest.fixture
def shared(settings: LazySettings, redis_url: str) -> Iterator[redis.Redis]:
    """A site with a shared cache that is empty, and the server behind it."""
    settings.CACHES = shared_cache(redis_url)
    settings.HAS_SHARED_CACHE = True
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
        yield server
    cache.close()


def test_a_page_is_compressed_once(shared: redis.Redis, compressed: list[bytes]) -> None:
    first, second = at_best(BODY), at_best(BODY)
    assert brotli.decompress(first) == BODY
    assert second == first
    assert compressed == [BODY]
    assert brotli.decompress(at_best(BODY + b"!")) == BODY + b"!"


@pytest.mark.parametrize(
    "planted", [brotli.compress(b"<p>Send us money.</p>"), b"no brotli", b"", "text", 7]
)
def test_nobody_who_writes_to_the_cache_puts_a_word_on_a_page(
    shared: redis.Redis, compressed: list[bytes], planted: object
) -> None:
    at_best(BODY)
    [key] = shared.keys()
    cache.set(key.decode().removeprefix("clinic:1:"), planted)
    assert brotli.decompress(at_best(BODY)) == BODY
    assert compressed == [BODY, BODY]


def test_what_stands_in_the_cache_is_never_run(shared: redis.Redis) -> None:
    for value in (b"bytes", 12, "text", ["list", {"of": None}], True):
        cache.set("value", value)
        assert cache.get("value") == value
    shared.set("clinic:1:value", b"cos\nsystem\n(S'true'\ntR.")  # a pickle
    with pytest.raises(ValueError, match="invalid literal"):
        cache.get("value")


def test_a_page_is_compressed_while_the_cache_is_away(
    settings: LazySettings, compressed: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = shared_cache(f"redis://127.0.0.1:{free_port()}")
    settings.HAS_SHARED_CACHE = True
    for _ in range(2):
        assert brotli.decompress(at_best(BODY)) == BODY
    assert compressed == [BODY, BODY]
    # Asked once; then it is left alone for a while.
    assert [each.message for each in caplog.records] == [
        "The shared cache is not to be had: ConnectionError"
    ]


def test_a_server_of_the_tests_asks_for_its_password(redis_url: str) -> None:
    with throw_away_redis() as other, redis.Redis.from_url(other) as server:
        assert server.ping()
        stranger = redis.Redis.from_url(other.replace(other.split("@")[0], "redis://:wrong"))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
