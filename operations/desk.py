"""What managers are told of backups on the first page of the admin."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from operations.backups.standing import standing
from publishing.desk import TodoItem, register_status, register_todo

_SEE = "operations.view_backuprun"


@register_todo
def backups_to_see_to(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield that there is no backup to go back to, or that files are missing from it."""
    if not request.user.has_perm(_SEE):
        return
    now, found = timezone.now(), standing()
    runs = reverse("admin:operations_backuprun_changelist")
    good = found.last_good
    if found.is_overdue(now):
        last = (
            f"the last good one was made {timesince(good.at, now)} ago" if good else "none ever was"
        )
        if not found.has_key:
            last += ", and there is no key for backups (BACKUP_KEY)"
        elif found.last_try and found.last_try.problem:
            last += ". The list says what the last try met"
        yield TodoItem(
            1,
            f"backup that should have been made: {last}. Tell whoever runs the server",
            runs,
            is_urgent=True,
        )
    if good is not None:
        yield TodoItem(
            good.missing_files,
            "files of pictures that are missing, also from the last backup. Upload these pictures"
            " again",
            runs,
        )


@register_status
def backup_was_made(request: HttpRequest) -> Iterator[str]:
    """Yield when the last good backup was made."""
    found = standing()
    if request.user.has_perm(_SEE) and found.last_good is not None:
        ago = timesince(found.last_good.at, timezone.now())
        yield f"The last good backup was made {ago} ago ({filesizeformat(found.last_good.size)})."
