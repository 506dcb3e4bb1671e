"""`manage.py rebuild_search`: makes the index of the search anew from the pages."""

from typing import Any

from django.core.management.base import BaseCommand

from publishing.projection import apply_due
from search.upkeep import rebuild


class Command(BaseCommand):
    """Safe at any time: readers search in the old index until the new one is done."""

    help = "Make the index of the search anew from the pages."

    def handle(self, *args: Any, **options: Any) -> None:
        apply_due()
        self.stdout.write(f"The search holds {rebuild()} pages.")
