"""Notes on pages in the admin: the list, the page of one, and what can be done with it.

Whoever writes pages reads notes without their sender. Who may change a note sees the email address
and those notes that may tell of somebody's health or be spam.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from components.templatetags.components import clock, full_date
from enquiries.flagging import marked, signs_of
from feedback import places, retention, workflow
from feedback.forms import DoneForm, EraseForm
from feedback.models import Note, NoteQuerySet
from publishing.models.audit import record

CHANGE, DELETE = "feedback.change_note", "feedback.delete_note"


@dataclass(frozen=True)
class Step:
    """Something that can be done with a note from its page."""

    button: str
    done: str
    take: Callable[..., None]
    form: type[forms.Form] = forms.Form
    title: str = ""
    permission: str = CHANGE


STEPS = {
    "finish": Step("Mark as done", "The note is done.", workflow.finish, DoneForm, "Done"),
    "reopen": Step("Open again", "It is open again.", workflow.reopen),
    "rescue": Step("This is not spam", "It is among the notes now.", workflow.rescue),
    "spam": Step("This is spam", "It is set aside as spam.", workflow.mark_as_spam),
    "erase": Step(
        "Erase it now", "The note is erased.",
        lambda user, note, sure: retention.erase_now(user, note),
        EraseForm, "Erase now", DELETE,
    ),
}  # fmt: skip


def steps_for(note: Note) -> list[str]:
    """Return the names of the steps that make sense as the note stands."""
    if note.suspected_spam:
        is_new = note.state == Note.State.NEW
        return ["rescue", *(["spam"] if is_new else []), "erase"]
    return (["finish", "spam"] if note.state == Note.State.NEW else ["reopen"]) + ["erase"]


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin[Note]):
    """The list of notes, and the page of each."""

    class Media:
        css = {"all": ["css/admin/enquiries.css"]}

    list_display = ["reference", "where", "kind", "excerpt", "standing", "received"]
    list_filter = ["state", "suspected_spam", "kind", "urgency"]
    list_per_page = 50
    search_fields = ["reference", "page"]
    search_help_text = "Reference, or a part of the page’s address"

    # --- who sees what ------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # "Erase now" does it, and leaves no trace in the database's files

    def get_queryset(self, request: HttpRequest) -> NoteQuerySet:
        notes: Any = super().get_queryset(request)
        if not request.user.has_perm(CHANGE):
            notes = notes.on_pages_alone()
        return notes  # type: ignore[no-any-return]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):
            record(request.user, "listed", None, "notes on pages")
        context = {"title": "Notes on pages"} | (extra_context or {})
        return super().changelist_view(request, context)

    # --- columns ------------------------------------------------------------------------------

    @admin.display(description="page", ordering="page", empty_value="Not known")
    def where(self, note: Note) -> str | None:
        return note.page or None

    @admin.display(description="message")
    def excerpt(self, note: Note) -> str:
        return Truncator(note.message).chars(80)

    @admin.display(description="status", ordering="state")
    def standing(self, note: Note) -> str | SafeString:
        if note.suspected_spam:
            return "Suspected spam" if note.state == Note.State.NEW else "Spam"
        if note.is_flagged and note.state == Note.State.NEW:
            return format_html('<strong class="overdue">{}</strong>', note.get_urgency_display())
        return note.get_state_display()

    @admin.display(description="received", ordering="received_at")
    def received(self, note: Note) -> str:
        return f"{full_date(note.received_at)}, {clock(note.received_at)}"

    # --- the page of one ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        step = path("<int:pk>/step/<slug:name>/", view(self.step_view), name="feedback_note_step")
        return [step, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the note, and write down that it was read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        note = self.get_object(request, object_id)
        if note is None:
            return _gone(request)
        workflow.note_reading(request.user, note)
        return self._page(request, note)

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take a step with a note; if its form is refused, show it as it was sent."""
        step = STEPS.get(name)
        if not request.user.has_perm(step.permission if step else CHANGE):
            raise PermissionDenied
        note = self.get_object(request, str(pk))
        if note is None:
            return _gone(request)
        if step is None or request.method != "POST":
            return HttpResponseRedirect(_address(note))
        form = step.form(request.POST, prefix=name)
        if not form.is_valid():
            return self._page(request, note, refused=(name, form))
        step.take(request.user, note, **form.cleaned_data)
        messages.success(request, step.done)
        if name == "erase":
            return HttpResponseRedirect(reverse("admin:feedback_note_changelist"))
        return HttpResponseRedirect(_address(note))

    def _page(
        self,
        request: HttpRequest,
        note: Note,
        refused: tuple[str, forms.Form] | None = None,
    ) -> HttpResponse:
        names = [name for name in steps_for(note) if request.user.has_perm(STEPS[name].permission)]
        if refused and refused[0] not in names:
            names.insert(0, refused[0])
        place = places.find(note.page)
        context = self.admin_site.each_context(request) | {
            "title": f"Note on a page {note}",
            "opts": Note._meta,
            "media": self.media,
            "note": note,
            "place": place,
            "edit_address": place.edit_address(request.user) if place else "",
            "message": marked(note),
            "flags": signs_of(note),
            "may_answer": request.user.has_perm(CHANGE),
            "steps": [_shown(note, name, refused) for name in names],
        }
        status = 422 if refused else 200
        return TemplateResponse(request, "admin/feedback/note.html", context, status=status)


def _shown(note: Note, name: str, refused: tuple[str, forms.Form] | None) -> dict[str, Any]:
    """Return a step as the page shows it: with what was refused, or ready to be filled in."""
    step = STEPS[name]
    was_refused = refused is not None and refused[0] == name
    form = refused[1] if refused is not None and was_refused else step.form(prefix=name)
    return {
        "name": name,
        "step": step,
        "form": form,
        "is_one_click": not form.fields,
        "is_open": was_refused or (refused is None and name == "finish"),
        "address": reverse("admin:feedback_note_step", args=[note.pk, name]),
    }


def _gone(request: HttpRequest) -> HttpResponse:
    """Return to the list and say that the note is not there."""
    messages.warning(request, "There is no such note. It may have been erased.")
    return HttpResponseRedirect(reverse("admin:feedback_note_changelist"))


def _address(note: Note) -> str:
    return reverse("admin:feedback_note_change", args=[note.pk])
