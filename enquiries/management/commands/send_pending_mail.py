"""Sends the mails about enquiries that could not be sent at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from enquiries.delivery import send_pending
from enquiries.models import Enquiry


class Command(BaseCommand):
    help = "Send mail about enquiries that is not sent yet, oldest first. Run it every few minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=100, help="at most so many enquiries (default 100)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_pending(limit=max(0, options["limit"]))
        left = Enquiry.objects.mail_failed().count()
        self.stdout.write(f"Mail complete for {done} enquiries; {left} with mail not sent yet.")
