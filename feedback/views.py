"""“Is anything wrong with this page?”: the form, and the page that confirms a note."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic.models import Clinic
from enquiries import last_known, not_sent
from enquiries.confirmation import SHOWN_FOR, care_cards_for
from enquiries.public_form import HONEYPOT, PublicFormView, private
from enquiries.signed_reference import reference_in, sign
from enquiries.submission import Sending
from feedback import places
from feedback.forms import NoteForm
from feedback.models import Note
from feedback.retention import DAYS_AFTER_DONE, DAYS_KEPT
from feedback.services import Written, find_note, receive_note

_RECEIVED = "feedback.received"


class NoteView(PublicFormView):
    """The form for a note on a page."""

    token_form = "feedback.form"  # noqa: S105  (the name of a form)
    words = not_sent.Words(
        what="note",
        button="Send note",
        message_label="Tell us more",
        send_to="feedback:note",
        answers=tuple(name for name in NoteForm.base_fields if name != "message"),
    )

    def blank_form(self) -> NoteForm:
        return NoteForm(initial={"page": self.request.GET.get("page", "")})

    def sent_form(self, posted: dict[str, str]) -> NoteForm:
        # Before anything can fail: the page that says so shows the answers again.
        posted["page"] = places.in_our_shape(posted.get("page", ""))
        return NoteForm(posted)

    def receive(self, form: NoteForm, sending: Sending) -> str:
        return _confirmation(receive_note(Written(**form.cleaned_data), sending))

    def find(self, form: NoteForm, nonce: str) -> str:
        note = find_note(Written(**form.cleaned_data), nonce)
        return _confirmation(note) if note else ""

    def page(
        self,
        form: NoteForm,
        token: str,
        mistakes: list[dict[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        clinic = Clinic.current()
        last_known.remember(clinic)
        context: dict[str, Any] = {
            "clinic": clinic,
            "form": form,
            "form_token": token,
            "mistakes": mistakes or [],
            "place": places.find(str(form["page"].value() or "")),
            "honeypot": HONEYPOT,
            "days_kept": DAYS_KEPT,
            "days_after_done": DAYS_AFTER_DONE,
        }
        response = render(self.request, "feedback/note.html", context, status=status)
        response["X-Robots-Tag"] = "noindex"  # one form for every page: nothing to find here
        return response


def _confirmation(note: Note) -> str:
    """Return the address of the note's confirmation, which says nothing about its sender."""
    return f"{reverse('feedback:received')}?{urlencode({'ref': sign(note.reference, _RECEIVED)})}"


# It changes nothing, so there is nothing to guard; exempt so that a wrong method gets a clear page.
@method_decorator(csrf_exempt, name="dispatch")
class ReceivedView(View):
    """Confirms a note. It shows nothing of it and may be reloaded."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        note = Note.objects.filter(
            reference=reference_in(request.GET.get("ref", ""), _RECEIVED),
            received_at__gt=now - SHOWN_FOR,
        ).first()
        context = {
            "note": note,
            "place": places.find(note.page) if note else None,
            "care_cards": care_cards_for(note, now) if note else [],
            "is_urgent": bool(note and note.is_flagged),
        }
        return private(render(request, "feedback/received.html", context))
