"""Setting up a second factor: an authenticator app, a passkey, and the recovery codes with them."""

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.flows import add_authenticator, begin_registration
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from accounts import codes, sign_in
from accounts.browsers import browser_of
from accounts.factors import is_enrolled, is_required, name_of_factor
from accounts.forms import AppForm
from accounts.models import LastCode
from accounts.steps import can_have_passkeys, for_setting_up, frame, next_path, person, to
from clinic.models import Clinic
from publishing.models.audit import record


@never_cache
@for_setting_up
def set_up(request: HttpRequest) -> HttpResponse:
    """Let somebody choose between an app and a passkey, or skip it where that is allowed."""
    context = frame(request, "Make your account safer") | {
        "can_skip": not is_required() and not is_enrolled(person(request)),
        "can_have_passkeys": can_have_passkeys(request),
    }
    return TemplateResponse(request, "accounts/set_up.html", context)


@never_cache
@csrf_protect
@sensitive_post_parameters("code")
@for_setting_up
def app(request: HttpRequest) -> HttpResponse:
    """Show the key of an authenticator app as a picture and as text, and ask for its first code."""
    if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
        return to("accounts:own", next_path(request))
    form = AppForm(user=request.user, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        step = codes.step_of(form.secret, form.cleaned_data["code"])
        added, _ = activate_totp(request, form)
        if step is not None:
            LastCode.use(person(request), step)
        return _enrolled(request, added)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, form.secret))
    context = frame(request, "Authenticator app") | {
        "form": form,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode(),
        "key": " ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4)),
    }
    return TemplateResponse(
        request, "accounts/app.html", context, status=422 if form.errors else 200
    )


@never_cache
@csrf_protect
@for_setting_up
def passkey(request: HttpRequest) -> HttpResponse:
    """Have the browser make a passkey, and keep its public half."""
    if not can_have_passkeys(request):
        raise Http404
    # A name that tells the passkeys of several machines apart.
    named = {"name": browser_of(request)}
    posted = request.POST if request.method == "POST" else None
    form = AddWebAuthnForm(posted, user=request.user, initial=named)
    if form.is_bound and form.is_valid():
        added, _ = add_authenticator(
            request,
            name=form.cleaned_data["name"][:60],
            credential=form.cleaned_data["credential"],
        )
        return _enrolled(request, added)
    context = frame(request, "Passkey") | {
        "form": form,
        "options": begin_registration(request, request.user, False),
    }
    return TemplateResponse(
        request, "accounts/passkey.html", context, status=422 if form.errors else 200
    )


def _enrolled(request: HttpRequest, added: Authenticator) -> HttpResponse:
    user = person(request)
    sign_in.complete(request, user, with_second_factor=True)
    record(user, "set up a second factor", user, name_of_factor(added))
    if _codes_of(request).did_view:
        messages.success(request, f"The {name_of_factor(added)} is added.")
        return HttpResponseRedirect(next_path(request))
    return to("accounts:recovery_codes", next_path(request))


@never_cache
@csrf_protect
@for_setting_up
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes until they are kept, and afterwards only how many are left."""
    found = _codes_of(request)
    if request.method == "POST":
        if "renew" in request.POST:
            generate_recovery_codes(request)
            record(person(request), "made new recovery codes", person(request))
            return to("accounts:recovery_codes", next_path(request))
        found.mark_as_viewed()
        messages.success(request, "Your second step is set up.")
        return HttpResponseRedirect(next_path(request))
    unused = found.get_unused_codes()
    context = frame(request, "Recovery codes") | {
        "codes": [] if found.did_view else [_in_two(code) for code in unused],
        "left": len(unused),
    }
    return TemplateResponse(request, "accounts/recovery_codes.html", context)


@never_cache
@for_setting_up
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """Return the recovery codes as a text file, as long as they are shown."""
    found = _codes_of(request)
    if found.did_view:
        raise Http404
    context = {
        "codes": [_in_two(code) for code in found.get_unused_codes()],
        "user": request.user,
        "clinic": Clinic.current(),
    }
    text = render_to_string("accounts/recovery_codes.txt", context)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = content_disposition_header(as_attachment=True, filename="recovery-codes.txt")
    response["Content-Disposition"] = str(name)
    return response


def _codes_of(request: HttpRequest) -> RecoveryCodes:
    kind = Authenticator.Type.RECOVERY_CODES
    found = Authenticator.objects.filter(user=request.user, type=kind).first()
    if found is None:
        raise Http404
    return RecoveryCodes(found)


def _in_two(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
