"""The page “Is needling suitable for me?”: the questions, and what the answers come to.

It keeps nothing of what somebody answers: no row, no session, no cookie, no log, no address. The
answers come with one request and go with its response.
"""

from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from evidence.general_signs import general_care_cards
from suitability.checking import checking_of
from suitability.forms import SuitabilityForm, answers_in
from suitability.models import Caution
from suitability.outcome import outcome_of

# The name of the button on the answer page that brings the questions back with their answers.
CHANGE = "change"


# Django's CSRF token needs a cookie, and readers get none. It guards the authority of a session;
# this view uses none and writes nothing, so a post forged from another site does nothing at all.
@method_decorator(csrf_exempt, name="dispatch")
# No copy stays in a browser or a cache: the answers are about somebody's health.
@method_decorator(never_cache, name="dispatch")
# Nor in the report of an error.
@method_decorator(sensitive_post_parameters(), name="dispatch")
class SuitabilityView(View):
    """Asks, and answers the post at the same address, so that no answer stands in an address."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
            # Far more than the form sends, or nothing that can be read. Answered here and not by
            # Django, which would make a note of it in the log.
            bad_request: Any = get_resolver().resolve_error_handler(400)
            response: HttpResponse = bad_request(request, exception=error)
            return response

    def get(self, request: HttpRequest) -> HttpResponse:
        return _questions(request, SuitabilityForm(_cautions()))

    def post(self, request: HttpRequest) -> HttpResponse:
        answers = answers_in(request.POST)
        cautions = _cautions()
        form = SuitabilityForm(cautions, answers)
        # Without questions there is no answer either: not a single “no” was said.
        if not cautions or CHANGE in answers:
            response = _questions(request, SuitabilityForm(cautions, initial=answers))
        elif form.is_valid():
            response = _answer(request, form)
        else:
            response = _questions(request, form, form.mistakes(), status=422)
        response["X-Robots-Tag"] = "noindex"
        return response


def _cautions() -> list[Caution]:
    """Return the questions to ask, with who checked them and their sources. Two queries."""
    shown = Caution.objects.shown().select_related("checked_by").prefetch_related("sources")
    return list(shown)


def _questions(
    request: HttpRequest,
    form: SuitabilityForm,
    mistakes: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _frame(form.cautions) | {"form": form, "mistakes": mistakes or []}
    return render(request, "suitability/questions.html", context, status=status)


def _answer(request: HttpRequest, form: SuitabilityForm) -> HttpResponse:
    context = _frame(form.cautions) | {
        "outcome": outcome_of(form.answers()),
        "answers": form.cleaned_data,
        "change": CHANGE,
    }
    return render(request, "suitability/answer.html", context)


def _frame(cautions: Any) -> dict[str, Any]:
    return {"checking": checking_of(cautions), "care_cards": general_care_cards()}
