"""What every form has that anybody may send without an account or a cookie.

It comes with a signed token and a field that people do not see. What is wrong with it comes back
with everything that was typed, and what the database does not take stays on the page.
"""

import logging
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from components.client_address import client_address
from enquiries import canary, form_token, not_sent
from enquiries.form_token import FormToken
from enquiries.spam.network import network
from enquiries.submission import Sending
from publishing.text import without_surrogates

logger = logging.getLogger(__name__)

# Named like what programs fill in and people's browsers do not; see form_guard.html.
HONEYPOT = "company_url"


def readable(posted: MultiValueDict[str, str]) -> dict[str, str]:
    """Return what was posted without what cannot be shown again: null bytes, lone surrogates."""
    return {
        name: without_surrogates(value).replace("\x00", "")
        for name, value in posted.items()
        if isinstance(value, str)
    }


class PublicForm(forms.Form):
    """A form of the public site. Nothing is marked as required; what is optional says so."""

    # The browser must not check: its words are not ours, and it stops at the first mistake.
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)

    def mistakes(self) -> list[dict[str, str]]:
        """Return what the error summary lists: each error and the id of the input it is about."""
        return [
            {"text": str(text), "target": _first_input_id(self[name])}
            for name in self.fields
            for text in self[name].errors
        ]


def _first_input_id(field: forms.BoundField) -> str:
    """Return where a link to the field leads: its input, or the first one of a group."""
    if field.use_fieldset:
        return str(field.subwidgets[0].id_for_label)
    return str(field.id_for_label)


# Django's CSRF token needs a cookie, and readers get none. It guards the authority of a session,
# and this view uses none: a post forged from another site could do nothing that its author cannot
# do from home. The form carries a signed token of its own instead (enquiries/form_token.py).
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")  # kept out of reports of errors
class PublicFormView(View):
    """Shows a form, and takes what is sent with it."""

    writing_methods = ("POST",)
    # Which form the tokens are of; see enquiries/form_token.py.
    token_form: ClassVar[str]
    words: ClassVar[not_sent.Words]

    @abstractmethod
    def blank_form(self) -> PublicForm:
        """Return the form as it is shown first."""

    @abstractmethod
    def sent_form(self, posted: dict[str, str]) -> PublicForm:
        """Return the form with what was sent."""

    @abstractmethod
    def receive(self, form: Any, sending: Sending) -> str:
        """Store a valid form, unless it is stored already; return where its confirmation is."""

    @abstractmethod
    def find(self, form: Any, nonce: str) -> str:
        """Return where the confirmation of a form that was stored before is, or nothing."""

    @abstractmethod
    def page(
        self,
        form: Any,
        token: str,
        mistakes: list[dict[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Return the page with the form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = self.page(self.blank_form(), form_token.issue(self.token_form))
        # Never shared, because the token is one visitor's. Not "no-store": the browser's Back
        # button is to bring the same form with what was typed, so that sending it again is known
        # as a repeat.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        posted = readable(request.POST)
        token = form_token.read(posted.get("form_token", ""), self.token_form)
        try:
            response = self._answer(posted, token)
        except DatabaseError as error:
            # Only the kind of error: its text may quote the row.
            logger.error(
                "What was sent (%s) could not be stored: %s", self.words.what, type(error).__name__
            )
            response = not_sent.page(request, posted, self.words)
        add_never_cache_headers(response)
        return response

    def _answer(self, posted: dict[str, str], token: FormToken | None) -> HttpResponse:
        if token and not token.shows_current_wording:
            # Agreement to other words is not agreement to these.
            posted.pop("consent", None)
            posted.pop("health_consent", None)
        form = self.sent_form(posted)
        if form.is_valid() and token:
            if token.is_usable:
                address = self.receive(form, self._sending(posted, token))
            else:
                address = self.find(form, token.nonce)
            if address:
                return HttpResponseRedirect(address, status=303)
        if token and token.is_usable:
            return self.page(form, posted["form_token"], form.mistakes(), status=422)
        open_too_long = (
            "This form had been open too long, so it was not sent. Check what you wrote and press"
            f" “{self.words.button}” again"
        )
        mistakes = [{"text": open_too_long, "target": "send"}, *form.mistakes()]
        return self.page(form, form_token.issue(self.token_form), mistakes, status=422)

    def _sending(self, posted: dict[str, str], token: FormToken) -> Sending:
        """Return how the form was sent."""
        return Sending(
            nonce=token.nonce,
            consent_version=token.consent_version,
            network=network(client_address(self.request)),
            honeypot=posted.get(HONEYPOT, ""),
            seconds_on_form=token.seconds_open(timezone.now().timestamp()),
            is_test=canary.is_marked(posted.get(canary.FIELD, "")),
        )


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page about one sender out of caches, search engines and other sites' logs."""
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
