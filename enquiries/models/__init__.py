"""What an enquiry is made of: what was sent, the thread, the mail, and how long it is kept."""

from enquiries.models.enquiry import Enquiry
from enquiries.models.jobs import CanaryRun, JobRun
from enquiries.models.outgoing_mail import OutgoingMail
from enquiries.models.presence import Viewing
from enquiries.models.red_flag import RedFlag
from enquiries.models.reply_template import ReplyTemplate
from enquiries.models.retention import RetentionRule, Tombstone
from enquiries.models.spam import RecentSubmission, SpamPolicy
from enquiries.models.thread import ThreadEntry

__all__ = [
    "CanaryRun",
    "Enquiry",
    "JobRun",
    "OutgoingMail",
    "RecentSubmission",
    "RedFlag",
    "ReplyTemplate",
    "RetentionRule",
    "SpamPolicy",
    "ThreadEntry",
    "Tombstone",
    "Viewing",
]
