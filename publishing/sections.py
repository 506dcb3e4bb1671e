"""Pages made of named sections, each Markdown; those that hold text make the contents list."""

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Section:
    """A section a page kind can have: the model's field, its heading and its anchor."""

    field: str
    heading: str

    @property
    def anchor(self) -> str:
        return self.field.replace("_", "-")


@dataclass(frozen=True)
class RenderedSection:
    """A section as a page shows it."""

    heading: str
    anchor: str
    html: SafeString
