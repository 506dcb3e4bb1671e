"""What this site changes in django-allauth (decision 0016)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from clinic.models import Clinic
from enquiries import crypto


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Accounts are made in the admin; the library only reads them."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Leave it to `steps.for_setting_up` to ask for a fresh password."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to our views to say what was done, in our words."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are encrypted with the keys of enquiries, and people see the clinic's name."""

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text, or `UNREADABLE` if its key is gone; see accounts/codes.py."""
        return crypto.decrypt(encrypted_text)

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        return Clinic.current().name

    def _get_site_name(self) -> str:
        return Clinic.current().name
