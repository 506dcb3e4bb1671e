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
from django.views.decorators.debug import sensitive_post_parameters

from clinic.models import Clinic
from components.client_address import client_address
from enquiries import canary, confirmation, form_token, last_known, receipt, retention
from enquiries.form_token import FormToken
from enquiries.forms import EnquiryForm, readable
from enquiries.models import Enquiry, Tombstone
from enquiries.promise import promised_reply
from enquiries.services import find_enquiry, receive_enquiry
from enquiries.spam.network import network
from enquiries.submission import Sending
from enquiries.wording import day_and_time
from evidence.general_signs import general_care_cards

logger = logging.getLogger(__name__)

OPEN_TOO_LONG = (
    "This form had been open too long, so it was not sent. Check what you wrote and press “Send"
    " enquiry” again"
)
# Named like what programs fill in and people's browsers do not; see contact.html.
HONEYPOT = "company_url"
TICK_TO_ERASE = "Tick the box if you want to erase your enquiry"
ERASURE_HELD = (
    "We have to keep this enquiry for now, and there is a reason for it on record. Call us to hear"
    " why, or to object"
)


# Django's CSRF token needs a cookie, and readers get none. It guards the authority of a session,
# and this view uses none: a post forged from another site could do nothing that its author cannot
# do from home. The form carries a signed token of its own instead (enquiries/form_token.py).
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")  # kept out of reports of errors
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
            posted.pop("health_consent", None)
        form = EnquiryForm(posted)
        if form.is_valid() and token:
            submission = form.submission()
            if token.is_usable:
                enquiry = receive_enquiry(
                    submission=submission, sending=_sending(request, posted, token)
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
            "care_cards": confirmation.care_cards_for(enquiry, now) if enquiry else [],
            "is_urgent": bool(enquiry and enquiry.urgency >= Enquiry.Urgency.URGENT),
            "receipt_address": receipt.address(enquiry) if enquiry else "",
        }
        return _private(render(request, "enquiries/received.html", context))


# The signed link is all the authority there is: no session, no cookie, so nothing to forge.
@method_decorator(csrf_exempt, name="dispatch")
class ReceiptView(View):
    """The sender's private page of an enquiry: how far we are, and a button to erase it."""

    writing_methods = ("POST",)

    def get(self, request: HttpRequest, signed: str) -> HttpResponse:
        return self._page(request, signed)

    def post(self, request: HttpRequest, signed: str) -> HttpResponse:
        enquiry = receipt.enquiry_of(signed)
        if enquiry is None:
            return self._page(request, signed)
        if request.POST.get("erase") != "yes":
            return self._page(request, signed, problem=TICK_TO_ERASE)
        try:
            retention.erase(enquiry, Tombstone.Why.SENDER)
        except retention.Held:
            return self._page(request, signed, problem=ERASURE_HELD)
        retention.leave_no_trace()
        return _private(HttpResponseRedirect(request.path, status=303))

    def _page(self, request: HttpRequest, signed: str, problem: str = "") -> HttpResponse:
        now = timezone.now()
        enquiry = receipt.enquiry_of(signed)
        tombstone = None if enquiry else receipt.tombstone_of(signed)
        reply_by = enquiry.reply_by if enquiry else None
        context = {
            "enquiry": enquiry,
            "tombstone": tombstone,
            "reply_by": day_and_time(reply_by, now) if reply_by else "",
            "problem": problem,
            "mistakes": [{"text": problem, "target": "id_erase"}] if problem else [],
        }
        status = (422 if problem else 200) if enquiry or tombstone else 404
        return _private(render(request, "enquiries/receipt.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page about one enquiry out of caches, search engines and other sites' logs."""
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _sending(request: HttpRequest, posted: dict[str, str], token: FormToken) -> Sending:
    """Return how the form was sent."""
    return Sending(
        nonce=token.nonce,
        consent_version=token.consent_version,
        network=network(client_address(request)),
        honeypot=posted.get(HONEYPOT, ""),
        seconds_on_form=token.seconds_open(timezone.now().timestamp()),
        is_test=canary.is_marked(posted.get(canary.FIELD, "")),
    )


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
        "honeypot": HONEYPOT,
        "form_is_doubtful": canary.is_overdue(now),
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
