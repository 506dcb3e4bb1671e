"""Makes the sizes of pictures that a request is too short for: by a job, and by a command.

Whoever makes those of a picture claims it first, for a while: when they are killed, somebody else
goes on. What fails is tried again, after longer and longer waits, and in the end told on the desk.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from publishing.images import RECIPE
from publishing.models import Image, RenditionTask

logger = logging.getLogger(__name__)

# One picture takes two to twenty seconds.
CLAIMED_FOR = timedelta(minutes=5)
# After the first failure, the second and so on. A full disk or a storage that is away takes hours.
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES = len(WAITS) + 1
# The jobs take turns in one process, and mail waits for this one.
SECONDS_A_TURN = 8.0
_LOOKED_AT = 20


def make_due(now: datetime, seconds: float = SECONDS_A_TURN) -> int:
    """Make what is missing, the newest pictures first, and return of how many pictures.

    Begins no further picture once so many seconds have gone by.
    """
    made = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and (task := _claim(now)):
        made += _make(task, now)
    return made


def waiting(now: datetime) -> QuerySet[Image]:
    """Return the pictures that lack renditions and that somebody may begin with now."""
    is_free = Q(task__isnull=True) | Q(task__not_before__lte=now, task__tries__lt=MOST_TRIES)
    return Image.objects.filter(is_free, made_with__lt=RECIPE)


def given_up(now: datetime) -> QuerySet[Image]:
    """Return the pictures whose renditions failed too often to be tried again."""
    return Image.objects.filter(
        made_with__lt=RECIPE, task__tries__gte=MOST_TRIES, task__not_before__lte=now
    )


def try_again(images: QuerySet[Image], now: datetime) -> None:
    """Forget how often the pictures failed, so that they are tried at once.

    What somebody is at work on is left to them.
    """
    has_failed = ~Q(problem="") | Q(tries__gte=MOST_TRIES, not_before__lte=now)
    RenditionTask.objects.filter(has_failed, image__in=images).delete()


def _claim(now: datetime) -> RenditionTask | None:
    """Return a picture that is ours for a while. Nobody else gets it meanwhile."""
    for pk in waiting(now).values_list("pk", flat=True)[:_LOOKED_AT]:
        try:
            task, _ = RenditionTask.objects.get_or_create(image_id=pk, defaults={"not_before": now})
        except IntegrityError:  # the picture has just been deleted
            continue
        # Of several who saw the same number of tries, the database lets one raise it.
        free = RenditionTask.objects.filter(pk=task.pk, tries=task.tries, not_before__lte=now)
        if free.update(tries=F("tries") + 1, not_before=now + CLAIMED_FOR, problem=""):
            task.tries += 1
            return task
    return None


def _make(task: RenditionTask, now: datetime) -> bool:
    try:
        image = task.image
        made = image.all_renditions()
    except Exception as problem:  # a full disk, a file that has gone, an encoder's own fault
        _note_failure(task, problem, now)
        return False
    x, y = image.focal_point
    with transaction.atomic():
        # A focal point that was moved meanwhile needs other crops: then it is begun anew.
        same = Image.objects.filter(pk=image.pk, focal_x=x, focal_y=y)
        is_done = same.update(renditions=made, made_with=RECIPE)
        RenditionTask.objects.filter(pk=task.pk).delete()
    return bool(is_done)


def _note_failure(task: RenditionTask, problem: Exception, now: datetime) -> None:
    what = f"{type(problem).__name__}: {problem}"
    logger.error(
        "Picture %s could not be made smaller (try %s): %s", task.image_id, task.tries, what
    )
    is_last = task.tries >= MOST_TRIES
    again = now if is_last else now + WAITS[task.tries - 1]
    # Not if the time we had is over and somebody else has begun.
    mine = RenditionTask.objects.filter(pk=task.pk, tries=task.tries)
    mine.update(not_before=again, problem=what[:200])
