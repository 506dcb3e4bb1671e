"""Who knows the site's texts: apps above this one register them for the wording check."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.db import models

from evidence.placed_claims import expand_claims, placed_claims
from publishing.counts import spelled_out
from publishing.snapshots import Draft


class SourceText(NamedTuple):
    """A text of the site: its name for the report, its Markdown, and the therapy it is about.

    `owner` is the page or person it stands on, `before` how many of its lines the form does not
    show.
    """

    name: str
    text: str
    therapy: str | None
    owner: models.Model | None = None
    before: int = 0

    @property
    def field(self) -> str:
        """The place in its owner's form."""
        return self.name.rpartition(":")[2]


class FieldText(NamedTuple):
    """A text of a page as a version has it.

    `field` is its place in the form. Lines are told only of texts that have them (`has_lines`),
    and without those that the form does not show (`before`).
    """

    field: str
    text: str
    therapy: str | None = None
    has_lines: bool = True
    before: int = 0


# Lines of a page that stand apart from its text.
_APART = frozenset({"title", "name", "meta_description", "lead_image_alt", "lead_image_caption"})


def page_of(found: Iterable[SourceText] | Iterable[FieldText]) -> str:
    """Return the texts of one page as one: what a claim needs said may stand in another field.

    The summary stands right under the page's heading, and the first paragraph right under that.
    """
    texts = [each for each in found if each.text and each.field not in _APART]
    first = [each.text for each in texts if each.field == "summary"]
    rest = "\n\n".join(each.text for each in texts if each.field != "summary")
    return "\n".join([*first, rest])


def role_of(field: str) -> str:
    """Return what a field holds for the wording check, where that is the words of a picture."""
    name = field.rpartition("_")[2]
    return name if name in ("alt", "caption") else ""


Provider = Callable[[], Iterable[SourceText]]
DraftReader = Callable[[Draft], Iterable[FieldText]]
_providers: list[Provider] = []
_readers: list[DraftReader] = []


def register(provider: Provider) -> Provider:
    """Add a provider of texts. Registering one twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def register_reader(reader: DraftReader) -> DraftReader:
    """Add what takes a page's texts from a version. Registering one twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def texts() -> Iterator[SourceText]:
    """Yield every text of the site, provider by provider."""
    found = [each for provider in _providers for each in provider()]
    claims = placed_claims([each.text for each in found])
    for each in found:
        yield each._replace(text=spelled_out(expand_claims(each.text, claims)))


def texts_of(draft: Draft) -> Iterator[FieldText]:
    """Yield every text of a page as a version has it."""
    found = [each for reader in _readers for each in reader(draft)]
    claims = placed_claims([each.text for each in found])
    for each in found:
        yield each._replace(text=spelled_out(expand_claims(each.text, claims)))
