"""Information pages: about, fees, first visit, privacy, accessibility, cookies, complaints."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from publishing.fields import MarkdownField
from publishing.models import Page
from publishing.sections import Section
from publishing.shown_on import MENU

# First parts of addresses that belong to the software, so no page may take them.
RESERVED_ADDRESSES = {
    "admin", "articles", "conditions", "contact", "evidence", "feedback", "glossary", "healthz",
    "is-needling-suitable", "livez", "media", "metrics", "practitioners", "readyz", "search",
    "share-images",
    "shared", "staff", "static", "treatments",
}  # fmt: skip


def validate_free_address(value: str) -> None:
    """Refuse an address that the software uses itself."""
    if value in RESERVED_ADDRESSES:
        raise ValidationError(f"The site uses /{value}/ itself. Choose another address.")


class InformationPage(Page):
    """A page about the clinic rather than about a condition."""

    SECTIONS = (Section("body", ""),)
    NOT_CLINICAL = Page.NOT_CLINICAL | {"fields.menu"}

    class Menu(models.TextChoices):
        MAIN = "main", "At the top and at the foot of every page"
        FOOTER = "footer", "At the foot of every page"
        NONE = "none", "Nowhere: only where a text links to it"

    title = models.CharField(max_length=65)
    body = MarkdownField()
    menu = models.CharField("linked from", max_length=6, choices=Menu, default=Menu.FOOTER)
    order = models.PositiveSmallIntegerField("place in menus", default=100)
    is_about_health = models.BooleanField(
        "says something about health",
        default=True,
        help_text=(
            "Untick it for a page on fees, parking or privacy. It then needs no clinical review."
        ),
    )

    class Meta(Page.Meta):
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def lists(self) -> set[str]:
        # Menus stand on every page, so only a page that stands in one concerns them all.
        return {MENU} if self.menu != self.Menu.NONE else set()

    def clean(self) -> None:
        super().clean()
        validate_free_address(self.slug)

    @property
    def needs_review(self) -> bool:
        """Say whether a clinician has to review the page before it is public."""
        return self.is_about_health

    def get_absolute_url(self) -> str:
        return reverse("pages:information", args=[self.slug])
