"""Finds the texts that place a picture, so that none is deleted from under its readers."""

from django.apps import apps
from django.db import models

from publishing.fields import MarkdownField
from publishing.models import FAQ, Image


def texts_placing(image: Image) -> list[models.Model]:
    """Return every row whose Markdown places the picture."""
    found: list[models.Model] = []
    for model in apps.get_models():
        fields = [field.name for field in model._meta.fields if isinstance(field, MarkdownField)]
        if issubclass(model, FAQ):
            fields.append("answer")
        if fields:
            places = models.Q()
            for name in fields:
                for end in (")", " "):  # the target ends, or a caption follows
                    places |= models.Q(**{f"{name}__contains": f"](image:{image.pk}{end}"})
            found += model._default_manager.filter(places)
    return found
