"""Lets only those count as signed in who have done all that it takes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import devices
from accounts.sign_in import admitted


class SignInMiddleware:
    """Replaces what Django's own middleware takes from the session, so that no page is forgotten.

    A public page that asks for nobody still opens no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: admitted(request))  # type: ignore[assignment]
        response = self.get_response(request)
        if (found := getattr(request, "completed_sign_in", None)) is not None:
            devices.note(request, response, found)
        return response
