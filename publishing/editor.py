"""What the Markdown editor in the admin asks of the server: a preview, to keep a picture, and keys.

The views that markdownx ships accept anybody's post and keep any file; these ask for a signed-in
member of staff with the permission, Django's CSRF token, and a real picture.
"""

from collections.abc import Callable

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from publishing import completions
from publishing.images import MAX_BYTES, ImageRefused, without_extension
from publishing.markdown import render
from publishing.models import Image
from publishing.models.audit import record
from publishing.pictures import PLACEHOLDER
from publishing.text import without_surrogates

# A page is a few thousand words; a text beyond this is a mistake or an attack.
MAX_PREVIEW_CHARACTERS = 300_000

View = Callable[[HttpRequest], HttpResponse]


def editor_view(view: View) -> View:
    """Admit signed-in staff who may add pictures, by POST with a CSRF token. Never stored."""

    return never_cache(csrf_protect(require_POST(_for_writers(view))))


def _for_writers(view: View) -> View:
    permitted = permission_required("publishing.add_image", raise_exception=True)(view)
    admitted: View = staff_member_required(permitted)
    return admitted


@editor_view
def preview(request: HttpRequest) -> HttpResponse:
    """Return the posted `content` as the site would show it."""
    content = without_surrogates(request.POST.get("content", ""))
    if len(content) > MAX_PREVIEW_CHARACTERS:
        return HttpResponse("This text is too long to preview.", status=413)
    html = render_to_string("publishing/preview.html", {"html": render(content)})
    return HttpResponse(html)


@editor_view
def upload(request: HttpRequest) -> JsonResponse:
    """Keep the posted `image` and return the Markdown that places it, or say why it was refused."""
    posted = request.FILES.get("image")
    if posted is None:
        return _refused("Choose a picture to upload.")
    if posted.size is None or posted.size > MAX_BYTES:
        return _refused(f"Choose a picture of at most {MAX_BYTES // 1024 // 1024} MB.")
    name = without_surrogates(posted.name or "").replace("\x00", "")
    title = without_extension(name) or "Picture"
    try:
        image = Image.from_upload(posted.read(), title=title, uploaded_by=request.user)
    except ImageRefused as error:
        return _refused(str(error))
    record(request.user, "uploaded a picture", image)
    return JsonResponse({"image_code": f"![{PLACEHOLDER}](image:{image.pk})"})


@never_cache
@require_GET
@_for_writers
def complete(request: HttpRequest) -> JsonResponse:
    """Return keys, with their labels, for what somebody has begun to type."""
    prefix, query = (
        without_surrogates(request.GET.get(name, "")).replace("\x00", "")
        for name in ("prefix", "q")
    )
    found = completions.complete(prefix, query)
    return JsonResponse({"keys": [{"key": key, "label": label} for key, label in found]})


def _refused(why: str) -> JsonResponse:
    # The shape that the editor's script shows beside the text.
    return JsonResponse({"image": [why]}, status=400)
