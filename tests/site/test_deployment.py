"""The settings of a public site: hardened, and its static files hashed and compressed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from enquiries.crypto import new_key
from operations.backups.keys import new_key as new_backup_key

ROOT = Path(__file__).resolve().parents[2]


def manage(data: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command as on a public site, whatever is set on this machine."""
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
        "DEBUG": "false",
        "SITE_URL": "https://www.example.org",
        "ALLOWED_HOSTS": "",
        "SECRET_KEY": "R7m-2kQ9vX4bT8nW1sZ6yH3jL5pC0dF-gA_uEoIiKxMzYwVtUsRq",
        "SECRET_KEY_FILE": "",
        "ENQUIRY_KEYS": new_key(),
        "ENQUIRY_KEYS_FILE": "",
        "BACKUP_KEY": new_backup_key(),
        "BACKUP_KEY_FILE": "",
        "DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}",
        "TRUSTED_PROXIES": "1",
        **changes,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_public_sites_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_a_site_without_backups_is_warned_of(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", BACKUP_KEY="")
    assert "BACKUP_KEY is not set, so no backups are made" in done.stderr


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    done = manage(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


SETTINGS = """
import json
from django.conf import settings
names = ("DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SESSION_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER",
         "ALLOWED_HOSTS", "X_FRAME_OPTIONS", "STORAGES")
print(json.dumps({name: getattr(settings, name, None) for name in names}))
"""


def settings_of(tmp_path: Path, **changes: str) -> dict[str, object]:
    done = manage(tmp_path, "shell", "--no-imports", "-c", SETTINGS, **changes)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_site_with_https_has_all_that_https_allows(tmp_path: Path) -> None:
    found = settings_of(tmp_path)
    assert found["DEBUG"] is False
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
                 "SESSION_COOKIE_HTTPONLY"):  # fmt: skip
        assert found[name] is True, name
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["ALLOWED_HOSTS"] == ["www.example.org"]
    assert found["X_FRAME_OPTIONS"] == "DENY"


@pytest.mark.parametrize("proxies", ["0", "1", "2"])
def test_forwarded_protocol_is_believed_only_behind_a_trusted_proxy(
    tmp_path: Path, proxies: str
) -> None:
    found = settings_of(tmp_path, TRUSTED_PROXIES=proxies)
    expected = None if proxies == "0" else ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["SECURE_PROXY_SSL_HEADER"] == expected


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of static files as `collectstatic` fills it for the production server."""
    data = tmp_path_factory.mktemp("data")
    done = manage(data, "collectstatic", "--noinput", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return data / "static"


def test_collected_files_have_hashed_names(collected: Path) -> None:
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name in ("img/favicon.svg", "js/editor.js", "css/admin/desk.css", "admin/css/base.css"):
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", manifest[name]), name
        assert (collected / manifest[name]).is_file()


@pytest.mark.parametrize("suffix", [".br", ".gz"])
def test_collected_text_is_compressed_beside_the_original(collected: Path, suffix: str) -> None:
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name in ("js/editor.js", "css/admin/desk.css", "admin/css/base.css"):
        original = collected / manifest[name]
        compressed = Path(f"{original}{suffix}")
        assert compressed.is_file(), name
        assert compressed.stat().st_size < original.stat().st_size, name


def test_style_sheets_refer_to_hashed_names(collected: Path) -> None:
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name, hashed in manifest.items():
        if not name.endswith(".css"):
            continue
        text = (collected / hashed).read_text(encoding="utf-8")
        for target in re.findall(r"url\([\"']?([^\"')]+)[\"']?\)", text):
            if not target.startswith(("data:", "#")):
                assert re.search(r"\.[0-9a-f]{12}\.", target), (name, target)
