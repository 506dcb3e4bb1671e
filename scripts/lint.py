"""`make lint`: every check that needs no running site. All run; what failed is said at the end."""

import base64
import functools
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scripts.environment import BIN, PYTHON, ROOT, Problem, install, say


@dataclass(frozen=True)
class Check:
    """A command, and what it looks at in a person's words.

    What it says is shown when it fails; of one that `speaks`, always.
    """

    title: str
    command: tuple[str, ...]
    speaks: bool = False


def checks() -> list[Check]:
    """Return all checks, quick ones first."""
    python = str(PYTHON)
    templates = [str(folder.relative_to(ROOT)) for folder in ROOT.glob("*/templates")]
    templates.append("templates")
    djlint = (python, "-m", "djlint", *templates)
    apps = sorted(str(file.parent.relative_to(ROOT)) for file in ROOT.glob("*/apps.py"))
    bandit = (python, "-m", "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive")
    manage = (python, "manage.py")
    return [
        Check("Python style (ruff check)", (python, "-m", "ruff", "check")),
        Check("Python layout (ruff format)", (python, "-m", "ruff", "format", "--check")),
        Check("Template layout (djlint)", (*djlint, "--check")),
        Check("Template style (djlint)", (*djlint, "--lint", "--quiet")),
        Check("Import layers (lint-imports)", (str(BIN / "lint-imports"),)),
        Check("Migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Check("Deployment settings", (*manage, "check", "--deploy", "--fail-level", "WARNING")),
        Check("Weak places in the code (bandit)", (*bandit, *apps, "clinic_site", "scripts")),
        Check(
            "Known weaknesses of the packages (pip-audit)",
            (python, "-m", "scripts.known_weaknesses"),
            speaks=True,
        ),
        Check("Types of the site (mypy)", (python, "-m", "mypy")),
        Check(
            "Types of the scripts (mypy)",
            # With a cache of its own, because both run at the same time.
            (python, "-m", "mypy", "--cache-dir", ".mypy_cache/scripts", "-p", "scripts"),
        ),
    ]


def new_backup_key() -> str:
    """Return a key for backups, which only the packages of the site can make."""
    command = [str(PYTHON), "-m", "operations.backups.keys"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return made.stdout.strip()


def production_variables(data_directory: str) -> dict[str, str]:
    """Return settings as a public site has them, over anything set on this machine."""
    return {
        **os.environ,
        "DEBUG": "false",
        "SITE_URL": "https://www.example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENQUIRY_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BACKUP_KEY": new_backup_key(),
        "DATA_DIR": data_directory,
        "DATABASE_URL": f"sqlite:///{data_directory}/db.sqlite3",
    }


def run_check(check: Check, variables: Mapping[str, str]) -> tuple[int, str]:
    """Run a check and return its exit code and what it said."""
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout.rstrip()


def told(check: Check, code: int, said: str) -> str:
    """Return what a person is shown of a check that is done."""
    title = f"{'FAILED' if code else 'ok    '}  {check.title}"
    if code:
        return f"{title}\n{said}\n"
    return f"{title}: {said}" if check.speaks and said else title


def main() -> int:
    """Run every check and return an exit code."""
    try:
        install("dev")
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    with tempfile.TemporaryDirectory(prefix="clinic-lint-") as folder:
        variables = production_variables(folder)
        failed = []
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            each = functools.partial(run_check, variables=variables)
            for check, (code, said) in zip(checks(), pool.map(each, checks()), strict=True):
                say(told(check, code, said))
                failed += [check.title] if code else []
    if failed:
        say(f"{len(failed)} failed: {', '.join(failed)}")
        return 1
    say("Everything is in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
