"""The audit log, and the clinic's rules of review."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from publishing.audited import Audited
from publishing.models import AuditEntry, ReviewPolicy


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every act of staff. It is read here, and changed nowhere."""

    list_display = ["at", "by_name", "act", "target", "detail"]
    list_display_links = None
    list_filter = ["at", "content_type"]
    search_fields = ["by_name", "act", "target", "detail"]
    date_hierarchy = "at"
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """The clinic's rules of review: one row."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if ReviewPolicy.objects.exists():
            key = ReviewPolicy.SINGLE_KEY
            return HttpResponseRedirect(reverse("admin:publishing_reviewpolicy_change", args=[key]))
        return HttpResponseRedirect(reverse("admin:publishing_reviewpolicy_add"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ReviewPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
