"""The enquiry form and the page that confirms it."""

import logging
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic.models import Clinic
from enquiries import confirmation, form_token, last_known
from enquiries.form_token import FormToken
from enquiries.forms import EnquiryForm, readable
from enquiries.promise import promised_reply
from enquiries.services import find_enquiry, receive_enquiry
from enquiries.warning_signs import general_care_cards
from enquiries.wording import day_and_time

logger = logging.getLogger(__name__)

OPEN_TOO_LONG = (
    "This form had been open too long, so it was not sent. Check what you wrote and press “Send"
    " enquiry” again"
)


# Django's CSRF token needs a cookie, and readers get none. It guards the authority of a session,
# and this view uses none: a post forged from another site could do nothing that its author cannot
# do from home. The form carries a signed token of its own instead (enquiries/form_token.py).
@method_decorator(csrf_exempt, name="dispatch")
class ContactView(View):
    """How to reach the clinic, and the enquiry form."""

    writing_methods = ("POST",)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = EnquiryForm(
            initial={
                "condition": request.GET.get("condition"),
                "practitioner": request.GET.get("practitioner"),
            }
        )
        response = _contact_page(request, form, form_token.issue())
        # Never shared, because the token is one visitor's. Not "no-store": the browser's Back
        # button is to bring the same form with what was typed, so that sending it again is known
        # as a repeat.
        patch_cache_control(response, private=True, no_cache=True)
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        posted = readable(request.POST)
        token = form_token.read(posted.get("form_token", ""))
        try:
            response = self._answer(request, posted, token)
        except DatabaseError as error:
            # Only the kind of error: its text may quote the row.
            logger.error("An enquiry could not be stored: %s", type(error).__name__)
            response = _not_sent_page(request, posted)
        add_never_cache_headers(response)
        return response

    def _answer(
        self, request: HttpRequest, posted: dict[str, str], token: FormToken | None
    ) -> HttpResponse:
        if token and not token.shows_current_wording:
            # Agreement to other words is not agreement to these.
            posted.pop("consent", None)
        form = EnquiryForm(posted)
        if form.is_valid() and token:
            submission = form.submission()
            if token.is_usable:
                enquiry = receive_enquiry(
                    submission=submission,
                    nonce=token.nonce,
                    consent_version=token.consent_version,
                )
                return HttpResponseRedirect(confirmation.address(enquiry), status=303)
            sent_before = find_enquiry(submission=submission, nonce=token.nonce)
            if sent_before:
                return HttpResponseRedirect(confirmation.address(sent_before), status=303)
        if token and token.is_usable:
            return _contact_page(request, form, posted["form_token"], form.mistakes(), status=422)
        mistakes = [{"text": OPEN_TOO_LONG, "target": "send"}, *form.mistakes()]
        return _contact_page(request, form, form_token.issue(), mistakes, status=422)


# It changes nothing, so there is nothing to guard; exempt so that a wrong method gets a clear page.
@method_decorator(csrf_exempt, name="dispatch")
class ReceivedView(View):
    """Confirms an enquiry. It shows nothing about its sender and may be bookmarked and reloaded."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        enquiry = confirmation.confirmed_enquiry(request.GET.get("ref", ""), now)
        reply_by = enquiry.reply_by if enquiry else None
        context = {
            "enquiry": enquiry,
            "reply_by": day_and_time(reply_by, now) if reply_by else "",
            "is_late": bool(reply_by and reply_by < now),
        }
        response = render(request, "enquiries/received.html", context)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response


def _contact_page(
    request: HttpRequest,
    form: EnquiryForm,
    token: str,
    mistakes: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    clinic = Clinic.current()
    last_known.remember(clinic)
    now = timezone.now()
    reply_by = promised_reply(clinic, now)
    context = {
        "clinic": clinic,
        "form": form,
        "form_token": token,
        "mistakes": mistakes or [],
        "care_cards": general_care_cards(),
        "reply_by": day_and_time(reply_by, now) if reply_by else "",
    }
    return render(request, "enquiries/contact.html", context, status=status)


def _not_sent_page(request: HttpRequest, posted: dict[str, str]) -> HttpResponse:
    """Return the page that says so and keeps every answer, with or without a database."""
    answers = {name: posted[name] for name in EnquiryForm.base_fields if posted.get(name)}
    context: dict[str, Any] = {
        "message": answers.pop("message", ""),
        "answers": answers,
        "form_token": posted.get("form_token", ""),
    }
    try:
        last_known.remember(Clinic.current())
        context |= {"layout": "base.html", **last_known.telephone()}
        return render(request, "enquiries/not_sent.html", context, status=503)
    except DatabaseError:
        # Nothing can be read either: a page of its own, without context processors and menus.
        context |= {"layout": "enquiries/bare.html", "request": request, **last_known.telephone()}
        return HttpResponse(render_to_string("enquiries/not_sent.html", context), status=503)
