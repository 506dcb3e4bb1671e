"""Encryption of what people write to us, with keys from the environment (decision 0011).

The first key of `ENQUIRY_KEYS` encrypts; all of them decrypt, so a key is changed without a pause:
put a new one in front, run `manage.py rotate_enquiry_keys`, take the old one away. What was
encrypted with a key that is gone cannot be read by anybody, ever.
"""

import hashlib
import hmac
import re
import sys
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# What stands for a text whose key is missing. It is never written back: see encrypted_fields.py.
UNREADABLE = "[This cannot be read: the key it was encrypted with is missing.]"
# 32 bytes as base64, as Fernet takes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]=")


class KeyProblem(Exception):
    """A key is missing or malformed; the text says how to mend it."""


def new_key() -> str:
    """Return a random key, as `ENQUIRY_KEYS` takes it."""
    return Fernet.generate_key().decode()


def check_keys(keys: list[str]) -> str:
    """Return what is wrong with the keys, or nothing."""
    if not keys:
        return (
            "is missing. It encrypts what people write in enquiries. Make one with"
            " `python -m enquiries.crypto`, set ENQUIRY_KEYS or ENQUIRY_KEYS_FILE to it, and"
            " keep a copy somewhere safe: without it nobody can read the enquiries again."
        )
    for number, key in enumerate(keys, start=1):
        # To the letter: what decodes to the same key would still give other hashes.
        if not _KEY.fullmatch(key):
            return (
                f"key {number} of {len(keys)} is not one that `python -m enquiries.crypto` made."
                " Several are written with a comma between them and no space."
            )
    return ""


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _ring(tuple(settings.ENQUIRY_KEYS))


def encrypt(text: str) -> str:
    """Return the text encrypted with the newest key; an empty text stays empty."""
    return _current().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Return the text of a token, or `UNREADABLE` where no key of ours fits."""
    if not token:
        return ""
    try:
        return _current().decrypt(token.encode()).decode()
    except InvalidToken:
        return UNREADABLE


def is_current(token: str) -> bool:
    """Say whether the token was made with the newest key, so that rotation has nothing to do."""
    try:
        Fernet(settings.ENQUIRY_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


# --- finding without decrypting -------------------------------------------------------------------


def normal_email(text: str) -> str:
    """Return an email address as it is compared: case does not matter."""
    return text.strip().casefold()


def normal_telephone(text: str) -> str:
    """Return a telephone number as it is compared: ten digits without country code or first nought.

    So "+44 (0)7700 900 982" and "07700 900982" are the same. Words beside it do not count, nor do
    digits after it, of a second number or a time to call.
    """
    found = re.search(r"[\d\s()+.\-/]{7,}", text)
    marks = found[0] if found else text
    digits = "".join(str(int(mark)) for mark in marks if mark.isdecimal()).removeprefix("00")
    british = digits.removeprefix("44").removeprefix("0")
    return british[:10] if british != digits else digits[-10:]


def lookup_key(kind: str, value: str) -> str:
    """Return a keyed hash under which an exact value is found; empty for an empty value."""
    return _hash(settings.ENQUIRY_KEYS[0], kind, value) if value else ""


def lookup_keys(kind: str, value: str) -> list[str]:
    """Return the hashes of a value under every key, as rows may not have been rotated yet."""
    return [_hash(key, kind, value) for key in settings.ENQUIRY_KEYS] if value else []


def _hash(key: str, kind: str, value: str) -> str:
    # A key of its own, so that the hash says nothing about the key that encrypts.
    own = hashlib.sha256(f"lookup:{key}".encode()).digest()
    return hmac.new(own, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"{new_key()}\n")
