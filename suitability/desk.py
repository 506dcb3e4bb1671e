"""What is to be done about cautions, for the first page of the admin."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from publishing.desk import TodoItem, register_todo
from suitability.models import Caution


@register_todo
def cautions_to_confirm(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield how many questions readers are asked that no clinician has confirmed."""
    user = request.user
    if user.has_perm("suitability.change_caution") or user.has_perm("publishing.review_version"):
        count = Caution.objects.to_confirm().count()
        noun = "caution" if count == 1 else "cautions"
        yield TodoItem(
            count,
            f"{noun} on needling awaiting a clinician’s confirmation",
            f"{reverse('admin:suitability_caution_changelist')}?checking=to-confirm",
            is_urgent=True,
        )
