"""Files that machines look for at fixed addresses: sitemap, robots.txt, security.txt, manifest."""

from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from clinic.models import Clinic
from components.absolute import absolute
from pages.sitemaps import sections

# What is for staff alone, for one person with a link, or different for every question. First parts
# of addresses; who follows the rules of robots.txt asks for nothing that begins with them.
NOT_FOR_ROBOTS = ("/admin/", "/staff/", "/shared/", "/search/")
# RFC 9116 asks for less than a year, so that a contact nobody looks after any longer is not used.
DAYS_CONTACT_IS_GOOD = 180
# Size in pixels and what the picture is made for; `scripts/icons.py` draws them.
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
_PAPER = "#fbf7f0"  # the pages' ground, as in static/css/tokens.css


@require_safe
@conditional_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the files of the sitemap, each with the last change of anything in it."""
    files: list[dict[str, Any]] = []
    for name, sitemap in sections().items():
        address = absolute(reverse("pages:sitemap_section", args=[name]))
        paginator = sitemap.paginator
        files += (
            {
                "location": address if number == 1 else f"{address}?p={number}",
                "lastmod": sitemap.newest(paginator.page(number).object_list),
            }
            for number in (paginator.page_range if paginator.count else ())
        )
    return _sitemap(request, "sitemap_index.xml", {"files": files})


@require_safe
@conditional_page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """List the public pages of a section."""
    sitemap = sections().get(section)
    if sitemap is None:
        raise Http404("The sitemap has no such part.")
    try:
        entries = sitemap.file(int(request.GET.get("p", "1")))
    except (ValueError, EmptyPage, PageNotAnInteger) as error:
        raise Http404("The sitemap has no such file.") from error
    return _sitemap(request, "sitemap.xml", {"entries": entries})


def _sitemap(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, f"pages/{template}", context, content_type="application/xml")
    response["X-Robots-Tag"] = "noindex"  # the file itself is no search result
    return response


@require_safe
@conditional_page
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Say what crawlers may ask for. A demonstration is nobody's clinic, and keeps them out."""
    if Clinic.current().is_demonstration:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        lines = [
            "User-agent: *",
            *(f"Disallow: {address}" for address in NOT_FOR_ROBOTS),
            "",
            f"Sitemap: {absolute(reverse('pages:sitemap'))}",
        ]
    return _text(lines)


@require_safe
@conditional_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness of the site (RFC 9116). The same text for a whole day."""
    expires = timezone.now().astimezone(UTC) + timedelta(days=DAYS_CONTACT_IS_GOOD)
    address = Clinic.current().email or settings.DEFAULT_FROM_EMAIL
    return _text(
        [
            f"Contact: {settings.SECURITY_CONTACT or f'mailto:{address}'}",
            f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
            "Preferred-Languages: en",
            f"Canonical: {absolute(reverse('pages:security'))}",
        ]
    )


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@conditional_page
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Say how the site looks on somebody's home screen, in the clinic's name and colour."""
    clinic = Clinic.current()
    home = reverse("pages:home")
    manifest = {
        "id": home,
        "name": clinic.name,
        "description": clinic.strap_line,
        "lang": "en-GB",
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "browser",
        "theme_color": clinic.brand_colour,
        "background_color": _PAPER,
        "icons": [
            {
                "src": static(icon_name(size, purpose)),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in ICONS
        ],
    }
    return JsonResponse(
        manifest,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def icon_name(size: int, purpose: str = "any") -> str:
    """Return the name of an icon among the static files."""
    shape = "" if purpose == "any" else f"{purpose}-"
    return f"img/icon-{shape}{size}.png"
