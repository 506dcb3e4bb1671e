"""`manage.py restore FILE`: put an archive into an empty database and media storage."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations.backups.making import backup_key
from operations.backups.problems import FAILURES, told
from operations.backups.restoring import Restored, restore

_READ_ON = """\
Before you open the site:
- Erased {erased} enquiries and notes whose day has come since.
- What people had erased on request after {made_at} has come back. The backup cannot know of it:
  erase it again, from the old machine's list of erased enquiries or from your mail.
- Waiting mail, which goes out as soon as `manage.py run_jobs` does: {mail_waiting}. Some of it may
  have gone out before, after the backup was made.
- Nobody is signed in any more."""
_UNREADABLE = (
    "The enquiries CANNOT BE READ with the ENQUIRY_KEYS that are set here. No backup holds these"
    " keys: set those of the site that the backup was made of."
)


class Command(BaseCommand):
    """Checks the archive, fills the database, compares, and brings everything up to date."""

    help = "Restore a backup into an empty database. Checks all of it before and after."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore(options["file"], backup_key(), timezone.now())
        except FAILURES as problem:
            raise CommandError(f"Not restored. {told(problem)}") from problem
        self._tell(restored)

    def _tell(self, restored: Restored) -> None:
        about, manifest = restored.about, restored.manifest
        self.stdout.write(
            f"Restored as it was at {about.made_at}: {manifest.rows} rows in"
            f" {len(manifest.tables)} tables and {len(manifest.files)} files, each compared with"
            " the backup."
        )
        self.stdout.write(
            _READ_ON.format(
                erased=restored.erased,
                made_at=about.made_at,
                mail_waiting=restored.mail_waiting,
            )
        )
        if not restored.can_be_read:
            self.stderr.write(_UNREADABLE)
