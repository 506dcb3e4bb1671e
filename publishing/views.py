"""Shows one page of any kind: to everyone when it is public, to staff before that."""

from typing import Any, ClassVar

from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView

from publishing.markdown import Document, render_document
from publishing.models import FAQ, Page, faq_texts
from publishing.sections import RenderedSection


class PageDetailView(DetailView):  # type: ignore[type-arg]
    """A page with its text rendered. A draft is shown to staff who may view it, never stored."""

    context_object_name = "page"
    heading_level: ClassVar[int] = 2
    object: Page

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().with_people()  # type: ignore[attr-defined, no-any-return]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if not self.object.is_published:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex"
        return response

    def get_object(self, queryset: models.QuerySet[Any] | None = None) -> Page:
        page: Page = super().get_object(queryset)
        # The session is looked at only for drafts, so that a public page is the same for everyone.
        if not page.is_published and not self._may_preview(page):
            raise Http404
        return page

    def _may_preview(self, page: Page) -> bool:
        user = self.request.user
        codename = get_permission_codename("view", page._meta)
        return user.is_staff and user.has_perm(f"{page._meta.app_label}.{codename}")

    def faqs(self) -> list[FAQ]:
        """Return the page's questions; page kinds without any have none."""
        related = getattr(self.object, "faqs", None)
        return list(related.all()) if related is not None else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        faqs = self.faqs()
        document = render_document(
            self.object.body_texts() | faq_texts(faqs), heading_level=self.heading_level
        )
        return super().get_context_data(
            document=document,
            sections=self._sections(document),
            faqs=[
                {"question": faq.question, "answer": document.parts[name]}
                for faq, name in zip(faqs, faq_texts(faqs), strict=True)
            ],
            **kwargs,
        )

    def _sections(self, document: Document) -> list[RenderedSection]:
        return [
            RenderedSection(section.heading, section.anchor, document.parts[section.field])
            for section in self.object.SECTIONS
            if section.field in document.parts
        ]
