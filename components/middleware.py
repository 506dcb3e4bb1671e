"""Response headers that every page carries and no library of ours sets."""

from collections.abc import Callable

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
    """Adds Permissions-Policy and the resource policy, and admits the page's style sheet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
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
