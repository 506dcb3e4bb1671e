"""The admin of the clinic's own details: one row, opened at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clinic.models import Clinic, Closure, OpeningHours
from publishing.audited import Audited


class OpeningHoursInline(admin.TabularInline):  # type: ignore[type-arg]
    """When the clinic is open."""

    model = OpeningHours
    extra = 0


class ClosureInline(admin.TabularInline):  # type: ignore[type-arg]
    """Days on which the clinic is closed."""

    model = Closure
    extra = 0


@admin.register(Clinic)
class ClinicAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """The clinic's details."""

    inlines = [OpeningHoursInline, ClosureInline]
    autocomplete_fields = ["logo"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["name", "strap_line", "logo", "brand_colour"]}),
        ("How to reach you", {"fields": ["telephone", "email", "address", "postcode"]}),
        ("Finding you", {"fields": ["directions", "parking", "latitude", "longitude"]}),
        ("Enquiries", {"fields": ["reply_within_hours"]}),
        (
            "On every page",
            {
                "fields": [
                    "urgent_notice",
                    "urgent_notice_ends_at",
                    "disclaimer",
                    "is_demonstration",
                ]
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "brand_colour":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if Clinic.objects.exists():
            address = reverse("admin:clinic_clinic_change", args=[Clinic.SINGLE_KEY])
        else:
            address = reverse("admin:clinic_clinic_add")
        return HttpResponseRedirect(address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Clinic.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Closure)
class ClosureAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Closures by themselves, for staff who may not change the clinic's other details."""

    list_display = ["name", "starts_on", "ends_on", "is_bank_holiday"]
    search_fields = ["name"]
    fields = ["name", "starts_on", "ends_on", "is_bank_holiday"]
    date_hierarchy = "starts_on"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and Clinic.objects.exists()

    def save_model(self, request: HttpRequest, obj: Closure, form: Any, change: bool) -> None:
        obj.clinic_id = Clinic.SINGLE_KEY
        super().save_model(request, obj, form, change)
