"""Mail to staff about their account, plain text. Nobody waits for it, and it holds up nothing."""

import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignIn
from clinic.models import Clinic
from enquiries import outbox

logger = logging.getLogger(__name__)


def tell_of_new_device(sign_in: SignIn) -> None:
    """Tell somebody that their account was used in a browser for the first time."""
    context = {"sign_in": sign_in, "at": timezone.localtime(sign_in.started_at)}
    _send(sign_in.user, "Your account was used on a new device", "new_device", context)


def tell_of_reset(user: User, by: str) -> None:
    """Tell somebody that a colleague took away their second factor."""
    _send(user, "Your second step was reset", "factor_reset", {"by": by})


def _send(user: User, subject: str, name: str, context: dict[str, object]) -> None:
    if not user.email:
        return
    page = settings.SITE_URL.rstrip("/") + reverse("accounts:own")
    told = context | {"user": user, "clinic": Clinic.current(), "page": page}
    body = render_to_string(f"accounts/mail/{name}.txt", told)

    def work() -> None:
        try:
            send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
        except Exception as error:  # there is nobody above to tell
            logger.error("Mail about an account was not sent: %s", outbox.describe(error))

    outbox.run_in_background(work)
