"""Shows a version exactly as it will look: through the page's own view, in a rehearsal.

The version is written to the page's row, the page is rendered, and the database is put back as it
was, so that a preview needs no view, template or query of its own that could differ.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from publishing import snapshots
from publishing.models import Page


def preview(
    request: HttpRequest, page: Page, data: Mapping[str, Any], *, words: str
) -> HttpResponse:
    """Return the page as it will look with the snapshot. `words` say at its top what this is.

    Never stored, never indexed, and nothing of it stays in the database.
    """
    with transaction.atomic():
        if page.pk is None:
            rehearsed = snapshots.read(page, data).page
            rehearsed.save()
        else:
            rehearsed = type(page)._base_manager.get(pk=page.pk)
        snapshots.write(rehearsed, data)
        now = timezone.now()
        type(page)._base_manager.filter(pk=rehearsed.pk).update(
            published_at=min(rehearsed.published_at or now, now), withdrawn_at=None, deleted_at=None
        )
        response = _response(request, rehearsed, words)
        transaction.set_rollback(True)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _response(request: HttpRequest, page: Any, words: str) -> HttpResponse:
    path = page.get_absolute_url()
    match = resolve(path)
    asked = copy(request)
    asked.method = "GET"
    asked.path = asked.path_info = path
    asked.preview = words  # type: ignore[attr-defined]
    response = match.func(asked, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response  # type: ignore[no-any-return]
