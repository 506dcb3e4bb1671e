"""Addresses of a forgotten password, under the names that Django's templates know."""

from django.urls import path

from accounts.views.forgotten import AskView, DoneView, NewPasswordView, SentView

urlpatterns = [
    path("forgotten/", AskView.as_view(), name="admin_password_reset"),
    path("forgotten/sent/", SentView.as_view(), name="password_reset_done"),
    path("new/<uidb64>/<token>/", NewPasswordView.as_view(), name="password_reset_confirm"),
    path("new/done/", DoneView.as_view(), name="password_reset_complete"),
]
