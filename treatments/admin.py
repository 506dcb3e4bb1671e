"""The admin of treatments."""

from django.contrib import admin

from evidence.admin import AwaitingClinicianFilter, WarningSignInline
from publishing.admin import FAQInline, PageAdmin, PartTabularInline
from treatments.models import Price, Treatment, TreatmentFAQ, TreatmentWarningSign


class PriceInline(PartTabularInline):
    """What appointments cost."""

    model = Price


class TreatmentWarningSignInline(WarningSignInline):
    """Signs after treatment that need help."""

    model = TreatmentWarningSign


class TreatmentFAQInline(FAQInline):
    """Questions people ask about the treatment."""

    model = TreatmentFAQ


@admin.register(Treatment)
class TreatmentAdmin(PageAdmin):
    """Treatments."""

    list_display = ["name", "state", "review", "order"]
    list_filter = [*PageAdmin.list_filter, AwaitingClinicianFilter]
    search_fields = ["name", "also_known_as", "summary"]
    inlines = [PriceInline, TreatmentWarningSignInline, TreatmentFAQInline]
    text_fieldsets = (
        (None, {"fields": ["name", "also_known_as", "summary", "order"]}),
        ("Text", {"fields": [section.field for section in Treatment.SECTIONS]}),
    )
