"""The page of one enquiry: what was sent, the thread, and the steps that can be taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinic.models import Clinic
from enquiries import desk_forms, outbox, workflow
from enquiries.flagging import marked, signs_of
from enquiries.models import Enquiry, OutgoingMail, ReplyTemplate, ThreadEntry
from publishing.models.audit import name_of

MANAGE = "enquiries.manage_enquiry"
Answers = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """Something that can be done with an enquiry from its page."""

    title: str
    button: str
    done: str
    take: Callable[[Any, Enquiry, Answers], None]
    form: type[desk_forms.StepForm] = desk_forms.StepForm
    is_for_managers: bool = False


def _workflow(act: Callable[..., None]) -> Callable[[Any, Enquiry, Answers], None]:
    return lambda user, enquiry, answers: act(user, enquiry, **answers)


STEPS = {
    "reply": Step(
        "Reply by email", "Send the reply", "The reply is on its way.",
        _workflow(workflow.reply), desk_forms.ReplyForm,
    ),
    "call": Step(
        "Record a telephone call", "Record the call", "The call is recorded.",
        _workflow(workflow.record_call), desk_forms.CallForm,
    ),
    "note": Step(
        "Add a note", "Add the note", "The note is added.",
        _workflow(workflow.add_note), desk_forms.NoteForm,
    ),
    "assign": Step(
        "Who answers it", "Save who answers", "Saved who answers it.",
        _workflow(workflow.assign), desk_forms.AssignForm,
    ),
    "wait": Step(
        "Wait for the sender", "Set to waiting", "It waits for the sender.",
        _workflow(workflow.wait_for_sender),
    ),
    "reopen": Step(
        "Open again", "Open again", "It is open again.", _workflow(workflow.back_to_work)
    ),
    "close": Step(
        "Close", "Close the enquiry", "The enquiry is closed.",
        _workflow(workflow.close), desk_forms.CloseForm,
    ),
    "rescue": Step(
        "Not spam", "This is not spam", "It is among the enquiries now, and its mail goes out.",
        _workflow(workflow.rescue),
    ),
    "spam": Step(
        "Spam", "This is spam", "It is closed as spam.", _workflow(workflow.mark_as_spam)
    ),
    "merge": Step(
        "Merge with another enquiry", "Merge", "It is closed and points at the other one.",
        lambda user, enquiry, answers: workflow.merge(user, enquiry, answers["reference"]),
        desk_forms.MergeForm,
    ),
    "correct": Step(
        "Correct contact details", "Save the contact details", "The contact details are corrected.",
        _workflow(workflow.correct), desk_forms.CorrectForm,
    ),
    "hold": Step(
        "Keep past its date", "Keep it", "It is kept until somebody releases it.",
        _workflow(workflow.hold), desk_forms.HoldForm, is_for_managers=True,
    ),
    "release": Step(
        "Let it be erased on its date", "Let it be erased on its date", "It is erased on its date.",
        _workflow(workflow.release), is_for_managers=True,
    ),
    "erase": Step(
        "Erase now", "Erase it now", "The enquiry is erased.",
        lambda user, enquiry, answers: workflow.erase_now(user, enquiry),
        desk_forms.EraseForm, is_for_managers=True,
    ),
}  # fmt: skip


def steps_for(enquiry: Enquiry) -> list[str]:
    """Return the names of the steps that make sense as the enquiry stands."""
    if enquiry.suspected_spam:
        names = ["rescue", "note"] + (["spam"] if enquiry.is_open else [])
    elif enquiry.is_open:
        names = (["reply"] if enquiry.email else []) + ["call", "note", "assign"]
        if enquiry.status != Enquiry.Status.WAITING:
            names.append("wait")
        else:
            names.append("reopen")
        names += ["close", "correct", "merge", "spam"]
    else:
        names = ["reopen", "note", "correct"]
    return [*names, "release" if enquiry.is_held else "hold", "erase"]


class EnquiryPage:
    """Mixed into the ModelAdmin of enquiries."""

    admin_site: Any
    media: Any
    has_view_permission: Callable[..., bool]
    has_change_permission: Callable[..., bool]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/step/<slug:name>/", view(self.step_view), name="enquiries_enquiry_step"),
            path("mail/<int:pk>/again/", view(self.again_view), name="enquiries_enquiry_again"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the enquiry, and write down that it was read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        enquiry = (
            Enquiry.objects.filter(pk=int(object_id)).first() if object_id.isdecimal()
            and len(object_id) < 19 else None
        )  # fmt: skip
        return _gone(request) if enquiry is None else self._page(request, enquiry)

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take a step with an enquiry; if it is refused, show the form as it was sent."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        enquiry = Enquiry.objects.filter(pk=pk).first()
        if enquiry is None:
            return _gone(request)
        step = STEPS.get(name)
        if step is None or request.method != "POST":
            return HttpResponseRedirect(_address(enquiry))
        if not self._may(request, step):
            raise PermissionDenied
        form = step.form(request.POST, prefix=name, enquiry=enquiry, user=request.user)
        if not form.is_valid():
            return self._page(request, enquiry, refused=(name, form))
        try:
            step.take(request.user, enquiry, form.cleaned_data)
        except workflow.Refused as refused:
            if not Enquiry.objects.filter(pk=pk).exists():
                return _gone(request)
            form.add_error(None, str(refused))
            return self._page(request, enquiry, refused=(name, form))
        messages.success(request, step.done)
        if name == "erase":
            return HttpResponseRedirect(reverse("admin:enquiries_enquiry_changelist"))
        return HttpResponseRedirect(_address(enquiry))

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a mail that was not delivered into the outbox once more."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        mail = get_object_or_404(OutgoingMail.objects.select_related("enquiry"), pk=pk)
        # Pressed twice, it may have gone out by now.
        if request.method == "POST" and OutgoingMail.objects.given_up().filter(pk=pk).exists():
            outbox.try_again(mail)
            outbox.drain_soon()
            messages.success(request, "The mail is tried again.")
        return HttpResponseRedirect(_address(mail.enquiry))

    def _may(self, request: HttpRequest, step: Step) -> bool:
        if step.is_for_managers and not request.user.has_perm(MANAGE):
            return False
        return self.has_change_permission(request)

    def _page(
        self,
        request: HttpRequest,
        enquiry: Enquiry,
        refused: tuple[str, desk_forms.StepForm] | None = None,
    ) -> HttpResponse:
        workflow.note_reading(request.user, enquiry)
        names = [name for name in steps_for(enquiry) if self._may(request, STEPS[name])]
        if refused and refused[0] not in names:
            names.insert(0, refused[0])
        same_person = Enquiry.objects.from_person(
            email=enquiry.email, telephone=enquiry.telephone
        ).exclude(pk=enquiry.pk)
        context = self.admin_site.each_context(request) | {
            "title": f"Enquiry {enquiry}",
            "opts": Enquiry._meta,
            "media": self.media,
            "enquiry": enquiry,
            "owner": name_of(enquiry.owner) if enquiry.owner else "Nobody yet",
            "message": marked(enquiry),
            "flags": signs_of(enquiry),
            "is_overdue": enquiry.is_overdue(timezone.now()),
            "others": workflow.others_looking(request.user, enquiry),
            "same_person": same_person.order_by("-received_at")[:20],
            "thread": enquiry.thread.select_related("mail"),
            "notices": enquiry.mail.filter(entry=None),
            "steps": [self._shown(request, enquiry, name, refused) for name in names],
            "templates": ReplyTemplate.objects.all() if "reply" in names else [],
            "may_manage": request.user.has_perm(MANAGE),
            "Kind": ThreadEntry.Kind,
        }
        status = 422 if refused else 200
        return TemplateResponse(request, "admin/enquiries/enquiry.html", context, status=status)

    def _shown(
        self,
        request: HttpRequest,
        enquiry: Enquiry,
        name: str,
        refused: tuple[str, desk_forms.StepForm] | None,
    ) -> dict[str, Any]:
        """Return a step as the page shows it: with what was refused, or ready to be filled in."""
        step = STEPS[name]
        was_refused = refused is not None and refused[0] == name
        initial: Answers = {"seen": workflow.newest_entry(enquiry)}
        template, filled_in = request.GET.get("template", ""), ""
        if name == "reply" and template.isdecimal() and len(template) < 10:
            chosen = ReplyTemplate.objects.filter(pk=int(template)).first()
            if chosen is not None:
                initial["text"] = chosen.filled(_values(request.user, enquiry))
                filled_in = name
        form = (
            refused[1]
            if refused is not None and was_refused
            else step.form(prefix=name, enquiry=enquiry, user=request.user, initial=initial)
        )
        if was_refused and "seen" in form.fields:
            # Whoever was told of a colleague's words has them before them now.
            seen = {form.add_prefix("seen"): str(initial["seen"])}
            form.data = dict(form.data.items()) | seen
        return {
            "name": name,
            "step": step,
            "form": form,
            "is_one_click": not form.fields,
            "is_open": was_refused if refused else name in (_expected_step(enquiry), filled_in),
            "address": reverse("admin:enquiries_enquiry_step", args=[enquiry.pk, name]),
        }


def _gone(request: HttpRequest) -> HttpResponse:
    """Return to the worklist and say that the enquiry is not there."""
    messages.warning(request, "There is no such enquiry. It may have been erased.")
    return HttpResponseRedirect(reverse("admin:enquiries_enquiry_changelist"))


def _expected_step(enquiry: Enquiry) -> str:
    """Return the step that is most likely to come next; its form stands open."""
    if enquiry.status not in (Enquiry.Status.NEW, Enquiry.Status.IN_PROGRESS):
        return ""
    wants_call = enquiry.reply_by_method == Enquiry.ReplyMethod.TELEPHONE
    return "call" if wants_call or not enquiry.email else "reply"


def _address(enquiry: Enquiry) -> str:
    return reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])


def _values(user: Any, enquiry: Enquiry) -> dict[str, str]:
    clinic = Clinic.current()
    return {
        "name": enquiry.full_name,
        "reference": enquiry.reference,
        "clinic": clinic.name,
        "telephone": clinic.telephone,
        "me": name_of(user),
    }
