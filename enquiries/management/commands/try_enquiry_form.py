"""`manage.py try_enquiry_form`: sees whether an enquiry still goes all the way to the clinic."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from enquiries.canary_run import make_test
from enquiries.models import CanaryRun


class Command(BaseCommand):
    """Sends a marked test through the real form, follows it and erases it. To be run daily."""

    help = (
        "Send a test enquiry through the form of the running site and see that it is stored and"
        " that its mail goes out, and arrives where IMAP_HOST is set. Ends with 1 if it does not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="", help="address of the site; default: SITE_URL")
        parser.add_argument(
            "--wait", type=float, default=60, help="seconds to wait for the mail; default: 60"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        site = options["site"] or settings.SITE_URL
        if not site.startswith(("http://", "https://")):
            raise CommandError("--site must begin with http:// or https://.")
        try:
            run = make_test(site=site, wait=options["wait"])
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {type(error).__name__}.") from None
        if run.problem:
            raise CommandError(run.problem)
        if options["verbosity"]:
            self.stdout.write(f"All well: {_steps(run)}.")


def _steps(run: CanaryRun) -> str:
    steps = ["stored", "mail written", "taken by the mail server"]
    return ", ".join([*steps, "arrived in the mailbox"] if run.arrived else steps)
