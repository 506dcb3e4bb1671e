"""Answers with a page's share image."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from clinic.models import Clinic
from pages.share_images import kept
from pages.share_images.drawing import draw
from pages.share_images.subjects import digest_of, find

_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def share_image(request: HttpRequest, kind: str, key: str, digest: str) -> HttpResponse:
    """Return the picture, drawn when it is first asked for.

    Only the one picture that the page has now is ever drawn: whoever invents digests is led to it,
    and fills no disk. What is not public has none.
    """
    subject = find(kind, key)
    if subject is None:
        raise Http404("No public page has this picture.")
    clinic = Clinic.current()
    picture = subject.picture(clinic)
    if digest != digest_of(picture):
        # Shared while the page had another title.
        moved = HttpResponseRedirect(subject.address(clinic))
        moved["Cache-Control"] = "no-cache"
        return moved
    content = kept.read(digest)
    if content is None:
        content = draw(picture)
        kept.keep(digest, content)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = _FOREVER
    # Made to be shown elsewhere.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
