"""The admin of the search: what people look for, and the words that lead them to a page."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.audited import Audited
from publishing.models.audit import record
from search import searched_for
from search.models import SearchEntry, SearchSynonym, SearchTerm

Choices = list[tuple[str, list[tuple[str, str]]]]


def page_choices() -> Choices:
    """Return the pages that can be found, by kind and title, for a list to choose from."""
    entries = SearchEntry.objects.order_by("kind", "title").only("kind", "key", "title")
    return [
        (str(SearchEntry.Kind(kind).label), [(entry.key, entry.title) for entry in own])
        for kind, own in groupby(entries, key=lambda entry: entry.kind)
    ]


class SearchSynonymForm(forms.ModelForm[SearchSynonym]):
    """Words and the page they lead to, chosen from a list."""

    key = forms.ChoiceField(label="Page")

    class Meta:
        model = SearchSynonym
        fields = ["words", "key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [("", "Choose a page"), *page_choices()]  # type: ignore[attr-defined]


@admin.register(SearchSynonym)
class SearchSynonymAdmin(Audited, admin.ModelAdmin[SearchSynonym]):
    """Words of ours that lead to a page. They work at once."""

    form = SearchSynonymForm
    list_display = ["words", "page"]
    search_fields = ["words"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(page_title=searched_for.title_of_page())

    @admin.display(description="Leads to", ordering="page_title")
    def page(self, synonym: Any) -> str:
        """Return the title of the page, or that it cannot be found any more."""
        return synonym.page_title or "a page that readers cannot see"


class FoundFilter(admin.SimpleListFilter):
    """What found nothing is looked at first."""

    title = "what was found"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nothing", "Nothing"), ("something", "Something"), ("settled", "Needs no page")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted: dict[str, dict[str, Any]] = {
            "nothing": {"results": 0, "is_dismissed": False},
            "something": {"results__gt": 0},
            "settled": {"is_dismissed": True},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(SearchTerm)
class SearchTermAdmin(admin.ModelAdmin[SearchTerm]):
    """What people search for again and again. A term that finds nothing is led to a page here."""

    list_display_links = None
    list_filter = [FoundFilter]
    search_fields = ["words"]
    actions = None
    list_per_page = 25

    class Media:
        css = {"all": ["css/admin/desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nothing of a term is edited; what can be done with it stands in the list.
        return obj is None and super().has_change_permission(request)

    @admin.display(description="Found", ordering="results")
    def found(self, term: SearchTerm) -> str:
        """Return in words how many pages it found when it was last searched for."""
        if term.results:
            return f"{term.results} page{'s' if term.results != 1 else ''}"
        return "Nothing (needs no page)" if term.is_dismissed else "Nothing"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns: list[Any] = ["words", "times", "last_on", "found"]
        return [*columns, _leader(_options())] if _may_settle(request) else columns

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, or do what one of its buttons asks for."""
        if request.method == "POST" and _may_settle(request):
            self._settle(request)
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def _settle(self, request: HttpRequest) -> None:
        number = request.POST.get("lead") or request.POST.get("dismiss") or ""
        term = SearchTerm.objects.filter(pk=number).first() if number.isdecimal() else None
        if term is None:
            return
        if "dismiss" in request.POST:
            searched_for.dismiss(term)
            record(request.user, "noted as needing no page", term)
            self.message_user(request, f"“{term}” is noted as needing no page.")
            return
        key = request.POST.get(f"page-{term.pk}", "")
        page = searched_for.lead(term, key)
        if page is None:
            self.message_user(request, "Choose a page first.", messages.ERROR)
            return
        record(request.user, "led to a page", term, str(page))
        self.message_user(request, f"Whoever searches for “{term}” now finds {page}.")


def _may_settle(request: HttpRequest) -> bool:
    return request.user.has_perms(["search.add_searchsynonym", "search.change_searchterm"])


def _leader(options: SafeString) -> Callable[[SearchTerm], SafeString]:
    """Return the column with the list of pages and the buttons of each term."""

    @admin.display(description="The page people are looking for")
    def lead(term: SearchTerm) -> SafeString:
        return format_html(
            '<select name="page-{0}" aria-label="Page for “{1}”"><option value="">Choose a page'
            '</option>{2}</select> <button type="submit" class="button" name="lead" value="{0}">'
            'Lead “{1}” there</button> <button type="submit" class="button" name="dismiss"'
            ' value="{0}">“{1}” needs no page</button>',
            term.pk, term.words, options,
        )  # fmt: skip

    return lead


def _options() -> SafeString:
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (kind, format_html_join("", '<option value="{}">{}</option>', pages))
            for kind, pages in page_choices()
        ),
    )
