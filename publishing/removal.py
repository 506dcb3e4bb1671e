"""The end of deleted pages: which are gone for good, which stay, and what keeps them."""

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from publishing.models import Page
from publishing.models.audit import record
from publishing.workflow import DAYS_UNTIL_GONE, THE_WEBSITE


def gone_for_good(model: type[Page]) -> models.QuerySet[Any]:
    """Return the deleted pages whose time to be taken back is over, and that nothing keeps."""
    limit = timezone.now() - timedelta(days=DAYS_UNTIL_GONE)
    pages = model._base_manager.filter(deleted_at__lt=limit)
    return pages.filter(**{f"{each.name}__isnull": True for each in _keeping(model)})


@transaction.atomic
def remove_for_good(model: type[Page]) -> int:
    """Remove the pages of a kind that are gone for good, and return how many there were.

    What was decided about them stays on record.
    """
    pages = list(gone_for_good(model))
    for page in pages:
        record(None, "removed the page for good", page, by_name=THE_WEBSITE)
    model._base_manager.filter(pk__in=[page.pk for page in pages]).delete()
    return len(pages)


def rows_that_keep(page: Page) -> list[models.Model]:
    """Return the rows that cannot do without the page, such as the claims about a condition.

    While there are any, a deleted page stays: other pages may place what they say about it.
    """
    names = (each.get_accessor_name() for each in _keeping(type(page)))
    return [row for name in names if name for row in getattr(page, name).all()]


def _keeping(model: type[Page]) -> list[Any]:
    return [
        each
        for each in model._meta.related_objects
        if each.one_to_many and each.on_delete is models.PROTECT
    ]
