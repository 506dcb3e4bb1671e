"""What a site takes when one machine is no longer enough: a pool, a shared cache, object storage.

Each is switched on by a setting; decision 0018 says what is kept where.
"""

from typing import Any
from urllib.parse import urlsplit

S3_STORAGE = "storages.backends.s3.S3Storage"
# The names of pictures are made from their content.
FOREVER = "public, max-age=31536000, immutable"

_SECONDS_FOR_THE_CACHE = 0.5


def pool_options(size: int) -> dict[str, Any]:
    """Return the options of a pool of at most `size` connections to PostgreSQL a process."""
    # A request that finds no connection in ten seconds is answered with an error: the site is then
    # far beyond what it can carry, and waiting longer only gathers more of them.
    return {"min_size": 1, "max_size": size, "timeout": 10}


def shared_cache(url: str) -> dict[str, dict[str, Any]]:
    """Return Django's caches, kept in the Redis or Valkey at the address."""
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": "clinic",
            "OPTIONS": {
                "serializer": "clinic_site.cache_values.PlainValues",
                # A cache that is slower than doing the work again is of no use.
                "socket_connect_timeout": _SECONDS_FOR_THE_CACHE,
                "socket_timeout": _SECONDS_FOR_THE_CACHE,
            },
        }
    }


def media_options(storage: str, options: dict[str, Any], media_url: str) -> dict[str, Any]:
    """Return the options of the storage of pictures; those that somebody has set come first.

    For S3 they see to it that every file is kept for ever by whoever fetches it, and that addresses
    begin with `MEDIA_URL`, the one origin that the content security policy admits. Raises
    ValueError, with what to do, where that is no address of another origin.
    """
    if storage != S3_STORAGE:
        return options
    parts = urlsplit(media_url)
    if not parts.scheme or not parts.netloc:
        raise ValueError(
            "must be the address under which browsers fetch the bucket's files, such as"
            " https://media.example.org/"
        )
    return {
        "custom_domain": f"{parts.netloc}{parts.path}".rstrip("/"),
        "url_protocol": f"{parts.scheme}:",
        "querystring_auth": False,
        "object_parameters": {"CacheControl": FOREVER},
    } | options
