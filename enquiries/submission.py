"""What was submitted, and the keys by which a repeat of it is known.

The keys are made with the form's nonce, which only the sender's page holds. Without it nobody can
test a guess at a message against the key in the database.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from conditions.models import Condition
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


def form_key(nonce: str) -> str:
    """Return the key of a form: the same for everything that is sent from one copy of the page."""
    return hashlib.sha256(f"enquiries.form:{nonce}".encode()).hexdigest()


def submission_key(nonce: str, submission: Submission) -> str:
    """Return the key of one form with these very answers: the same when it is sent again."""
    answers = {name: getattr(value, "pk", value) for name, value in vars(submission).items()}
    content = json.dumps(answers, sort_keys=True).encode()
    return hmac.new(nonce.encode(), content, hashlib.sha256).hexdigest()
