"""Mail that came back is noted beside the enquiry; whatever else arrives changes nothing."""

import imaplib
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from enquiries import bounces, outbox
from enquiries.models import OutgoingMail
from tests.factories import make_enquiry

MESSAGE_ID = "<0123456789abcdef01234567.acknowledgement@fernhill.example>"
ADDRESS = "sam@example.com"


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = f"Message-ID: {MESSAGE_ID}\nTo: {ADDRESS}\nSubject: We have your enquiry\n",
    kind: str = "text/rfc822-headers",
    headers: str = "",
    diagnostic: str = f"smtp; 550 5.1.1 <{ADDRESS}>: no such user here",
) -> bytes:
    """Return a report as mail servers write it (RFC 3464)."""
    text = f"""\
From: MAILER-DAEMON@mx.example.net
To: desk@fernhill.example
Subject: Undelivered Mail Returned to Sender
{headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered to {ADDRESS}.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b1
Content-Type: {kind}

{returned}
--b1--
"""
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def sent(db: None) -> OutgoingMail:
    """An acknowledgement that the mail server took."""
    return OutgoingMail.objects.create(
        enquiry=make_enquiry(email=ADDRESS),
        kind="acknowledgement",
        message_id=MESSAGE_ID,
        state="sent",
    )


def state_of(mail: OutgoingMail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.state, mail.last_error


# --- what a report says ---------------------------------------------------------------------------


def test_a_report_is_noted_beside_the_enquiry_without_an_address(sent: OutgoingMail) -> None:
    assert bounces.note(report())
    assert state_of(sent) == ("bounced", "5.1.1 mailbox does not exist")
    assert bounces.note(report())  # again: it stays the same
    assert state_of(sent) == ("bounced", "5.1.1 mailbox does not exist")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.1", "5.1.1 mailbox does not exist"),
        ("5.1.1 (bad destination mailbox)", "5.1.1 mailbox does not exist"),
        ("5.1.9", "5.1.9 address was not accepted"),
        ("5.2.2", "5.2.2 mailbox is full"),
        ("4.4.7", "4.4.7 not taken in time"),
        ("5.3.4", "5.3.4 mail server takes no mail"),
        ("5.7.26", "5.7.26 refused by a rule of the mail server"),
        ("5.0.0", "5.0.0 mail came back without a reason"),
        ("5.99.1", "5.99.1 mail came back without a reason"),
        ("sam@example.com", "5.1.1 mailbox does not exist"),  # then the diagnostic code says it
    ],
)
def test_the_reason_is_in_our_own_words(status: str, reason: str) -> None:
    bounce = bounces.read(report(status=status))
    assert bounce is not None
    assert bounce.reason == reason


def test_a_report_without_any_code_still_counts() -> None:
    bounce = bounces.read(report(status="", diagnostic="smtp; from 192.5.1.1 to 5.1.1.9 sam@x"))
    assert bounce is not None
    assert bounce.reason == "mail came back without a reason"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "FAILED?"])
def test_mail_that_is_late_or_was_delivered_did_not_come_back(action: str) -> None:
    assert bounces.read(report(action=action)) is None


def test_one_recipient_of_several_suffices() -> None:
    raw = report(action="delayed").replace(
        b"\r\n--b1\r\nContent-Type: text/rfc822-headers",
        b"\r\nFinal-Recipient: rfc822; x@example.com\r\nAction: Failed\r\nStatus: 5.2.1\r\n"
        b"\r\n--b1\r\nContent-Type: text/rfc822-headers",
    )
    bounce = bounces.read(raw)
    assert bounce is not None
    assert bounce.reason == "5.2.1 mailbox is switched off"


# --- which mail it is about -----------------------------------------------------------------------

WHOLE = f"From: a@b.example\nMessage-ID:\n {MESSAGE_ID}\n\nYour reference is E-0000-0000.\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "message/rfc822", "returned": WHOLE},
        {"returned": "", "headers": f"In-Reply-To: {MESSAGE_ID}\n"},
        {"returned": "", "headers": f"References: <other@x.example> {MESSAGE_ID}\n"},
        {"returned": "", "headers": f"X-Original-Message-ID: {MESSAGE_ID}\n"},
        {
            "kind": "text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable",
            "returned": f"Message-ID: {MESSAGE_ID}\n".replace("@", "=40"),
        },
    ],
)
def test_our_mail_is_found(sent: OutgoingMail, changes: dict[str, str]) -> None:
    assert bounces.note(report(**changes))
    assert state_of(sent)[0] == "bounced"


def test_parts_within_parts_are_looked_into(sent: OutgoingMail) -> None:
    head, _, body = report().partition(b"Content-Type: multipart/report")
    raw = head + (
        b'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n'
        b"Content-Type: multipart/report" + body + b"\r\n--outer--\r\n"
    )
    assert bounces.note(raw)


@pytest.mark.parametrize(
    "raw",
    [
        report(returned="Message-ID: <somebody.elses@fernhill.example>\n"),
        report(returned=f"Subject: {MESSAGE_ID}\n"),
        report(returned=""),
        f"Subject: Re: your mail\r\nIn-Reply-To: {MESSAGE_ID}\r\n\r\nThank you!".encode(),
        f"Subject: Out of office\r\nReferences: {MESSAGE_ID}\r\nAuto-Submitted: auto-replied\r\n"
        "\r\n5.1.1 Action: failed".encode(),
        # A report that somebody forwards is not about the mail that carries it.
        b"Subject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n" + report(),
        b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n'
        b"Content-Type: message/rfc822\r\n\r\n" + report() + b"\r\n--o--\r\n",
    ],
)
def test_other_mail_changes_nothing(sent: OutgoingMail, raw: bytes) -> None:
    assert not bounces.note(raw)
    assert state_of(sent) == ("sent", "")


# --- hostile mail ---------------------------------------------------------------------------------


def nested(levels: int) -> bytes:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level)
        for level in range(levels)
    )
    return opening + report()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n",
        b"Content-Type: multipart/report\r\n\r\nnothing",
        (
            b'Content-Type: multipart/report; boundary="a"\r\n\r\n--a\r\n'
            b"Content-Type: message/delivery-status\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n"
        ),
        report().replace(b"us-ascii", b"no-such-charset\xff"),
        report(headers="Subject: =?utf-8?b?////?=\nSubject: =?x?q?=\n", returned=""),
        b"A" * (bounces.LARGEST + 1),
        nested(10),
        nested(20_000),
        b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
        report() + b"x" * bounces.LARGEST,
    ],
    ids=range(12),
)
def test_hostile_mail_comes_to_nothing(sent: OutgoingMail, raw: bytes) -> None:
    bounces.note(raw)  # it comes out, whatever it says
    if len(raw) > len(report()) + 200:
        assert state_of(sent) == ("sent", "")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=30), st.integers(0, len(report())), st.integers(0, 40))
def test_any_damage_to_a_report_is_survived(junk: bytes, place: int, length: int) -> None:
    raw = report()
    found = bounces.read(raw[:place] + junk + raw[place + length :])
    assert found is None or ADDRESS not in found.reason


# --- the command ----------------------------------------------------------------------------------


def test_files_are_read(
    sent: OutgoingMail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(tmp_path / name) for name in ("report", "other")]
    Path(names[0]).write_bytes(report())
    Path(names[1]).write_bytes(b"Subject: Hello\r\n\r\nHello")
    call_command("record_bounces", *names)
    assert capsys.readouterr().out == "Mails that came back: 1. Other mail left alone: 1.\n"
    assert state_of(sent)[0] == "bounced"


def test_standard_input_is_read(sent: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report())))
    call_command("record_bounces", "-", verbosity=0)
    assert state_of(sent)[0] == "bounced"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("record_bounces", str(tmp_path / "none"))


def test_without_mailbox_and_files_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="Set IMAP_HOST"):
        call_command("record_bounces")


class Imap:
    """A mailbox with a report of ours, another's, and one that is too large."""

    mails = {"1": report(), "2": report(returned="Message-ID: <x@y.example>\n"), "3": b""}

    def __init__(self, *args: Any, **options: Any) -> None:
        self.seen: list[str] = []
        Imap.last = self

    last: "Imap"

    def login(self, user: str, password: str) -> None:
        pass

    def select(self, name: str, readonly: bool) -> tuple[str, list[bytes]]:
        assert not readonly
        return "OK", []

    def uid(self, command: str, *criteria: str) -> tuple[str, list[Any]]:
        if command == "SEARCH":
            assert "UNSEEN" in criteria
            return "OK", [b"1 2 3"]
        if command == "STORE":
            self.seen.append(criteria[0])
            return "OK", []
        if "SIZE" in criteria[1]:
            size = len(self.mails[criteria[0]]) or bounces.LARGEST + 1
            return "OK", [b"%s (UID %s RFC822.SIZE %d)" % (b"9", criteria[0].encode(), size)]
        assert criteria[1] == "(BODY.PEEK[])"
        return "OK", [(b"9 (UID 1 BODY[] {1}", self.mails[criteria[0]]), b")"]

    def logout(self) -> None:
        pass


@pytest.fixture
def imap(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Imap]:
    settings.IMAP_HOST = "imap.fernhill.example"
    monkeypatch.setattr(imaplib, "IMAP4_SSL", Imap)
    return Imap


def test_the_mailbox_is_read_and_only_our_reports_are_marked(
    sent: OutgoingMail, imap: type[Imap], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("record_bounces")
    assert capsys.readouterr().out == "Mails that came back: 1. Other mail left alone: 1.\n"
    assert imap.last.seen == ["1"]
    assert state_of(sent) == ("bounced", "5.1.1 mailbox does not exist")


def breaks(method: str, outcome: Callable[..., Any]) -> type[Imap]:
    return type("Breaking", (Imap,), {method: outcome})


def drop(*args: Any, **options: Any) -> None:
    raise imaplib.IMAP4.abort("connection lost: sam@example.com")


@pytest.mark.parametrize(
    ("method", "outcome", "words"),
    [
        ("login", drop, "broke off: abort"),
        ("uid", drop, "broke off: abort"),
        ("select", lambda self, name, readonly: ("NO", []), "no INBOX"),
        ("uid", lambda self, *given: ("NO", []), "cannot be searched"),
    ],
)
def test_trouble_with_the_mailbox_is_said_in_plain_words(
    imap: type[Imap],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    outcome: Callable[..., Any],
    words: str,
) -> None:
    monkeypatch.setattr(imaplib, "IMAP4_SSL", breaks(method, outcome))
    with pytest.raises(CommandError, match=words) as caught:
        call_command("record_bounces")
    assert ADDRESS not in str(caught.value)


def test_what_is_shown_beside_the_enquiry_is_cut(sent: OutgoingMail) -> None:
    assert outbox.note_bounce(MESSAGE_ID, "x" * 300)
    assert state_of(sent) == ("bounced", "x" * 200)
