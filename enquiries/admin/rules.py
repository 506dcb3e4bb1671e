"""What managers and clinicians set: times of keeping, limits for spam, red flags, templates."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest

from conditions.models import Condition
from enquiries import retention
from enquiries.models import RedFlag, ReplyTemplate, RetentionRule, SpamPolicy
from publishing.audited import Audited


class _MovesDates(Audited, admin.ModelAdmin[Any]):
    """A change moves the dates on which enquiries are erased, and says how many moved."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        moved = retention.reschedule()
        self.message_user(request, f"Enquiries whose date moved: {moved}.", messages.INFO)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RetentionRule)
class RetentionRuleAdmin(_MovesDates):
    """How long enquiries are kept, by how they ended."""

    list_display = ["__str__", "days"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["outcome"] if obj else []


@admin.register(SpamPolicy)
class SpamPolicyAdmin(_MovesDates):
    """The limits for spam: one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SpamPolicy.objects.exists()


@admin.register(RedFlag)
class RedFlagAdmin(Audited, admin.ModelAdmin[RedFlag]):
    """The phrases by which urgent messages are known. Clinicians own them."""

    list_display = ["sign", "level", "condition_slug", "is_active", "awaiting_clinician"]
    list_filter = ["level", "is_active", "awaiting_clinician", "condition_slug"]
    search_fields = ["sign", "words", "key"]
    prepopulated_fields = {"key": ["sign"]}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the conditions by name; the row keeps the last part of their address."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "condition_slug" and field is not None:
            named = dict(Condition.objects.kept().order_by("name").values_list("slug", "name"))
            used = RedFlag.objects.exclude(condition_slug="").values_list("condition_slug")
            # So that saving a phrase for a condition without a page does not make it one for all.
            unnamed = sorted({slug for (slug,) in used.distinct()} - named.keys())
            others = [(slug, f"{slug} (no page here)") for slug in unnamed]
            field.widget = forms.Select(choices=[("", "Any"), *named.items(), *others])
        return field


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(Audited, admin.ModelAdmin[ReplyTemplate]):
    """Replies worded ahead."""

    list_display = ["name", "position"]
