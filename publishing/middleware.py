"""Sees to planned changes before a request is answered, so that they take effect on time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from publishing.projection import apply_due


class PlannedChangesMiddleware:
    """Makes the planned changes that have come due. Mostly there is none, and no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        apply_due()
        return self.get_response(request)
