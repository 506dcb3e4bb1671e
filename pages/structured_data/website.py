"""The site itself, and how to search it."""

from django.urls import reverse

from clinic.models import Clinic
from components.absolute import absolute
from pages.structured_data.clinic import clinic_link
from pages.structured_data.nodes import LANGUAGE, Node


def website(clinic: Clinic) -> Node:
    """Return the site with its search, for the home page."""
    return {
        "@type": "WebSite",
        "@id": absolute("/#website"),
        "url": absolute("/"),
        "name": clinic.name,
        "inLanguage": LANGUAGE,
        "publisher": clinic_link(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute(reverse("search:search")) + "?q={search_term_string}",
            },
            # schema.org's own notation (docs/actions): what has to be filled in, and where.
            "query-input": "required name=search_term_string",
        },
    }
