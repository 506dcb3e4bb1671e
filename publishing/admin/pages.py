"""The admin of a page kind: saving makes a version, and nothing more."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing import snapshots, work, workflow
from publishing.admin.deleting_steps import DeletingSteps
from publishing.admin.history_steps import HistorySteps
from publishing.admin.page_filters import StateFilter, WorkFilter, with_versions
from publishing.admin.page_form import VERSION_FIELDS, PageForm, snapshot_of
from publishing.admin.publishing_steps import PublishingSteps
from publishing.admin.sharing_steps import SharingSteps
from publishing.admin.writing_steps import WritingSteps
from publishing.checks import Candidate, Finding, findings_in
from publishing.merging import Merge, merge
from publishing.models import Page, Version
from publishing.models.editing import NEW
from publishing.preview import preview
from publishing.snapshots import Snapshot

_LEVEL_WORDS = {"error": "Mend this", "warning": "Check this", "hint": "Hint"}


class _InsteadOfSaving(Exception):
    """The form was valid, and somebody asked for something other than to save it."""

    def __init__(self, data: Snapshot) -> None:
        super().__init__()
        self.data = data


class _Preview(_InsteadOfSaving):
    """Show what it will look like."""


class _Check(_InsteadOfSaving):
    """Show what the checks find."""


class _SavedMeanwhile(_InsteadOfSaving):
    """Somebody else saved a newer version."""


class PageAdmin(
    PublishingSteps,
    HistorySteps,
    SharingSteps,
    WritingSteps,
    DeletingSteps,
    admin.ModelAdmin,  # type: ignore[type-arg]
):
    """The admin of a page kind. A page kind gives its own fieldsets of text as `text_fieldsets`."""

    form = PageForm
    change_form_template = "admin/publishing/page_form.html"
    change_list_template = "admin/publishing/page_list.html"
    text_fieldsets: ClassVar[tuple[Any, ...]] = ()
    list_filter = [StateFilter, WorkFilter, "reviewed_by"]
    autocomplete_fields = ["author"]
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False  # beside a search's: it is one more count of every page

    class Media:
        css = {"all": ["css/admin/page.css"]}
        js = ["js/autosave.js"]

    def get_urls(self) -> list[Any]:
        # Before the admin's own addresses, whose last one takes anything.
        return [*self.step_urls(), *super().get_urls()]

    # --- the list ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        pages = super().get_queryset(request).kept()  # type: ignore[attr-defined]
        return with_versions(pages.select_related("author", "reviewed_by"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # A page is deleted by itself, after a look at what leads to it.
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description="state", ordering="published_at")
    def state(self, page: Any) -> str:
        """Say in words what the public sees."""
        words = state_of(page)
        newest, live = getattr(page, "newest", None), getattr(page, "live_number", None)
        if live is not None and newest is not None and newest > live:
            return f"{words}, with unpublished changes"
        return words

    @admin.display(description="clinical review", ordering="next_review_due")
    def review(self, page: Page) -> str:
        """Say in words how the clinical review stands."""
        if page.reviewed_on is None:
            return "Not reviewed"
        if page.review_is_overdue:
            return f"Overdue since {page.next_review_due:%-d %b %Y}"
        if page.changed_since_review:
            return "Changed since review"
        return f"Due {page.next_review_due:%-d %b %Y}"

    # --- the form ---------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            *self.text_fieldsets,
            ("Author", {"fields": ["author"]}),
            ("Address and search engines", {"fields": ["slug", "meta_description"]}),
            ("About this change", {"fields": VERSION_FIELDS}),
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A page that is there keeps its address when its title is edited.
        return {} if obj else {"slug": [self._title_field]}

    @property
    def _title_field(self) -> str:
        return "name" if hasattr(self.model, "name") else "title"

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"summary", "meta_description"}:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the page; for its form, as the newest draft has it."""
        page = super().get_object(request, object_id, from_field)
        match = request.resolver_match
        if page is None or match is None or not str(match.url_name).endswith("_change"):
            return page
        version = workflow.latest_version(page)
        page.refresh_from_db()
        draft = snapshots.read(page, version.data)
        draft.page.draft, draft.page.draft_version = draft, version  # type: ignore[attr-defined]
        return draft.page

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.draft = getattr(obj, "draft", None)
        form.version = getattr(obj, "draft_version", None)
        form.typed = getattr(request, "typed", None)
        self._show_findings(form, getattr(request, "findings", []))
        return form

    def _show_findings(self, form: Any, findings: Iterable[Finding]) -> None:
        """Say beside each field what the checks found in it."""
        for name, field in form.base_fields.items():
            own = [each for each in findings if each.field == name]
            if own:
                field.help_text = format_html("{}{}", field.help_text, finding_list(own))

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        draft = getattr(obj, "draft", None)
        if draft is not None:
            kwargs["rows"] = draft.parts.get(prefix, [])
        kwargs["typed"] = getattr(request, "typed", None)
        return kwargs

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id and not self.has_view_or_change_permission(request):
            raise PermissionDenied  # before a look at the page, which may begin its history
        page = self.get_object(request, object_id) if object_id else None
        if page is not None and not self.has_change_permission(request, page):
            if not self.has_view_permission(request, page) or request.method != "GET":
                return super().changeform_view(request, object_id, form_url, extra_context)
            # Somebody who may only look sees the page's state, its text and its history.
            return HttpResponseRedirect(self.step_url(page, "status"))
        try:
            if request.method == "POST":
                return super().changeform_view(request, object_id, form_url, extra_context)
            return self._open(request, page, object_id, form_url, extra_context)
        except _Preview as asked:
            self._keep_typed(request, page)
            words = "Preview of text that is not saved. Close this tab to go on writing."
            return preview(request, page or self.model(), asked.data, words=words)
        except _Check as asked:
            self._keep_typed(request, page)
            draft = snapshots.read(page or self.model(), asked.data)
            saved = getattr(page, "draft_version", None)
            # What was decided about a version holds for its own words alone.
            is_saved = saved is not None and saved.data == asked.data
            found = findings_in(Candidate(draft, saved if is_saved else None))
            request.findings = found  # type: ignore[attr-defined]
            request.method = "GET"
            self._say_what_was_found(request, found)
            return self._open(request, page, object_id, form_url, extra_context)
        except _SavedMeanwhile as asked:
            self._keep_typed(request, page)
            return self._merge_page(request, page, asked.data)

    def _open(
        self,
        request: HttpRequest,
        page: Any,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Show the form, with what this person typed there before and did not save."""
        key = page.pk if page else NEW
        if not (page or self.has_add_permission(request)):
            return super().changeform_view(request, object_id, form_url, extra_context)
        mine = work.open_page(request.user, self.model, key)
        request.typed = work.typed_form(mine)  # type: ignore[attr-defined]
        if page is not None and "checked" in request.GET and not hasattr(request, "findings"):
            request.findings = findings_in(  # type: ignore[attr-defined]
                Candidate(page.draft, page.draft_version)
            )
        context = (extra_context or {}) | {
            "typed_at": mine.typed_at if mine.typed else None,
            "colleagues": work.colleagues(request.user, self.model, key),
            "work_url": self.step_url(page, "work") if page else self.new_work_url(),
            "findings": getattr(request, "findings", None),
            "unplaced_findings": self._unplaced(request),
            "live": workflow.live_version(page) if page else None,
            "version": getattr(page, "draft_version", None),
            "page": page,
        }
        return super().changeform_view(request, object_id, form_url, context)

    def _unplaced(self, request: HttpRequest) -> list[Finding]:
        """Return what was found in places that have no field of their own, such as an answer."""
        own = {name for _, options in self.get_fieldsets(request) for name in options["fields"]}
        return [each for each in getattr(request, "findings", []) if each.field not in own]

    def _keep_typed(self, request: HttpRequest, page: Any) -> None:
        # What is too long to be kept is still in the browser's own form.
        with suppress(work.TooLong):
            work.keep(request.user, self.model, page.pk if page else NEW, work.pairs(request.POST))

    def _say_what_was_found(self, request: HttpRequest, found: list[Finding]) -> None:
        if found:
            what = (
                "one thing. It stands" if len(found) == 1 else f"{len(found)} things. Each stands"
            )
            words = f"The checks found {what} beside its field. Nothing is saved yet."
            messages.warning(request, words)
        else:
            messages.success(request, "The checks found nothing. Nothing is saved yet.")

    # --- saving -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # The row of a page that is there is written by its history alone.
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool
    ) -> None:
        page = form.instance
        before: Version | None = getattr(page, "draft_version", None)
        data = snapshot_of(form, formsets, before.data if before else None)
        for name, instead in (("_preview", _Preview), ("_check", _Check)):
            if name in request.POST:
                raise instead(data)
        told = {name: form.cleaned_data[name] for name in ("change_note", "is_minor", "note")}
        if before is not None:
            based_on = form.cleaned_data.get("based_on_number") or before.number
            if based_on != before.number:
                raise _SavedMeanwhile(data)
            same_words = (told["change_note"], told["is_minor"]) == (
                before.change_note,
                before.is_minor,
            )
            if data == before.data and same_words and not told["note"]:
                request.saved_version = None  # type: ignore[attr-defined]
                return
        try:
            version = workflow.save_draft(
                page if before is None else self.model._base_manager.get(pk=page.pk),
                data,
                request.user,  # type: ignore[arg-type]
                after=before,
                **told,
            )
        except workflow.NewerVersion:
            raise _SavedMeanwhile(data) from None
        request.saved_version = version  # type: ignore[attr-defined]

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return []  # the history says it better

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the record to the history, which has written it already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave the record to the history, which has written it already."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        self.finish_typing(request, NEW)
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        self.finish_typing(request, obj.pk)
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, page: Any) -> HttpResponse:
        version = getattr(request, "saved_version", None)
        if version is None:
            messages.info(request, "Nothing was changed, so no version was saved.")
        else:
            messages.success(request, self._saved_words(page, version))
        if "_continue" in request.POST:
            return HttpResponseRedirect(self.step_url(page, "change") + "?checked=1")
        return HttpResponseRedirect(self.step_url(page, "status"))

    def _saved_words(self, page: Any, version: Version) -> str:
        row = self.model._base_manager.get(pk=page.pk)
        public = (
            "Readers go on seeing the published text until somebody publishes this one."
            if row.is_published
            else "Readers cannot see the page."
        )
        return f"Saved as version {version.number} of “{page}”. {public}"

    # --- two people, one page ---------------------------------------------------------------------

    def _merge_page(self, request: HttpRequest, page: Any, mine: Snapshot) -> HttpResponse:
        """Show both texts, field by field, and have the editor pick where they collide."""
        number = int(request.POST.get("based_on_number") or 0)
        base = Version.objects.of(page).filter(number=number).first()
        theirs = workflow.latest_version(page)
        merged = merge(base.data if base else theirs.data, theirs.data, mine)
        told = _told_of_both(request.POST, theirs, page.live_version_id)
        return self.merge_response(request, page, merged, theirs, told)

    def merge_response(
        self,
        request: HttpRequest,
        page: Any,
        merged: Merge,
        theirs: Version,
        told: dict[str, str],
    ) -> TemplateResponse:
        """Return the page on which two texts become one."""
        context = self.step_context(request, page, "Somebody saved while you were writing") | {
            "theirs": theirs,
            "differences": self.merge_rows(merged),
            "kept": self.sign_merge(merged, theirs, told),
            "merge_url": self.step_url(page, "merge"),
        }
        return TemplateResponse(request, "admin/publishing/merge.html", context)


def state_of(page: Page) -> str:
    """Say in words what the public sees."""
    if page.deleted_at:
        return "Deleted"
    if page.is_published:
        return "Public"
    if page.is_withdrawn:
        return "Withdrawn"
    return "Appears later" if page.published_at else "Draft"


def finding_list(findings: Iterable[Finding]) -> SafeString:
    """Return findings as a list for people."""
    items = format_html_join(
        "",
        '<li class="finding finding--{}"><strong>{}:</strong> {}{}</li>',
        (
            (each.level.value, _LEVEL_WORDS[each.level.value], _told(each), _link(each))
            for each in findings
        ),
    )
    return format_html('<ul class="findings">{}</ul>', items)


def _link(finding: Finding) -> SafeString:
    if not finding.link:
        return SafeString("")
    # In a tab of its own: the form that the list stands in may hold text that is not saved.
    return format_html(
        ' <a href="{}" target="_blank" rel="noopener">{} (new tab)</a>',
        finding.link,
        finding.link_text,
    )


def _told_of_both(post: Mapping[str, str], theirs: Version, live_pk: int | None) -> dict[str, str]:
    """Return what is said about the change that two people made of one draft.

    Neither loses their note, and the whole is minor only if both parts are.
    """
    mine, is_draft = post.get("change_note", ""), theirs.pk != live_pk
    notes = dict.fromkeys([theirs.change_note if is_draft else "", mine])
    is_minor = bool(post.get("is_minor")) and (theirs.is_minor or not is_draft)
    return {
        "change_note": " ".join(note for note in notes if note)[:300],
        "is_minor": "on" if is_minor else "",
        "note": post.get("note", ""),
    }


def _told(finding: Finding) -> str:
    line = f"Line {finding.line}. " if finding.line else ""
    words = f"“{finding.words}”. " if finding.words else ""
    mend = f" {finding.mend}" if finding.mend else ""
    return f"{line}{words}{finding.reason}{mend}"
