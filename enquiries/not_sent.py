"""The page that says that something was not sent, and keeps every answer."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from clinic.models import Clinic
from enquiries import last_known


@dataclass(frozen=True)
class Words:
    """How the page speaks of what was not sent, and which answers it keeps beside the message."""

    what: str
    button: str
    message_label: str
    send_to: str
    """The name of the address that the form is sent to."""

    answers: tuple[str, ...]


def page(request: HttpRequest, posted: dict[str, str], words: Words) -> HttpResponse:
    """Return the page, with or without a database."""
    context: dict[str, Any] = {
        "words": words,
        "message": posted.get("message", ""),
        "answers": {name: posted[name] for name in words.answers if posted.get(name)},
        "form_token": posted.get("form_token", ""),
    }
    try:
        last_known.remember(Clinic.current())
        context |= {"layout": "base.html", **last_known.telephone()}
        return render(request, "enquiries/not_sent.html", context, status=503)
    except DatabaseError:
        # Nothing can be read either: a page of its own, without context processors and menus.
        context |= {"layout": "enquiries/bare.html", "request": request, **last_known.telephone()}
        return HttpResponse(render_to_string("enquiries/not_sent.html", context), status=503)
