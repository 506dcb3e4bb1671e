"""Encrypts every text anew with the newest key, row by row, while the site goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from enquiries.crypto import (
    UNREADABLE,
    decrypt,
    is_current,
    lookup_key,
    normal_email,
    normal_telephone,
)
from enquiries.encrypted_fields import EncryptedTextField


@dataclass
class Report:
    """How many rows were encrypted anew, were so already, or cannot be read."""

    changed: int = 0
    current: int = 0
    unreadable: int = 0


_others: list[Callable[[Report], None]] = []


def register(rotate_others: Callable[[Report], None]) -> None:
    """Add what encrypts secrets that stand in no encrypted column. Safe to repeat."""
    if rotate_others not in _others:
        _others.append(rotate_others)


def rotate() -> Report:
    """Encrypt everything with the first key, and make the keyed hashes anew with it.

    Everything is each encrypted column of any app.
    """
    report = Report()
    for model in apps.get_models():
        names = [
            field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)
        ]
        if names:
            for pk in model._base_manager.values_list("pk", flat=True).iterator():
                _rotate_row(model, pk, names, report)
    for rotate_others in _others:
        rotate_others(report)
    return report


def _rotate_row(model: type[models.Model], pk: int, names: list[str], report: Report) -> None:
    with transaction.atomic():
        rows = model._base_manager.select_for_update().filter(pk=pk)
        raw = rows.values(
            **{f"raw_{name}": Cast(models.F(name), models.TextField()) for name in names}
        ).first()
        if raw is None:  # erased in the meantime
            return
        tokens = {name: raw[f"raw_{name}"] for name in names if raw[f"raw_{name}"]}
        if all(is_current(token) for token in tokens.values()):
            report.current += 1
            return
        texts = {name: decrypt(token) for name, token in tokens.items()}
        readable = {name: text for name, text in texts.items() if text != UNREADABLE}
        rows.update(**readable, **_hashes(model, readable))
        if len(readable) < len(texts):
            report.unreadable += 1
        else:
            report.changed += 1


def _hashes(model: type[models.Model], texts: dict[str, str]) -> dict[str, str]:
    columns = {field.name for field in model._meta.fields}
    hashes = {}
    if "email" in texts and "email_key" in columns:
        hashes["email_key"] = lookup_key("email", normal_email(texts["email"]))
    if "telephone" in texts and "telephone_key" in columns:
        hashes["telephone_key"] = lookup_key("telephone", normal_telephone(texts["telephone"]))
    return hashes
