"""The admin site: grouped as staff think, opening on a desk that shows what needs doing."""

from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts import steps
from clinic.models import Clinic
from pages.first_steps import first_steps
from publishing import kept_text
from publishing.desk import status_lines, todo_items

# Groups of the first page with their models, in order. Anything else stands under Settings.
GROUPS = {
    "Enquiries": [
        "enquiries.enquiry",
        "feedback.note",
        "enquiries.replytemplate",
        "enquiries.redflag",
        "enquiries.outgoingmail",
        "enquiries.retentionrule",
        "enquiries.tombstone",
        "enquiries.spampolicy",
        "enquiries.canaryrun",
        "enquiries.jobrun",
    ],
    "Content": [
        "conditions.condition",
        "articles.article",
        "treatments.treatment",
        "pages.informationpage",
        "articles.category",
        "evidence.source",
        "evidence.claim",
        "evidence.reviewneeded",
        "evidence.evidenceheld",
        "suitability.caution",
        "evidence.glossaryterm",
        "publishing.image",
        "publishing.externallink",
        "search.searchterm",
        "search.searchsynonym",
        "publishing.redirect",
        "visits.missingaddress",
        "visits.pagecount",
    ],
    "People": ["practitioners.practitioner", "practitioners.language", "auth.user", "auth.group"],
    "Settings": [
        "clinic.clinic",
        "clinic.closure",
        "publishing.reviewpolicy",
        "evidence.clinicrule",
        "evidence.ruleseverity",
        "publishing.auditentry",
        "operations.backuprun",
        "conditions.bodyregion",
    ],
}


class ClinicAdminSite(admin.AdminSite):
    """Django's admin under the clinic's name."""

    site_title = "Clinic staff"
    index_title = "Your desk"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view as Django does; but text that somebody typed survives a lost session."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def keeps_text(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated and kept_text.is_kept(request):
                return kept_text.ask(request)
            return guarded(request, *args, **kwargs)

        return keeps_text

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the password, then lead on to the second step, or offer to set one up."""
        path = steps.next_path(request)
        if request.method == "GET" and (step := steps.open_step(request, path)):
            return step
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            return steps.open_step(request, path) or steps.offer(request, path) or response
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"site_header": f"{Clinic.current().name}: staff"}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {
            f"{app['app_label']}.{model['object_name'].lower()}": model
            for app in apps
            for model in app["models"]
        }
        grouped = {
            group: [models.pop(name) for name in names if name in models]
            for group, names in GROUPS.items()
        }
        grouped["Settings"] += models.values()
        return [
            {
                "name": group,
                "app_label": group.lower(),
                "app_url": "",
                "has_module_perms": True,
                "models": found,
            }
            for group, found in grouped.items()
            if found
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        is_manager = request.user.has_perm("clinic.change_clinic")
        context = {
            "first_steps": first_steps(request.user) if is_manager else [],  # type: ignore[arg-type]
            "todo_items": todo_items(request),
            "status_lines": status_lines(request),
        } | (extra_context or {})
        return super().index(request, context)
