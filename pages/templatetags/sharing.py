"""What the head of a page tells machines: its one address, and how to show it when it is shared."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from articles.models import Article
from components.absolute import absolute
from pages.share_images.drawing import HEIGHT, WIDTH
from pages.share_images.subjects import subject_of_row, subject_of_view
from practitioners.models import Practitioner
from publishing.models import Page

register = template.Library()


@register.inclusion_tag("components/head_links.html", takes_context=True)
def head_links(context: RequestContext) -> dict[str, Any]:
    """Print the canonical address, Open Graph and the card of the page. Costs no query.

    Filters are dropped from the address, pages of a list kept. A preview of a draft has none.
    """
    request = context["request"]
    row = context.get("page") or context.get("practitioner") or context.get("category")
    if isinstance(row, Page) and not row.is_published:
        return {}
    canonical = absolute(iri_to_uri(request.path))
    number = getattr(context.get("page_obj"), "number", 1)
    if number > 1:
        canonical += f"?page={number}"
    match = request.resolver_match
    subject = subject_of_row(row) if row else subject_of_view(match.view_name if match else "")
    if subject is None:
        return {"canonical": canonical}
    clinic = context["clinic"]
    return {
        "canonical": canonical,
        "clinic": clinic,
        "title": subject.title,
        "kind": _kind(row),
        "published": _moment(row.published_at) if isinstance(row, Article) else None,
        "modified": _moment(row.updated_on) if isinstance(row, Article) else None,
        "image": absolute(subject.address(clinic)),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _kind(row: Any) -> str:
    if isinstance(row, Article):
        return "article"
    return "profile" if isinstance(row, Practitioner) else "website"


def _moment(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(microsecond=0)
    return value.isoformat() if value else ""
