"""Judges whether an enquiry looks like spam, by what it says and how it came. Discards nothing."""

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
    policy = SpamPolicy.current()
    recent = RecentSubmission.objects
    from_network = recent.filter(
        at__gt=now - _HOUR, network_key__in=lookup_keys("network", sending.network)
    )
    same_text = recent.filter(
        at__gt=now - _DAY,
        text_key__in=lookup_keys("text", text_fingerprint(submission.message)),
    )
    circumstances = Circumstances(
        full_name=submission.full_name,
        email=submission.email,
        telephone=submission.telephone,
        message=submission.message,
        honeypot=sending.honeypot,
        seconds_on_form=sending.seconds_on_form,
        from_same_network=from_network.count(),
        same_text=same_text.count(),
        chose_condition=submission.condition is not None,
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
    except Exception as error:  # a fault in the judging costs the judgement, never the enquiry
        logger.error("An enquiry could not be judged: %s", type(error).__name__)
        return Judgement(0, ())


def remember(submission: Submission, sending: Sending, now: datetime) -> None:
    """Count this submission for those that follow it."""
    RecentSubmission.objects.create(
        at=now,
        network_key=lookup_key("network", sending.network),
        text_key=lookup_key("text", text_fingerprint(submission.message)),
    )


def forget(now: datetime) -> int:
    """Forget what came more than a day ago; return how many."""
    count, _ = RecentSubmission.objects.filter(at__lt=now - _DAY).delete()
    return count
