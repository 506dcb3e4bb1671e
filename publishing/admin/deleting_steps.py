"""Deleting a page, with a look at what leads to it, and taking it back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse

from publishing import workflow
from publishing.admin.step_base import StepBase, acting, number_from
from publishing.inbound import linking_to
from publishing.removal import rows_that_keep


class DeletingSteps(StepBase):
    """Delete, and take back for 30 days."""

    def step_urls(self) -> list[URLPattern]:
        return [
            self._path("deleted/", "deleted", self.deleted_view),
            self._path("<int:pk>/undelete/", "undelete", self.undelete_view),
            *super().step_urls(),
        ]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, show what leads to the page, and delete it so that it can be taken back."""
        page = self._page(request, number_from(object_id))
        if not workflow.may(request.user, "delete", page):
            raise PermissionDenied
        if request.method == "POST":
            workflow.delete(page, acting(request))
            messages.success(
                request,
                f"“{page}” is deleted. It can be taken back for {workflow.DAYS_UNTIL_GONE} days.",
            )
            return HttpResponseRedirect(reverse(f"admin:{self._name('deleted')}"))
        context = self.step_context(request, page, "Delete this page?") | {
            "inbound": linking_to(page),
            "is_kept": bool(rows_that_keep(page)),
            "days": workflow.DAYS_UNTIL_GONE,
        }
        return TemplateResponse(request, "admin/publishing/delete.html", context)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The deleted pages that can be taken back."""
        if not workflow.may(request.user, "delete", self.model):
            raise PermissionDenied
        pages: Any = self.model._base_manager.filter(deleted_at__isnull=False).order_by(
            "-deleted_at"
        )
        context = self.admin_site.each_context(request) | {
            "title": f"Deleted {self.model._meta.verbose_name_plural}",
            "opts": self.model._meta,
            "deleted": [
                {
                    "page": page,
                    "until": page.deleted_at + timedelta(days=workflow.DAYS_UNTIL_GONE),
                    "is_kept": bool(rows_that_keep(page)),
                    "url": self.step_url(page, "undelete"),
                }
                for page in pages
            ],
        }
        return TemplateResponse(request, "admin/publishing/deleted.html", context)

    def undelete_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a deleted page back."""
        if not workflow.may(request.user, "delete", self.model):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(reverse(f"admin:{self._name('deleted')}"))
        page = get_object_or_404(self.model._base_manager, pk=pk, deleted_at__isnull=False)
        workflow.undelete(page, acting(request))
        messages.success(request, f"“{page}” is back, as it was.")
        return HttpResponseRedirect(self.step_url(page, "status"))
