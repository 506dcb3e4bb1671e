"""The step after the password: a code, a recovery code or a passkey."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import devices, sign_in
from accounts.factors import KINDS, is_enrolled
from accounts.forms import CodeForm
from accounts.steps import can_have_passkeys, frame, next_path, to
from publishing import kept_text


@never_cache
@csrf_protect
@sensitive_post_parameters("code")
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, and let the person in when it is right.

    Text that was kept over a lost session comes along in the form and goes back to its own.
    """
    user = sign_in.half_signed_in(request)
    if user is None or not is_enrolled(user):
        return to("admin:login", next_path(request))
    kept = request.POST.get("kept", "")
    form = CodeForm(
        request.POST if "code" in request.POST else None,
        user=user,
        device=devices.known(request, user.get_username()),
    )
    passkey = AuthenticateWebAuthnForm(
        data=request.POST if "credential" in request.POST else None, user=user
    )
    found = None
    if form.is_bound and form.is_valid():
        found = form.authenticator
    elif passkey.is_bound and passkey.is_valid():
        found = passkey.cleaned_data["credential"]
    if found is None:
        return _page(request, form, passkey, kept)
    post_authentication(request, found)
    sign_in.complete(request, user, with_second_factor=True)
    if kept:
        return kept_text.go_back(request, kept, next_path(request))
    return HttpResponseRedirect(next_path(request))


def ask_with_text(request: HttpRequest, kept: str, path: str) -> HttpResponse:
    """Go on after the password with text that somebody had typed when their session was lost."""
    user = sign_in.half_signed_in(request)
    if user is None or not is_enrolled(user):
        # Setting one up takes several pages: they do that in a tab of its own.
        context = frame(request, "Your text is kept") | {"kept": kept, "next_path": path}
        return TemplateResponse(request, "accounts/text_waits.html", context, status=403)
    return _page(request, CodeForm(user=user), AuthenticateWebAuthnForm(user=user), kept)


def _page(
    request: HttpRequest, form: CodeForm, passkey: AuthenticateWebAuthnForm, kept: str
) -> HttpResponse:
    user: Any = sign_in.half_signed_in(request)
    kinds = set(
        Authenticator.objects.filter(user=user, type__in=KINDS).values_list("type", flat=True)
    )
    context = frame(request, "Second step") | {
        "form": form,
        "passkey": passkey,
        "has_app": Authenticator.Type.TOTP in kinds,
        "kept": kept,
    }
    if Authenticator.Type.WEBAUTHN in kinds and can_have_passkeys(request):
        context["passkey_options"] = begin_authentication(user)
    failed = form.errors or passkey.errors
    return TemplateResponse(
        request, "accounts/second_step.html", context, status=422 if failed else 200
    )


@require_POST
@csrf_protect
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the password that was given, so that somebody else can sign in here."""
    if sign_in.half_signed_in(request) is not None:
        request.session.flush()
    return HttpResponseRedirect(reverse("admin:login"))
