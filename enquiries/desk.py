"""What reception has to do, for the first page of the admin."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from enquiries import canary
from enquiries.crypto import UNREADABLE
from enquiries.jobs import late_jobs
from enquiries.models import Enquiry, RedFlag
from publishing.desk import TodoItem, register_status, register_todo


@register_todo
def enquiries_to_do(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield what lies on the worklist, the most urgent first.

    Nothing for somebody who may not see enquiries. The count stands before the text.
    """
    if not request.user.has_perm("enquiries.view_enquiry"):
        return
    worklist = reverse("admin:enquiries_enquiry_changelist")
    rows = Enquiry.objects.all()
    counts = (
        (rows.flagged_unread(), "with a warning sign, not read yet", "flagged", True),
        (rows.overdue(), "overdue for a reply", "overdue", True),
        (rows.with_mail_failed(), "with mail that was not delivered", "unsent", True),
        (rows.open().filter(status=Enquiry.Status.NEW), "to be answered, new", "new", False),
        (rows.of_owner(request.user), "that you answer, open", "mine", False),
        (rows.spam(), "suspected of being spam, to look through", "spam", False),
    )
    for found, words, queue, is_urgent in counts:
        count = found.count()
        yield TodoItem(
            count, f"{_enquiries(count)} {words}", f"{worklist}?queue={queue}", is_urgent=is_urgent
        )


@register_todo
def red_flags_to_confirm(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the red flags that a clinician has not confirmed."""
    if request.user.has_perm("enquiries.change_redflag"):
        yield TodoItem(
            RedFlag.objects.filter(awaiting_clinician=True, is_active=True).count(),
            "red flags for enquiries awaiting a clinician’s confirmation",
            reverse("admin:enquiries_redflag_changelist") + "?awaiting_clinician__exact=1",
        )


@register_todo
def jobs_that_do_not_run(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the jobs that have not succeeded for too long, and a form that may not reach us."""
    if not request.user.has_perm("enquiries.manage_enquiry"):
        return
    now = timezone.now()
    newest = Enquiry.objects.order_by("-pk").first()
    if newest is not None and newest.full_name == UNREADABLE:
        yield TodoItem(
            1,
            "key for enquiries that is missing: they cannot be read until it is in ENQUIRY_KEYS",
            reverse("admin:enquiries_enquiry_changelist"),
            is_urgent=True,
        )
    for name in late_jobs(now):
        yield TodoItem(
            1,
            f"job that has stopped: {name}. Tell whoever runs the server",
            reverse("admin:enquiries_jobrun_changelist"),
            is_urgent=True,
        )
    yield from _canary_failed(now)


def _canary_failed(now: datetime) -> Iterator[TodoItem]:
    """Yield a test of the enquiry form that failed, or that should have succeeded by now."""
    standing = canary.standing()
    is_overdue = standing.is_overdue(now)
    if standing.outcome != "failed" and not is_overdue:
        return
    good = standing.succeeded_at
    last = f"the last to succeed was {timesince(good, now)} ago" if good else "none has succeeded"
    what = "that should have succeeded by now" if is_overdue else "that failed"
    yield TodoItem(
        1,
        f"test of the enquiry form {what}: {last}. Its list says what it met",
        reverse("admin:enquiries_canaryrun_changelist"),
        is_urgent=True,
    )


@register_status
def form_was_tested(request: HttpRequest) -> Iterator[str]:
    """Yield when the way of an enquiry was last tested, and how that ended."""
    if request.user.has_perm("enquiries.manage_enquiry"):
        found = canary.standing()
        if found.tried_at is None:
            yield "The enquiry form has not been tested yet. Whoever runs the server can do so."
        else:
            ago = timesince(found.tried_at, timezone.now())
            yield f"The enquiry form was last tested {ago} ago: the test {found.outcome}."


def _enquiries(count: int) -> str:
    return "enquiry" if count == 1 else "enquiries"
