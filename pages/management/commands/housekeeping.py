"""`manage.py housekeeping`: what has to be done once a day. Safe to run more often."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from pages.page_kinds import PAGE_KINDS
from pages.reminders import send_reminders
from publishing.models import WorkInProgress
from publishing.workflow import gone_for_good

# Text that somebody typed and never saved is theirs for so long.
DAYS_TYPED_TEXT_IS_KEPT = 90


class Command(BaseCommand):
    """Reminds of reviews, removes pages deleted long ago, forgets text nobody came back for."""

    help = "Daily work: review reminders, and the end of deleted pages and abandoned text."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in PAGE_KINDS:
            pages = gone_for_good(model)
            if hasattr(model, "claims"):
                # Deleted, but kept: other pages may place what is said about it.
                pages = pages.filter(claims__isnull=True)
            count, _ = pages.delete()
            if count:
                name = model._meta.verbose_name_plural
                self.stdout.write(f"Removed {name} deleted more than 30 days ago, and their parts.")
        limit = timezone.now() - timedelta(days=DAYS_TYPED_TEXT_IS_KEPT)
        WorkInProgress.objects.filter(seen_at__lt=limit).delete()
        # Last: mail may fail, and the rest is not to wait for it.
        self.stdout.write(f"Review reminders sent about {send_reminders()} page(s).")
