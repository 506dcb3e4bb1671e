"""What every loader does with a row: check it, save it, find others, and name the file at fault."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from pages.content.files import ContentError

M = TypeVar("M", bound=models.Model)


class errors_named:  # noqa: N801  (used as a statement, like contextlib.suppress)
    """Turns what goes wrong inside into a ContentError that names the file."""

    def __init__(self, path: Path, entry: str = "") -> None:
        self.place = f"{path}, {entry}" if entry else str(path)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValidationError):
            told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            problems = "; ".join(
                f"{name}: {' '.join(messages)}".removeprefix(": ")
                for name, messages in told.items()
            )
            raise ContentError(f"{self.place}: {problems}") from error
        if isinstance(error, KeyError):
            raise ContentError(f"{self.place}: {error.args[0]} is missing") from error
        if isinstance(error, ContentError):
            raise ContentError(f"{self.place}: {error}") from error
        if isinstance(error, (AttributeError, TypeError, ValueError)):
            raise ContentError(f"{self.place}: {error}") from error


def save_checked(row: M) -> M:
    """Check a row as the admin would, save it and return it. Raises ValidationError."""
    row.full_clean()
    row.save()
    return row


def given(meta: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the named values that the file gives; the others keep the model's defaults."""
    return {name: meta[name] for name in names if meta.get(name) is not None}


def plain_fields(model: type[models.Model]) -> list[str]:
    """Return the names of a model's fields that staff fill in and that name no other row."""
    return [
        each.name
        for each in model._meta.concrete_fields
        if each.editable and not each.primary_key and not each.is_relation
    ]


def find(model: type[M], field: str, value: object) -> M:
    """Return the row whose field has the value. Raises ContentError without one."""
    found = model._default_manager.filter(**{field: value}).first()
    if found is None:
        raise ContentError(f"there is no {model._meta.verbose_name} with {field} {value}")
    return found


def find_if(model: type[M], field: str, value: object) -> M | None:
    """Return the row whose field has the value; without a value, nothing."""
    return find(model, field, value) if value else None


def find_all(model: type[M], slugs: Iterable[str]) -> list[M]:
    """Return the rows of these slugs, in their order. Raises ContentError where one is missing."""
    return [find(model, "slug", slug) for slug in slugs]
