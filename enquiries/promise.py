"""When the clinic promises to have replied."""

from datetime import datetime, timedelta

from clinic.models import Clinic

_STEP = timedelta(minutes=15)


def promised_reply(clinic: Clinic, moment: datetime) -> datetime | None:
    """Return by when an enquiry of this moment is answered, or nothing if no time can be promised.

    The hours that the clinic sets itself are counted while it is open. The time is moved on to the
    next quarter of an hour, so that people read "12:30pm" and not "12:16pm".
    """
    due = clinic.calendar().after_open_hours(moment, clinic.reply_within_hours)
    if due is None:
        return None
    past = timedelta(minutes=due.minute, seconds=due.second, microseconds=due.microsecond) % _STEP
    return due + (_STEP - past) if past else due
