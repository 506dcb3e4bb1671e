"""`manage.py rotate_enquiry_keys`: encrypt everything with the newest key, while the site runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enquiries.key_rotation import rotate


class Command(BaseCommand):
    """Goes through every encrypted text; may be stopped and run again."""

    help = "Encrypt enquiries with the first key of ENQUIRY_KEYS. Afterwards the others can go."

    def handle(self, *args: Any, **options: Any) -> None:
        report = rotate()
        self.stdout.write(f"Encrypted anew: {report.changed}. Already with the newest key:"
                          f" {report.current}.")  # fmt: skip
        if report.unreadable:
            raise CommandError(
                f"{report.unreadable} row(s) hold text that no key opens. Keep every key you have,"
                " and add the missing one to ENQUIRY_KEYS."
            )
        self.stdout.write("Keys after the first are no longer needed for the site.")
