"""Changes the key that the secrets of second factors are encrypted with."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from enquiries.crypto import UNREADABLE, decrypt, encrypt, is_current
from enquiries.key_rotation import Report

# The names under which the library keeps what its adapter has encrypted.
_SECRETS = ("secret", "seed")


def rotate(report: Report) -> None:
    """Encrypt every secret anew with the newest key, and count it in the report."""
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            found = Authenticator.objects.select_for_update().filter(pk=pk).first()
            names = [name for name in _SECRETS if found is not None and name in found.data]
            if found is None or not names:
                continue
            if all(is_current(found.data[name]) for name in names):
                report.current += 1
                continue
            texts = {name: decrypt(found.data[name]) for name in names}
            if UNREADABLE in texts.values():
                report.unreadable += 1
                continue
            found.data |= {name: encrypt(text) for name, text in texts.items()}
            found.save(update_fields=["data"])
            report.changed += 1
