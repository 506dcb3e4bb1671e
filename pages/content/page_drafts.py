"""From a file to the page that it describes: in memory first, then as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from articles.models import Article, Category
from conditions.models import BodyRegion, Condition
from evidence.models import Source, WarningSign
from pages.content.files import ContentError, ContentFile
from pages.content.pictures import Pictures
from pages.content.rows import find, find_all, find_if, given, save_checked
from pages.content.times import publication_time
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing import snapshots
from publishing.models import Page
from publishing.snapshots import Draft
from treatments.models import Treatment

# The folder of each kind of page. Pages name treatments, and articles conditions, so in this order.
FOLDERS: dict[str, type[Page]] = {
    "treatments": Treatment,
    "conditions": Condition,
    "articles": Article,
    "pages": InformationPage,
}
# What a page names others by, and the references of every kind.
BY_SLUG: dict[str, type[models.Model]] = {
    "body_regions": BodyRegion,
    "conditions": Condition,
    "treatments": Treatment,
}


@dataclass(frozen=True)
class PageReader:
    """Reads files of one kind of page."""

    model: type[Page]
    pictures: Pictures

    def read(self, file: ContentFile, slug: str = "") -> Draft:
        """Return the page as the file describes it. Raises ContentError where it cannot be read.

        Without another address the page has that of the file's name, or `slug`.
        """
        meta, model = file.meta, self.model
        page = model(
            slug=meta.get("address") or slug or file.slug,
            author=find_if(Practitioner, "slug", meta.get("author")),
            **given(meta, *own_plain_fields(model)),
            **self._texts(file),
        )
        if isinstance(page, Article):
            page.category = find(Category, "slug", meta.get("category"))
            self._place_lead_image(page, meta.get("lead_image"))
        many: dict[str, list[models.Model]] = {
            relation.name: list(find_all(BY_SLUG[relation.name], meta.get(relation.name) or []))
            for relation in model._meta.many_to_many
        }
        makers = {"faqs": self._faqs, "warning_signs": _warning_signs, "prices": _prices}
        parts = {
            name: makers[name](file, snapshots.part_model(model, name)) for name in model.PARTS
        }
        if file.faqs() and "faqs" not in model.PARTS:
            raise ContentError("information pages have no questions; write them as headings")
        return Draft(page, many=many, parts=parts)

    def _texts(self, file: ContentFile) -> dict[str, str]:
        by_heading = {section.heading: section.field for section in self.model.SECTIONS}
        fields = {}
        for heading, text in file.sections().items():
            if heading in by_heading:
                fields[by_heading[heading]] = self.pictures.placed(text)
            elif "" in by_heading:
                # Text under a heading of level 1 has no place on a page without sections.
                raise ContentError(f"no section is called “{heading}”; start headings with ##")
            elif text:
                raise ContentError(f"no section is called “{heading}”")
        return fields

    def _place_lead_image(self, article: Article, placed: Mapping[str, str] | None) -> None:
        if not placed:
            return
        article.lead_image = self.pictures.get(placed["file"])
        is_described = bool(placed.get("alt"))
        role = Article.AltRole.DESCRIBES if is_described else Article.AltRole.DECORATIVE
        article.lead_image_role = role
        article.lead_image_alt = placed.get("alt", "")
        article.lead_image_caption = placed.get("caption", "")

    def _faqs(self, file: ContentFile, model: type[models.Model]) -> list[Any]:
        return [
            _part(model, question=question, answer=self.pictures.placed(answer), position=position)
            for position, (question, answer) in enumerate(file.faqs())
        ]


def own_plain_fields(model: type[Page]) -> list[str]:
    """Return the fields of a page kind that stand in the front matter under their own name."""
    texts = {section.field for section in model.SECTIONS}
    return [
        each.name
        for each in snapshots.own_fields(model)
        if not each.is_relation
        and each.name not in texts | {"slug"}
        and not each.name.startswith("lead_image")
    ]


def _part(model: type[models.Model], sources: Any = None, **fields: Any) -> Any:
    row: Any = model(**fields)
    row.drafted_many = {} if sources is None else {"sources": sources}
    return row


def _warning_signs(file: ContentFile, model: type[models.Model]) -> list[WarningSign]:
    return [
        _part(
            model,
            sources=[find(Source, "key", key) for key in row.get("sources", [])],
            level=level,
            sign=row["sign"],
            awaiting_clinician=row.get("awaiting_clinician", False),
            position=position,
        )
        for level, rows in (file.meta.get("warning_signs") or {}).items()
        for position, row in enumerate(rows or [])
    ]


def _prices(file: ContentFile, model: type[models.Model]) -> list[Any]:
    return [
        _part(model, position=position, **row)
        for position, row in enumerate(file.meta.get("prices") or [])
    ]


def tell_of_review(page: Page, meta: Mapping[str, Any]) -> None:
    """Note on a page without a history of its own what its file says of publication and review."""
    author, reviewer = meta.get("author"), meta.get("reviewed_by")
    if author and author == reviewer:
        raise ContentError("somebody other than the author reviews a page")
    page.published_at = publication_time(meta)
    page.reviewed_by_id = getattr(find_if(Practitioner, "slug", reviewer), "pk", None)
    for name, value in given(meta, "updated_on", "reviewed_on", "next_review_due").items():
        setattr(page, name, value)


def save(draft: Draft) -> Page:
    """Write a new page with its parts. Everything is checked. Raises ValidationError."""
    page = save_checked(draft.page)
    for name, rows in draft.many.items():
        getattr(page, name).set(rows)
    for name, parts in draft.parts.items():
        back = page._meta.get_field(name).field.name  # type: ignore[union-attr]
        for part in parts:
            setattr(part, back, page)
            save_checked(part)
            for relation, targets in part.drafted_many.items():
                getattr(part, relation).set(targets)
    return page


def check(draft: Draft, page: Page) -> None:
    """Check a version of a page that is there, as `save` does. Raises ValidationError."""
    draft.page.full_clean(validate_unique=False, validate_constraints=False)
    for name, parts in draft.parts.items():
        back = page._meta.get_field(name).field.name  # type: ignore[union-attr]
        for part in parts:
            part.full_clean(exclude=[back], validate_unique=False, validate_constraints=False)
