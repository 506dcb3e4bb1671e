"""What a manager can do about a colleague's sign-in: end it, and reset the second factor."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts import mail, sign_in
from accounts.factors import KINDS, name_of_factor, reset
from accounts.models import SignIn
from publishing.models.audit import name_of, record


class SignInOfColleagues:
    """Mixed into the ModelAdmin of accounts."""

    admin_site: Any
    get_object: Any
    has_change_permission: Callable[..., bool]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sign_in_view)
        return [
            path("<int:pk>/sign-in/", view, name="auth_user_sign_in"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def sign_in_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show where a colleague is signed in and with what, and do what a button asks for.

        One's own are on a page of one's own: nobody takes their own second factor away here.
        """
        person = self.get_object(request, str(pk))
        manager = request.user
        if person == manager:
            return HttpResponseRedirect(reverse("accounts:own"))
        may = person is not None and self.has_change_permission(request, person)
        if not may or not isinstance(manager, User):
            raise PermissionDenied
        sign_ins = SignIn.objects.open_of(person)
        if request.method == "POST":
            act = request.POST.get("act")
            if act == "end":
                count = sign_in.end(sign_ins)
                record(manager, "signed somebody out", person, f"{count} place(s)")
                messages.success(request, "They are signed out.")
            elif act == "reset":
                reset(person, by=manager)
                mail.tell_of_reset(person, name_of(manager))
                messages.success(request, "Their second step is reset.")
            return HttpResponseRedirect(request.path)
        found = Authenticator.objects.filter(user=person, type__in=KINDS).order_by("pk")
        context = admin.site.each_context(request) | {
            "title": f"Sign-in of {name_of(person)}",
            "person": person,
            "sign_ins": sign_ins,
            "factors": [name_of_factor(each) for each in found],
        }
        return TemplateResponse(request, "accounts/colleague.html", context)
