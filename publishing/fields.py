"""Fields that pages are made of: Markdown, and short lists typed one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from markdownx.fields import MarkdownxFormField
from markdownx.models import MarkdownxField
from markdownx.widgets import AdminMarkdownxWidget

from publishing.completions import registered
from publishing.markdown import mistakes
from publishing.text import clean_line, clean_paste


class MarkdownFormField(MarkdownxFormField):  # type: ignore[misc]
    """Cleans pasted text before anything looks at it."""

    def to_python(self, value: object) -> str:
        return clean_paste(str(super().to_python(value) or ""))


def validate_markdown(text: str) -> None:
    """Refuse text with mistakes that would reach a reader, each with its line and a remedy."""
    found = mistakes(text)
    if found:
        raise ValidationError([str(mistake) for mistake in found])


class MarkdownField(MarkdownxField):  # type: ignore[misc]
    """Markdown text. Cleaned of paste debris; refused with line numbers where it is wrong."""

    default_validators = [validate_markdown]

    def formfield(self, **kwargs: Any) -> forms.Field:
        # The admin asks for its own widget for long texts; ours comes with the form field.
        defaults = kwargs | {"form_class": MarkdownFormField, "widget": EditorWidget}
        return models.TextField.formfield(self, **defaults)  # type: ignore[return-value]


class EditorWidget(AdminMarkdownxWidget):  # type: ignore[misc]
    """Text and live preview side by side; the preview wears the site's own styles."""

    template_name = "publishing/widgets/editor.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        offered = registered()
        context["completions"] = offered
        context["completion_prefixes"] = " ".join(each.prefix for each in offered)
        return context

    class Media:
        css = {"all": ["css/tokens.css", "css/components/prose.css", "css/admin/editor.css"]}
        js = ["js/editor.js"]


class LinesFormField(forms.CharField):
    """A list of short texts, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]
        lines = (clean_line(line) for line in clean_paste(str(value or "")).split("\n"))
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


def validate_lines(value: object) -> None:
    """Refuse anything but a list of texts of at most 120 letters each."""
    if not isinstance(value, list) or not all(
        isinstance(line, str) and 0 < len(line) <= 120 for line in value
    ):
        raise ValidationError("Enter one a line, each of at most 120 letters.")


class LinesField(models.JSONField):
    """A list of short texts, kept as JSON and edited one a line."""

    default_validators = [validate_lines]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        # Not JSONField's own: that would show brackets and quotes to the person who edits.
        return models.Field.formfield(  # type: ignore[return-value]
            self, **{"form_class": LinesFormField} | kwargs
        )
