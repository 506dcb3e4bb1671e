"""Serves the pictures we made ourselves, and nothing else that may lie in the storage."""

import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from publishing.images import CONTENT_TYPES

# The names that publishing.images gives; a path that climbs or hides cannot match.
_OUR_NAME = re.compile(r"images/[0-9a-f]{20}/[a-z0-9-]{1,40}\.(?:avif|webp|jpg)")
_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def media_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return a picture. Its name is made from its content, so browsers may keep it for ever."""
    if not _OUR_NAME.fullmatch(name) or not default_storage.exists(name):
        raise Http404("No picture has this address.")
    extension = PurePosixPath(name).suffix.removeprefix(".")
    response = FileResponse(default_storage.open(name), content_type=CONTENT_TYPES[extension])
    response["Cache-Control"] = _FOREVER
    response["Last-Modified"] = http_date(default_storage.get_modified_time(name).timestamp())
    response["Content-Disposition"] = "inline"
    # If a browser is ever made to open the file as a page, nothing in it may run.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
