"""`manage.py housekeeping`: what has to be done once a day. Safe to run more often."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.keeping import forget_old
from delivery.changes import forget_old_changes
from pages.page_kinds import PAGE_KINDS
from pages.reminders import send_reminders
from pages.share_images.kept import remove_old
from publishing.models import WorkInProgress
from publishing.projection import apply_due
from publishing.removal import remove_for_good
from publishing.unused_files import remove_unused
from visits.keeping import tidy

# Text that somebody typed and never saved is theirs for so long.
DAYS_TYPED_TEXT_IS_KEPT = 90


class Command(BaseCommand):
    """Reminds of reviews; removes pages deleted long ago, abandoned text and old counts."""

    help = "Daily work: review reminders, and the end of deleted pages, old text and old counts."

    def handle(self, *args: Any, **options: Any) -> None:
        apply_due()
        for model in PAGE_KINDS:
            if remove_for_good(model):
                name = model._meta.verbose_name_plural
                self.stdout.write(f"Removed {name} deleted more than 30 days ago, and their parts.")
        limit = timezone.now() - timedelta(days=DAYS_TYPED_TEXT_IS_KEPT)
        WorkInProgress.objects.filter(seen_at__lt=limit).delete()
        tidy()
        forget_old()
        forget_old_changes()
        remove_old()
        remove_unused(timezone.now())
        # Last: mail may fail, and the rest is not to wait for it.
        self.stdout.write(f"Review reminders sent about {send_reminders()} page(s).")
