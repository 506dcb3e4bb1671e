"""The editor's own addresses, for staff: they replace the ones that markdownx ships."""

from django.urls import path

from publishing.editor import preview, upload

app_name = "editor"
urlpatterns = [
    path("markdown/preview/", preview, name="preview"),
    path("markdown/upload/", upload, name="upload"),
]
