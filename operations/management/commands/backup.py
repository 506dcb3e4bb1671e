"""`manage.py backup`: one encrypted archive of the site, made while it runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from operations.backups.making import make_backup
from operations.backups.problems import FAILURES, told


class Command(BaseCommand):
    """Makes an archive, reads it back, and throws old ones away."""

    help = (
        "Write one encrypted archive of database, pictures and settings (without secrets) to"
        " BACKUP_DIR, and check it. `run_jobs` does so every day."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = make_backup(timezone.now())
        except FAILURES as problem:
            raise CommandError(f"No backup was made. {told(problem)}") from problem
        if run.missing_files:
            self.stderr.write(
                f"{run.missing_files} files that pictures need are missing from the media storage."
                " They are not in the backup. Its manifest names them."
            )
        if options["verbosity"]:
            self.stdout.write(
                f"{run.file_name}: {run.rows} rows, {run.files} files,"
                f" {filesizeformat(run.size)}, made and read back in {run.seconds} s."
            )
