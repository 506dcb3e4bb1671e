"""Starts the production server. `make run` uses the same command, so a demo is a rehearsal."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

# For requests under way when the server is told to stop. Without it, a client that never finishes
# sending would keep the server from ever stopping.
SECONDS_TO_FINISH = 20


def default_workers() -> int:
    """Return two workers, so that one can fail, but one where there is a single processor."""
    return 1 if os.cpu_count() == 1 else 2


def threads() -> int:
    """Return the threads of each worker.

    Django's work holds Python's lock, so more of them only help while others wait: for a mail
    server, or for another writer of SQLite. Each keeps its own connection to the database.
    """
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def server_command(*, host: str, port: int, workers: int) -> list[str]:
    """Return the command line of the server."""
    return [
        sys.executable, "-m", "granian",
        "--interface", "wsgi",
        "--http", "1",
        "--no-ws",
        "--host", host,
        "--port", str(port),
        "--workers", str(workers),
        "--blocking-threads", str(threads()),
        "--backlog", "1024",
        "--respawn-failed-workers",
        "--workers-kill-timeout", str(SECONDS_TO_FINISH),
        "--no-access-log",
        # Warnings say at times that a worker, gone already, had to be killed.
        "--log-level", "error",
        "clinic_site.wsgi:application",
    ]  # fmt: skip


def start_jobs() -> None:
    """Start the work behind the site in a process that ends when this one does.

    It has a group of its own: Ctrl+C reaches the server alone, and the jobs end with it.
    """
    subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs", "--parent", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


class Command(BaseCommand):
    """Checks that the site is ready to be served, then turns into the server."""

    help = (
        "Serves the site with the production server until SIGTERM or Ctrl+C, and does the work"
        " behind it: mail, notices, erasure."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=default_workers(), help="processes")
        parser.add_argument(
            "--without-jobs", action="store_true", help="`manage.py run_jobs` runs elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_unready()
        host, port, workers = options["host"], options["port"], options["workers"]
        if workers < 1:
            raise CommandError("--workers must be 1 or more.")
        self.stdout.write(f"Serving on {host} port {port} with {workers} worker process(es).")
        self.stdout.flush()
        os.chdir(Path(__file__).resolve().parents[3])
        if not options["without_jobs"]:
            start_jobs()
        # The server takes this process's place, so that signals reach it directly.
        os.execv(  # noqa: S606
            sys.executable, server_command(host=host, port=port, workers=workers)
        )

    def refuse_unready(self) -> None:
        """Stop with what to do where the server would start but the pages would fail."""
        if settings.DEBUG:
            raise CommandError(
                "DEBUG is on. Switch it off for this server, or use `make dev` for the developer's."
            )
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not manifest.is_file():
            raise CommandError(
                f"The static files were not collected ({manifest} is missing)."
                " Run `python manage.py collectstatic --noinput` first."
            )
