"""What a page has to have: a name, a summary, text in its sections, and somebody who wrote it."""

from collections.abc import Iterator

from publishing.checks import Candidate, Finding, Level, register_check
from publishing.page_checks.places import name_field, too_much

SHORT_SUMMARY = 50  # letters


@register_check
def name_and_summary(candidate: Candidate) -> Iterator[Finding]:
    """Look at the lines that readers meet first, in lists as well as on the page."""
    page = candidate.page
    name = name_field(candidate)
    if not (getattr(page, name) or "").strip():
        yield Finding(Level.ERROR, name, "", "The page has no name.", "Give it a short plain one.")
    summary = (page.summary or "").strip()
    if not summary:
        yield Finding(
            Level.ERROR,
            "summary",
            "",
            "The summary is empty. Readers see it under the title and in lists.",
            "Say in one or two plain sentences what the page answers.",
        )
    elif len(summary) < SHORT_SUMMARY:
        yield Finding(
            Level.WARNING,
            "summary",
            summary,
            f"The summary has {len(summary)} letters, which rarely tells readers whether this is"
            " the page they need.",
            f"Say a little more, in about {SHORT_SUMMARY} to 200 letters.",
        )
    if summary and summary == (page.meta_description or "").strip():
        yield Finding(
            Level.HINT,
            "meta_description",
            "",
            "The description for search engines is the same as the summary.",
            "Leave it empty: search engines are then given the summary.",
        )


@register_check
def sections_have_text(candidate: Candidate) -> Iterator[Finding]:
    """Find sections without text: one that the page cannot do without is an error."""
    page = candidate.page
    empty = [each for each in page.SECTIONS if not (getattr(page, each.field) or "").strip()]
    optional = [each for each in empty if page._meta.get_field(each.field).blank]  # type: ignore[union-attr]
    for section in empty:
        if section not in optional:
            yield Finding(
                Level.ERROR,
                section.field,
                "",
                "There is no text here, and the page makes no sense without it.",
                "Write it before the page is published.",
            )
    if len(page.SECTIONS) > 1 and len(empty) >= len(page.SECTIONS) - 1:
        yield Finding(
            Level.WARNING,
            empty[0].field,
            "",
            "Hardly any section of this page has text. Readers are promised more than they find.",
            "Fill the sections that people ask about most.",
        )
        return
    for section in optional:
        yield Finding(
            Level.HINT,
            section.field,
            "",
            f"“{section.heading}” is empty, so readers do not see this section.",
            "Leave it so if there is nothing to say.",
        )


@register_check
def text_can_be_read(candidate: Candidate) -> Iterator[Finding]:
    """Find text that is too long, or too nested, to be laid out: no other check looks at it."""
    for field, text in candidate.draft.texts().items():
        found = too_much(text)
        if found:
            line, why = found
            yield Finding(Level.ERROR, field, "", why[:1].upper() + why[1:], line=line)


@register_check
def somebody_wrote_it(candidate: Candidate) -> Iterator[Finding]:
    """Find a page without an author."""
    page = candidate.page
    if page.author_id is not None:
        return
    if page.needs_review:
        yield Finding(
            Level.ERROR,
            "author",
            "",
            "Nobody is named as the author. Readers of health information are shown who wrote it.",
            "Choose who answers for these words.",
        )
    else:
        yield Finding(Level.HINT, "author", "", "Nobody is named as the author of this page.")
