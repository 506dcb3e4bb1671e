"""`manage.py reset_second_factor NAME`: for the last manager, whom no colleague can help."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.factors import reset


class Command(BaseCommand):
    """Takes somebody's second factor away and ends their sessions; the password stays."""

    help = "Take away somebody's second factor. They set one up again when they next sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['name']}”.")
        reset(user, by=None)
        self.stdout.write(
            f"{user.username} is signed out everywhere, and sets up a second step at the next"
            " sign-in."
        )
