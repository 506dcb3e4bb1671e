"""Where somebody goes after the password, and who may open the pages of signing in."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.factors import is_enrolled
from accounts.sign_in import half_signed_in, is_password_fresh
from clinic.models import Clinic

View = Callable[..., HttpResponse]


def next_path(request: HttpRequest) -> str:
    """Return where somebody wanted to go: a path of this site, or the desk."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return reverse("admin:index")


def to(name: str, path: str) -> HttpResponseRedirect:
    """Lead to a page of signing in that knows where to go on to."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': path})}")


def open_step(request: HttpRequest, path: str) -> HttpResponse | None:
    """Return the way to what somebody still owes after the password, if anything."""
    user = half_signed_in(request)
    if user is None:
        return None
    return to("accounts:second_step" if is_enrolled(user) else "accounts:set_up", path)


def offer(request: HttpRequest, path: str) -> HttpResponse | None:
    """Return the way to setting a second factor up, for who is in without having one."""
    user = request.user
    if isinstance(user, User) and not is_enrolled(user):
        return to("accounts:set_up", path)
    return None


def for_setting_up(view: View) -> View:
    """Admit who is signed in, and who owes a second factor and has none, after a fresh password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            user = half_signed_in(request)
            if user is None:
                return redirect_to_login(next_path(request), reverse("admin:login"))
            if is_enrolled(user):
                return to("accounts:second_step", next_path(request))
            request.user = user
        if not is_password_fresh(request):
            here = request.get_full_path() if request.method == "GET" else reverse("accounts:own")
            return to("accounts:confirm", here)
        return view(request, *args, **kwargs)

    return guarded


def frame(request: HttpRequest, title: str) -> dict[str, Any]:
    """Return what the admin's frame shows around a page of signing in: no menu, and no name."""
    return {
        "title": title,
        "site_header": f"{Clinic.current().name}: staff",
        "site_title": admin.site.site_title,
        "next_path": next_path(request),
    }


def person(request: HttpRequest) -> User:
    """Return who is setting something up, behind `for_setting_up`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def can_have_passkeys(request: HttpRequest) -> bool:
    """Say whether browsers make passkeys here: they do for names, not for bare addresses."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False
