"""The editor's own addresses, for staff: they replace the ones that markdownx ships."""

from django.urls import path

from publishing.editor import complete, preview, upload
from publishing.kept_text import go_on

app_name = "editor"
urlpatterns = [
    path("markdown/preview/", preview, name="preview"),
    path("markdown/upload/", upload, name="upload"),
    path("completions/", complete, name="completions"),
    path("continue/", go_on, name="continue"),
]
