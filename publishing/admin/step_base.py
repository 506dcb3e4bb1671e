"""What every step of a page in the admin shares: finding the page, taking a step, saying so."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from publishing import workflow
from publishing.models import Page, Version


def acting(request: HttpRequest) -> User:
    """Return the person who acts; the admin has let nobody else in."""
    return cast(User, request.user)


def number_from(typed: Any) -> int:
    """Return a number from an address or a form; what is no number leads nowhere."""
    try:
        number = int(typed)
    except (TypeError, ValueError):
        raise Http404 from None
    if not 0 <= number < 2**31:
        raise Http404
    return number


class StepBase:
    """Mixed into the ModelAdmin of a page kind by way of the groups of steps."""

    model: type[Page]
    admin_site: Any
    # Shows how the page stands, with a form that was refused as it was sent (`PublishingSteps`).
    _status: Callable[..., HttpResponse]
    media: Any

    def step_urls(self) -> list[URLPattern]:
        """Return the addresses of the steps; each group adds its own."""
        return []

    def _path(self, address: str, name: str, view: Callable[..., Any]) -> URLPattern:
        step: URLPattern = path(address, self.admin_site.admin_view(view), name=self._name(name))
        return step

    def _name(self, step: str) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}_{step}"

    def step_url(self, page: Any, step: str, *args: Any) -> str:
        """Return the address of a step of the page."""
        return reverse(f"admin:{self._name(step)}", args=[page.pk, *args])

    def new_work_url(self) -> str:
        """Return the address that keeps what is typed on a page still to be made."""
        return reverse(f"admin:{self._name('new_work')}")

    def _page(self, request: HttpRequest, pk: int) -> Any:
        """Return the page for somebody who may see it. Deleted pages are not found."""
        if not workflow.may(request.user, "view", self.model):
            raise PermissionDenied
        pages = self.model._base_manager.select_related("author", "reviewed_by")
        return get_object_or_404(pages, pk=pk, deleted_at__isnull=True)

    def step_context(self, request: HttpRequest, page: Any, title: str) -> dict[str, Any]:
        """Return what every page of a step shows."""
        urls = {
            step: self.step_url(page, step)
            for step in (
                "status", "submit", "review", "publish", "withdraw", "share", "history", "preview",
                "compare", "change", "delete", "cancel", "revoke",
            )
        }  # fmt: skip
        shared: dict[str, Any] = self.admin_site.each_context(request)
        return shared | {
            "title": title,
            "subtitle": str(page),
            "page": page,
            "opts": self.model._meta,
            "urls": urls,
            "may_change": workflow.may(request.user, "change", page),
            "may_delete": workflow.may(request.user, "delete", page),
            "may_publish": request.user.has_perm(workflow.PUBLISH),
            "may_publish_unreviewed": request.user.has_perm(workflow.PUBLISH_UNREVIEWED),
            "media": self.media,
        }

    def _do(
        self, request: HttpRequest, page: Any, step: Callable[[], Any], done: str, form: Any = None
    ) -> HttpResponse:
        """Take a step and say so; if it is refused, say why and show the forms as they were."""
        try:
            step()
        except workflow.Refused as refused:
            if form is None:
                messages.error(request, str(refused))
                return HttpResponseRedirect(self.step_url(page, "status"))
            form.add_error(None, str(refused))
            return self._status(request, page, form)
        messages.success(request, done)
        return HttpResponseRedirect(self.step_url(page, "status"))

    def _posted(self, request: HttpRequest, form_class: Any, name: str) -> Any:
        """Return the form that was posted, or nothing for a visit by address."""
        if request.method != "POST":
            return None
        form = form_class(request.POST)
        form.context_name = name
        return form

    def _shown_version(self, request: HttpRequest, page: Any) -> Version:
        """Return the version that the person had before them, which may not be the newest."""
        try:
            number = int(request.POST.get("version", ""))
        except ValueError:
            raise Http404 from None
        version: Version = get_object_or_404(Version.objects.of(page), number=number)
        return version
