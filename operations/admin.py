"""The backups as managers see them."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from enquiries.admin.outbox import ReadOnlyAdmin
from operations.models import BackupRun


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    """Every backup that was tried. There is nothing to download: an archive holds everything."""

    list_display = ("at", "outcome", "readable_size", "rows", "files", "missing_files", "file_name")
    fields = (*list_display, "seconds")

    @admin.display(description="outcome")
    def outcome(self, run: BackupRun) -> str:
        """Return the problem, or that there was none."""
        return run.problem or "Good: made and read back"

    @admin.display(description="size")
    def readable_size(self, run: BackupRun) -> str:
        return filesizeformat(run.size) if run.size else ""
