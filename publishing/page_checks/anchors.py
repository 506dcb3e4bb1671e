"""The names of places on a page, as links within the page use them."""

import re

from publishing.markdown import render_document
from publishing.snapshots import Draft

_ID = re.compile(r'\bid="([^"]+)"')
# What the frame around the text has, whatever the page; a test compares it with the templates.
FRAME = {"maincontent", "menu", "opening-hours", "page-contents", "page-review"}
# What is there only with the rows of a part.
WITH_PARTS = {
    "when-to-get-help": "warning_signs",
    "page-questions": "faqs",
    "page-prices": "prices",
}
# What depends on other rows than the page's own: it gets the benefit of the doubt.
PERHAPS = {"page-people", "page-references"}


def anchors_of(draft: Draft) -> set[str]:
    """Return every name on the page that a link may lead to."""
    texts = draft.texts()
    document = render_document(texts, heading_level=2)
    in_text = {name for html in document.parts.values() for name in _ID.findall(html)}
    sections = {
        section.anchor
        for section in draft.page.SECTIONS
        if section.heading and section.field in texts
    }
    parts = {name for name, part in WITH_PARTS.items() if draft.parts.get(part)}
    return in_text | sections | parts | FRAME | PERHAPS
