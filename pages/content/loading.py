"""Writes a folder of content files to the database.

What is there already is left alone, so that loading again never undoes what staff have edited.
Everything is checked as the admin would check it, and nothing is kept when a file is wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db import models, transaction

from articles.models import Category
from clinic.models import Clinic
from evidence.models import Claim, Source
from pages.content import evidence_lists, history, page_drafts
from pages.content.clinic_file import load_clinic
from pages.content.files import ContentFile, read_folder, read_list
from pages.content.glossary import load_glossary
from pages.content.page_drafts import FOLDERS, PageReader
from pages.content.page_records import load_page_records
from pages.content.people import join_person, load_person
from pages.content.pictures import Pictures
from pages.content.rows import errors_named, save_checked
from pages.content.search_words import load_search_words
from pages.content.tables import load_tables
from practitioners.models import Practitioner
from publishing.models import Page
from publishing.workflow import adopt
from suitability.models import Caution


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
        self.pictures = Pictures(folder)
        # The pages that were added with a history to tell of.
        self.told: list[tuple[Page, ContentFile, PageReader]] = []

    def load(self) -> Counter[str]:
        is_new = not Clinic.objects.exists()
        self.pictures.load()
        self.added["clinic details"] += load_clinic(self.folder / "clinic.md", self.pictures)
        sources = self._each_entry("sources.yaml", Source, evidence_lists.load_source)
        self._categories()
        # People first, as pages name their authors; what people treat is joined at the end.
        people = list(
            self._each("practitioners", Practitioner, lambda file: load_person(file, self.pictures))
        )
        for row in sources:
            with errors_named(self.folder / "sources.yaml", row["key"]):
                evidence_lists.join_source(row)
        self._pages("treatments")
        self._pages("conditions")
        self._each_entry("claims.yaml", Claim, evidence_lists.load_claim)
        self._each_entry("needling-cautions.yaml", Caution, evidence_lists.load_caution)
        self.added.update(load_glossary(self.folder / "glossary.yaml"))
        self._pages("articles")
        self._pages("pages")
        self.added.update(load_search_words(self.folder / "search-words.yaml"))
        for file in people:
            join_person(file)
        self._begin_histories()
        self.added.update(load_page_records(self.folder, is_new=is_new))
        self.added.update(load_tables(self.folder, is_new=is_new))
        self.added["pictures"] = self.pictures.added
        return +self.added

    def _each(
        self, name: str, model: type[models.Model], load: Callable[[ContentFile], None]
    ) -> Iterator[ContentFile]:
        """Load the files of a folder whose page does not exist yet, and yield those."""
        for file in read_folder(self.folder / name):
            if model._default_manager.filter(slug=file.slug).exists():
                continue
            with errors_named(file.path):
                load(file)
            self.added[str(model._meta.verbose_name_plural)] += 1
            yield file

    def _each_entry(
        self, name: str, model: type[models.Model], load: Callable[[evidence_lists.Row], None]
    ) -> Sequence[evidence_lists.Row]:
        rows = evidence_lists.load_entries(self.folder / name, model, load)
        self.added[str(model._meta.verbose_name_plural)] += len(rows)
        return rows

    def _categories(self) -> None:
        path = self.folder / "categories.yaml"
        known = set(Category.objects.values_list("slug", flat=True))
        with errors_named(path):
            rows = [(order, row, row["slug"]) for order, row in enumerate(read_list(path), start=1)]
        for order, row, slug in rows:
            if slug not in known:
                with errors_named(path, slug):
                    save_checked(Category(**{"order": order} | row))
                self.added["categories"] += 1

    def _pages(self, name: str) -> None:
        """Load the pages of a folder; their histories begin when all that they show is there."""
        reader = PageReader(FOLDERS[name], self.pictures)

        def load(file: ContentFile) -> None:
            draft = reader.read(file)
            # The row has the address that the file's name says; a version may plan another.
            draft.page.slug = file.slug
            if not history.is_told(file):
                page_drafts.tell_of_review(draft.page, file.meta)
            page = page_drafts.save(draft)
            if history.is_told(file):
                self.told.append((page, file, reader))

        for _ in self._each(name, reader.model, load):
            pass

    def _begin_histories(self) -> None:
        for page, file, reader in self.told:
            others = self.folder / history.VERSIONS / file.path.parent.name / file.slug
            history.begin(page, file, reader, others)
        for kind in FOLDERS.values():
            for page in kind._default_manager.filter(live_version__isnull=True):
                adopt(page, note="Loaded from a file")
