"""Links by which somebody without an account reads and reviews a version."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern

from publishing import workflow
from publishing.admin.step_base import StepBase, acting, number_from
from publishing.models import ShareLink, Version
from publishing.step_forms import ShareForm


class SharingSteps(StepBase):
    """Make a link, and end it."""

    def step_urls(self) -> list[URLPattern]:
        return [
            self._path("<int:pk>/share/", "share", self.share_view),
            self._path("<int:pk>/revoke/", "revoke", self.revoke_view),
            *super().step_urls(),
        ]

    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link to the newest version for somebody without an account."""
        page = self._page(request, pk)
        form = self._posted(request, ShareForm, "share_form")
        if form is None:
            return HttpResponseRedirect(self.step_url(page, "status"))
        if not form.is_valid():
            return self._status(request, page, form)
        return self._do(
            request,
            page,
            lambda: workflow.share(
                page, self._shown_version(request, page), acting(request), **form.cleaned_data
            ),
            "The link is below. Send it to that person only.",
            form,
        )

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a link before its time."""
        page = self._page(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self.step_url(page, "status"))
        link = get_object_or_404(
            ShareLink,
            pk=number_from(request.POST.get("link")),
            version__in=Version.objects.of(page),
        )
        return self._do(
            request,
            page,
            lambda: workflow.revoke(page, link, acting(request)),
            "The link no longer leads anywhere.",
        )
