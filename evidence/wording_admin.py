"""The admin of what people decide about the wording check, and its report on the whole site."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.models import ClinicRule, EvidenceHeld, RuleSeverity, Source
from evidence.models.wording_decisions import kinds_by_rule
from evidence.wording.clinic import NEVER_OFF, OWN_KIND
from evidence.wording.rules import load, names
from evidence.wording_report import report, total
from evidence.wording_standing import (
    Asked,
    Standing,
    asked_for,
    mark_standing,
    page_of_record,
)
from publishing.audited import Audited
from publishing.models import Page
from publishing.models.audit import name_of
from publishing.workflow import REVIEW

_STANDS = {
    Standing.STANDS: "Stands",
    Standing.PUBLIC_ONLY: "Stands for the public text; the newest draft says something else",
    Standing.LAPSED: "Lapsed: the page no longer has this sentence",
}


def back_to(page: models.Model) -> str:
    """Return the address in the admin at which a page's findings stand, or a profile's."""
    options = page._meta
    step = "status" if isinstance(page, Page) else "change"
    return reverse(f"admin:{options.app_label}_{options.model_name}_{step}", args=[page.pk])


class EvidenceHeldForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a reviewer adds to a finding: a note and a source that stands."""

    # Set for each request by the admin, on a class of its own.
    asked: ClassVar[Asked | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.asked is not None:
            for name, value in self.asked.values.items():
                setattr(self.instance, name, value)

    def clean_source(self) -> Source:
        """Refuse a source that no longer stands: it is not evidence that is held."""
        source: Source = self.cleaned_data["source"]
        if not source.is_current:
            raise ValidationError(
                f"This source is marked “{source.get_status_display()}”. Choose one that is"
                " current."
            )
        return source


class _HeldList(ChangeList):
    """The list of records, each with whether it still stands."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        mark_standing(self.result_list)


@admin.register(EvidenceHeld)
class EvidenceHeldAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Records of evidence held. They are added from a finding, and changed nowhere."""

    form = EvidenceHeldForm
    change_list_template = "admin/evidence/wording_list.html"
    list_display = ["at", "by_name", "page_name", "rule", "sentence", "source", "standing"]
    list_display_links = ["at"]
    list_select_related = ["source"]
    list_filter = ["at", "rule"]
    search_fields = ["sentence", "note", "by_name", "source__key"]
    list_per_page = 20  # each page is read to see whether its sentences are still there
    autocomplete_fields = ["source"]
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_view)
        return [path("report/", view, name="evidence_wording_report"), *super().get_urls()]

    # --- who may ----------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        # There is nothing to add without a finding, so that only its link leads to the form.
        match = request.resolver_match
        is_form = match is not None and match.url_name == "evidence_evidenceheld_add"
        return is_form and request.user.has_perm(REVIEW)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- the list ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvidenceHeld]:
        records: QuerySet[EvidenceHeld] = super().get_queryset(request).prefetch_related("page")
        return records

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _HeldList

    @admin.display(description="page")
    def page_name(self, record: EvidenceHeld) -> SafeString:
        """Name the page, and lead to how it stands."""
        page = page_of_record(record)
        if page is None:
            return format_html("{}", "A page that is gone")
        return format_html('<a href="{}">{}</a>', back_to(page), page)

    @admin.display(description="does it still stand?")
    def standing(self, record: Any) -> str:
        """Say whether the page still has the sentence."""
        if not hasattr(record, "standing"):
            mark_standing([record])
        return _STANDS[record.standing]

    # --- the form ---------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = asked_for(request)
        if isinstance(asked, str):
            messages.warning(request, asked)
            return HttpResponseRedirect(reverse("admin:evidence_evidenceheld_changelist"))
        if asked.found is None:
            messages.warning(
                request,
                "The newest saved text of this page has no such finding: the sentence was changed,"
                " is not saved yet, or evidence for it is recorded already.",
            )
            return HttpResponseRedirect(back_to(asked.page))
        request.asked = asked  # type: ignore[attr-defined]
        title = {"title": "Record evidence held"}
        return super().add_view(request, form_url, title | (extra_context or {}))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.asked = getattr(request, "asked", None)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        about = ["page_name", "rule", "sentence"]
        if obj is None:
            return [*about, "note", "source"]
        return [*about, "note", "source", "at", "by_name", "standing"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [each for each in self.get_fields(request, obj) if each not in {"note", "source"}]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.at, obj.by, obj.by_name = timezone.now(), request.user, name_of(request.user)
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        messages.success(
            request, "Recorded. It stands as long as the page has exactly this sentence."
        )
        return HttpResponseRedirect(back_to(obj.page))

    # --- the whole site ---------------------------------------------------------------------------

    def report_view(self, request: HttpRequest) -> HttpResponse:
        """Show what the check finds on every page and profile."""
        if not request.user.has_perm("evidence.view_source"):
            raise PermissionDenied
        groups = report()
        context = self.admin_site.each_context(request) | {
            "title": "Wording of the whole site",
            "groups": groups,
            "total": total(groups),
        }
        return TemplateResponse(request, "admin/evidence/wording_report.html", context)


def _rules() -> Iterable[Any]:
    return (rule for name in names() for rule in load(name).rules.values())


def _kind_words(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


class ClinicRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule of the clinic's own. Its kind is one that the site knows, or house style."""

    kind = forms.ChoiceField(
        choices=lambda: [
            (kind, _kind_words(kind)) for kind in (OWN_KIND, *sorted(set(kinds_by_rule().values())))
        ]
    )


@admin.register(ClinicRule)
class ClinicRuleAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """The clinic's own wording rules."""

    form = ClinicRuleForm
    change_list_template = "admin/evidence/wording_list.html"
    list_display = ["__str__", "kind", "severity", "is_active"]
    list_filter = ["severity", "is_active"]
    fields = ["phrases", "kind", "severity", "reason", "suggestion", "is_active"]


class RuleSeverityForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule chosen from those there are."""

    rule = forms.ChoiceField(choices=lambda: [("", "Choose a rule"), *_rule_choices()])


def _rule_choices() -> list[tuple[str, str]]:
    choices = []
    for rule in sorted(_rules(), key=lambda each: (each.kind, each.id)):
        fixed = ", cannot be switched off" if rule.kind in NEVER_OFF else ""
        label = f"{_kind_words(rule.kind)} ({rule.id}; {rule.severity}{fixed}): {rule.reason}"
        choices.append((rule.id, label if len(label) < 160 else f"{label[:159]}…"))
    return choices


@admin.register(RuleSeverity)
class RuleSeverityAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rules that come with the site, where the clinic has switched them."""

    form = RuleSeverityForm
    change_list_template = "admin/evidence/wording_list.html"
    list_display = ["rule", "kind", "severity", "as_it_comes", "note"]
    fields = ["rule", "severity", "note"]

    @admin.display(description="kind")
    def kind(self, row: RuleSeverity) -> str:
        """Say what the rule looks for."""
        return _kind_words(kinds_by_rule().get(row.rule, "A rule that is gone"))

    @admin.display(description="as it comes")
    def as_it_comes(self, row: RuleSeverity) -> str:
        """Say what the rule's severity is without the clinic's choice."""
        return next((rule.severity for rule in _rules() if rule.id == row.rule), "")
