"""What needs doing about pages, people and the clinic's details, for the desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from clinic.models import Clinic
from conditions.models import Condition, ConditionWarningSign
from evidence.models import Source, WarningSign
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing.desk import TodoItem, register_todo
from publishing.models import Page
from treatments.models import Treatment, TreatmentWarningSign

# Registers change; a clinic looks its people up at least this often.
REGISTRATION_CHECK_DAYS = 180
_PAGE_KINDS: tuple[type[Page], ...] = (Condition, Article, Treatment, InformationPage)
_SIGN_KINDS: tuple[tuple[type[Page], type[WarningSign]], ...] = (
    (Condition, ConditionWarningSign),
    (Treatment, TreatmentWarningSign),
)


def _list_address(model: type[Page] | type[Practitioner] | type[Source], query: str = "") -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_changelist") + query


@register_todo
def pages_to_see_to(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield drafts, overdue reviews and pages that changed since their review, by page kind."""
    today = timezone.localdate()
    for model in _PAGE_KINDS:
        options = model._meta
        if not request.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            continue
        name = str(options.verbose_name_plural)
        published = model.objects.published()
        yield TodoItem(
            published.filter(next_review_due__lt=today).count(),
            f"{name} overdue for clinical review",
            _list_address(model, f"?next_review_due__lt={today}&published_at__isnull=False"),
            is_urgent=True,
        )
        yield TodoItem(
            published.filter(updated_on__gt=F("reviewed_on")).count(),
            f"{name} changed since their clinical review",
            _list_address(model),
        )
        if model is not InformationPage:
            yield TodoItem(
                published.filter(reviewed_on__isnull=True).count(),
                f"{name} that no clinician has reviewed",
                _list_address(model, "?reviewed_on__isnull=True&published_at__isnull=False"),
            )
        yield TodoItem(
            model.objects.filter(published_at__isnull=True).count(),
            f"{name} in draft",
            _list_address(model, "?published_at__isnull=True"),
        )


@register_todo
def signs_to_confirm(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the warning signs that a clinician has not confirmed."""
    for page_kind, sign_kind in _SIGN_KINDS:
        options = sign_kind._meta
        if request.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            yield TodoItem(
                sign_kind._default_manager.filter(awaiting_clinician=True).count(),
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
def clinic_to_set_up(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield a reminder while the clinic's details are missing."""
    if request.user.has_perm("clinic.add_clinic") and not Clinic.objects.exists():
        yield TodoItem(
            1, "set of clinic details to enter", reverse("admin:clinic_clinic_add"), is_urgent=True
        )
