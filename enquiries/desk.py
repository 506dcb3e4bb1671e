"""What reception has to do, for the first page of the admin."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from enquiries.models import Enquiry
from publishing.desk import TodoItem, register_todo


@register_todo
def enquiries_to_do(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield how many enquiries are overdue, new, or have mail that could not be sent.

    Nothing for somebody who may not see enquiries. The count stands before the text.
    """
    if not request.user.has_perm("enquiries.view_enquiry"):
        return
    worklist = reverse("admin:enquiries_enquiry_changelist")
    overdue = Enquiry.objects.overdue().count()
    yield TodoItem(
        overdue,
        f"{_enquiries(overdue)} overdue for a reply",
        f"{worklist}?overdue=yes",
        is_urgent=True,
    )
    unsent = Enquiry.objects.mail_failed().count()
    yield TodoItem(
        unsent,
        f"{_enquiries(unsent)} with mail that could not be sent",
        f"{worklist}?mail_failed=yes",
        is_urgent=True,
    )
    new = Enquiry.objects.filter(status=Enquiry.Status.NEW).count()
    yield TodoItem(
        new, f"new {_enquiries(new)}", f"{worklist}?status__exact={Enquiry.Status.NEW.value}"
    )


def _enquiries(count: int) -> str:
    return "enquiry" if count == 1 else "enquiries"
