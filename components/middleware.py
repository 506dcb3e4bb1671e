"""Headers that every answer carries, compression, and each page's style sheet."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from components import styles

# A clinic's pages use none of these; saying so keeps anything that gets in from using them.
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip

# For what is no page: a file, a redirect, a refusal. Nothing in it may run, load a plug-in, be
# framed or send a form. It says nothing of styles, because our drawings bring their own.
_POLICY_OF_FILES = (
    "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_POLICIES = ("Content-Security-Policy", "Content-Security-Policy-Report-Only")

_TEXT = ("text/", "application/json", "application/xml", "application/atom+xml")


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and other text. Pictures are compressed already; static files are made so
    ahead. Django pads each answer by a random length, so that its size tells nothing of a token.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").startswith(_TEXT)
        return super().process_response(request, response) if is_text else response


class ResponseHeadersMiddleware:
    """Gives every answer the protecting headers that it does not bring itself.

    It stands outside all others, so that static files, redirects to https and refusals of an
    unknown host have them as well: the middleware of Django and of django-csp sees none of those.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _protecting_headers().items():
            response.headers.setdefault(name, value)
        if not any(name in response.headers for name in _POLICIES):
            response.headers["Content-Security-Policy"] = _POLICY_OF_FILES
        return response


def _protecting_headers() -> dict[str, str]:
    return {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": _PERMISSIONS_POLICY,
    }


class StyleSheetMiddleware:
    """Puts each page's style sheet in its place, and admits it by its hash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        source = _fill_styles(response)
        if source:
            # Read by django-csp, whose middleware is outside this one.
            response._csp_update = {"style-src": [source]}  # type: ignore[attr-defined]
            response._csp_update_ro = {"style-src": [source]}  # type: ignore[attr-defined]
        return response


def _fill_styles(response: HttpResponse) -> str:
    """Put the style sheet in its place in a page; return what admits it, or nothing."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return ""
    html, source = styles.fill(response.content.decode(response.charset))
    if source:
        response.content = html
        if response.has_header("Content-Length"):  # of the page without its sheet
            response.headers["Content-Length"] = str(len(response.content))
    return source
