"""Home, information pages and the error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.generic import TemplateView

from articles.models import Article
from conditions.models import Condition
from delivery import shown
from enquiries import last_known
from evidence.views import SourcedPageDetailView
from operations import request_ids
from pages.models import InformationPage
from practitioners.models import Practitioner
from publishing import redirects
from publishing.shown_on import MENU
from search.suggesting import pages_like
from treatments.models import Treatment


class HomeView(TemplateView):
    """The home page: find your pain, meet the people, reach the clinic."""

    template_name = "pages/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            conditions=list(Condition.objects.published().only("slug", "name", "summary", "order")),
            treatments=list(Treatment.objects.published().only("slug", "name", "summary", "order")),
            practitioners=list(
                Practitioner.objects.listed()
                .select_related("photo")
                .prefetch_related("registrations")[:6]
            ),
            articles=list(Article.objects.published().select_related("category", "lead_image")[:3]),
            **kwargs,
        )


class InformationPageView(SourcedPageDetailView):
    """One information page."""

    model = InformationPage
    template_name = "pages/information_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown.lists(MENU)
        return super().get_context_data(**kwargs)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request we cannot read, such as one far too large."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for somebody who may not see what they asked for."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Lead an old address on to the new one, or say that it leads nowhere."""
    new_address = redirects.destination(request.path) if request.method in {"GET", "HEAD"} else None
    if new_address:
        response = HttpResponsePermanentRedirect(new_address)
        # A browser that kept it for good would go in circles once a page moves back.
        response["Cache-Control"] = "no-cache"
        return response
    suggestions = pages_like(request.path) if request.method == "GET" else []
    return render(request, "404.html", {"suggestions": suggestions}, status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own fault. It needs no database and no context: they may be what broke."""
    context = last_known.telephone() | {"reference": request_ids.current()}
    return HttpResponse(render_to_string("500.html", context), status=500)
