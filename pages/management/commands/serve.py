"""Starts the production server. `make run` uses the same command, so a demo is a rehearsal."""

import os
import sys
from pathlib import Path
from typing import Any

import dotenv
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.counted_files import prepare
from operations.telling import FORMAT_VARIABLE

# Not resolved: it may go through a link to the release that is current.
_ROOT = Path(__file__).absolute().parents[3]


def default_workers() -> int:
    """Return two workers, so that one can fail, but one where there is a single processor."""
    return 1 if os.cpu_count() == 1 else 2


def threads() -> int:
    """Return the threads of each worker.

    Django's work holds Python's lock, so more of them only help while others wait: for a mail
    server, or for another writer of SQLite. Each keeps its own connection to the database.
    """
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def server_command(
    *,
    host: str,
    port: int,
    workers: int,
    folder: Path | None = None,
    jobs: bool = False,
    metrics_port: int = 0,
) -> list[str]:
    """Return the command line that starts the processes of the site, in a folder."""
    return [
        sys.executable, "-m", "operations.serving",
        "--host", host,
        "--port", str(port),
        "--workers", str(workers),
        "--threads", str(threads()),
        *(["--folder", str(folder)] if folder else []),
        *(["--jobs"] if jobs else []),
        *(["--metrics-port", str(metrics_port)] if metrics_port else []),
        "clinic_site.wsgi:application",
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment of the processes, without what this one has read from `.env`.

    They read the file themselves, so that a server that takes this one's place finds new settings.
    """
    from_file = dotenv.dotenv_values(_ROOT / ".env")
    kept = {name: value for name, value in os.environ.items() if from_file.get(name) != value}
    counted = prepare(Path(settings.DATA_DIR))
    # One arena of memory for each thread would be twice as much as all of them need.
    kept.setdefault("MALLOC_ARENA_MAX", "2")
    return kept | counted | {FORMAT_VARIABLE: settings.LOG_FORMAT}


class Command(BaseCommand):
    """Checks that the site is ready to be served, then turns into the server."""

    help = (
        "Serves the site with the production server until SIGTERM or Ctrl+C, and does the work"
        " behind it: mail, notices, erasure. SIGHUP replaces the server by a new one, from the"
        " files as they are now, without a request that fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=default_workers(), help="processes")
        parser.add_argument(
            "--without-jobs", action="store_true", help="`manage.py run_jobs` runs elsewhere"
        )
        parser.add_argument(
            "--metrics-port",
            type=int,
            default=0,
            help="also run `manage.py metrics`, for Prometheus, on this port of this machine alone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_unready()
        host, port, workers = options["host"], options["port"], options["workers"]
        if workers < 1:
            raise CommandError("--workers must be 1 or more.")
        self.stdout.write(f"Serving on {host} port {port} with {workers} worker process(es).")
        self.stdout.flush()
        os.chdir(_ROOT)
        command = server_command(
            host=host,
            port=port,
            workers=workers,
            folder=_ROOT,
            jobs=not options["without_jobs"],
            metrics_port=options["metrics_port"],
        )
        # What looks after the processes takes this one's place, so that signals reach it directly.
        os.execve(sys.executable, command, environment())  # noqa: S606

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
