"""Addresses of signing in. Those of django-allauth that are not here do not exist on this site."""

from django.urls import path

from accounts.views import own, second_step, setting_up

app_name = "accounts"
urlpatterns = [
    path("", own.own, name="own"),
    path("second-step/", second_step.second_step, name="second_step"),
    path("leave/", second_step.leave, name="leave"),
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/app/", setting_up.app, name="app"),
    path("set-up/passkey/", setting_up.passkey, name="passkey"),
    path("recovery-codes/", setting_up.recovery_codes, name="recovery_codes"),
    path("recovery-codes.txt", setting_up.recovery_codes_file, name="recovery_codes_file"),
    path("remove/<int:pk>/", own.remove, name="remove"),
    path("sign-out/<int:pk>/", own.end_one, name="end_one"),
    path("sign-out/others/", own.end_others, name="end_others"),
    path("confirm/", own.confirm, name="confirm"),
]
