"""The admin of redirects: one at a time, or many from a file after a look at what would become."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from publishing import redirect_import, redirects
from publishing.admin.step_base import acting
from publishing.audited import Audited
from publishing.models import Redirect
from publishing.redirect_rules import Outcome, Verdict, Wish, WrongAddress, judge, path_from

_LIST = "admin:publishing_redirect_changelist"
# The field beside which it is said what is wrong.
_PLACES = {Outcome.PAGE: "old_path", Outcome.LOOP: "new_path", Outcome.NO_TARGET: "new_path"}


class RedirectForm(forms.ModelForm):  # type: ignore[type-arg]
    """One redirect, judged by the same rules as a row of a file."""

    # Longer than what is kept: a full address is taken too, and cut down to its path.
    old_path = forms.CharField(
        label="Old address",
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="Where readers arrive, from the first slash on: /back-pain-leaflet/",
    )
    new_path = forms.CharField(
        label="New address",
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="The page of this site that they are to see instead: /conditions/back-pain/",
    )
    verdict: Verdict

    class Meta:
        model = Redirect
        fields = ["old_path", "new_path"]

    def clean_old_path(self) -> str:
        """Return the path, where no other redirect has it."""
        old = _path(self.cleaned_data["old_path"])
        other = Redirect.objects.filter(old_path=old).exclude(pk=self.instance.pk).first()
        if other:
            raise ValidationError(
                f"A redirect leads from {old} to {other.new_path} already. Change that one."
            )
        return old

    def clean_new_path(self) -> str:
        """Return the path."""
        return _path(self.cleaned_data["new_path"])

    def clean(self) -> dict[str, Any]:
        """Refuse what would never be reached, goes in a circle or leads nowhere."""
        super().clean()
        told = self.cleaned_data
        if "old_path" in told and "new_path" in told:
            others = redirects.everything()
            others.pop(self.instance.old_path, None)
            wish = Wish(1, (told["old_path"], told["new_path"]))
            self.verdict = judge([wish], others)[0]
            if self.verdict.is_refused:
                self.add_error(_PLACES.get(self.verdict.outcome), self.verdict.words)
            else:
                told["new_path"] = self.verdict.end
        return told


def _path(typed: str) -> str:
    try:
        return path_from(typed)
    except WrongAddress as wrong:
        raise ValidationError(str(wrong)) from wrong


class ImportForm(forms.Form):
    """A table of redirects, as a file or pasted."""

    file = forms.FileField(
        label="File",
        required=False,
        help_text="CSV, as spreadsheets save it; at most 1 MB and 5,000 rows.",
    )
    text = forms.CharField(
        label="Or paste the table",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="One redirect a line: the old address, a comma, the new address.",
    )

    def table(self) -> str:
        """Return the text of the file, or else what was pasted. Raises Unreadable."""
        file = self.cleaned_data["file"]
        if not file:
            return str(self.cleaned_data["text"])
        if file.size > redirect_import.MAX_BYTES:
            raise redirect_import.Unreadable("The file is larger than 1 MB. Divide it.")
        return redirect_import.text_of(file.read())


@admin.register(Redirect)
class RedirectAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Old addresses and where they lead."""

    form = RedirectForm
    change_list_template = "admin/publishing/redirect_list.html"
    list_display = ["old_path", "new_path", "created_at"]
    search_fields = ["old_path", "new_path"]
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="publishing_redirect_import"), *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: Redirect, form: RedirectForm, change: bool
    ) -> None:
        """Write it so that every old address leads to its end in one step, and say so."""
        if change:
            # The row stays the same one under another old address.
            Redirect.objects.filter(pk=obj.pk).update(old_path=obj.old_path)
        led_on = Redirect.objects.filter(new_path=obj.old_path).count()
        redirects.add(obj.old_path, obj.new_path)
        obj.pk = Redirect.objects.values_list("pk", flat=True).get(old_path=obj.old_path)
        obj.refresh_from_db()
        if form.verdict.outcome is Outcome.CHAIN:
            messages.info(request, form.verdict.words)
        if led_on:
            messages.info(
                request,
                f"Addresses that led to {obj.old_path} now lead to {obj.new_path}: {led_on}.",
            )

    # --- from a file ------------------------------------------------------------------------------

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a table, show row by row what would become of it, and do that when told to."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        plan, text = None, ""
        if form.is_bound and form.is_valid():
            try:
                text = form.table()
                if "shown" in request.POST:
                    done = redirect_import.carry_out(text, request.POST["shown"], acting(request))
                    messages.success(request, f"Redirects imported: {done.number}.")
                    return HttpResponseRedirect(reverse(_LIST))
                plan = redirect_import.plan(text)
            except redirect_import.ChangedMeanwhile as changed:
                plan = changed.plan
                messages.warning(
                    request,
                    "Nothing was imported: something changed since you looked. Look again below.",
                )
            except redirect_import.Unreadable as error:
                form.add_error("file" if form.cleaned_data["file"] else "text", str(error))
        return self._import_page(request, form, plan, text)

    def _import_page(
        self,
        request: HttpRequest,
        form: ImportForm,
        plan: redirect_import.Plan | None,
        text: str,
    ) -> HttpResponse:
        if text:
            # What came in a file is kept too: nobody has to choose it twice.
            form.data = {"text": text}
        context = self.admin_site.each_context(request) | {
            "title": "Import redirects",
            "opts": self.model._meta,
            "form": form,
            "plan": plan,
            "text": text,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(
            request, "admin/publishing/redirect_import.html", context, status=status
        )
