"""What search engines are told: every page that is public now, and when it last changed.

A date is given only where it is known. Lists carry the date of the newest page they show; for home
and the forms there is none. Nobody is told "today".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article, Category
from components.absolute import absolute
from conditions.models import Condition
from evidence.models import Claim
from pages.fixed_pages import FIXED_PAGES
from pages.models import InformationPage
from practitioners.models import Practitioner, Registration
from publishing.models import Image, Page
from treatments.models import Treatment

# Of the 50,000 that the protocol allows: so that no answer takes long or much memory.
PAGES_IN_A_FILE = 5000
# All that is read of a page: its text would not fit into memory 5,000 times.
_FIELDS = ("slug", "published_at", "updated_on", "reviewed_on")


def latest(*days: date | None) -> date | None:
    """Return the last of the days that are known."""
    return max((day for day in days if day is not None), default=None)


class SiteSitemap(Sitemap[Any]):
    """A part of the sitemap, with addresses from `SITE_URL` rather than from the request."""

    limit = PAGES_IN_A_FILE

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def images(self, item: Any) -> list[str]:
        """Return the addresses of the pictures that the page leads with."""
        return []

    def newest(self, items: Any) -> date | None:
        """Return the last change of any of the items, for the index."""
        return latest(*(self.lastmod(item) for item in items))

    def lastmod(self, item: Any) -> date | None:
        raise NotImplementedError

    def file(self, number: int) -> list[dict[str, Any]]:
        """Return the entries of one file. Raises EmptyPage if there is no such file."""
        return [
            entry | {"images": self.images(entry["item"])} for entry in self.get_urls(page=number)
        ]


class PageSitemap(SiteSitemap):
    """The public pages of one kind."""

    def __init__(self, model: type[Page]) -> None:
        super().__init__()
        self.model = model

    def items(self) -> QuerySet[Any]:
        return _public(self.model).only(*_FIELDS).order_by("pk")

    def lastmod(self, item: Page) -> date | None:
        return latest(item.published_on, item.updated_on, item.reviewed_on)

    def newest(self, items: Any) -> date | None:
        return _newest(items)


class ArticleSitemap(PageSitemap):
    """The public articles, with their pictures."""

    def __init__(self) -> None:
        super().__init__(Article)

    def items(self) -> QuerySet[Any]:
        pictures = super().items().select_related("lead_image")
        return pictures.only(*_FIELDS, "lead_image")

    def images(self, item: Article) -> list[str]:
        return _picture(item.lead_image, "full")


class PractitionerSitemap(SiteSitemap):
    """The people who work here now.

    A profile has no history of its own; what it dates for readers is the check of the register.
    """

    def items(self) -> QuerySet[Any]:
        checks = Registration.objects.filter(practitioner=OuterRef("pk")).order_by("-checked_on")
        people = Practitioner.objects.listed().only("slug", "published_at", "photo")
        checked = Subquery(checks.values("checked_on")[:1])
        return people.select_related("photo").annotate(last_checked=checked).order_by("pk")  # type: ignore[no-any-return]

    def lastmod(self, item: Any) -> date | None:
        return latest(timezone.localdate(item.published_at), item.last_checked)

    def images(self, item: Practitioner) -> list[str]:
        return _picture(item.photo, "portrait")


class FixedSitemap(SiteSitemap):
    """Home, the lists, the forms, and the categories that have articles."""

    def items(self) -> Sequence[tuple[str, date | None]]:
        known = _dates_of_lists()
        fixed = [(page.address, known.get(page.key, _unknown)()) for page in FIXED_PAGES]
        return fixed + _categories()

    def location(self, item: tuple[str, date | None]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, date | None]) -> date | None:
        return item[1]


def sections() -> dict[str, SiteSitemap]:
    """Return the parts of the sitemap by the name in their address."""
    return {
        "pages": FixedSitemap(),
        "conditions": PageSitemap(Condition),
        "articles": ArticleSitemap(),
        "treatments": PageSitemap(Treatment),
        "practitioners": PractitionerSitemap(),
        "information": PageSitemap(InformationPage),
    }


def _public(model: type[Page]) -> QuerySet[Any]:
    return model.objects.published()


def _newest(pages: QuerySet[Any]) -> date | None:
    found = pages.aggregate(
        published=Max("published_at"), updated=Max("updated_on"), reviewed=Max("reviewed_on")
    )
    return _newest_of(found)


def _newest_of(found: Mapping[str, Any]) -> date | None:
    published = found["published"]
    day = timezone.localdate(published) if published else None
    return latest(day, found["updated"], found["reviewed"])


def _unknown() -> date | None:
    return None


def _dates_of_lists() -> dict[str, Callable[[], date | None]]:
    return {
        "conditions": lambda: _newest(_public(Condition)),
        "treatments": lambda: _newest(_public(Treatment)),
        "articles": lambda: _newest(_public(Article)),
        "people": lambda: PractitionerSitemap().newest(PractitionerSitemap().items()),
        "evidence": _claims_checked,
    }


def _claims_checked() -> date | None:
    claims = Claim.objects.shown().filter(condition__in=_public(Condition))
    day: date | None = claims.aggregate(day=Max("checked_on"))["day"]
    return day


def _categories() -> list[tuple[str, date | None]]:
    categories = Category.objects.filter(articles__in=_public(Article)).annotate(
        published=Max("articles__published_at"),
        updated=Max("articles__updated_on"),
        reviewed=Max("articles__reviewed_on"),
    )
    return [(each.get_absolute_url(), _newest_of(vars(each))) for each in categories.order_by("pk")]


def _picture(image: Image | None, crop: str) -> list[str]:
    return [absolute(image.fallback(crop).address)] if image else []
