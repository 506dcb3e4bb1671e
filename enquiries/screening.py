"""Judges whether a message looks like spam, by what it says and how it came. Discards nothing."""

import logging
from datetime import datetime, timedelta

from enquiries.crypto import lookup_key, lookup_keys
from enquiries.models import RecentSubmission, SpamPolicy
from enquiries.spam.fingerprint import text_fingerprint
from enquiries.spam.judgement import Circumstances, Judgement, Limits, judge
from enquiries.submission import Sending, Submission

logger = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# So many times what is many already suffices alone.
_FLOOD_OF_NETWORK = 6
_FLOOD_OF_TEXT = 3


def judge_submission(submission: Submission, sending: Sending, now: datetime) -> Judgement:
    """Return the judgement of a submission that is about to be stored."""
    return judge_message(
        submission.message,
        sending,
        now,
        full_name=submission.full_name,
        email=submission.email,
        telephone=submission.telephone,
        chose_condition=submission.condition is not None,
    )


def judge_message(
    message: str,
    sending: Sending,
    now: datetime,
    *,
    form: str = "",
    full_name: str = "",
    email: str = "",
    telephone: str = "",
    chose_condition: bool = False,
) -> Judgement:
    """Return the judgement of a message that is about to be stored.

    `form` names the form it came with where that is not the enquiry form: each is counted by
    itself, so that a flood of one does not make what comes with the other look like spam.
    """
    policy = SpamPolicy.current()
    recent = RecentSubmission.objects
    from_network = recent.filter(
        at__gt=now - _HOUR, network_key__in=lookup_keys(f"{form}network", sending.network)
    )
    same_text = recent.filter(
        at__gt=now - _DAY,
        text_key__in=lookup_keys(f"{form}text", text_fingerprint(message)),
    )
    circumstances = Circumstances(
        full_name=full_name,
        email=email,
        telephone=telephone,
        message=message,
        honeypot=sending.honeypot,
        seconds_on_form=sending.seconds_on_form,
        from_same_network=from_network.count(),
        same_text=same_text.count(),
        chose_condition=chose_condition,
    )
    limits = Limits(
        threshold=policy.threshold,
        per_network_per_hour=policy.per_network_per_hour,
        flood_per_network_per_hour=policy.per_network_per_hour * _FLOOD_OF_NETWORK,
        repeats_per_day=policy.repeats_per_day,
        flood_of_repeats_per_day=policy.repeats_per_day * _FLOOD_OF_TEXT,
    )
    try:
        return judge(circumstances, limits)
    except Exception as error:  # a fault in the judging costs the judgement, never the message
        logger.error("A message could not be judged: %s", type(error).__name__)
        return Judgement(0, ())


def remember(message: str, sending: Sending, now: datetime, *, form: str = "") -> None:
    """Count this message for those that follow it with the same form."""
    RecentSubmission.objects.create(
        at=now,
        network_key=lookup_key(f"{form}network", sending.network),
        text_key=lookup_key(f"{form}text", text_fingerprint(message)),
    )


def forget(now: datetime) -> int:
    """Forget what came more than a day ago; return how many."""
    count, _ = RecentSubmission.objects.filter(at__lt=now - _DAY).delete()
    return count
