"""Trials that set the clock: the outbox over a simulated hour, two senders, a clock set back.

They run in a process of their own, on a trial site's database and with its settings:
`python -m scripts.faults.in_process` prints what was counted, as JSON.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402  (the models need the set-up)
from django.utils import timezone  # noqa: E402

from enquiries import outbox, services  # noqa: E402
from enquiries.models import Enquiry, OutgoingMail  # noqa: E402
from enquiries.submission import Sending, Submission  # noqa: E402
from scripts.environment import ROOT  # noqa: E402
from scripts.faults.mail_server import DROPS, HANGS, REFUSES, WELL, BadMailServer  # noqa: E402


def new_enquiry(number: int) -> Enquiry:
    """Store an enquiry without any sender at work."""
    submission = Submission(
        full_name=f"Person {number}", email=f"person{number}@example.com", telephone="",
        reply_by_method="email", may_leave_message=False, condition=None, practitioner=None,
        message=f"May I bring my dog? ({number})", agrees_on_health=False,
    )  # fmt: skip
    sending = Sending(nonce=f"in-process-{number}", consent_version="2026-11-21")
    return services.receive_enquiry(submission=submission, sending=sending)


def an_hour_without_mail(mail: BadMailServer, mode: str, first: int) -> dict[str, Any]:
    """Let the mail server misbehave for an hour, then behave: everything is sent in the end."""
    mail.mode, mail.tries = mode, 0
    mail.taken.clear()
    begun = timezone.now()
    with time_machine.travel(begun, tick=False) as clock:
        for number in range(first, first + 3):
            new_enquiry(number)
        for _ in range(60):
            outbox.drain(limit=100)
            clock.shift(timedelta(minutes=1))
        during = len(mail.taken)
        mail.mode = WELL
        hours = 0
        while OutgoingMail.objects.filter(state="waiting").exists() and hours < 24:
            clock.shift(timedelta(hours=1))
            outbox.drain(limit=100)
            hours += 1
    return {
        "mails": 6,
        "taken during the hour": during,
        "taken in the end": sum(mail.taken.values()),
        "taken twice": sum(count > 1 for count in mail.taken.values()),
        "tries during the hour": mail.tries - 6,
        "hours until all were sent": hours,
    }


def two_senders(mail: BadMailServer, first: int, number: int = 40) -> dict[str, Any]:
    """Let two processes drain one outbox at the same time."""
    mail.taken.clear()
    for each in range(first, first + number):
        new_enquiry(each)
    senders = [
        subprocess.Popen(
            [sys.executable, "manage.py", "run_jobs", "--once"],
            cwd=ROOT,
            env={**os.environ, "EMAIL_PORT": str(mail.port)},
        )
        for _ in range(2)
    ]
    for sender in senders:
        sender.wait()
    return {
        "mails": 2 * number,
        "taken": sum(mail.taken.values()),
        "taken twice": sum(count > 1 for count in mail.taken.values()),
    }


def clock_set_back(mail: BadMailServer, first: int) -> dict[str, Any]:
    """Set the clock back by two hours: what comes then is stored, and mailed at once."""
    mail.taken.clear()
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
        enquiry = new_enquiry(first)
        outbox.drain(limit=100)
    sent = enquiry.mail.filter(state="sent").count()
    return {"stored": Enquiry.objects.filter(pk=enquiry.pk).count(), "mails sent": sent}


def main() -> None:
    """Run the trials against a mail server of their own."""
    settings.EMAIL_TIMEOUT = 0.3
    outbox.run_in_background = lambda work: None  # the trials drain when they mean to
    mail = BadMailServer()
    mail.start()
    settings.EMAIL_PORT = mail.port
    OutgoingMail.objects.all().delete()
    found = {
        f"mail server {mode} for an hour": an_hour_without_mail(mail, mode, 50_000 + 10 * place)
        for place, mode in enumerate((REFUSES, HANGS, DROPS))
    }
    mail.mode = WELL
    found["two senders on one outbox"] = two_senders(mail, 51_000)
    found["clock set back two hours"] = clock_set_back(mail, 52_000)
    mail.stop()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
