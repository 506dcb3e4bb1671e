"""One person's data, to show, hand over or erase; and figures that hold no personal data."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinic.models import Clinic
from components.spreadsheet import csv_text
from enquiries import keepers, personal_data, workflow
from enquiries.desk_forms import PersonForm
from enquiries.figures import figures
from enquiries.keepers import KeptRow
from enquiries.models import Enquiry
from publishing.models.audit import record

MANAGE = "enquiries.manage_enquiry"
WEEKS = 26


class PeoplePages:
    """Mixed into the ModelAdmin of enquiries."""

    admin_site: Any
    media: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("person/", view(self.person_view), name="enquiries_enquiry_person"),
            path("figures/", view(self.figures_view), name="enquiries_enquiry_figures"),
            path("figures.csv", view(self.figures_csv), name="enquiries_enquiry_figures_csv"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    # --- one person -------------------------------------------------------------------------------

    def person_view(self, request: HttpRequest) -> HttpResponse:
        """Find all that one person sent. Asked for by POST: a contact must not stand in a URL."""
        if not request.user.has_perm("enquiries.view_enquiry"):
            raise PermissionDenied
        form = PersonForm(request.POST or None)
        found: list[Enquiry] = []
        others: list[KeptRow] = []
        was_asked = form.is_bound and form.is_valid()
        if was_asked:
            found = personal_data.enquiries_of(**form.cleaned_data)
            others = keepers.rows_of_person(form.cleaned_data["email"])
            answer = self._person_answer(request, found, others)
            if answer is not None:
                return answer
            record(request.user, "searched", None, "enquiries: of one person")
        context = self.admin_site.each_context(request) | {
            "title": "One person’s data",
            "opts": Enquiry._meta,
            "media": self.media,
            "form": form,
            "found": found,
            "others": others,
            "count": len(found) + len(others),
            "was_asked": was_asked,
            "may_manage": request.user.has_perm(MANAGE),
        }
        status = 422 if form.is_bound and not was_asked else 200
        return TemplateResponse(request, "admin/enquiries/person.html", context, status=status)

    def _person_answer(
        self, request: HttpRequest, found: list[Enquiry], others: list[KeptRow]
    ) -> HttpResponse | None:
        """Return the file that was asked for, or the page after erasing; nothing for a search."""
        wanted = next((name for name in ("json", "html", "erase") if name in request.POST), "")
        if not wanted or not (found or others):
            return None
        if not request.user.has_perm(MANAGE):
            raise PermissionDenied
        if wanted == "erase":
            return self._erase(request, found, others)
        for row in (*found, *(each.row for each in others)):
            record(request.user, "exported", row, wanted)
        if wanted == "json":
            return _file(
                personal_data.as_json(found, others), "application/json", "personal-data.json"
            )
        context = {
            "clinic": Clinic.current(),
            "enquiries": [personal_data.as_data(each) for each in found],
            "others": others,
            "made_at": timezone.now(),
        }
        page = render_to_string("admin/enquiries/personal_data.html", context)
        return _file(page, "text/html; charset=utf-8", "personal-data.html")

    def _erase(
        self, request: HttpRequest, found: list[Enquiry], others: list[KeptRow]
    ) -> HttpResponse | None:
        if request.POST.get("sure") != "yes":
            messages.error(request, "Nothing was erased. Tick the box to say that you are sure.")
            return None
        erased = 0
        for enquiry in found:
            try:
                workflow.erase_now(request.user, enquiry)
                erased += 1
            except workflow.Refused as refused:
                messages.error(request, f"{enquiry}: {refused}")
        for other in others:
            other.erase(request.user)
        messages.success(request, f"Enquiries erased: {erased}.")
        if others:
            messages.success(request, f"Other things erased: {len(others)}.")
        return HttpResponseRedirect(reverse("admin:enquiries_enquiry_person"))

    # --- figures ----------------------------------------------------------------------------------

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """Show how many enquiries come, and how soon they are answered."""
        if not request.user.has_perm(MANAGE):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": "Figures",
            "opts": Enquiry._meta,
            "media": self.media,
            "figures": figures(WEEKS, timezone.now()),
            "weeks": WEEKS,
        }
        return TemplateResponse(request, "admin/enquiries/figures.html", context)

    def figures_csv(self, request: HttpRequest) -> HttpResponse:
        """Return the same figures for a spreadsheet."""
        if not request.user.has_perm(MANAGE):
            raise PermissionDenied
        rows = figures(WEEKS, timezone.now()).rows()
        return _file(
            csv_text([("what", "which", "number"), *rows]), "text/csv; charset=utf-8",
            "enquiry-figures.csv",
        )  # fmt: skip


def _file(content: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
