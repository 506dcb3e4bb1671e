"""The admin of sources, claims and pages to review again, and the inline of warning signs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evidence import (  # noqa: F401  (the last two register themselves)
    change_once,
    glossary_admin,
    wording_admin,
)
from evidence.forms import ClaimForm, SourceForm
from evidence.models import Claim, ReviewNeeded, Source
from evidence.usage import Use, uses_of_claim, uses_of_source
from publishing.admin import PartTabularInline
from publishing.audited import Audited
from publishing.models.audit import name_of


class DueFilter(admin.SimpleListFilter):
    """What somebody has to look at again."""

    title = "checking"
    parameter_name = "checking"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", "Due for re-checking")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.due() if self.value() == "due" else queryset  # type: ignore[attr-defined]


class UsedOn:
    """Mixed into a ModelAdmin: lists the pages that use a row, and marks them before it goes."""

    find_uses: Callable[[Any], list[Use]]

    @admin.display(description="Used on")
    def used_on(self, row: Any) -> SafeString:
        """List what uses it, with how. Each is marked for review when it changes."""
        uses = type(self).find_uses(row) if row.pk else []
        if not uses:
            return format_html("{}", "Nothing yet")
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                '<li><a href="{}">{}</a>: {}</li>',
                ((_change_address(use.row), _title(use.row), use.how) for use in uses),
            ),
        )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        change_once.about_to_delete(obj, by_name=name_of(request.user))
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            change_once.about_to_delete(row, by_name=name_of(request.user))
        super().delete_queryset(request, queryset)  # type: ignore[misc]


def _title(row: Any) -> str:
    kind = str(row._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]}: {row}"


def _change_address(row: Any) -> str:
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])


@admin.register(Source)
class SourceAdmin(UsedOn, Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Sources that pages cite by key."""

    form = SourceForm
    find_uses = staticmethod(uses_of_source)
    list_display = ["key", "title", "kind", "body", "year", "status", "checked_on", "next_check_on"]
    list_filter = [DueFilter, "kind", "status"]
    search_fields = ["key", "title", "body", "nice", "doi", "pmid", "cochrane"]
    autocomplete_fields = ["superseded_by", "checked_by"]
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["key", "kind", "title", "body", "year"]}),
        (
            "Where to find it",
            {
                "fields": ["nice", "doi", "pmid", "pmcid", "cochrane", "isbn", "url", "address"],
                "description": "One number is enough. It is turned into a link.",
            },
        ),
        (
            "Does it still stand?",
            {
                "fields": [
                    "status", "superseded_by", "checked_on", "checked_by", "next_check_on", "note",
                ]
            },
        ),
        ("Used on", {"fields": ["used_on"]}),
    ]  # fmt: skip

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "url":
            kwargs["assume_scheme"] = "https"  # where an address was typed without one
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        # Pages cite the key, so it stays once it is given.
        return ["key", "address", "used_on"] if obj else ["address", "used_on"]

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        before = Source.objects.values_list("status", flat=True).filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None:
            change_once.source_changed(obj, before, by_name=name_of(request.user))

    @admin.display(description="leads to")
    def address(self, source: Source) -> SafeString:
        """Show where the reference on a page leads."""
        if not source.pk or not source.link:
            return format_html("{}", "Nowhere yet")
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', source.link)


class ShownFilter(admin.SimpleListFilter):
    """Claims by what readers see of them."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("shown", "Public"), ("fallen", "No current source left"), ("draft", "Draft")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "shown": {"is_public": True, "stands": True},
            "fallen": {"is_public": True, "stands": False},
            "draft": {"is_public": False},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Claim)
class ClaimAdmin(UsedOn, Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """The ledger of claims: what is said about which treatment, and when somebody checked it."""

    form = ClaimForm
    find_uses = staticmethod(uses_of_claim)
    list_display = [
        "key", "condition", "about", "direction", "checked_on", "next_check_on", "state",
    ]  # fmt: skip
    list_filter = [DueFilter, ShownFilter, "direction", "condition"]
    list_select_related = ["condition", "treatment"]
    search_fields = ["key", "sentence", "condition__name", "treatment__name", "intervention"]
    autocomplete_fields = ["condition", "treatment", "sources", "checked_by"]
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["key", "condition", "treatment", "intervention"]}),
        (
            "What it says",
            {"fields": ["sentence", "direction", "certainty", "population", "scope", "country"]},
        ),
        (
            "What it rests on",
            {
                "fields": ["sources", "checked_on", "checked_by", "next_check_on"],
                "description": "Readers see it while at least one source is current.",
            },
        ),
        ("Readers", {"fields": ["is_public", "position", "note"]}),
        ("Used on", {"fields": ["used_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        claims: QuerySet[Any] = super().get_queryset(request).with_standing()  # type: ignore[attr-defined]
        return claims

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        # Pages place it by its key, so that stays once it is given.
        return ["key", "used_on"] if obj else ["used_on"]

    def save_model(self, request: Any, obj: Claim, form: Any, change: bool) -> None:
        request.claim_before = change_once.ClaimState.of(obj) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        change_once.claim_changed(
            form.instance, request.claim_before, by_name=name_of(request.user)
        )

    @admin.display(description="treatment", ordering="treatment__name")
    def about(self, claim: Claim) -> str:
        """Name what the claim is about."""
        return str(claim.intervention or claim.treatment)

    @admin.display(description="state")
    def state(self, claim: Any) -> str:
        """Say in words what readers see, and whether somebody has to look at it."""
        if not claim.is_public:
            words = "Draft"
        elif claim.stands:
            words = "Public"
        else:
            words = "Hidden: no current source left"
        return f"{words}, due for re-checking" if claim.is_due else words


@admin.register(ReviewNeeded)
class ReviewNeededAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Pages to review again, and why. A page leaves the list when a clinician approves it."""

    list_display = ["page_name", "reason", "since", "by_name"]
    list_display_links = None
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        needs = super().get_queryset(request).open()  # type: ignore[attr-defined]
        return needs.prefetch_related("page")  # type: ignore[no-any-return]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="page")
    def page_name(self, need: ReviewNeeded) -> SafeString:
        """Name the page, and lead to how it stands."""
        page: Any = need.page
        options = page._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_status", args=[page.pk])
        return format_html('<a href="{}">{}</a>', address, _title(page))


class WarningSignInline(PartTabularInline):
    """Warning signs, edited on their page. The headings of their cards are fixed."""

    fields = ["level", "sign", "sources", "awaiting_clinician", "position"]
    autocomplete_fields = ["sources"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "sign":  # a sentence, which one line would hide the end of
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class AwaitingClinicianFilter(admin.SimpleListFilter):
    """Pages with warning signs that a clinician has not confirmed."""

    title = "warning signs"
    parameter_name = "signs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("awaiting", "Awaiting a clinician")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "awaiting":
            return queryset.filter(warning_signs__awaiting_clinician=True).distinct()
        return queryset
