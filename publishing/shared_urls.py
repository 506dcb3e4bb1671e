"""Addresses for people without an account who were sent a link to one version."""

from django.urls import path

from publishing.shared import decide, shared_version

app_name = "shared"
urlpatterns = [
    path("<str:token>/", shared_version, name="version"),
    path("<str:token>/review/", decide, name="review"),
]
