"""The admin of practitioners."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evidence.wording_check import row_findings
from practitioners.models import Language, Membership, Practitioner, Registration, WorkingDay
from publishing.audited import Audited
from publishing.checks import Finding


class RegistrationInline(admin.TabularInline):  # type: ignore[type-arg]
    """Entries in regulators' registers."""

    model = Registration
    extra = 0


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Memberships of bodies that people join by choice."""

    model = Membership
    extra = 0


class WorkingDayInline(admin.TabularInline):  # type: ignore[type-arg]
    """Days of the week on which the person works here."""

    model = WorkingDay
    extra = 0


def _way_to_record(found: Finding) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', found.link, found.link_text) if found.link else ""


@admin.register(Practitioner)
class PractitionerAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Practitioners."""

    list_display = ["name", "professional_title", "state", "taking_new_patients", "checked"]
    list_filter = ["professional_title", "taking_new_patients", "treatments", "languages"]
    search_fields = ["name", "professional_title", "summary", "registrations__number"]
    autocomplete_fields = ["user", "photo", "treatments", "conditions", "languages"]
    inlines = [RegistrationInline, MembershipInline, WorkingDayInline]
    readonly_fields = ["wording"]
    save_on_top = True
    ordering = ["order", "name"]  # the model's own, which counting in the query drops
    fieldsets = [
        (None, {"fields": ["name", "professional_title", "title_note", "photo", "summary"]}),
        ("Profile", {"fields": ["profile", "qualifications", "languages", "wording"]}),
        ("What they do here", {"fields": ["treatments", "conditions", "taking_new_patients"]}),
        ("Listing", {"fields": ["published_at", "leaves_on", "order", "slug", "user"]}),
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people: QuerySet[Any] = (
            super().get_queryset(request).annotate(oldest_check=Min("registrations__checked_on"))
        )
        return people

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        if person.published_at and not person.registrations.exists():
            messages.warning(
                request,
                f"Readers see no register and no number for {person}, and are told that there is"
                " none. If the law asks this profession to register, add the register and number"
                " under “Registrations”.",
            )

    @admin.display(description="wording of the saved profile")
    def wording(self, person: Practitioner) -> SafeString | str:
        """List what the wording check finds in the profile as it is saved."""
        found = list(row_findings(person)) if person.pk else []
        if not found:
            return "The wording check finds nothing. That does not mean that the text complies."
        rows = format_html_join(
            "", "<li>{} {}</li>", ((str(each), _way_to_record(each)) for each in found)
        )
        return format_html("<ul>{}</ul>", rows)

    @admin.display(description="state", ordering="leaves_on")
    def state(self, person: Practitioner) -> str:
        """Say in words what the public sees."""
        if person.has_left():
            return "Has left"
        if person.leaves_on and person.is_published:
            return f"Leaves on {person.leaves_on:%-d %b %Y}"
        if person.published_at is None:
            return "Draft"
        return "Listed" if person.is_published else "Appears later"

    @admin.display(description="register last checked", ordering="oldest_check")
    def checked(self, person: Any) -> str:
        """Show the oldest check of the person's registrations."""
        return f"{person.oldest_check:%-d %b %Y}" if person.oldest_check else "No registration"


@admin.register(Language)
class LanguageAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Languages that somebody here speaks."""

    search_fields = ["name"]
