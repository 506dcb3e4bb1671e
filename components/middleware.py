"""Response headers that every page carries and no library of ours sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# A clinic's pages use none of these; saying so keeps anything that gets in from using them.
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and other text. Pictures are compressed already; static files are made so
    ahead. Django pads each answer by a random length, so that its size tells nothing of a token.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if is_text else response


class ResponseHeadersMiddleware:
    """Adds Permissions-Policy and the resource policy, and admits the page's style sheet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        source = getattr(request, "style_source", "")
        if source:
            # Read by django-csp, whose middleware is outside this one.
            response._csp_update = {"style-src": [source]}  # type: ignore[attr-defined]
            response._csp_update_ro = {"style-src": [source]}  # type: ignore[attr-defined]
        return response
