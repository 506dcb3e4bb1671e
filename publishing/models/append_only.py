"""Rows that are written once: the record of what happened to a page."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a record."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that can be read and added to, and nothing else."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Records are added to, never changed or deleted.")

    update = delete = bulk_update = _refuse

    def bulk_create(self, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        if update_conflicts:
            self._refuse()
        return super().bulk_create(*args, **kwargs)


class AppendOnly(models.Model):
    """A record: who did it, when, and nothing that can be changed afterwards.

    The name is kept beside the account, so that the record still says who it was when the account
    is gone.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=160)

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Records are never changed.")
        # An insert in any case: with a key that is taken, Django would change the row that has it.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Records are never deleted.")
