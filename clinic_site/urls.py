"""Addresses of the whole site. Information pages come last: they take any address that is left."""

from django.contrib import admin
from django.urls import include, path

handler400 = "pages.views.bad_request"
handler403 = "pages.views.permission_denied"
handler404 = "pages.views.page_not_found"
handler500 = "pages.views.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("staff/", include("publishing.urls")),
    path("staff/account/", include("accounts.urls")),
    path("staff/password/", include("accounts.forgotten_urls")),
    path("shared/", include("publishing.shared_urls")),
    path("media/", include("publishing.media_urls")),
    path("conditions/", include("conditions.urls")),
    path("articles/", include("articles.urls")),
    path("treatments/", include("treatments.urls")),
    path("practitioners/", include("practitioners.urls")),
    path("contact/", include("enquiries.urls")),
    path("feedback/", include("feedback.urls")),
    path("is-needling-suitable/", include("suitability.urls")),
    path("search/", include("search.urls")),
    path("", include("operations.urls")),
    path("", include("pages.urls")),
]
