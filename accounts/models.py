"""Sign-ins, the devices they came from, and counts of tries."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

# An unattended desk in a clinic is within a patient's reach: whoever may read enquiries signs in
# again after this long without doing anything.
IDLE_FOR_ENQUIRIES = timedelta(minutes=30)


class KnownDevice(models.Model):
    """A browser in which somebody has signed in. Its key is a digest of what its cookie holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    browser = models.CharField(max_length=80)
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="device_once_a_person")
        ]

    def __str__(self) -> str:
        return self.browser


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open_of(self, user: User) -> "SignInQuerySet":
        """Return the sign-ins of somebody that still hold, the one used last first.

        A changed password ends those that began with the old one.
        """
        since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(
            user=user,
            ended_at=None,
            started_at__gt=since,
            password_hash=user.get_session_auth_hash(),
        ).order_by("-last_active_at")


class SignIn(models.Model):
    """One time that somebody signed in, to the end. The session holds its number.

    Neither the whole address nor the browser's full account of itself is kept.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(KnownDevice, on_delete=models.SET_NULL, null=True, related_name="+")
    browser = models.CharField(max_length=80)
    address = models.CharField(max_length=50)
    started_at = models.DateTimeField(db_index=True)
    last_active_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    with_second_factor = models.BooleanField()
    # Django's own keyed hash of the password, by which it ends sessions when that changes.
    password_hash = models.CharField(max_length=128)

    objects = SignInQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.browser}, {self.address}"

    def is_over(self, user: User, now: datetime) -> bool:
        """Say whether it was ended, or left alone for too long by somebody who reads enquiries."""
        if self.ended_at is not None:
            return True
        is_idle = now - self.last_active_at > IDLE_FOR_ENQUIRIES
        return is_idle and user.has_perm("enquiries.view_enquiry")

    def note_activity(self, user: User, now: datetime) -> None:
        """Keep when it was last used, to the minute, so that most requests write nothing."""
        password_hash = user.get_session_auth_hash()
        is_new_password = self.password_hash != password_hash  # changed in this very session
        if is_new_password or not self.last_active_at <= now < self.last_active_at + timedelta(
            minutes=1
        ):
            self.last_active_at, self.password_hash = now, password_hash
            self.save(update_fields=["last_active_at", "password_hash"])


class Tries(models.Model):
    """How often something was tried within a time, in the database that all processes share."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"


class LastCode(models.Model):
    """The time step of the last code that somebody used: that one and older ones are spent.

    RFC 6238, 5.2: a one-time password is accepted once.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    step = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.step)

    @classmethod
    def use(cls, user: User, step: int) -> bool:
        """Spend the code of a time step; False if it, or a later one, was spent before."""
        if cls.objects.filter(user=user, step__lt=step).update(step=step):
            return True
        return cls.objects.get_or_create(user=user, defaults={"step": step})[1]
