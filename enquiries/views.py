"""The enquiry form and the page that confirms it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic.models import Clinic
from enquiries import canary, confirmation, form_token, last_known, not_sent, receipt, retention
from enquiries.forms import EnquiryForm
from enquiries.models import Enquiry, Tombstone
from enquiries.promise import promised_reply
from enquiries.public_form import HONEYPOT, PublicFormView, private
from enquiries.services import find_enquiry, receive_enquiry
from enquiries.submission import Sending
from enquiries.wording import day_and_time
from evidence.general_signs import general_care_cards

TICK_TO_ERASE = "Tick the box if you want to erase your enquiry"
ERASURE_HELD = (
    "We have to keep this enquiry for now, and there is a reason for it on record. Call us to hear"
    " why, or to object"
)


class ContactView(PublicFormView):
    """How to reach the clinic, and the enquiry form."""

    token_form = form_token.ENQUIRY
    words = not_sent.Words(
        what="enquiry",
        button="Send enquiry",
        message_label="Your message",
        send_to="enquiries:contact",
        answers=tuple(name for name in EnquiryForm.base_fields if name != "message"),
    )

    def blank_form(self) -> EnquiryForm:
        chosen = self.request.GET
        return EnquiryForm(
            initial={
                "condition": chosen.get("condition"),
                "practitioner": chosen.get("practitioner"),
            }
        )

    def sent_form(self, posted: dict[str, str]) -> EnquiryForm:
        return EnquiryForm(posted)

    def receive(self, form: EnquiryForm, sending: Sending) -> str:
        return confirmation.address(receive_enquiry(submission=form.submission(), sending=sending))

    def find(self, form: EnquiryForm, nonce: str) -> str:
        enquiry = find_enquiry(submission=form.submission(), nonce=nonce)
        return confirmation.address(enquiry) if enquiry else ""

    def page(
        self,
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
        return render(self.request, "enquiries/contact.html", context, status=status)


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
        return private(render(request, "enquiries/received.html", context))


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
        return private(HttpResponseRedirect(request.path, status=303))

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
        return private(render(request, "enquiries/receipt.html", context, status=status))
