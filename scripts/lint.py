"""`make lint`: every check that needs no running site. All run; what failed is said at the end."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.environment import BIN, PYTHON, ROOT, Problem, install, say


@dataclass(frozen=True)
class Check:
    """A command, and what it looks at in a person's words."""

    title: str
    command: tuple[str, ...]


def checks() -> list[Check]:
    """Return all checks, quick ones first."""
    python = str(PYTHON)
    templates = [str(folder.relative_to(ROOT)) for folder in ROOT.glob("*/templates")]
    templates.append("templates")
    djlint = (python, "-m", "djlint", *templates)
    manage = (python, "manage.py")
    return [
        Check("Python style (ruff check)", (python, "-m", "ruff", "check")),
        Check("Python layout (ruff format)", (python, "-m", "ruff", "format", "--check")),
        Check("Template layout (djlint)", (*djlint, "--check")),
        Check("Template style (djlint)", (*djlint, "--lint", "--quiet")),
        Check("Import layers (lint-imports)", (str(BIN / "lint-imports"),)),
        Check("Migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Check("Deployment settings", (*manage, "check", "--deploy", "--fail-level", "WARNING")),
        Check("Types of the site (mypy)", (python, "-m", "mypy")),
        Check("Types of the scripts (mypy)", (python, "-m", "mypy", "-p", "scripts")),
    ]


def production_variables(data_directory: str) -> dict[str, str]:
    """Return settings as a public site has them, over anything set on this machine."""
    return {
        **os.environ,
        "DEBUG": "false",
        "SITE_URL": "https://www.example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENQUIRY_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DATA_DIR": data_directory,
        "DATABASE_URL": f"sqlite:///{data_directory}/db.sqlite3",
    }


def passes(check: Check, variables: Mapping[str, str]) -> bool:
    """Run a check; show what it said if it failed."""
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
    say(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {check.title}")
    if done.returncode:
        say(done.stdout.rstrip() + "\n")
    return done.returncode == 0


def main() -> int:
    """Run every check and return an exit code."""
    try:
        install("dev")
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    with tempfile.TemporaryDirectory(prefix="clinic-lint-") as folder:
        variables = production_variables(folder)
        failed = [check.title for check in checks() if not passes(check, variables)]
    if failed:
        say(f"{len(failed)} failed: {', '.join(failed)}")
        return 1
    say("Everything is in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
