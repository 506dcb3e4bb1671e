"""The key of the backups: an X25519 identity of age (https://age-encryption.org/v1).

`python -m operations.backups.keys` makes one, and so does age's own `age-keygen`. Whoever has the
key can open an archive with `age` and `tar` alone, without this software.
"""

import sys

from pyrage import IdentityError, x25519


def new_key() -> str:
    """Return a random key, as `BACKUP_KEY` takes it."""
    return str(x25519.Identity.generate())


def key_in(text: str) -> str:
    """Return the key in the text of a file, in which age-keygen writes comments after a #."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def check_key(key: str) -> str:
    """Return what is wrong with a key, or nothing. None at all is no mistake: no backups."""
    try:
        if key:
            x25519.Identity.from_str(key)
    except IdentityError:
        return (
            "is not a key for backups. Make one with `python -m operations.backups.keys`; it"
            " begins with AGE-SECRET-KEY-1 and stands on one line."
        )
    return ""


if __name__ == "__main__":
    sys.stdout.write(f"{new_key()}\n")
