"""`manage.py metrics`: figures for Prometheus, once or on a port that only this machine reaches."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from prometheus_client import generate_latest, start_http_server

from enquiries.management.commands.run_jobs import watch
from operations.site_figures import registry


class Command(BaseCommand):
    """Adds up what all workers of this machine count, and looks up how the site stands."""

    help = "Print the figures for Prometheus; with --port, serve them to this machine alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="of 127.0.0.1")
        parser.add_argument(
            "--parent", type=int, default=0, help="end when this process is no longer the parent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["port"]:
            self.stdout.write(generate_latest(registry()).decode(), ending="")
            return
        time_to_end = threading.Event()
        watch(time_to_end, options["parent"])
        try:
            server, _ = start_http_server(options["port"], addr="127.0.0.1", registry=registry())
        except OSError as error:
            raise CommandError(
                f"Port {options['port']} cannot be listened on: {error.strerror}."
            ) from error
        time_to_end.wait()
        server.shutdown()
        server.server_close()
