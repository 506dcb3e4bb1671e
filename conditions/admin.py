"""The admin of conditions."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from conditions.models import BodyRegion, Condition, ConditionFAQ, ConditionWarningSign
from evidence.admin import AwaitingClinicianFilter, WarningSignInline
from publishing.admin import FAQInline, PageAdmin


class ConditionWarningSignInline(WarningSignInline):
    """Signs with this condition that need help."""

    model = ConditionWarningSign


class ConditionFAQInline(FAQInline):
    """Questions people ask about the condition."""

    model = ConditionFAQ


@admin.register(Condition)
class ConditionAdmin(PageAdmin):
    """Conditions."""

    list_display = ["name", "state", "review", "signs_awaiting", "order"]
    list_filter = [*PageAdmin.list_filter, AwaitingClinicianFilter, "body_regions"]
    search_fields = ["name", "also_known_as", "summary"]
    autocomplete_fields = [*PageAdmin.autocomplete_fields, "treatments"]
    ordering = ["order", "name"]  # the model's own, which counting in the query drops
    inlines = [ConditionWarningSignInline, ConditionFAQInline]
    text_fieldsets = (
        (
            None,
            {
                "fields": [
                    "name",
                    "also_known_as",
                    "summary",
                    "body_regions",
                    "treatments",
                    "order",
                ]
            },
        ),
        ("Text", {"fields": [section.field for section in Condition.SECTIONS]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Distinct, because the filters of the list join the same table a second time.
        awaiting = Count(
            "warning_signs", filter=Q(warning_signs__awaiting_clinician=True), distinct=True
        )
        conditions: QuerySet[Any] = super().get_queryset(request).annotate(awaiting=awaiting)
        return conditions

    @admin.display(description="signs awaiting a clinician", ordering="awaiting")
    def signs_awaiting(self, condition: Any) -> int:
        """Count the warning signs that a clinician has not confirmed."""
        return int(condition.awaiting)


@admin.register(BodyRegion)
class BodyRegionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Parts of the body. They come with the software, as the body map draws them."""

    list_display = ["name", "slug", "order"]
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
