"""How long what is kept of sign-ins stays."""

from datetime import timedelta

from django.utils import timezone

from accounts import throttle
from accounts.models import KnownDevice, SignIn

# Long enough to look back after something went wrong; the audit log keeps new devices for good.
SIGN_INS_ARE_KEPT = timedelta(days=30)
# As long as browsers keep the cookie.
DEVICES_ARE_KEPT = timedelta(days=400)


def forget_old() -> None:
    """Remove sign-ins, devices and counts of tries that are past use. Done once a day."""
    now = timezone.now()
    SignIn.objects.filter(started_at__lt=now - SIGN_INS_ARE_KEPT).delete()
    KnownDevice.objects.filter(last_used_at__lt=now - DEVICES_ARE_KEPT).delete()
    throttle.forget_old()
