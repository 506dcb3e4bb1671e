"""`make test-postgres`: run the tests on a PostgreSQL that lives as long as they do.

Those that never come near a database are left out (tests/conftest.py): they ran on SQLite.
"""

import os
import pwd
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import debian
from scripts.address import free_port
from scripts.environment import Problem, run, say
from scripts.test import prepare, run_suite

_NONE = """\
These tests need PostgreSQL's own programs (initdb and pg_ctl), and there are none on this machine.
Install its server, on Debian or Ubuntu: apt install postgresql. On macOS: brew install postgresql.
Nothing was tested on PostgreSQL."""
# The data lives for minutes, so nothing need survive a power cut.
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def is_installed() -> bool:
    """Say whether this machine has PostgreSQL's own programs."""
    return _installed() is not None


def find_tools() -> Path:
    """Return the folder of PostgreSQL's programs, after installing them if need be."""
    found = _installed()
    if found is None and debian.can_install():
        debian.install_package("postgresql")
        found = _installed()
    if found is None:
        raise Problem(_NONE)
    return found


def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(versions, key=lambda folder: folder.parent.name, reverse=True)
    candidates = [Path(on_path).parent] if on_path else []
    for folder in [*candidates, *newest_first]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def unprivileged_user() -> str:
    """Return who runs the server: PostgreSQL refuses root. Empty: we ourselves."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def throw_away_cluster(options: str = _OPTIONS) -> Iterator[str]:
    """Start an empty server on loopback, yield its address, stop and delete it in any case."""
    tools, user = find_tools(), unprivileged_user()
    become: list[str | Path] = ["runuser", "-u", user, "--"] if user else []
    with tempfile.TemporaryDirectory(prefix="clinic-pg-") as name:
        folder = Path(name)
        data, log, password_file = folder / "data", folder / "log", folder / "password"
        password, port = secrets.token_hex(16), free_port()
        password_file.write_text(password)
        if user:
            shutil.chown(folder, user)
            shutil.chown(password_file, user)
        run(
            [
                *become, tools / "initdb", "--pgdata", data, "--username", "clinic",
                "--pwfile", password_file, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C", "--no-sync",
            ],
            failure="PostgreSQL could not make a database. The lines above say why.",
        )  # fmt: skip
        listen = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={name}"
        control = [*become, tools / "pg_ctl", "--pgdata", data, "--wait", "--silent"]
        try:
            run(
                [*control, "--log", log, "--options", f"{listen} {options}", "start"],
                failure=f"PostgreSQL did not start on port {port}. The lines above say why.",
            )
            yield f"postgres://clinic:{password}@127.0.0.1:{port}/postgres"
        finally:
            # By the pid that this cluster wrote into its own data folder.
            if (data / "postmaster.pid").exists():
                run(
                    [*control, "--mode", "immediate", "stop"],
                    failure="PostgreSQL did not stop. The lines above say why.",
                )


def main(arguments: list[str]) -> int:
    """Run the tests on PostgreSQL."""
    # Being told to end must not leave a server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        variables = prepare()
        with throw_away_cluster() as url:
            say("  PostgreSQL is running")
            return run_suite(
                arguments, {**variables, "TEST_DATABASE_URL": url}, with_coverage=False
            )
    except Problem as problem:
        say(f"\n{problem}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
