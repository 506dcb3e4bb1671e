"""The list of addresses that people asked for and that lead nowhere, to lead them on.

It stands here because it knows the redirects and the pages, which `visits` does not.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from publishing.answering import answering
from publishing.models import Redirect
from publishing.models.audit import record
from visits.models import MissingAddress

_DISMISS = "visits.change_missingaddress"


@admin.register(MissingAddress)
class MissingAddressAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What is missing. A row goes when something answers at its address, or nobody needs it."""

    list_display_links = None
    search_fields = ["path"]
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.dismiss_view)
        return [
            path("<int:pk>/dismiss/", view, name="visits_missingaddress_dismiss"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # but for dismissing, which has a permission of its own

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MissingAddress]:
        led_on = Redirect.objects.filter(old_path=models.OuterRef("path"))
        missing = super().get_queryset(request).filter(~models.Exists(led_on), is_dismissed=False)
        there = answering(missing.values_list("path", flat=True))
        return missing.exclude(path__in=there)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        may_lead = request.user.has_perm("publishing.add_redirect")
        may_dismiss = request.user.has_perm(_DISMISS)

        @admin.display(description="what to do")
        def what_to_do(row: MissingAddress) -> SafeString:
            return format_html(
                "{} {}", _leading(row) if may_lead else "", _dismissing(row) if may_dismiss else ""
            )

        return ["path", "times", "last_on", what_to_do]

    def dismiss_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an address off the list: nobody needs it."""
        if not request.user.has_perm(_DISMISS):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = get_object_or_404(MissingAddress, pk=pk)
        row.is_dismissed = True
        row.save(update_fields=["is_dismissed"])
        record(request.user, "dismissed", row)
        messages.success(request, f"{row.path} is off the list.")
        return HttpResponseRedirect(reverse("admin:visits_missingaddress_changelist"))


def _leading(row: MissingAddress) -> SafeString:
    form = reverse("admin:publishing_redirect_add")
    return format_html(
        '<a class="button" href="{}?{}">Lead it to a page…'
        '<span class="visually-hidden"> {}</span></a>',
        form,
        urlencode({"old_path": row.path}),
        row.path,
    )


def _dismissing(row: MissingAddress) -> SafeString:
    # A button of the form that the list is in anyway, with its token; forms cannot be nested.
    return format_html(
        '<button type="submit" class="button" formaction="{}">Not needed'
        '<span class="visually-hidden">: {}</span></button>',
        reverse("admin:visits_missingaddress_dismiss", args=[row.pk]),
        row.path,
    )
