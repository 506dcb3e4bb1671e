from django.urls import path

from feedback.views import NoteView, ReceivedView

app_name = "feedback"
urlpatterns = [
    path("", NoteView.as_view(), name="note"),
    path("received/", ReceivedView.as_view(), name="received"),
]
