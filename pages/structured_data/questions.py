"""The questions people ask on a page, with their answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from pages.structured_data.nodes import Node, words


def questions(address: str, faqs: Iterable[Mapping[str, Any]]) -> list[Node]:
    """Return the section with the questions as a part of the page at the address, if it has any."""
    asked = [
        {
            "@type": "Question",
            "name": faq["question"],
            "acceptedAnswer": {"@type": "Answer", "text": words(faq["answer"])},
        }
        for faq in faqs
    ]
    if not asked:
        return []
    section = f"{address}#page-questions"
    return [{"@type": "FAQPage", "@id": section, "isPartOf": {"@id": address}, "mainEntity": asked}]
