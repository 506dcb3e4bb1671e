from django.urls import path

from pages.views import HomeView, InformationPageView, health

app_name = "pages"
urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz", health, name="health"),
    path("<slug:slug>/", InformationPageView.as_view(), name="information"),
]
