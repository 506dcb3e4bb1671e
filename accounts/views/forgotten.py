"""Forgotten passwords: a link by mail, and the same answer whether or not the address is known."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from accounts import throttle
from accounts.steps import frame
from components.client_address import client_address
from enquiries import outbox
from publishing.models.audit import record

# In 15 minutes: enough for a mail that went astray, too few to fill somebody's mailbox.
_MAILS_TO_AN_ADDRESS, _MAILS_FOR_A_CLIENT = 3, 10


class _Framed:
    """Mixed into Django's views, so that they look like the rest of signing in."""

    request: Any
    title: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        return frame(self.request, str(self.title)) | context  # type: ignore[no-any-return]


class AskView(_Framed, views.PasswordResetView):
    """Asks for an email address, and sends a link there if it is an account's."""

    title = "Forgotten your password?"
    template_name = "accounts/forgotten.html"
    email_template_name = "accounts/mail/forgotten.txt"
    subject_template_name = "accounts/mail/forgotten_subject.txt"

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Answer at once. Whether there is such an account is looked up when that has been done.

        So neither the answer nor the time it takes tells.
        """
        address = form.cleaned_data["email"].strip().casefold()
        is_few = throttle.claim(
            f"forgotten from {client_address(self.request)}", _MAILS_FOR_A_CLIENT
        )
        if is_few and throttle.claim(f"forgotten {address}", _MAILS_TO_AN_ADDRESS):
            site = urlsplit(settings.SITE_URL)
            outbox.run_in_background(
                lambda: form.save(
                    domain_override=site.netloc,
                    use_https=site.scheme == "https",
                    subject_template_name=self.subject_template_name,
                    email_template_name=self.email_template_name,
                )
            )
        return HttpResponseRedirect(str(self.get_success_url()))


class SentView(_Framed, views.PasswordResetDoneView):
    """Says that a mail is on its way, if there is such an account."""

    title = "Look into your mailbox"
    template_name = "accounts/forgotten_sent.html"


class NewPasswordView(_Framed, views.PasswordResetConfirmView):
    """Asks for a new password. It signs nobody in: the second step stays what it was."""

    title = "A new password"
    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("password_reset_complete")

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:  # type: ignore[type-arg]
        response = super().form_valid(form)
        record(self.user, "set a new password by mail", self.user)
        return response


class DoneView(_Framed, views.PasswordResetCompleteView):
    """Says that the new password holds."""

    title = "Your password is changed"
    template_name = "accounts/new_password_set.html"
