from django.urls import path

from practitioners.views import PractitionerDetailView, PractitionerListView

app_name = "practitioners"
urlpatterns = [
    path("", PractitionerListView.as_view(), name="list"),
    path("<slug:slug>/", PractitionerDetailView.as_view(), name="detail"),
]
