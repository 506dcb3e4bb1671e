"""How a page stands, and its way from draft to public and back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone

from publishing import attention, redirects, sharing, snapshots, work, workflow
from publishing.admin.readers import counts_of
from publishing.admin.step_base import StepBase, acting, number_from
from publishing.checks import Level
from publishing.comparing import compare
from publishing.models import Publication, Review, ReviewPolicy, ShareLink, Submission, Version
from publishing.outline import headings
from publishing.projection import covering_approval
from publishing.step_forms import (
    PublishForm,
    ShareForm,
    StaffDecisionForm,
    SubmitForm,
    WithdrawForm,
)


class PublishingSteps(StepBase):
    """Submit, review, publish, plan and withdraw."""

    def step_urls(self) -> list[URLPattern]:
        return [
            self._path("<int:pk>/status/", "status", self.status_view),
            self._path("<int:pk>/submit/", "submit", self.submit_view),
            self._path("<int:pk>/review/", "review", self.review_view),
            self._path("<int:pk>/publish/", "publish", self.publish_view),
            self._path("<int:pk>/withdraw/", "withdraw", self.withdraw_view),
            self._path("<int:pk>/cancel/", "cancel", self.cancel_view),
            *super().step_urls(),
        ]

    def status_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How the page stands and what can be done next."""
        return self._status(request, self._page(request, pk))

    def _status(self, request: HttpRequest, page: Any, form: Any = None) -> HttpResponse:
        version = workflow.latest_version(page)
        page.refresh_from_db()
        live = workflow.live_version(page)
        is_live = live is not None and live.pk == version.pk
        found = workflow.sorted_findings(page, version)
        forms: dict[str, Any] = {
            "submit_form": SubmitForm(),
            "publish_form": PublishForm(),
            "withdraw_form": WithdrawForm(),
            "share_form": ShareForm(),
        }
        if form is not None:
            forms[form.context_name] = form
        approval = covering_approval(version)
        context = self.step_context(request, page, "Review and publish") | {
            "version": version,
            "live": live,
            "is_live": is_live,
            "has_changes": live is not None and not is_live,
            "change_note_missing": workflow.change_note_missing(page, version),
            "errors": found[Level.ERROR],
            "warnings": found[Level.WARNING],
            "hints": found[Level.HINT],
            "approval": approval,
            "needs_review": workflow.needs_review(page, version),
            "submission": Submission.objects.filter(version=version).first(),
            "reviews": Review.objects.filter(version=version).select_related("reviewer"),
            "may_review": request.user.has_perm(workflow.REVIEW),
            "why_not_review": workflow.why_not_review(page, version, request.user),
            "publication": Publication.objects.of(page)
            .standing()
            .filter(version=live)
            .last()
            if live
            else None,
            "moved_to": _moved_to(page),
            "attention": attention.reasons(page),
            "coming": workflow.coming(page),
            "links": _open_links(request, page),
            "colleagues": work.colleagues(request.user, self.model, page.pk),
            "policy": ReviewPolicy.current(),
            "readers": counts_of(request.user, page.get_absolute_url()),
            **forms,
        }  # fmt: skip
        return TemplateResponse(
            request,
            "admin/publishing/status.html",
            context,
            status=422 if form is not None else 200,
        )

    def submit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand the newest version in for review."""
        page = self._page(request, pk)
        form = self._posted(request, SubmitForm, "submit_form")
        if form is None:
            return HttpResponseRedirect(self.step_url(page, "status"))
        if not form.is_valid():
            return self._status(request, page, form)
        return self._do(
            request,
            page,
            lambda: workflow.submit(
                page, self._shown_version(request, page), acting(request), **form.cleaned_data
            ),
            "Handed in for clinical review. Reviewers see it on their desk.",
            form,
        )

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read the newest version and decide about it."""
        page = self._page(request, pk)
        if not request.user.has_perm(workflow.REVIEW):
            raise PermissionDenied
        version = workflow.latest_version(page)
        draft = snapshots.read(page, version.data)
        if request.method == "POST":
            version = self._shown_version(request, page)
            form = StaffDecisionForm(request.POST, headings=headings(draft))
        else:
            due = workflow.offered_review_date()
            form = StaffDecisionForm(
                headings=headings(draft), initial={"next_review_due": due.isoformat()}
            )
        if form.is_bound and form.is_valid():
            try:
                workflow.review(
                    page,
                    version,
                    acting(request),
                    decision=form.cleaned_data["decision"],
                    remarks=form.remarks(),
                    next_review_due=form.cleaned_data["next_review_due"],
                )
            except workflow.Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, "Your review is recorded, for this exact version.")
                return HttpResponseRedirect(self.step_url(page, "status"))
        live = workflow.live_version(page)
        context = self.step_context(request, page, "Clinical review") | {
            "version": version,
            "form": form,
            "why_not_review": workflow.why_not_review(page, version, request.user),
            "changes": compare(live.data, version.data, snapshots.labels(self.model))
            if live and live.pk != version.pk
            else None,
            "preview_url": self.step_url(page, "version_preview", version.number),
            "submission": Submission.objects.filter(version=version).first(),
        }
        return TemplateResponse(
            request,
            "admin/publishing/review.html",
            context,
            status=422 if form.is_bound else 200,
        )

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the newest version, now or later."""
        page = self._page(request, pk)
        form = self._posted(request, PublishForm, "publish_form")
        if form is None:
            return HttpResponseRedirect(self.step_url(page, "status"))
        if not form.is_valid():
            return self._status(request, page, form)
        told = {
            name: form.cleaned_data[name]
            for name in ("at", "accepts_warnings", "unreviewed_reason")
        }
        return self._do(
            request,
            page,
            lambda: workflow.publish(
                page, self._shown_version(request, page), acting(request), **told
            ),
            "Planned. It appears by itself at that time." if told["at"] else "Published.",
            form,
        )

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw the page, now or later, or merge it into another."""
        page = self._page(request, pk)
        form = self._posted(request, WithdrawForm, "withdraw_form")
        if form is None:
            return HttpResponseRedirect(self.step_url(page, "status"))
        if not form.is_valid():
            return self._status(request, page, form)
        told = {name: form.cleaned_data[name] for name in ("at", "reason", "merged_into")}
        return self._do(
            request,
            page,
            lambda: workflow.withdraw(page, acting(request), **told),
            "Planned. The page goes by itself at that time." if told["at"] else "Withdrawn.",
            form,
        )

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call off what is planned."""
        page = self._page(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self.step_url(page, "status"))
        planned = get_object_or_404(
            Publication.objects.of(page), pk=number_from(request.POST.get("publication"))
        )
        return self._do(
            request,
            page,
            lambda: workflow.cancel(page, planned, acting(request)),
            "Called off.",
        )


def _moved_to(page: Any) -> str | None:
    """Return where readers of a page that was merged into another are sent."""
    return redirects.destination(workflow.address_of(page)) if page.is_withdrawn else None


def _open_links(request: HttpRequest, page: Any) -> list[dict[str, Any]]:
    """Return the links that still lead to a version of the page, for those who may make some.

    Whoever has the address can review by it, so nobody else is shown one.
    """
    if not workflow.may(request.user, "change", page):
        return []
    links = ShareLink.objects.filter(
        version__in=Version.objects.of(page),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    return [
        {"link": each, "address": request.build_absolute_uri(sharing.address_of(each))}
        for each in links.select_related("version")
    ]
