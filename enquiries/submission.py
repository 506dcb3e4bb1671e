"""What was submitted, and the keys by which a repeat of it is known.

The keys are made with the form's nonce, which only the sender's page holds. Without it nobody can
test a guess at a message against the key in the database.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from conditions.models import Condition
from enquiries.crypto import lookup_key, lookup_keys
from practitioners.models import Practitioner


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The checked answers of one form."""

    full_name: str
    email: str
    telephone: str
    reply_by_method: str
    may_leave_message: bool
    condition: Condition | None
    practitioner: Practitioner | None
    message: str
    agrees_on_health: bool


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How the form was sent: what the judgement of spam and the test of the way look at."""

    nonce: str
    consent_version: str
    network: str = ""
    honeypot: str = ""
    seconds_on_form: float | None = None
    is_test: bool = False


def form_key(nonce: str) -> str:
    """Return the key of a form: the same for everything that is sent from one copy of the page."""
    return hashlib.sha256(f"enquiries.form:{nonce}".encode()).hexdigest()


def submission_key(nonce: str, answers: object) -> str:
    """Return the key of one form with these very answers: the same when it is sent again."""
    return hmac.new(nonce.encode(), _content(answers).encode(), hashlib.sha256).hexdigest()


def answers_key(submission: Submission) -> str:
    """Return the key of these very answers, from whichever copy of the form they come."""
    return lookup_key("answers", _content(submission))


def answers_keys(submission: Submission) -> list[str]:
    """Return that key under every key of the site, as one may have been put in front since."""
    return lookup_keys("answers", _content(submission))


def _content(answers: object) -> str:
    plain = {name: getattr(value, "pk", value) for name, value in vars(answers).items()}
    return json.dumps(plain, sort_keys=True)
