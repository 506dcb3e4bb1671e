"""Pages of the site that no row stands for: home, the lists, the forms."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class FixedPage:
    """A page at an address of its own. The title is the one in its template."""

    key: str
    view: str
    title: str

    @property
    def address(self) -> str:
        return reverse(self.view)


FIXED_PAGES = (
    FixedPage("home", "pages:home", "Pain in muscles, joints and nerves"),
    FixedPage("conditions", "conditions:list", "Conditions"),
    FixedPage("treatments", "treatments:list", "Treatments"),
    FixedPage("articles", "articles:list", "Articles"),
    FixedPage("people", "practitioners:list", "People"),
    FixedPage("contact", "enquiries:contact", "Contact us"),
    FixedPage("evidence", "pages:evidence", "What the evidence says"),
    FixedPage("glossary", "pages:glossary", "Glossary"),
    FixedPage("suitability", "suitability:questions", "Is needling suitable for me?"),
)
