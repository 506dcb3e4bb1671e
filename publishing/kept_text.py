"""Keeps what somebody typed in the admin when it could not be taken: the session ended, or the
proof that the form came from them (Django's CSRF token) no longer holds.

The text goes into the page that asks them to sign in again, and on from there. No script is needed,
and nothing is stored before somebody has signed in and said that they want to go on.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.views.csrf import csrf_failure as djangos_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from publishing import work, workflow
from publishing.models import Page
from publishing.models.editing import NEW

# The longest number of a page in an address: longer ones fit no database.
_MOST_DIGITS = 18
_CONTINUE = "continue"
# What goes on when the password was right and does not suffice; given the text and its address.
FurtherStep = Callable[[HttpRequest, str, str], HttpResponse]
_further_steps: list[FurtherStep] = []
# How the names of addresses end to which people send words of their own.
_FORMS = (
    "_add", "_change", "_merge", "_submit", "_review", "_publish", "_withdraw", "_share", "_step",
)  # fmt: skip


def register_further_step(step: FurtherStep) -> None:
    """Set what asks for a second factor, with the text in its page. Safe to repeat."""
    _further_steps[:] = [step]


def is_kept(request: HttpRequest) -> bool:
    """Say whether the request carries a form of the admin whose text would be lost."""
    match = request.resolver_match
    if request.method != "POST" or match is None:
        return False
    return match.view_name == f"editor:{_CONTINUE}" or _is_form(match)


def _is_form(match: ResolverMatch) -> bool:
    return match.namespace == "admin" and str(match.url_name).endswith(_FORMS)


def ask(request: HttpRequest) -> HttpResponse:
    """Show the way on: sign in again, or only confirm, with the text in a hidden field."""
    if request.resolver_match and request.resolver_match.url_name == _CONTINUE:
        return _page(request, request.POST.get("kept", "[]"), request.POST.get("next", ""))
    pairs = [each for each in work.pairs(request.POST) if _may_be_kept(each[0])]
    return _page(request, json.dumps(pairs), request.get_full_path())


def _may_be_kept(name: str) -> bool:
    """Say whether a field may be echoed into a page: no token, and no password of any form."""
    return name != "csrfmiddlewaretoken" and "password" not in name.lower()


def _page(request: HttpRequest, kept: str, path: str, form: Any = None) -> HttpResponse:
    signed_in = request.user.is_authenticated and request.user.is_staff
    context = admin.site.each_context(request) | {
        "title": "Your text is kept",
        "form": form or (None if signed_in else AdminAuthenticationForm(request)),
        "kept": kept,
        "next_path": path,
    }
    return TemplateResponse(request, "publishing/kept_text.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post without a valid token; text typed by staff is kept."""
    if is_kept(request):
        return ask(request).render()  # type: ignore[attr-defined, no-any-return]
    return djangos_csrf_failure(request, reason)


@never_cache
@csrf_protect
@require_POST
@sensitive_post_parameters("password")
def go_on(request: HttpRequest) -> HttpResponse:
    """Sign somebody in who has to, and bring them back to what they typed."""
    kept, path = request.POST.get("kept", ""), request.POST.get("next", "")
    match, pairs = _read(kept, path)
    if isinstance(request.user, AnonymousUser) or not request.user.is_staff:
        form = AdminAuthenticationForm(request, data=request.POST)
        if not form.is_valid():
            return _page(request, kept, path, form)
        login(request, form.get_user())
        if not request.user.is_authenticated:
            return _further_steps[0](request, kept, path)
    return _back(request, match, pairs, path)


def go_back(request: HttpRequest, kept: str, path: str) -> HttpResponse:
    """Bring somebody who has signed in back to what they typed; 404 if it is no text of a form."""
    return _back(request, *_read(kept, path), path)


def _read(kept: str, path: str) -> tuple[ResolverMatch, list[tuple[str, str]]]:
    try:
        told = [(work.storable(str(n)), work.storable(str(v))) for n, v in json.loads(kept)]
        pairs = [each for each in told if _may_be_kept(each[0])]
        match = resolve(path.partition("?")[0])
    except (ValueError, TypeError, RecursionError, Resolver404):
        raise Http404 from None
    if not _is_form(match):
        raise Http404
    return match, pairs


def _back(
    request: HttpRequest, match: ResolverMatch, pairs: list[tuple[str, str]], path: str
) -> HttpResponse:
    """Return to a page's form with the text in it, or offer to send another form again."""
    if _is_kept_as_work(request, match, pairs):
        return HttpResponseRedirect(path)
    form = QueryDict(mutable=True)
    for name, value in pairs:
        form.appendlist(name, value)
    context = admin.site.each_context(request) | {
        "title": "Your text is kept",
        "pairs": work.pairs(form),
        "next_path": path,
    }
    return TemplateResponse(request, "publishing/send_again.html", context)


def _is_kept_as_work(
    request: HttpRequest, match: ResolverMatch, pairs: list[tuple[str, str]]
) -> bool:
    """Keep the text as what somebody is typing on a page; say whether that could be done."""
    model = getattr(getattr(match.func, "model_admin", None), "model", None)
    name = str(match.url_name)
    number = str(match.kwargs.get("object_id", NEW))
    if not (isinstance(model, type) and issubclass(model, Page)):
        return False
    if not name.endswith(("_add", "_change")):
        return False
    if not (number.isdecimal() and len(number) <= _MOST_DIGITS):
        return False
    if not workflow.may(request.user, "add" if name.endswith("_add") else "change", model):
        return False
    try:
        work.keep(request.user, model, int(number), pairs)
    except work.TooLong:
        return False
    return True
