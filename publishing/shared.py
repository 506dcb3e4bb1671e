"""What somebody sees who was sent a link: one version of a page, and a form to review it.

The address is the key: it is signed, ends by itself and can be revoked. It cannot be guessed, so
that a forged post is not possible without it, and the form needs no cookie.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from publishing import sharing, snapshots, workflow
from publishing.models import Page, ShareLink
from publishing.outline import headings
from publishing.preview import preview
from publishing.step_forms import OutsideDecisionForm


def _open_link(token: str) -> tuple[ShareLink, Page]:
    """Return the link and its page, or answer that there is nothing here."""
    link = sharing.link_from(token)
    page: Any = link.version.page if link else None
    if link is None or not link.is_open() or page is None or page.deleted_at:
        raise Http404
    return link, page


def _ended(request: HttpRequest, token: str) -> HttpResponse | None:
    """Give back what somebody typed while their link ended; of an open one, or none, nothing."""
    link = sharing.link_from(token)
    page: Any = link.version.page if link else None
    if link is None or (link.is_open() and page is not None and not page.deleted_at):
        return None
    names = headings(snapshots.read(page, link.version.data)) if page is not None else []
    form = OutsideDecisionForm(request.POST, headings=names)
    remarks = [(each.label, each.value()) for each in form if each.name.startswith("remark_")]
    context = {"remarks": [(label, text) for label, text in remarks if text]}
    return _private(render(request, "publishing/shared_ended.html", context, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of every cache, every index and every address sent onwards."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def shared_version(request: HttpRequest, token: str) -> HttpResponse:
    """The version exactly as it will look, with the way to the form."""
    link, page = _open_link(token)
    request.review_url = reverse("shared:review", args=[token])  # type: ignore[attr-defined]
    words = f"Version {link.version.number}, for {link.invited} to read. It is not public."
    return _private(preview(request, page, link.version.data, words=words))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """The form by which an outside clinician remarks, and approves or declines."""
    if request.method == "POST" and (ended := _ended(request, token)):
        return ended
    link, page = _open_link(token)
    names = headings(snapshots.read(page, link.version.data))
    recorded = link.reviews.first()
    form = OutsideDecisionForm(request.POST or None, headings=names)
    is_staff = request.user.is_staff
    if is_staff and form.is_bound:
        # A link is for somebody from outside: staff review under their own name.
        form.add_error(None, "You are signed in as staff. Review the page there, as yourself.")
    if recorded is None and form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            recorded = workflow.review_from_link(
                page,
                link,
                name=told["name"],
                registration=told["registration"],
                decision=told["decision"],
                remarks=form.remarks(),
            )
        except workflow.Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "page": page,
        "link": link,
        "form": form,
        "recorded": recorded,
        "is_staff": is_staff,
        "version_url": reverse("shared:version", args=[token]),
    }
    failed = form.is_bound and recorded is None
    response = render(
        request, "publishing/shared_review.html", context, status=422 if failed else 200
    )
    return _private(response)
