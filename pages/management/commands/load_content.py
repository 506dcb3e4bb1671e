"""`manage.py load_content FOLDER`: load a clinic's content from files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.models import Clinic
from pages.content.files import ContentError
from pages.content.loading import load_content


class Command(BaseCommand):
    """Loads content files; what is there already is left alone."""

    help = "Load a clinic's content from a folder of Markdown and YAML files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--once", action="store_true", help="do nothing if the clinic has been set up already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        if options["once"] and Clinic.objects.exists():
            self.stdout.write("The clinic is set up already; its content stays as it is.")
            return
        try:
            added = load_content(folder)
        except ContentError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if not added:
            self.stdout.write("Everything in the folder is there already.")
        for name, count in added.items():
            self.stdout.write(f"  {count} {name}")
