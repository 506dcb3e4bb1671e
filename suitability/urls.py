from django.urls import path

from suitability.views import SuitabilityView

app_name = "suitability"
urlpatterns = [path("", SuitabilityView.as_view(), name="questions")]
