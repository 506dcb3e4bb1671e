"""`manage.py export_site FOLDER`: write the whole content as files, to keep or take elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.content.export import ExportError, export_site
from pages.content.export.readme import LEFT_OUT
from publishing.projection import apply_due


class Command(BaseCommand):
    """Reads only; `load_content` makes the same site of what it writes."""

    help = "Write the whole content as Markdown and YAML with its pictures, for load_content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is empty or not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        apply_due()
        try:
            exported = export_site(options["folder"])
        except ExportError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Written to {options['folder']}:")
        for name, count in exported.counts.items():
            self.stdout.write(f"  {count} {name}")
        self.stdout.write("Left out on purpose:")
        for each in LEFT_OUT:
            self.stdout.write(f"  - {each}")
        if exported.in_bin:
            pages = "page is" if exported.in_bin == 1 else "pages are"
            self.stdout.write(f"{exported.in_bin} {pages} in the bin now. Take back what you need.")
