from django.urls import path

from operations import probes

app_name = "operations"
urlpatterns = [
    path("healthz", probes.health, name="health"),
    path("livez", probes.live, name="live"),
    path("readyz", probes.ready, name="ready"),
]
