"""The forms of signing in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts import codes
from accounts.models import KnownDevice

TOO_MANY = "There were too many wrong codes. Wait 15 minutes, or use a passkey."


class CodeForm(forms.Form):
    """Asks for a code from the app, or for a recovery code. Valid, it has `authenticator`."""

    code = forms.CharField(
        max_length=40,
        error_messages={"required": "Enter the code that your app shows."},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )  # fmt: skip
    authenticator: Authenticator

    def __init__(
        self, *args: Any, user: User, device: KnownDevice | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._user, self._device = user, device

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            found = codes.accept(self._user, code, self._device)
        except codes.TooMany:
            raise forms.ValidationError(TOO_MANY) from None
        if found is None:
            raise forms.ValidationError(
                "This code is wrong, or was used already. The app shows a new one every 30 seconds."
            )
        self.authenticator = found
        return code


class AppForm(ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    """Asks for the first code of an app that was just given its key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        )
        field.error_messages["required"] = "Enter the code that your app shows."

    def clean_code(self) -> str:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        if codes.step_of(self.secret, self.cleaned_data["code"]) is None:
            raise forms.ValidationError(
                "This code is wrong. The app shows a new one every 30 seconds; if none fits, the"
                " clock of the phone may be wrong."
            )
        return str(self.cleaned_data["code"])


class PasswordForm(forms.Form):
    """Asks somebody who is signed in for their password again, with the limits of signing in."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request, self._user = request, user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self._user.get_username()
        if authenticate(self._request, username=name, password=password) is None:
            raise forms.ValidationError("This is not your password.")
        return password
