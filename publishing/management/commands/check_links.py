"""Checks the links to other websites and says which are dead."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from publishing.external_links import Summary, check_all, dead_links
from publishing.projection import apply_due


class Command(BaseCommand):
    help = "Check the links to other websites and say which are dead. Run it once a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also the links that were checked today"
        )
        parser.add_argument(
            "--limit", type=int, help="at most so many links, those checked longest ago first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LINK_CHECK_ENABLED:
            self.stdout.write("LINK_CHECK_ENABLED is off, so no link was checked.")
            return
        apply_due()
        summary = check_all(everything=options["all"], limit=options["limit"])
        dead = dead_links()
        for link in dead:
            since = timezone.localtime(link.since).date().isoformat()
            pages = ", ".join(page.text for page in link.pages)
            self.stdout.write(f"{link.address}: dead since {since}. {link.problem} On: {pages}")
        if summary.is_offline:
            self.stdout.write(
                "No site answered, so this server may be cut off from the internet. What was found"
                " about links is not kept: try again later."
            )
        self.stdout.write(_in_words(summary, dead=len(dead)))


def _in_words(summary: Summary, *, dead: int) -> str:
    return (
        f"Links on pages: {summary.known}. Checked now: {summary.checked}, of which work:"
        f" {summary.works}, could not be checked: {summary.failed}, not asked for:"
        f" {summary.refused}. Dead in all: {dead}."
    )
