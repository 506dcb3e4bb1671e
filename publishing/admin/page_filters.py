"""What lists of pages can be narrowed by."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from publishing.models import Version
from publishing.waiting import for_review_by, waiting_versions
from publishing.workflow import REVIEW


class StateFilter(admin.SimpleListFilter):
    """Pages by what the public sees of them."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("public", "Public"),
            ("draft", "Draft, never public"),
            ("changes", "With unpublished changes"),
            ("withdrawn", "Withdrawn"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() == "public":
            return queryset.published()  # type: ignore[attr-defined, no-any-return]
        if self.value() == "draft":
            return queryset.filter(published_at__isnull=True)
        if self.value() == "changes":
            return queryset.filter(live_version__isnull=False, newest__gt=models.F("live_number"))
        if self.value() == "withdrawn":
            shown = queryset.published().values("pk")  # type: ignore[attr-defined]
            return queryset.filter(withdrawn_at__isnull=False).exclude(pk__in=shown)
        return queryset


class WorkFilter(admin.SimpleListFilter):
    """Pages by what their newest version waits for."""

    title = "waiting for"
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mine = [("mine", "Your clinical review")] if request.user.has_perm(REVIEW) else []
        return [
            *mine,
            ("review", "Clinical review"),
            ("changes", "Changes a reviewer asked for"),
            ("publish", "Publishing"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() is None:
            return queryset
        if self.value() == "mine":
            return queryset.filter(pk__in=for_review_by(queryset.model, request.user))
        waiting = waiting_versions(queryset.model)
        chosen = {
            "review": waiting.for_review,
            "changes": waiting.for_author,
            "publish": waiting.for_publishing,
        }
        return queryset.filter(pk__in=chosen.get(str(self.value()), []))


def with_versions(pages: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Add the numbers of the newest version and of the one that readers see."""
    newest = Version.objects.filter(
        content_type__app_label=pages.model._meta.app_label,
        content_type__model=pages.model._meta.model_name,
        object_id=models.OuterRef("pk"),
    ).order_by("-number")
    numbered: models.QuerySet[Any] = pages.annotate(
        newest=models.Subquery(newest.values("number")[:1]),
        live_number=models.F("live_version__number"),
    )
    return numbered
