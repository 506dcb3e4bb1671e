"""`manage.py export_html FOLDER`: write the public site as plain files for any web server."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.static_copy import StaticCopyError, copy_site
from publishing.projection import apply_due


class Command(BaseCommand):
    """Reads only. What the copy cannot do, it says in place of each form."""

    help = "Write every public page as static HTML, with its style sheets, scripts and pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is empty or not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        apply_due()
        try:
            copied = copy_site(options["folder"])
        except StaticCopyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Written to {options['folder']}: {copied.pages} pages, {copied.files} other files,"
            f" {copied.redirects} old addresses that lead on."
        )
        self.stdout.write(
            f"Serve the folder at the root of {settings.SITE_URL}, 404.html for what is missing."
        )
        self.stdout.write(
            "Left out on purpose: the forms (enquiries, notes, search, questions before needling,"
            " the filters of the list of people), drafts, the staff’s side, and whether the clinic"
            " is open at the moment."
        )
        for path in sorted(copied.missing):
            self.stdout.write(f"A page leads to {path}, where nothing stands.")
