"""The headings of a page, in reading order: what a reviewer remarks on."""

from publishing.markdown import render_document
from publishing.snapshots import Draft


def headings(draft: Draft) -> list[str]:
    """Return the headings of a page as readers meet them, the title first."""
    texts = draft.page.body_texts()
    document = render_document(texts, heading_level=2)
    found = [str(draft.page), "Summary"]
    for section in draft.page.SECTIONS:
        if section.field not in texts:
            continue
        if section.heading:
            found.append(section.heading)
        elif not document.headings[section.field]:
            found.append("Text")
        own = [each.text for each in document.headings[section.field] if each.level == 2]
        found += own if not section.heading else []
    if draft.parts.get("warning_signs"):
        found.append("When to get help")
    found += [faq.question for faq in draft.faqs]
    return list(dict.fromkeys([*found, "Anything else"]))
