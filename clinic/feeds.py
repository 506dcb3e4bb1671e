"""What every Atom feed of the clinic has in common."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.views.decorators.http import conditional_page, require_safe

from components.absolute import absolute

# What XML cannot hold, though a text that was pasted may: it would break the feed for everybody.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# When a feed without entries last changed: Atom asks for a moment, and any other would be made up.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def for_xml(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return _NOT_XML.sub(" ", text)


def lasting_id(name: str) -> str:
    """Return an id that stays when the address of what it names changes.

    `name` is what nothing else on the site is ever called, such as "article 12".
    """
    site = uuid.uuid5(uuid.NAMESPACE_DNS, urlsplit(settings.SITE_URL).hostname or "")
    return uuid.uuid5(site, name).urn


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


class ClinicFeed(Feed):  # type: ignore[type-arg]
    """An Atom feed with full addresses from `SITE_URL`, by the clinic.

    Browsers and readers ask with the `ETag` whether anything is new. There is no `Last-Modified`:
    the newest entry's date says nothing of an entry that was withdrawn or given another title.
    """

    feed_type = _Atom
    language = "en-GB"

    @method_decorator(require_safe)
    @method_decorator(conditional_page)
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        del response["Last-Modified"]
        return response

    def get_feed(self, obj: Any, request: HttpRequest) -> SyndicationFeed:
        """Return the feed under its full address, which is its id too."""
        feed = super().get_feed(obj, request)
        feed.feed |= {"feed_url": absolute(request.path), "id": absolute(request.path)}
        return feed
