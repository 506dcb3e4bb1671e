from django.urls import path

from enquiries.views import ContactView, ReceiptView, ReceivedView

app_name = "enquiries"
urlpatterns = [
    path("", ContactView.as_view(), name="contact"),
    path("received/", ReceivedView.as_view(), name="received"),
    path("your-enquiry/<str:signed>/", ReceiptView.as_view(), name="receipt"),
]
