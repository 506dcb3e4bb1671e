"""A text column whose contents are encrypted in the database."""

from typing import Any

from django.db import models

from enquiries.crypto import UNREADABLE, KeyProblem, decrypt, encrypt


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted on its way into the database and decrypted on its way out.

    It cannot be searched or sorted by. An empty text stays empty, so that "nothing given" can be
    asked for.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if text == UNREADABLE:
            # Saving the stand-in would lose for good what the missing key may still bring back.
            raise KeyProblem("This text cannot be read at the moment, so it cannot be saved.")
        return text if text is None else encrypt(text)

    def get_lookup(self, lookup_name: str) -> Any:
        # "Empty or not" is all that can be asked of it; encryption is different each time.
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None
