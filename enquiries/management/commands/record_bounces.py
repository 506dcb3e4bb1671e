"""`manage.py record_bounces`: notes beside the enquiry which mail came back."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from enquiries import bounces, mailbox


class Command(BaseCommand):
    """Reads reports from the mailbox, or from files. May be run again at any time."""

    help = (
        "Note which mail about enquiries came back, from the reports of mail servers: those in"
        " the mailbox of IMAP_HOST that nobody has seen, or the files named; - is standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="a mail in a file, or -")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["files"]:
            results = [bounces.note(_content(name)) for name in options["files"]]
        elif mailbox.is_set_up():
            try:
                results = list(_from_mailbox())
            except mailbox.MailboxProblem as problem:
                raise CommandError(str(problem)) from None
        else:
            raise CommandError(
                "Set IMAP_HOST, IMAP_USER and IMAP_PASSWORD to have the mailbox read, or name"
                " files that hold a mail each."
            )
        if options["verbosity"]:
            noted = sum(results)
            self.stdout.write(
                f"Mails that came back: {noted}. Other mail left alone: {len(results) - noted}."
            )


def _from_mailbox() -> Iterator[bool]:
    """Note what the mailbox holds. Reports about other people's mail stay unseen."""
    with mailbox.opened(to_change=True) as inbox:
        for uid, raw in inbox.unseen_reports(bounces.LARGEST):
            is_ours = bounces.note(raw)
            if is_ours:
                inbox.mark_seen(uid)
            yield is_ours


def _content(name: str) -> bytes:
    """Return a mail, or so much of one that is too large as shows that it is."""
    if name == "-":
        return sys.stdin.buffer.read(bounces.LARGEST + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(bounces.LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
