"""Writes a folder of content files to the database.

What is there already is left alone, so that loading again never undoes what staff have edited.
Everything is checked as the admin would check it, and nothing is kept when a file is wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from articles.models import Article, ArticleFAQ, Category
from clinic.models import Clinic, Closure, OpeningHours, Weekday
from conditions.models import BodyRegion, Condition, ConditionFAQ, ConditionWarningSign
from evidence.models import Claim, Source, WarningSign
from pages.content.files import ContentError, ContentFile, read_file, read_folder, read_list
from pages.content.glossary import load_glossary
from pages.content.rows import errors_named, find, find_all, given, save_checked
from pages.content.search_words import load_search_words
from pages.models import InformationPage
from practitioners.models import Language, Membership, Practitioner, Registration, WorkingDay
from publishing.images import ImageRefused
from publishing.models import FAQ, Image, Page
from publishing.workflow import adopt
from suitability.models import Caution
from treatments.models import Price, Treatment, TreatmentFAQ, TreatmentWarningSign

# Pages become public at the start of a working day.
PUBLICATION_TIME = time(9)


@transaction.atomic
def load_content(folder: Path) -> Counter[str]:
    """Load a folder; return how many rows of each kind were added.

    Raises ContentError, with the file's name, when a file cannot be used.
    """
    return _Loader(folder).load()


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.added: Counter[str] = Counter()

    def load(self) -> Counter[str]:
        self._clinic()
        self._each_entry("sources.yaml", Source, self._source)
        self._categories()
        # People first, as pages name their authors; what people treat is joined at the end.
        people = list(self._each("practitioners", Practitioner, self._practitioner))
        for _ in self._each("treatments", Treatment, self._treatment):
            pass
        for _ in self._each("conditions", Condition, self._condition):
            pass
        self._each_entry("claims.yaml", Claim, self._claim)
        self._each_entry("needling-cautions.yaml", Caution, self._caution)
        self.added.update(load_glossary(self.folder / "glossary.yaml"))
        for _ in self._each("articles", Article, self._article):
            pass
        for _ in self._each("pages", InformationPage, self._information_page):
            pass
        self.added.update(load_search_words(self.folder / "search-words.yaml"))
        for file in people:
            self._join_practitioner(file)
        for kind in (Treatment, Condition, Article, InformationPage):
            for page in kind.objects.filter(live_version__isnull=True):
                adopt(page, note="Loaded from a file")
        return self.added

    def _each(
        self, name: str, model: type[models.Model], load: Callable[[ContentFile], None]
    ) -> Iterable[ContentFile]:
        """Load the files of a folder whose page does not exist yet, and yield those."""
        for file in read_folder(self.folder / name):
            if model._default_manager.filter(slug=file.slug).exists():
                continue
            with errors_named(file.path):
                load(file)
            self.added[str(model._meta.verbose_name_plural)] += 1
            yield file

    def _clinic(self) -> None:
        path = self.folder / "clinic.md"
        if not path.exists() or Clinic.objects.exists():
            return
        file = read_file(path)
        with errors_named(path):
            meta = file.meta
            clinic = save_checked(
                Clinic(
                    disclaimer=file.body,
                    address="\n".join(meta.get("address_lines", [])),
                    **given(
                        meta,
                        "name", "strap_line", "telephone", "email", "postcode", "latitude",
                        "longitude", "brand_colour", "is_demonstration", "reply_within_hours",
                        "directions", "parking",
                    ),
                )
            )  # fmt: skip
            for row in meta.get("opening_hours", []):
                hours = OpeningHours(
                    clinic=clinic,
                    weekday=_weekday(row["day"]),
                    opens=time.fromisoformat(row["opens"]),
                    closes=time.fromisoformat(row["closes"]),
                )
                save_checked(hours)
            for row in meta.get("closures", []):
                closure = Closure(
                    clinic=clinic,
                    name=row["name"],
                    starts_on=row["date"],
                    ends_on=row.get("until", row["date"]),
                    is_bank_holiday=row.get("bank_holiday", False),
                )
                save_checked(closure)
        self.added["clinic details"] += 1

    def _each_entry(
        self, name: str, model: type[models.Model], load: Callable[[Mapping[str, Any]], None]
    ) -> None:
        """Load the entries of a list whose key no row has yet."""
        path = self.folder / name
        known = set(model._default_manager.values_list("key", flat=True))
        with errors_named(path):
            rows = [row for row in read_list(path) if row["key"] not in known]
        # A superseded source names a newer one, which has to be there first.
        for row in sorted(rows, key=lambda row: "superseded_by" in row):
            with errors_named(path, row["key"]):
                load(row)
            self.added[str(model._meta.verbose_name_plural)] += 1

    def _source(self, row: Mapping[str, Any]) -> None:
        fields = {name: value for name, value in row.items() if name != "superseded_by" and value}
        newer = row.get("superseded_by")
        save_checked(Source(superseded_by=find(Source, "key", newer) if newer else None, **fields))

    def _caution(self, row: Mapping[str, Any]) -> None:
        checked_by = row.get("checked_by")
        caution = Caution(
            checked_by=find(Practitioner, "slug", checked_by) if checked_by else None,
            **given(
                row, "key", "question", "hint", "if_yes", "advice", "order", "awaiting_clinician",
                "checked_on", "is_shown",
            ),
        )  # fmt: skip
        save_checked(caution).sources.set(
            find(Source, "key", key) for key in row.get("sources", [])
        )

    def _claim(self, row: Mapping[str, Any]) -> None:
        treatment, checked_by = row.get("treatment"), row.get("checked_by")
        claim = save_checked(
            Claim(
                condition=find(Condition, "slug", row["condition"]),
                treatment=find(Treatment, "slug", treatment) if treatment else None,
                checked_by=find(Practitioner, "slug", checked_by) if checked_by else None,
                **given(
                    row, "key", "intervention", "sentence", "direction", "certainty", "population",
                    "scope", "country", "checked_on", "next_check_on", "position", "note",
                ),
            )
        )  # fmt: skip
        claim.sources.set(find(Source, "key", key) for key in row["sources"])
        # What rests on nothing current is loaded for staff alone.
        if row.get("public", True):
            claim.make_public()

    def _categories(self) -> None:
        path = self.folder / "categories.yaml"
        known = set(Category.objects.values_list("slug", flat=True))
        with errors_named(path):
            rows = [(order, row, row["slug"]) for order, row in enumerate(read_list(path), start=1)]
        for order, row, slug in rows:
            if slug not in known:
                with errors_named(path, slug):
                    save_checked(Category(order=order, **row))
                self.added["categories"] += 1

    def _practitioner(self, file: ContentFile) -> None:
        meta = file.meta
        person = save_checked(
            Practitioner(
                slug=file.slug,
                profile=file.body,
                published_at=_publication(meta.get("published_on")) or timezone.now(),
                **given(
                    meta,
                    "name", "professional_title", "title_note", "summary", "qualifications",
                    "taking_new_patients", "leaves_on", "order",
                ),
            )
        )  # fmt: skip
        for row in meta.get("registrations", []):
            save_checked(Registration(practitioner=person, **row | {"number": str(row["number"])}))
        for row in meta.get("memberships", []):
            save_checked(Membership(practitioner=person, **row))
        for row in meta.get("working_days", []):
            day = WorkingDay(
                practitioner=person,
                weekday=_weekday(row["day"]),
                starts=time.fromisoformat(row["starts"]) if "starts" in row else None,
                ends=time.fromisoformat(row["ends"]) if "ends" in row else None,
            )
            save_checked(day)
        person.languages.set(
            Language.objects.get_or_create(name=name)[0] for name in meta.get("languages", [])
        )

    def _join_practitioner(self, file: ContentFile) -> None:
        person = Practitioner.objects.get(slug=file.slug)
        with errors_named(file.path):
            person.treatments.set(find_all(Treatment, file.meta.get("treatments", [])))
            person.conditions.set(find_all(Condition, file.meta.get("conditions", [])))

    def _treatment(self, file: ContentFile) -> None:
        treatment = save_checked(
            Treatment(
                **_page(file, "name", "also_known_as", "order"), **_section_fields(Treatment, file)
            )
        )
        _faqs(file, TreatmentFAQ, treatment=treatment)
        _warning_signs(file, TreatmentWarningSign, treatment=treatment)
        for position, row in enumerate(file.meta.get("prices", [])):
            save_checked(Price(treatment=treatment, position=position, **row))

    def _condition(self, file: ContentFile) -> None:
        condition = save_checked(
            Condition(
                **_page(file, "name", "also_known_as", "order"), **_section_fields(Condition, file)
            )
        )
        condition.body_regions.set(find_all(BodyRegion, file.meta.get("body_regions", [])))
        condition.treatments.set(find_all(Treatment, file.meta.get("treatments", [])))
        _faqs(file, ConditionFAQ, condition=condition)
        _warning_signs(file, ConditionWarningSign, condition=condition)

    def _article(self, file: ContentFile) -> None:
        article = Article(
            **_page(file, "title"),
            body=_only_text(file),
            category=find(Category, "slug", file.meta.get("category")),
        )
        self._place_lead_image(article, file.meta.get("lead_image"))
        save_checked(article)
        article.conditions.set(find_all(Condition, file.meta.get("conditions", [])))
        article.treatments.set(find_all(Treatment, file.meta.get("treatments", [])))
        _faqs(file, ArticleFAQ, article=article)

    def _place_lead_image(self, article: Article, placed: Mapping[str, str] | None) -> None:
        if not placed:
            return
        path = self.folder / "images" / placed["file"]
        if not path.exists():
            raise ContentError(f"there is no picture {placed['file']} in {path.parent}")
        try:
            article.lead_image = Image.from_upload(
                path.read_bytes(), title=path.stem.replace("-", " ").capitalize()
            )
        except ImageRefused as error:
            raise ContentError(f"{placed['file']}: {error}") from error
        is_described = bool(placed.get("alt"))
        role = Article.AltRole.DESCRIBES if is_described else Article.AltRole.DECORATIVE
        article.lead_image_role = role
        article.lead_image_alt = placed.get("alt", "")
        article.lead_image_caption = placed.get("caption", "")

    def _information_page(self, file: ContentFile) -> None:
        if file.faqs():
            raise ContentError("information pages have no questions; write them as headings")
        save_checked(
            InformationPage(
                **_page(file, "title", "menu", "order", "is_about_health"), body=_only_text(file)
            )
        )


def _page(file: ContentFile, *names: str) -> dict[str, Any]:
    meta = file.meta
    author, reviewer = meta.get("author"), meta.get("reviewed_by")
    if author and author == reviewer:
        raise ContentError("somebody other than the author reviews a page")
    return {
        "slug": file.slug,
        "published_at": _publication(meta.get("published_on")),
        "author": find(Practitioner, "slug", author) if author else None,
        "reviewed_by": find(Practitioner, "slug", reviewer) if reviewer else None,
    } | given(
        meta, "summary", "meta_description", "updated_on", "reviewed_on", "next_review_due", *names
    )


def _only_text(file: ContentFile) -> str:
    """Return the text of a page without sections; text under a heading of level 1 has no place."""
    text, *others = file.sections().items()
    if others:
        raise ContentError(f"no section is called “{others[0][0]}”; start headings with ##")
    return text[1]


def _section_fields(model: type[Page], file: ContentFile) -> dict[str, str]:
    by_heading = {section.heading: section.field for section in model.SECTIONS}
    fields = {}
    for heading, text in file.sections().items():
        if heading in by_heading:
            fields[by_heading[heading]] = text
        elif text:
            raise ContentError(f"no section is called “{heading}”")
    return fields


def _faqs(file: ContentFile, model: type[FAQ], **owner: Page) -> None:
    for position, (question, answer) in enumerate(file.faqs()):
        save_checked(model(question=question, answer=answer, position=position, **owner))


def _warning_signs(file: ContentFile, model: type[WarningSign], **owner: Page) -> None:
    for level, rows in (file.meta.get("warning_signs") or {}).items():
        for position, row in enumerate(rows or []):
            sign = save_checked(
                model(
                    level=level,
                    sign=row["sign"],
                    awaiting_clinician=row.get("awaiting_clinician", False),
                    position=position,
                    **owner,
                )
            )
            sign.sources.set(find(Source, "key", key) for key in row.get("sources", []))


def _publication(day: date | None) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, PUBLICATION_TIME))


def _weekday(name: str) -> Weekday:
    try:
        return Weekday[name.upper()]
    except KeyError:
        raise ContentError(f"{name} is not a day of the week") from None
