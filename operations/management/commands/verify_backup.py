"""`manage.py verify_backup FILE`: read a whole archive and check every byte of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.backups.making import backup_key
from operations.backups.problems import FAILURES, told
from operations.backups.reading import verify


class Command(BaseCommand):
    """Changes nothing, and needs no database."""

    help = "Check that a backup is whole, and say what it holds."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            about, manifest = verify(options["file"], backup_key())
        except FAILURES as problem:
            raise CommandError(told(problem)) from problem
        self.stdout.write(
            f"Whole. Made {about.made_at} from {about.database} by release {about.release}:"
            f" {manifest.rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files."
        )
        for name in manifest.missing:
            self.stdout.write(f"  was missing already: {name}")
        if options["verbosity"] > 1:
            for name, rows in manifest.tables.items():
                self.stdout.write(f"  {name}: {rows.rows}")
        self.stdout.write("Settings it was made with, without secrets:")
        for name, value in about.settings.items():
            self.stdout.write(f"  {name}={value}")
