"""The worklist: what waits for reception, the most urgent first."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from components.templatetags.components import clock, full_date
from enquiries import workflow
from enquiries.admin.enquiry_page import EnquiryPage
from enquiries.admin.people import PeoplePages
from enquiries.models import Enquiry
from enquiries.querysets import EnquiryQuerySet
from enquiries.reference import as_reference
from publishing.models.audit import name_of, record
from publishing.text import without_surrogates

# Names are encrypted, so they are looked for among the newest of what is kept.
NAMES_LOOKED_AT = 2000

Queue = Callable[[EnquiryQuerySet, Any], EnquiryQuerySet]
QUEUES: dict[str, tuple[str, Queue]] = {
    "open": ("Open", lambda rows, user: rows.open()),
    "flagged": ("Warning signs, not read", lambda rows, user: rows.flagged_unread()),
    "new": ("New", lambda rows, user: rows.open().filter(status=Enquiry.Status.NEW)),
    "mine": ("Mine", lambda rows, user: rows.of_owner(user)),
    "overdue": ("Overdue", lambda rows, user: rows.overdue()),
    "waiting": (
        "Waiting for the sender",
        lambda rows, user: rows.open().filter(status=Enquiry.Status.WAITING),
    ),
    "unsent": ("Mail not delivered", lambda rows, user: rows.with_mail_failed()),
    "spam": ("Suspected spam", lambda rows, user: rows.spam()),
    "closed": ("Closed", lambda rows, user: rows.filter(status=Enquiry.Status.CLOSED)),
}


class QueueFilter(admin.SimpleListFilter):
    """Which part of the worklist is shown; the open ones unless another is chosen."""

    title = "worklist"
    parameter_name = "queue"
    # The parts stand above the list with their numbers, and not once more beside it.
    template = "admin/enquiries/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in QUEUES.items()]

    def chosen(self) -> str:
        """Return the name of the queue that is shown."""
        return self.value() if self.value() in QUEUES else "open"  # type: ignore[return-value]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = request.GET.get("q", "").strip()
        if wanted and "\x00" not in wanted:  # with which Django searches for nothing
            return queryset  # a search looks everywhere
        return QUEUES[self.chosen()][1](queryset, request.user)

    def choices(self, changelist: Any) -> Any:
        for name, (label, _) in QUEUES.items():
            yield {
                "selected": self.chosen() == name,
                "query_string": changelist.get_query_string({self.parameter_name: name}, ["p"]),
                "display": label,
            }


@admin.register(Enquiry)
class EnquiryAdmin(PeoplePages, EnquiryPage, admin.ModelAdmin[Enquiry]):
    """The worklist; the page of one enquiry is in enquiry_page.py."""

    class Media:
        css = {"all": ["css/admin/enquiries.css"]}

    change_list_template = "admin/enquiries/worklist.html"
    list_display = [
        "reference", "urgent", "promised", "full_name", "condition", "status", "answered_by",
        "received",
    ]  # fmt: skip
    list_filter = [QueueFilter, ("owner", admin.RelatedOnlyFieldListFilter), "condition"]
    list_per_page = 50
    search_fields = ["reference"]
    search_help_text = (
        "Reference, whole email address, whole telephone number, or a part of the name"
    )
    actions = ["take", "not_spam", "spam"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Enquiry]:
        return super().get_queryset(request).select_related("owner", "condition", "corrects")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):
            act, what = ("searched", _kind_of_search(request.GET["q"])) if request.GET.get(
                "q"
            ) else ("listed", request.GET.get("queue", "open")[:20])  # fmt: skip
            record(request.user, act, None, f"enquiries: {what}")
        queues = [
            {"name": name, "label": label, "count": of(Enquiry.objects.all(), request.user).count()}
            for name, (label, of) in QUEUES.items()
        ]
        shown = request.GET.get("queue")
        context = {
            "title": "Enquiries",
            "queues": queues,
            "shown_queue": shown if shown in QUEUES else "open",
            "may_manage": request.user.has_perm("enquiries.manage_enquiry"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Enquiry], search_term: str
    ) -> tuple[models.QuerySet[Enquiry], bool]:
        """Find by reference however it was written down, by exact contact, or by name."""
        term = without_surrogates(search_term).replace("\x00", "").strip()
        if not term:
            return queryset, False
        reference = as_reference(term)
        if reference and queryset.filter(reference=reference).exists():
            return queryset.filter(reference=reference), False
        found = set(
            Enquiry.objects.from_person(email=term, telephone=term).values_list("pk", flat=True)
        )
        wanted = term.casefold()
        newest = Enquiry.objects.order_by("-received_at").only("pk", "full_name")
        for enquiry in newest[:NAMES_LOOKED_AT]:
            if wanted in enquiry.full_name.casefold():
                found.add(enquiry.pk)
        return queryset.filter(pk__in=found), False

    # --- columns -------------------------------------------------------------------------------

    @admin.display(description="received", ordering="received_at")
    def received(self, enquiry: Enquiry) -> str:
        return f"{full_date(enquiry.received_at)}, {clock(enquiry.received_at)}"

    @admin.display(description="answered by", ordering="owner", empty_value="Nobody yet")
    def answered_by(self, enquiry: Enquiry) -> str | None:
        return name_of(enquiry.owner) if enquiry.owner else None

    @admin.display(description="reply by", ordering="reply_by", empty_value="No time promised")
    def promised(self, enquiry: Enquiry) -> str | None:
        if enquiry.reply_by is None:
            return None
        words = f"{full_date(enquiry.reply_by)}, {clock(enquiry.reply_by)}"
        if enquiry.is_overdue(timezone.now()):
            return format_html('<strong class="overdue">Overdue</strong> {}', words)
        return words

    @admin.display(description="warning signs", ordering="urgency", empty_value="")
    def urgent(self, enquiry: Enquiry) -> SafeString | None:
        if enquiry.urgency == Enquiry.Urgency.NONE:
            return None
        label = Enquiry.Urgency(enquiry.urgency).label
        if enquiry.urgency == Enquiry.Urgency.MENTIONED:
            return format_html("{}", label)
        unread = ""
        if enquiry.first_read_at is None:
            unread = f", unread for {timesince(enquiry.received_at, depth=1)}"
        return format_html('<strong class="overdue">{}</strong>{}', label, unread)

    # --- actions -------------------------------------------------------------------------------

    @admin.action(description="Take: I answer these", permissions=["change"])
    def take(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        self._each(
            request, queryset, lambda one: workflow.assign(request.user, one, request.user),
            "Enquiries that are now yours",
        )  # fmt: skip

    @admin.action(description="Not spam: answer these like any other", permissions=["change"])
    def not_spam(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        self._each(
            request, queryset.filter(suspected_spam=True),
            lambda one: workflow.rescue(request.user, one), "Enquiries rescued",
        )  # fmt: skip

    @admin.action(description="Spam: close these", permissions=["change"])
    def spam(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        self._each(
            request, queryset, lambda one: workflow.mark_as_spam(request.user, one),
            "Enquiries closed as spam",
        )  # fmt: skip

    def _each(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[Enquiry],
        step: Callable[[Enquiry], None],
        done: str,
    ) -> None:
        """Take a step with every chosen enquiry, and say with how many."""
        count = 0
        for enquiry in list(queryset):
            try:
                step(enquiry)
                count += 1
            except workflow.Refused as refused:
                self.message_user(request, f"{enquiry}: {refused}", messages.ERROR)
        self.message_user(request, f"{done}: {count}.", messages.SUCCESS)


def _kind_of_search(term: str) -> str:
    """Return by what somebody searched, without the words, which may be a patient's."""
    if as_reference(without_surrogates(term)):
        return "by reference"
    return "by email, telephone or name"
