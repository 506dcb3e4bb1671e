"""The history of a page in the admin: versions, acts, comparing, restoring, previewing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern

from publishing import kept_words, snapshots, workflow
from publishing.admin.step_base import StepBase, acting, number_from
from publishing.comparing import compare
from publishing.models import AuditEntry, Version, page_key
from publishing.preview import preview


class HistorySteps(StepBase):
    """Nothing here changes or deletes what has been; restoring adds to it."""

    def step_urls(self) -> list[URLPattern]:
        return [
            self._path("<int:pk>/compare/", "compare", self.compare_view),
            self._path("<int:pk>/preview/", "preview", self.preview_view),
            self._path("<int:pk>/versions/<int:number>/", "version", self.version_view),
            self._path(
                "<int:pk>/versions/<int:number>/preview/", "version_preview", self.preview_view
            ),
            self._path(
                "<int:pk>/versions/<int:number>/export/", "version_export", self.export_view
            ),
            self._path(
                "<int:pk>/versions/<int:number>/restore/", "version_restore", self.restore_view
            ),
            *super().step_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version, and every act."""
        page = self._page(request, number_from(object_id))
        workflow.latest_version(page)
        page.refresh_from_db()
        versions = (
            Version.objects.of(page)
            .defer("data")
            .prefetch_related("reviews", "submissions", "publications__cancellation")
        )
        context = self.step_context(request, page, "History") | {
            "versions": [
                {"version": each, "url": self.step_url(page, "version", each.number)}
                for each in versions
            ],
            "acts": AuditEntry.objects.filter(
                content_type=page_key(page)["content_type"], object_id=str(page.pk)
            ),
        }
        return TemplateResponse(request, "admin/publishing/history.html", context)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions of the page, word by word."""
        page = self._page(request, pk)
        versions = Version.objects.of(page)
        old = get_object_or_404(versions, number=number_from(request.GET.get("old")))
        new = get_object_or_404(versions, number=number_from(request.GET.get("new")))
        context = self.step_context(request, page, f"Versions {old.number} and {new.number}") | {
            "old": old,
            "new": new,
            "changes": compare(old.data, new.data, snapshots.labels(self.model)),
        }
        return TemplateResponse(request, "admin/publishing/compare.html", context)

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version in full, readable whatever has become of its fields since."""
        page = self._page(request, pk)
        version = get_object_or_404(Version.objects.of(page), number=number)
        context = self.step_context(request, page, f"Version {version.number}") | {
            "version": version,
            "contents": snapshots.readable(version.data, snapshots.labels(self.model)),
            "kept": [(key, words) for kind in version.kept.values() for key, words in kind.items()],
            "left_out": snapshots.read(page, version.data).left_out,
            "is_newest": workflow.latest_version(page).pk == version.pk,
            "version_urls": {
                "preview": self.step_url(page, "version_preview", number),
                "export": self.step_url(page, "version_export", number),
                "restore": self.step_url(page, "version_restore", number),
            },
        }
        return TemplateResponse(request, "admin/publishing/version.html", context)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Make an old version the newest draft."""
        page = self._page(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self.step_url(page, "version", number))
        version = get_object_or_404(Version.objects.of(page), number=number)
        return self._do(
            request,
            page,
            lambda: workflow.restore(page, version, acting(request)),
            f"Version {number} is the newest draft again. Readers see no change yet.",
        )

    def export_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version as a file."""
        page = self._page(request, pk)
        version = get_object_or_404(Version.objects.of(page), number=number)
        told = {
            "page": page.get_absolute_url(),
            "version": version.number,
            "saved_at": version.at,
            "saved_by": version.by_name,
            "data": version.data,
            "kept": version.kept,
        }
        response = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
        name = f"{page.slug}-version-{version.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def preview_view(
        self, request: HttpRequest, pk: int, number: int | None = None
    ) -> HttpResponse:
        """A version exactly as it will look: the newest one, unless another is named."""
        page = self._page(request, pk)
        version = (
            workflow.latest_version(page)
            if number is None
            else get_object_or_404(Version.objects.of(page), number=number)
        )
        words = f"Preview of version {version.number}, saved by {version.by_name}."
        # An old version is shown with the words it had; the newest as readers would see it now.
        with kept_words.showing(version.kept if number is not None else {}):
            return preview(request, page, version.data, words=words)
