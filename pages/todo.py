"""What needs doing about pages, people and the clinic's details, for the desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import models
from django.db.models import F, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic
from conditions.models import Condition, ConditionWarningSign
from evidence.models import Claim, ReviewNeeded, Source, WarningSign
from pages.models import InformationPage
from pages.page_kinds import PAGE_KINDS
from practitioners.models import Practitioner
from publishing.desk import TodoItem, register_todo
from publishing.models import ExternalLink, Page, ScheduledChange
from publishing.waiting import for_review_by, waiting_versions
from publishing.workflow import PUBLISH, REVIEW
from treatments.models import Treatment, TreatmentWarningSign

# Registers change; a clinic looks its people up at least this often.
REGISTRATION_CHECK_DAYS = 180
_SIGN_KINDS: tuple[tuple[type[Page], type[WarningSign]], ...] = (
    (Condition, ConditionWarningSign),
    (Treatment, TreatmentWarningSign),
)


def _list_address(model: type[models.Model], query: str = "") -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_changelist") + query


@register_todo
def pages_to_see_to(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield overdue and coming reviews, unreviewed and changed pages and drafts, by page kind."""
    today = timezone.localdate()
    for model in PAGE_KINDS:
        options = model._meta
        if not request.user.has_perm(f"{options.app_label}.view_{options.model_name}"):
            continue
        name = str(options.verbose_name_plural)
        published = model.objects.published()
        yield TodoItem(
            published.filter(next_review_due__lt=today).count(),
            f"{name} overdue for clinical review",
            _list_address(model, f"?next_review_due__lt={today}&state=public"),
            is_urgent=True,
        )
        for first, last in ((0, 7), (8, 30)):
            since, until = today + timedelta(days=first), today + timedelta(days=last)
            yield TodoItem(
                published.filter(next_review_due__range=(since, until)).count(),
                f"{name} due for clinical review within {last} days",
                _list_address(
                    model,
                    f"?next_review_due__gte={since}&next_review_due__lte={until}&state=public",
                ),
            )
        yield TodoItem(
            published.filter(
                # As `Page.changed_since_review`.
                Q(review_covers_text=False)
                | Q(live_version__isnull=True, updated_on__gt=F("reviewed_on")),
                reviewed_on__isnull=False,
            ).count(),
            f"{name} changed since their clinical review",
            _list_address(model, "?state=public"),
        )
        needing, narrowed = published.filter(reviewed_on__isnull=True), ""
        if model is InformationPage:
            needing, narrowed = needing.filter(is_about_health=True), "&is_about_health__exact=1"
        yield TodoItem(
            needing.count(),
            f"{name} that no clinician has reviewed",
            _list_address(model, f"?reviewed_on__isnull=True&state=public{narrowed}"),
        )
        if request.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            yield TodoItem(
                model.objects.kept().filter(published_at__isnull=True).count(),
                f"{name} in draft",
                _list_address(model, "?state=draft"),
            )


@register_todo
def versions_to_see_to(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield what waits for a reviewer, for its author or for whoever publishes."""
    user = request.user
    for model in PAGE_KINDS:
        options = model._meta
        waiting = waiting_versions(model)
        name = str(options.verbose_name_plural)
        if user.has_perm(REVIEW):
            yield TodoItem(
                len(for_review_by(model, user)),
                f"{name} handed in for clinical review",
                _list_address(model, "?work=mine"),
                is_urgent=True,
            )
        if user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            yield TodoItem(
                len(waiting.for_author),
                f"{name} sent back with remarks",
                _list_address(model, "?work=changes"),
            )
        if user.has_perm(PUBLISH):
            yield TodoItem(
                len(waiting.for_publishing),
                f"{name} approved and waiting to be published",
                _list_address(model, "?work=publish"),
            )


@register_todo
def dead_links_to_mend(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the links to other websites that lead nowhere any more."""
    if request.user.has_perm("publishing.view_externallink"):
        yield TodoItem(
            ExternalLink.objects.filter(is_dead=True).count(),
            "links to other websites that are dead",
            _list_address(ExternalLink, "?is_dead__exact=1"),
        )


@register_todo
def plans_that_failed(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield planned changes that could not be made."""
    if request.user.has_perm(PUBLISH):
        failed = ScheduledChange.objects.exclude(problem="")
        first = failed.first()
        yield TodoItem(
            failed.count(),
            "planned changes that could not be made: publish them by hand",
            _list_address(first.page.__class__) if first and first.page else "",
            is_urgent=True,
        )


@register_todo
def signs_to_confirm(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the warning signs that a clinician has not confirmed."""
    for page_kind, sign_kind in _SIGN_KINDS:
        options = sign_kind._meta
        may_change = request.user.has_perm(f"{options.app_label}.change_{options.model_name}")
        if may_change or request.user.has_perm(REVIEW):
            page_name = str(page_kind._meta.model_name)
            yield TodoItem(
                sign_kind._default_manager.filter(
                    awaiting_clinician=True, **{f"{page_name}__deleted_at__isnull": True}
                ).count(),
                f"warning signs of {page_kind._meta.verbose_name_plural} awaiting a clinician’s"
                " confirmation",
                _list_address(page_kind, "?signs=awaiting"),
            )


@register_todo
def registrations_to_check(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the people whose register entry was last looked up too long ago."""
    if request.user.has_perm("practitioners.change_practitioner"):
        limit = timezone.localdate() - timedelta(days=REGISTRATION_CHECK_DAYS)
        due = (
            Practitioner.objects.listed()
            .annotate(oldest=Min("registrations__checked_on"))
            .filter(oldest__lt=limit)
        )
        yield TodoItem(
            due.count(), "people whose registration needs checking", _list_address(Practitioner)
        )


@register_todo
def sources_no_longer_standing(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the sources that no longer stand, as pages may still cite them."""
    if request.user.has_perm("evidence.change_source"):
        gone = Source.objects.filter(~Q(status=Source.Status.CURRENT)).count()
        yield TodoItem(
            gone,
            "sources superseded, withdrawn or lapsed: cite them only as history",
            _list_address(Source, "?o=6"),
        )


@register_todo
def evidence_that_moved(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield pages whose claims or sources changed since their review, and what is to be checked."""
    user = request.user
    if user.has_perm("evidence.view_reviewneeded"):
        needs = ReviewNeeded.objects.open().values("content_type", "object_id")
        yield TodoItem(
            needs.distinct().order_by().count(),
            "pages to review again, as a claim or a source that they use has changed",
            _list_address(ReviewNeeded),
            is_urgent=True,
        )
    if user.has_perm("evidence.change_claim"):
        public = Claim.objects.with_standing().filter(is_public=True)
        yield TodoItem(
            public.filter(stands=False).count(),
            "claims that readers no longer see: no current source is left",
            _list_address(Claim, "?state=fallen"),
        )
        for model in (Claim, Source):
            yield TodoItem(
                model.objects.due().count(),
                f"{model._meta.verbose_name_plural} due for re-checking",
                _list_address(model, "?checking=due"),
            )


@register_todo
def clinic_to_set_up(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield a reminder while the clinic's details are missing."""
    if request.user.has_perm("clinic.add_clinic") and not Clinic.objects.exists():
        yield TodoItem(
            1, "set of clinic details to enter", reverse("admin:clinic_clinic_add"), is_urgent=True
        )
