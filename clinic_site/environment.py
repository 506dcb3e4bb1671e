"""Reads settings from environment variables and refuses to start on a wrong one.

Every variable is listed with its default and meaning in the README and in `.env.example`.
"""

import ipaddress
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from environs import Env, EnvError, EnvValidationError, ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent


def is_loopback(host: str) -> bool:
    """Say whether a host name or address can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def absolute_url(value: str) -> None:
    """Refuse what is not a web address without a path."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValidationError(
            "must be a web address without a path, such as https://www.example.org"
        )
    try:
        parts.port  # noqa: B018  (reading it raises on a port that is no number)
    except ValueError:
        raise ValidationError("has a port that is not a number from 1 to 65535") from None


def log_format(value: str) -> None:
    """Refuse what is not a way to write the log; empty is allowed."""
    if value not in {"", "json", "line"}:
        raise ValidationError("must be json or line")


def contact(value: str) -> None:
    """Refuse what `security.txt` cannot give as a contact (RFC 9116, 2.5.3); empty is allowed."""
    if value and not (value.startswith(("mailto:", "https://", "tel:")) and value.isprintable()):
        raise ValidationError(
            "must look like mailto:security@example.org, https://example.org/report or tel:+44…"
        )


def second_factor(value: str) -> None:
    """Refuse what is neither of the two ways to ask staff for a second factor."""
    if value not in {"required", "offered"}:
        raise ValidationError("must be required or offered")


def positive(value: int) -> None:
    """Refuse a number below 1."""
    if value < 1:
        raise ValidationError("must be 1 or more")


def none_or_more(value: int) -> None:
    """Refuse a number below 0."""
    if value < 0:
        raise ValidationError("must be 0 or more")


def cache_url(value: str) -> None:
    """Refuse what is not the address of a Redis or Valkey; empty is allowed."""
    parts = urlsplit(value)
    if value and not (parts.scheme in {"redis", "rediss"} and parts.hostname):
        raise ValidationError("must look like redis://:password@host:6379/0 or rediss://…")


def database_url(value: str) -> None:
    """Refuse what is not the address of an SQLite or PostgreSQL database."""
    try:
        engine = dj_database_url.parse(value)["ENGINE"]
    except (KeyError, ValueError, dj_database_url.ParseError):
        engine = ""
    if engine not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ValidationError(
            "must look like sqlite:////srv/clinic/db.sqlite3 or postgres://user:password@host/name"
        )


def read_environment() -> Env:
    """Return a reader that collects every mistake until `finish` reports them together."""
    env = Env(eager=False)
    env.read_env(str(BASE_DIR / ".env"), recurse=False)
    return env


def finish(env: Env) -> None:
    """Stop the process with one plain line per wrong variable, if there is any."""
    try:
        env.seal()
    except EnvValidationError as error:
        by_name = error.error_messages
        if not isinstance(by_name, Mapping):
            by_name = {"Environment": by_name}
        lines = [f"  {name}: {' '.join(messages)}" for name, messages in by_name.items()]
        refuse("\n".join(lines))
    except EnvError as error:
        refuse(f"  {error}")


def refuse(problem: str) -> None:
    """Stop the process and say which setting to mend."""
    sys.exit(
        "The site did not start, because of these settings:\n"
        f"{problem}\n"
        "The README lists every setting with its meaning and default."
    )
