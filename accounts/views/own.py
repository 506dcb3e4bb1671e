"""The page “Your sign-in”: second step, and where one is signed in."""

from typing import Any

from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import sign_in
from accounts.factors import KINDS, is_required, name_of_factor
from accounts.forms import PasswordForm
from accounts.models import SignIn
from accounts.steps import can_have_passkeys, for_setting_up, frame, next_path, person, to
from publishing.models.audit import record


@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """Show somebody what they sign in with, and where they are signed in."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.path, reverse("admin:login"))
    found = list(Authenticator.objects.filter(user=request.user, type__in=KINDS).order_by("pk"))
    context = admin.site.each_context(request) | {
        "title": "Your sign-in",
        "factors": [{"row": each, "name": name_of_factor(each)} for each in found],
        "has_app": any(each.type == Authenticator.Type.TOTP for each in found),
        "can_have_passkeys": can_have_passkeys(request),
        "must_keep_one": is_required() and len(found) == 1,
        "sign_ins": SignIn.objects.open_of(request.user),
        "current": sign_in.of_session(request, request.user),
    }
    return TemplateResponse(request, "accounts/own.html", context)


@csrf_protect
@require_POST
@for_setting_up
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an app or a passkey; the last one only where none is required."""
    mine = Authenticator.objects.filter(user=request.user, type__in=KINDS)
    found = get_object_or_404(mine, pk=pk)
    if is_required() and mine.count() == 1:
        messages.error(request, "This is the only one. Add another before you remove it.")
    else:
        name = name_of_factor(found)
        delete_and_cleanup(request, found)
        record(person(request), "removed a second factor", person(request), name)
        messages.success(request, f"The {name} is removed.")
    return HttpResponseRedirect(reverse("accounts:own"))


@csrf_protect
@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one other place."""
    return _end(request, {"pk": pk})


@csrf_protect
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    return _end(request, {})


def _end(request: HttpRequest, which: dict[str, Any]) -> HttpResponse:
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("accounts:own"), reverse("admin:login"))
    here = sign_in.of_session(request, request.user)
    others = SignIn.objects.open_of(request.user)
    if here is not None:
        others = others.exclude(pk=here.pk)
    if count := sign_in.end(others.filter(**which)):
        record(request.user, "signed out elsewhere", request.user, f"{count} place(s)")
        messages.success(request, "Signed out there.")
    return HttpResponseRedirect(reverse("accounts:own"))


@never_cache
@csrf_protect
@sensitive_post_parameters("password")
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password again before something that an unattended screen must not allow."""
    user = request.user if isinstance(request.user, User) else sign_in.half_signed_in(request)
    if user is None:
        return to("admin:login", next_path(request))
    form = PasswordForm(
        request.POST if request.method == "POST" else None, request=request, user=user
    )
    if form.is_bound and form.is_valid():
        sign_in.note_password(request)
        return HttpResponseRedirect(next_path(request))
    context = frame(request, "Your password, please") | {"form": form}
    return TemplateResponse(
        request, "accounts/confirm.html", context, status=422 if form.errors else 200
    )
