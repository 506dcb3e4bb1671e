from django.urls import path

from treatments.views import TreatmentDetailView, TreatmentListView

app_name = "treatments"
urlpatterns = [
    path("", TreatmentListView.as_view(), name="list"),
    path("<slug:slug>/", TreatmentDetailView.as_view(), name="detail"),
]
