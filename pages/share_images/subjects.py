"""What a page's share image shows, and the address that follows from it.

The address carries a digest of all that the picture shows, so whoever has it may keep the picture
for ever: a new title is a new address. Working it out asks the database nothing and draws nothing.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django.urls import reverse

from articles.models import Article, Category
from clinic.models import Clinic
from conditions.models import Condition
from pages.fixed_pages import FIXED_PAGES
from pages.models import InformationPage
from pages.share_images.drawing import DESIGN, Picture
from practitioners.models import Practitioner
from treatments.models import Treatment

_DIGEST_LENGTH = 16  # hexadecimal digits


@dataclass(frozen=True)
class Subject:
    """A page that can be shared: its kind and key in the address, and the words of its picture."""

    kind: str
    key: str
    title: str
    label: str

    def picture(self, clinic: Clinic) -> Picture:
        """Return all that the picture shows."""
        invented = " (demonstration)" if clinic.is_demonstration else ""
        return Picture(
            title=self.title,
            label=self.label,
            clinic=f"{clinic.name}{invented}",
            brand_colour=clinic.brand_colour,
            # As at the top of the pages: the site's own mark stands in for a logo.
            has_mark=clinic.logo_id is None,
        )

    def address(self, clinic: Clinic) -> str:
        """Return where the picture is, from the root on."""
        digest = digest_of(self.picture(clinic))
        return reverse("pages:share_image", args=[self.kind, self.key, digest])


def digest_of(picture: Picture) -> str:
    """Return what tells this picture from any other."""
    told = repr((DESIGN, *astuple(picture)))
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:_DIGEST_LENGTH]


@dataclass(frozen=True)
class _Kind:
    label: str
    public: Callable[[], Any]  # the rows whose pages are public now


_KINDS: Mapping[type, tuple[str, _Kind]] = {
    Condition: ("condition", _Kind("Condition", Condition.objects.published)),
    Article: ("article", _Kind("Article", Article.objects.published)),
    Treatment: ("treatment", _Kind("Treatment", Treatment.objects.published)),
    InformationPage: ("information", _Kind("Information", InformationPage.objects.published)),
    Practitioner: ("person", _Kind("People", Practitioner.objects.published)),
    Category: ("category", _Kind("Articles", Category.objects.all)),
}
_BY_NAME = dict(_KINDS.values())
_FIXED = "site"
_FIXED_SUBJECTS = {
    page.view: Subject(_FIXED, page.key, page.title, label="") for page in FIXED_PAGES
}


def subject_of_row(row: Any) -> Subject | None:
    """Return what to share of a page, a person or a category; nothing of any other kind of row."""
    found = _KINDS.get(type(row))
    return Subject(found[0], row.slug, str(row), found[1].label) if found else None


def subject_of_view(view: str) -> Subject | None:
    """Return what to share of a page without a row, by the name of its address."""
    return _FIXED_SUBJECTS.get(view)


def find(kind: str, key: str) -> Subject | None:
    """Return the subject that an address names, if its page is public now."""
    if kind == _FIXED:
        return next((each for each in _FIXED_SUBJECTS.values() if each.key == key), None)
    if kind not in _BY_NAME:
        return None
    row = _BY_NAME[kind].public().filter(slug=key).first()
    return subject_of_row(row) if row is not None else None
