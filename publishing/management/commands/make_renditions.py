"""`manage.py make_renditions`: makes the sizes of pictures that are missing, and waits for them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from publishing.models import Image
from publishing.renditions import given_up, make_due, try_again, waiting


class Command(BaseCommand):
    """Works until nothing is left that can be made. `manage.py run_jobs` may run meanwhile."""

    help = "Make the sizes of pictures that are missing. The jobs behind the site do it as well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="also of pictures that failed before, at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            try_again(Image.objects.all(), timezone.now())
        made = 0
        while waiting(timezone.now()).exists():
            made += make_due(timezone.now())
        self.stdout.write(f"Pictures made smaller: {made}.")
        if failed := given_up(timezone.now()).count():
            self.stderr.write(f"Given up: {failed}. The log says why; --again tries them again.")
