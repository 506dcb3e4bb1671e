"""The texts of a candidate by field of the form, taken apart once for all checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from publishing.checks import Candidate
from publishing.limits import excess
from publishing.page_checks.text_of import PROSE, Block, Kind, blocks
from publishing.text import clean_paste

_KEPT = "_places"


@dataclass(frozen=True)
class Place:
    """One text of a page: the field it is typed in, as typed, and its blocks.

    A field of one line has one block, and its findings carry no line number.
    """

    field: str
    text: str
    blocks: tuple[Block, ...]
    is_markdown: bool = True

    @property
    def prose(self) -> list[Block]:
        """The blocks that are made of sentences."""
        return [block for block in self.blocks if block.kind in PROSE]

    def line(self, block: Block, at: int = 0) -> int | None:
        """Return the line of a place in a block, where the field has lines."""
        return block.line_at(at) if self.is_markdown else None


def places(candidate: Candidate) -> list[Place]:
    """Return all texts of a page in the order of its form, without the empty ones."""
    # As `cached_property` does it: a candidate is frozen, and every check asks for this.
    kept = vars(candidate)
    if _KEPT not in kept:
        kept[_KEPT] = list(_places(candidate))
    found: list[Place] = kept[_KEPT]
    return found


def name_field(candidate: Candidate) -> str:
    """Return the field that holds the page's name: `title` or `name`."""
    fields = {each.name for each in candidate.page._meta.concrete_fields}
    return "title" if "title" in fields else "name"


def too_much(text: str) -> tuple[int, str] | None:
    """Return why a text is too long or too nested to be looked at, as the form says it."""
    return excess(clean_paste(text))


def _places(candidate: Candidate) -> Iterator[Place]:
    page = candidate.page
    for name in (name_field(candidate), "summary", "meta_description"):
        yield from _line_of(name, getattr(page, name, ""))
    for name in ("lead_image_alt", "lead_image_caption"):
        if getattr(page, "lead_image_id", None):
            yield from _line_of(name, getattr(page, name, ""))
    questions = {f"faq-{n}": row.question for n, row in enumerate(candidate.draft.faqs, start=1)}
    for name, text in candidate.draft.texts().items():
        yield from _line_of(name, questions.get(name, ""))
        yield from _markdown(name, text)


def _line_of(name: str, text: str | None) -> Iterator[Place]:
    cleaned = clean_paste(text or "")
    if cleaned.strip():
        block = Block(Kind.PARAGRAPH, 1, cleaned)
        yield Place(name, cleaned, (block,), is_markdown=False)


def _markdown(name: str, text: str | None) -> Iterator[Place]:
    cleaned = clean_paste(text or "")
    # What is too much is refused as a whole, and not worth anybody's time before that.
    if cleaned.strip() and not excess(cleaned):
        yield Place(name, cleaned, tuple(blocks(cleaned)))
