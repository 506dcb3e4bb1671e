"""Finds the texts that place a picture, so that none is deleted from under its readers."""

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from publishing.fields import MarkdownField
from publishing.models import FAQ, Image, Version


def texts_placing(image: Image) -> list[models.Model]:
    """Return every row whose Markdown places the picture, and every page with a version that does.

    A draft may be published, and an old version may be restored: both need their pictures.
    """
    found: list[models.Model] = []
    for model in apps.get_models():
        fields = [field.name for field in model._meta.fields if isinstance(field, MarkdownField)]
        if issubclass(model, FAQ):
            fields.append("answer")
        if fields:
            found += model._default_manager.filter(_places(image, *fields))
    return list(dict.fromkeys([*found, *_pages_with_versions_placing(image)]))


def _places(image: Image, *fields: str) -> models.Q:
    places = models.Q()
    for name in fields:
        for end in (")", " "):  # the target ends, or a caption follows
            places |= models.Q(**{f"{name}__contains": f"](image:{image.pk}{end}"})
    return places


def _pages_with_versions_placing(image: Image) -> list[models.Model]:
    versions = Version.objects.annotate(written=Cast("data", models.TextField())).filter(
        _places(image, "written") | models.Q(data__fields__lead_image__pk=image.pk)
    )
    keys = versions.order_by().values_list("content_type", "object_id").distinct()
    pages: list[models.Model] = []
    for content_type_id, object_id in keys:
        example = versions.filter(content_type_id=content_type_id, object_id=object_id).first()
        if example is not None and example.page is not None:
            pages.append(example.page)
    return pages
