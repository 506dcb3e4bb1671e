"""Bringing a site on the first release up to date, in a process of its own as staff would."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enquiries.crypto import new_key
from scripts.environment import ROOT
from tests.upgrade import first_release


@dataclass(frozen=True)
class Upgraded:
    """A site that was brought up to date: where it is, its former file, and what it shows."""

    database_url: str
    enquiry_key: str
    former: Path
    seen: dict[str, Any]


def bring_up_to_date(folder: Path, database_url: str = "") -> Upgraded:
    """Upgrade the first release in an SQLite file, or in the empty PostgreSQL at the address."""
    former, site, key = folder / "former.sqlite3", folder / "site.sqlite3", new_key()
    first_release.write_sqlite(former)
    first_release.write_sqlite(site)
    url = database_url or f"sqlite:///{site}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.bring_up_to_date", str(former)],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.growth.site_settings",
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "SITE_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": "only-for-tests-" + "x" * 32,
            "ENQUIRY_KEYS": key,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Upgraded(url, key, former, json.loads(done.stdout.strip().splitlines()[-1]))
