"""A fault is told of by mail: what and where, without a word of anybody's, and not too often."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from operations import error_mail
from operations.error_mail import ErrorMailHandler, Ledger
from tests.operations.test_logs import fails

pytestmark = pytest.mark.urls("tests.operations.test_logs")

CANARIES = ("Canary", "sam@", "s3cr3t", "typed-words", "cookie-value", "203.0.113.9")


@pytest.fixture(autouse=True)
def handler(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ErrorMailHandler]:
    """The handler on the root of the log, as the settings put it; mail is sent at once."""
    settings.MIDDLEWARE = ["operations.middleware.RequestMiddleware"]
    settings.ERROR_MAIL = ["ops@example.org"]
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(error_mail, "run_in_background", error_mail.send)
    added = ErrorMailHandler()
    logging.getLogger().addHandler(added)
    yield added
    logging.getLogger().removeHandler(added)


def visit_page_that_fails() -> Any:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "cookie-value"
    return client.post(
        "/fails/s3cr3t/?q=typed-words", {"name": "typed-words"}, REMOTE_ADDR="203.0.113.9"
    )


def test_a_page_that_fails_is_told_of_without_a_word_of_anybodys() -> None:
    response = visit_page_that_fails()
    (sent,) = mail.outbox
    text = f"{sent.subject}\n{sent.body}"
    assert sent.to == ["ops@example.org"]
    assert "RuntimeError" in sent.subject
    for part in ("ValueError", "test_logs.py", "POST /fails/<token>/", "Release:   0."):
        assert part in text
    assert f"Request:   {response.headers['X-Request-ID']}" in text
    for canary in CANARIES:
        assert canary not in text


def test_the_same_fault_is_told_of_once_an_hour_and_another_one_at_once() -> None:
    with time_machine.travel("2026-11-21 10:00 UTC", tick=False) as clock:
        for _ in range(3):
            visit_page_that_fails()
        assert len(mail.outbox) == 1
        logging.getLogger("jobs").error("The job “%s” failed: %s", "x", "Canary")
        assert len(mail.outbox) == 2
        clock.shift(59 * 60)
        visit_page_that_fails()
        assert len(mail.outbox) == 2
        clock.shift(60)
        visit_page_that_fails()
        assert len(mail.outbox) == 3


def test_a_line_without_an_exception_is_told_of_by_its_place() -> None:
    logging.getLogger("enquiries.jobs").error("The job failed: %s", "Canary")
    body = str(mail.outbox[0].body)
    assert "Fault:     enquiries.jobs" in body
    assert "test_error_mail.py:" in body
    assert "Canary" not in body
    logging.getLogger("enquiries.jobs").warning("This is no fault")
    assert len(mail.outbox) == 1


def test_processes_of_a_machine_share_what_was_told() -> None:
    assert Ledger().take("a")
    assert not Ledger().take("a")
    assert Ledger().take("b")


def test_a_storm_of_different_faults_is_not_a_storm_of_mails() -> None:
    told = [Ledger().take(str(number)) for number in range(30)]
    assert told == [True] * 20 + [False] * 10


def test_a_ledger_that_was_spoilt_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "faults-told.json").write_text('["half a l')
    assert Ledger().take("a")
    assert not Ledger().take("a")


def test_a_disk_that_takes_nothing_is_told_of_all_the_same(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "gone"
    ledger = Ledger()
    assert ledger.take("a")
    assert not ledger.take("a")


def test_mail_that_cannot_be_sent_fails_no_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError("ops@example.org was refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert visit_page_that_fails().status_code == 500
    assert "could not be told of by mail: OSError" in caplog.text


def test_a_fault_in_telling_is_not_told_of_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise KeyError("Canary")

    monkeypatch.setattr(error_mail, "text_about", fail)
    assert visit_page_that_fails().status_code == 500
    assert "could not be told of by mail: KeyError" in caplog.text
    assert mail.outbox == []


def test_no_request_waits_for_the_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert error_mail.run_in_background is not error_mail.send
    is_sent, may_send = threading.Event(), threading.Event()

    def send(fault: object, text: str) -> None:
        may_send.wait(20)
        is_sent.set()

    monkeypatch.setattr(error_mail, "send", send)
    error_mail.run_in_background(error_mail.Fault("x", "y", ""), "text")
    assert not is_sent.is_set()
    may_send.set()
    assert is_sent.wait(20)


def test_the_view_of_these_tests_fails_with_words_in_it() -> None:
    with pytest.raises(RuntimeError, match="Canary"):
        fails(None)  # type: ignore[arg-type]
