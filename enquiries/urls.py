from django.urls import path

from enquiries.views import ContactView, ReceivedView

app_name = "enquiries"
urlpatterns = [
    path("", ContactView.as_view(), name="contact"),
    path("received/", ReceivedView.as_view(), name="received"),
]
