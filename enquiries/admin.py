"""Enquiries as reception works through them.

What somebody sent is shown and never changed; staff change who owns an enquiry and where it
stands, and add notes. Every page of the admin is `no-store` (Django's `admin_view` sees to that).
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_user_model
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe

from components.templatetags.components import clock, full_date
from enquiries.models import Enquiry, EnquiryNote
from enquiries.reference import as_reference
from publishing.audited import Audited
from publishing.text import without_surrogates

_EDITABLE = ("status", "owner")


class _YesFilter(admin.SimpleListFilter):
    """A filter with one choice."""

    choice = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", self.choice)]

    @property
    def is_chosen(self) -> bool:
        """Say whether the one choice is made."""
        return self.value() == "yes"


class OverdueFilter(_YesFilter):
    """The promised time has passed."""

    title = "promised time"
    parameter_name = "overdue"
    choice = "Overdue"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue() if self.is_chosen else queryset


class MailFilter(_YesFilter):
    """Mail was tried and not sent."""

    title = "mail"
    parameter_name = "mail_failed"
    choice = "Not sent"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.mail_failed() if self.is_chosen else queryset


class NoteInline(admin.TabularInline[EnquiryNote, Enquiry]):
    """Notes: more can be added, none is changed or removed."""

    model = EnquiryNote
    extra = 1
    fields = ["text", "author", "created_at"]
    readonly_fields = ["author", "created_at"]
    verbose_name_plural = "notes for staff"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Enquiry)
class EnquiryAdmin(Audited, admin.ModelAdmin[Enquiry]):
    """The worklist and the page of one enquiry."""

    class Media:
        css = {"all": ["css/admin/enquiries.css"]}

    list_display = [
        "reference", "received", "promised", "status", "owner", "full_name", "condition",
        "correction",
    ]  # fmt: skip
    list_filter = [OverdueFilter, "status", ("owner", admin.RelatedOnlyFieldListFilter), MailFilter]
    list_per_page = 50
    search_fields = ["reference", "full_name", "email", "telephone"]
    search_help_text = "Reference, name, email address or telephone number"
    date_hierarchy = "received_at"
    actions = ["take", "close"]
    inlines = [NoteInline]
    fieldsets = [
        (None, {"fields": ["reference", "status", "owner", "promised", "received", "versions"]}),
        (
            "What was sent",
            {
                "fields": [
                    "full_name", "email", "telephone_number", "reply_by_method",
                    "may_leave_message", "condition", "practitioner", "message_text",
                    "consent_given_at", "consent_wording",
                ]
            },
        ),
        (
            "Mail",
            {
                "classes": ["collapse"],
                "fields": [
                    "notified_at", "acknowledged_at", "mail_attempts", "mail_error", "mail_due_at",
                ],
            },
        ),
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Enquiry | None = None) -> list[str]:
        """Everything but who owns the enquiry and where it stands."""
        return [name for name in flatten_fieldsets(self.fieldsets) if name not in _EDITABLE]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Enquiry]:
        return super().get_queryset(request).select_related("owner", "condition", "corrects")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Enquiry], search_term: str
    ) -> tuple[models.QuerySet[Enquiry], bool]:
        """Find a reference however it was written down; otherwise search as usual."""
        term = without_surrogates(search_term).replace("\x00", "")
        reference = as_reference(term)
        if reference and queryset.filter(reference=reference).exists():
            return queryset.filter(reference=reference), False
        return super().get_search_results(request, queryset, term)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "owner":
            staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = staff
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for note in formset.save(commit=False):
            note.author = request.user
            note.save()
        formset.save_m2m()

    # --- columns and lines ---------------------------------------------------------------------

    @admin.display(description="received", ordering="received_at")
    def received(self, enquiry: Enquiry) -> str:
        return f"{full_date(enquiry.received_at)}, {clock(enquiry.received_at)}"

    @admin.display(description="reply by", ordering="reply_by", empty_value="No time promised")
    def promised(self, enquiry: Enquiry) -> str | None:
        if enquiry.reply_by is None:
            return None
        words = f"{full_date(enquiry.reply_by)}, {clock(enquiry.reply_by)}"
        if enquiry.is_overdue(timezone.now()):
            return format_html('<strong class="overdue">Overdue</strong> {}', words)
        return words

    @admin.display(description="telephone")
    def telephone_number(self, enquiry: Enquiry) -> str:
        message = "may leave a message" if enquiry.may_leave_message else "do not leave a message"
        return f"{enquiry.telephone} ({message})" if enquiry.telephone else ""

    @admin.display(description="message")
    def message_text(self, enquiry: Enquiry) -> SafeString:
        text = mark_safe(linebreaks(enquiry.message, autoescape=True))  # noqa: S308  (escaped)
        return format_html('<div class="enquiry-message" dir="auto">{}</div>', text)

    @admin.display(description="agreed to")
    def consent_wording(self, enquiry: Enquiry) -> str:
        return f"{enquiry.consent_wording} (version {enquiry.consent_wording_version})"

    @admin.display(description="version", empty_value="")
    def correction(self, enquiry: Enquiry) -> str | None:
        return f"Corrected version of {enquiry.corrects}" if enquiry.corrects else None

    @admin.display(description="other versions", empty_value="None")
    def versions(self, enquiry: Enquiry) -> SafeString | None:
        """Say which enquiry this one corrects, and which ones correct it, with links."""
        lines = [("Corrected version of", enquiry.corrects)] if enquiry.corrects else []
        lines += [("Replaced by a corrected version,", each) for each in enquiry.corrections.all()]
        return (
            format_html_join(
                mark_safe("<br>"),
                '{} <a href="{}">{}</a>',
                (
                    (words, reverse("admin:enquiries_enquiry_change", args=[each.pk]), each)
                    for words, each in lines
                ),
            )
            or None
        )

    # --- actions -------------------------------------------------------------------------------

    @admin.action(description="Take it: make me the owner", permissions=["change"])
    def take(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        Status = Enquiry.Status  # noqa: N806  (a class, shorter to read)
        # What somebody takes is no longer new; what stands elsewhere stays where it stands.
        status = models.Case(
            models.When(status=Status.NEW, then=models.Value(Status.IN_PROGRESS)),
            default=models.F("status"),
        )
        count = self._change_each(
            request, queryset, "Became the owner.", owner=request.user, status=status
        )
        self.message_user(request, f"Enquiries that are now yours: {count}.", messages.SUCCESS)

    @admin.action(description="Close", permissions=["change"])
    def close(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        closed = Enquiry.Status.CLOSED
        count = self._change_each(request, queryset, "Closed it.", status=closed)
        self.message_user(request, f"Enquiries closed: {count}.", messages.SUCCESS)

    def _change_each(
        self, request: HttpRequest, queryset: models.QuerySet[Enquiry], note: str, **values: Any
    ) -> int:
        """Set the values on every chosen enquiry, log it, and return how many they are."""
        chosen = list(queryset)
        Enquiry.objects.filter(pk__in=[each.pk for each in chosen]).update(**values)
        for each in chosen:
            self.log_change(request, each, note)
        return len(chosen)
