"""Shows one page of any kind: to everyone when it is public, to staff before that.

A withdrawn page says so at its address; one that was merged into another leads there.
"""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import timedelta
from hashlib import blake2b
from typing import Any, ClassVar, TypeVar

from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView

from delivery.remembered import remembered
from publishing import redirects
from publishing.markdown import Document, render_document
from publishing.models import FAQ, Page, ReviewPolicy, faq_texts
from publishing.people import expressions
from publishing.sections import RenderedSection
from publishing.shown_on import tag_of

Value = TypeVar("Value")


class _NotPublicError(Exception):
    """The page is a draft or withdrawn: it is read anew each time."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page = page


class PageDetailView(DetailView):  # type: ignore[type-arg]
    """A page with its text rendered. A draft is shown to staff who may view it, never stored."""

    context_object_name = "page"
    heading_level: ClassVar[int] = 2
    # The name of the address that lists pages of the kind, for readers who find theirs gone.
    list_address: ClassVar[str] = "pages:home"
    object: Page

    def get_queryset(self) -> models.QuerySet[Any]:
        # The limit comes along with the page, so that an overdue one costs no further query.
        limit = ReviewPolicy.objects.values("overdue_notice_days")[:1]
        pages = super().get_queryset().kept().with_people()  # type: ignore[attr-defined]
        return pages.annotate(  # type: ignore[no-any-return]
            overdue_notice_days=models.Subquery(limit), **expressions()
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.object.is_withdrawn:
            return self._withdrawn(request)
        response = self.render_to_response(self.get_context_data(object=self.object))
        if not self.object.is_published:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex"
        return response

    def _withdrawn(self, request: HttpRequest) -> HttpResponse:
        """Say that the page was withdrawn, when and why; what it said is no longer shown."""
        if redirects.destination(request.path):
            raise Http404  # whoever answers that leads on to the page that took its place
        page = self.object
        # Once it is planned to come back, the row holds a title that readers have not seen yet.
        is_old_title = bool(page.published_at and page.published_at <= timezone.now())
        context = {
            "page": page,
            "title": page if is_old_title else "This page",
            "other_pages": self.list_address,
        }
        # Gone rather than not found: search engines then forget the page.
        response = render(request, "publishing/withdrawn.html", context, status=410)
        response["X-Robots-Tag"] = "noindex"
        # Browsers keep a 410 unless they are told to ask again; the page may be published anew.
        response["Cache-Control"] = "no-cache"
        return response

    def get_object(self, queryset: models.QuerySet[Any] | None = None) -> Page:
        page = self._row()
        # The session is looked at only for drafts, so that a public page is the same for everyone.
        if page.is_published or page.is_withdrawn:
            return page
        if not self._may_preview(page):
            raise Http404
        return page

    def _row(self) -> Page:
        """Return the page that the address names; a public one is read once until it changes."""
        slug = self.kwargs["slug"]
        try:
            page = remembered((self.model, slug), self._public_row)
        except _NotPublicError as found:
            return found.page
        # A view adds to its page what only this answer needs. The time of its withdrawal may come.
        return copy(page) if page.is_published else super().get_object()

    def _public_row(self) -> Page:
        page: Page = super().get_object()
        if not page.is_published:
            raise _NotPublicError(page)
        return page

    def _may_preview(self, page: Page) -> bool:
        user = self.request.user
        codename = get_permission_codename("view", page._meta)
        return user.is_staff and user.has_perm(f"{page._meta.app_label}.{codename}")

    def of_page(self, name: str, work: Callable[[], Value], *lists: str) -> Value:
        """Return what the page shows whoever reads it, worked out once if the page is public.

        `lists` are the tags of the lists of pages among it. A draft's parts are written without
        anybody being told, so they are always read anew.
        """
        page = self.object
        if not page.is_published:
            return work()
        return remembered((name, tag_of(page)), work, tag_of(page), *lists)

    def faqs(self) -> list[FAQ]:
        """Return the page's questions; page kinds without any have none."""
        related = getattr(self.object, "faqs", None)
        return self.of_page("faqs", lambda: list(related.all())) if related is not None else []

    def _document(self, texts: Mapping[str, str]) -> Document:
        # Named by the texts themselves: the row was read before, and may have changed meanwhile.
        name = blake2b(repr(texts).encode(), digest_size=16).hexdigest()
        return self.of_page(
            f"document {name}", lambda: render_document(texts, heading_level=self.heading_level)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        faqs = self.faqs()
        document = self._document(self.object.body_texts() | faq_texts(faqs))
        return super().get_context_data(
            document=document,
            is_long_overdue=self._is_long_overdue(),
            sections=self._sections(document),
            faqs=[
                {"question": faq.question, "answer": document.parts[name]}
                for faq, name in zip(faqs, faq_texts(faqs), strict=True)
            ],
            **kwargs,
        )

    def _is_long_overdue(self) -> bool:
        """Say whether the clinic's own limit after the promised review has passed."""
        due = self.object.next_review_due
        limit = self.object.overdue_notice_days  # type: ignore[attr-defined]
        if limit is None:
            limit = ReviewPolicy().overdue_notice_days
        return due is not None and due + timedelta(days=limit) < timezone.localdate()

    def _sections(self, document: Document) -> list[RenderedSection]:
        return [
            RenderedSection(section.heading, section.anchor, document.parts[section.field])
            for section in self.object.SECTIONS
            if section.field in document.parts
        ]
