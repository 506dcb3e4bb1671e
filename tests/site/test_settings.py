"""A wrong setting stops the site with a line that says which and why; no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from enquiries.crypto import new_key

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-" + "x" * 32,
    "SECRET_KEY_FILE": "",
    "ENQUIRY_KEYS": new_key(),
    "ENQUIRY_KEYS_FILE": "",
    "SITE_URL": "https://www.example.org",
    "DATABASE_URL": "sqlite://:memory:",
}


def start(
    tmp_path: Path, then: str = "settings.DEBUG", **changes: str
) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, as every command does when it starts."""
    variables = {**os.environ, **GOOD, "DATA_DIR": str(tmp_path), **changes}
    return subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; {then}"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_settings_start(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"SITE_URL": "www.example.org"}, "SITE_URL", "must be a web address"),
        ({"SITE_URL": "ftp://example.org"}, "SITE_URL", "must be a web address"),
        ({"SITE_URL": "https://example.org/clinic"}, "SITE_URL", "without a path"),
        ({"SITE_URL": "https://example.org:99999"}, "SITE_URL", "port"),
        ({"SITE_URL": ""}, "SITE_URL", "must be a web address"),
        ({"SITE_URL": "http://www.example.org"}, "SITE_URL", "not encrypted"),
        ({"DATABASE_URL": "mysql://u:p@localhost/x"}, "DATABASE_URL", "postgres://"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL", "must look like sqlite:"),
        ({"SECRET_KEY": ""}, "SECRET_KEY", "is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY", "too short"),
        ({"SECRET_KEY": "", "SECRET_KEY_FILE": "/no/such/file"}, "SECRET_KEY_FILE", "No such file"),
        ({"ENQUIRY_KEYS": ""}, "ENQUIRY_KEYS", "python -m enquiries.crypto"),
        ({"ENQUIRY_KEYS": "", "DEBUG": "true", "SITE_URL": "http://localhost"}, "ENQUIRY_KEYS",
         "is missing"),
        ({"ENQUIRY_KEYS": "short"}, "ENQUIRY_KEYS", "key 1 of 1"),
        ({"ENQUIRY_KEYS": f"{new_key()}, {new_key()}"}, "ENQUIRY_KEYS", "no space"),
        ({"ENQUIRY_KEYS": "", "ENQUIRY_KEYS_FILE": "/no/such/file"}, "ENQUIRY_KEYS_FILE",
         "No such file"),
        ({"BACKUP_KEY": "AGE-SECRET-KEY-1SHORT"}, "BACKUP_KEY", "operations.backups.keys"),
        ({"BACKUP_KEY_FILE": "/no/such/file"}, "BACKUP_KEY_FILE", "No such file"),
        ({"DEBUG": "true"}, "DEBUG", "developer's own machine"),
        ({"DEBUG": "perhaps"}, "DEBUG", "boolean"),
        ({"SECURITY_CONTACT": "me@example.org"}, "SECURITY_CONTACT", "must look like mailto:"),
        ({"EMAIL_PORT": "many"}, "EMAIL_PORT", "integer"),
        ({"EMAIL_PORT": "0"}, "EMAIL_PORT", "1 or more"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES", "integer"),
        ({"SECOND_FACTOR": "never"}, "SECOND_FACTOR", "required or offered"),
        ({"SECOND_FACTOR": "offered"}, "SECOND_FACTOR", "on this machine"),
        ({"MEDIA_STORAGE_OPTIONS": "{"}, "MEDIA_STORAGE_OPTIONS", "JSON"),
        ({"MEDIA_STORAGE": "storages.backends.s3.S3Storage"}, "MEDIA_URL",
         "the address under which browsers fetch the bucket's files"),
        ({"DATABASE_POOL_SIZE": "-1"}, "DATABASE_POOL_SIZE", "0 or more"),
        ({"CACHE_URL": "memcached://127.0.0.1:11211"}, "CACHE_URL", "must look like redis://"),
        ({"CACHE_URL": "redis://"}, "CACHE_URL", "must look like redis://"),
    ],
)  # fmt: skip
def test_wrong_setting_is_named(
    tmp_path: Path, changes: dict[str, str], name: str, reason: str
) -> None:
    done = start(tmp_path, **changes)
    assert done.returncode == 1
    assert f"  {name}: " in done.stderr
    assert reason in done.stderr
    assert "The README lists every setting" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_mistakes_are_told_together(tmp_path: Path) -> None:
    done = start(tmp_path, EMAIL_PORT="x", SITE_URL="x", DATABASE_URL="x")
    assert all(name in done.stderr for name in ("EMAIL_PORT", "SITE_URL", "DATABASE_URL"))


def test_secret_key_can_come_from_a_file(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("y" * 50 + "\n")
    done = start(tmp_path, SECRET_KEY="", SECRET_KEY_FILE=str(key))
    assert done.returncode == 0, done.stderr


def test_a_wrong_key_is_not_repeated_in_what_the_site_says(tmp_path: Path) -> None:
    done = start(tmp_path, ENQUIRY_KEYS="not-quite-a-key-but-secret-all-the-same")
    assert done.returncode == 1
    assert "not-quite-a-key" not in done.stderr


def test_enquiry_keys_can_come_from_a_file_the_newest_first(tmp_path: Path) -> None:
    keys = [new_key(), new_key()]
    file = tmp_path / "keys"
    file.write_text("\n".join(keys) + "\n")
    done = start(
        tmp_path,
        "print(settings.ENQUIRY_KEYS)",
        ENQUIRY_KEYS="",
        ENQUIRY_KEYS_FILE=str(file),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(keys)
