"""Around everything else: the number of a request, its line in the log, and its counting."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from operations import counting, logs, request_ids


class RequestMiddleware:
    """Stands outside all others, so that what they answer or fail at has a number too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        with request_ids.answering(request) as number:
            response = self.get_response(request)
            response.headers[request_ids.HEADER] = number
            seconds = time.perf_counter() - begun
            counting.note_request(response.status_code, seconds)
            logs.note_request(
                method=request.method or "",
                path=request.path,
                status=response.status_code,
                seconds=seconds,
                size=_size(response),
            )
        return response


def _size(response: HttpResponseBase) -> int | None:
    """Return the bytes of the body; nothing for one that is not made yet."""
    if not response.streaming and isinstance(response, HttpResponse):
        return len(response.content)
    told = response.headers.get("Content-Length")
    return int(told) if told else None
