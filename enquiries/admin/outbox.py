"""The outbox as managers see it: what waits, what was given up, what came back."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

from enquiries import outbox
from enquiries.models import CanaryRun, JobRun, OutgoingMail, Tombstone


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that nobody adds, changes or deletes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Every mail of the outbox, with its tries. It shows no address and no text."""

    list_display = (
        "enquiry", "kind", "state", "attempts", "last_error", "created_at", "sent_at", "due_at",
    )  # fmt: skip
    list_filter = ["state", "kind"]
    fields = list_display
    list_select_related = ["enquiry"]
    actions = ["again"]

    @admin.action(description="Try again", permissions=["view"])
    def again(self, request: HttpRequest, queryset: models.QuerySet[OutgoingMail]) -> None:
        given_up = OutgoingMail.objects.filter(pk__in=queryset.values("pk")).given_up()
        mails = list(given_up)
        for mail in mails:
            outbox.try_again(mail)
        outbox.drain_soon()
        self.message_user(request, f"Mails tried again: {len(mails)}.", messages.SUCCESS)


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    """What is left of erased enquiries."""

    list_display = ["reference", "erased_at", "why", "erased_by_name", "outcome", "received_week"]
    list_filter = ["why", "outcome"]
    search_fields = ["reference"]


@admin.register(CanaryRun)
class CanaryRunAdmin(ReadOnlyAdmin):
    """The tests of the whole way of an enquiry."""

    list_display = ["at", "outcome", "stored", "queued", "accepted", "arrived"]
    fields = ["at", "outcome", "stored", "queued", "accepted", "arrived"]

    @admin.display(description="outcome")
    def outcome(self, run: CanaryRun) -> str:
        """Return the problem, or that there was none."""
        return run.problem or "All well"


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """When each job last ran."""

    list_display = ["name", "ran_at", "succeeded_at", "last_error"]
