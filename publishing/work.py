"""What somebody is typing: kept on the server, apart from the history, until it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils import timezone

from publishing.models import WorkInProgress
from publishing.models.audit import name_of
from publishing.models.editing import AT_WORK

# A page is a few thousand words. What is longer is no text of a page.
MAX_TYPED_CHARACTERS = 2_000_000
_NOT_TEXT = {"csrfmiddlewaretoken", "_save", "_continue", "_addanother", "_submit"}


class TooLong(Exception):
    """More was typed than a page can hold."""


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has the page open."""

    name: str
    since: datetime


def _mine(user: Any, model: type[models.Model], object_id: int) -> dict[str, Any]:
    return {
        "user": user,
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": object_id,
    }


def open_page(user: Any, model: type[models.Model], object_id: int) -> WorkInProgress:
    """Note that somebody has the page open, and return what they typed there before."""
    now = timezone.now()
    work, is_new = WorkInProgress.objects.get_or_create(**_mine(user, model, object_id))
    if not is_new:
        if work.seen_at < now - AT_WORK and not work.typed:
            work.started_at = now
        work.seen_at = now
        work.save(update_fields=["started_at", "seen_at"])
    return work


def colleagues(user: Any, model: type[models.Model], object_id: int) -> list[Colleague]:
    """Return who else has the page open, and since when."""
    others = WorkInProgress.objects.on(model, object_id).at_work().exclude(user=user)
    return [
        Colleague(name_of(each.user), each.started_at)
        for each in others.select_related("user").order_by("started_at")
    ]


def keep(
    user: Any, model: type[models.Model], object_id: int, typed: Iterable[tuple[str, str]]
) -> datetime:
    """Keep what somebody has typed so far, in place of what was kept before.

    Returns when. Raises TooLong for more than any page holds. Without any fields, it only notes
    that the person is still there.
    """
    kept = [[storable(name), storable(value)] for name, value in typed if name not in _NOT_TEXT]
    if sum(len(name) + len(value) for name, value in kept) > MAX_TYPED_CHARACTERS:
        raise TooLong(f"{MAX_TYPED_CHARACTERS:,}")
    now = timezone.now()
    seen: dict[str, Any] = {"seen_at": now}
    if kept:
        seen |= {"typed": kept, "typed_at": now}
    WorkInProgress.objects.update_or_create(defaults=seen, **_mine(user, model, object_id))
    return now


def storable(text: str) -> str:
    """Return a text without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def discard(user: Any, model: type[models.Model], object_id: int) -> None:
    """Forget what somebody typed: it was saved, or they do not want it."""
    WorkInProgress.objects.filter(**_mine(user, model, object_id)).delete()


def typed_form(work: WorkInProgress) -> QueryDict | None:
    """Return what was typed as a browser would send it, or nothing."""
    if not work.typed:
        return None
    form = QueryDict(mutable=True)
    for name, value in work.typed:
        form.appendlist(name, value)
    return form


def pairs(form: QueryDict) -> list[tuple[str, str]]:
    """Return the fields of a form as a list, several values of one name included."""
    return [(name, str(value)) for name, values in form.lists() for value in values]
