"""The figures for Prometheus: the state of the site, and what workers count."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from delivery.board import Board
from delivery.pages import KeptPages, Page
from enquiries.jobs import OUTBOX
from enquiries.models import JobRun, OutgoingMail
from operations import counted_files, counting, health
from tests.factories import make_clinic, make_enquiry

ROOT = Path(__file__).resolve().parents[2]


def printed(settings: Any, folder: Path) -> dict[str, float]:
    settings.DATA_DIR = folder
    out = StringIO()
    call_command("metrics", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_the_state_of_the_site_is_told_in_figures(settings: Any, tmp_path: Path) -> None:
    enquiry = make_enquiry(reply_by=timezone.now() - timedelta(hours=1))
    OutgoingMail.objects.create(
        enquiry=enquiry, kind="notification", message_id="<1@x>",
        created_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    JobRun.note(OUTBOX)
    found = printed(settings, tmp_path)
    assert found["clinic_outbox_waiting"] == 1
    assert 3600 <= found["clinic_outbox_oldest_seconds"] < 3700
    assert found["clinic_enquiries_waiting"] == 1
    assert found["clinic_enquiries_overdue"] == 1
    assert found[f'clinic_job_late{{job="{OUTBOX}"}}'] == 0
    succeeded = found[f'clinic_job_succeeded_timestamp_seconds{{job="{OUTBOX}"}}']
    assert abs(timezone.now().timestamp() - succeeded) < 100
    assert found["clinic_backup_overdue"] == 0
    assert found['clinic_release{release="0.1.0"}'] == 1


@pytest.mark.django_db
def test_what_cannot_be_found_out_is_left_out(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def fail(now: object) -> None:
        raise ValueError("sam@example.com")

    monkeypatch.setattr(health, "outbox", fail)
    found = printed(settings, tmp_path)
    assert "clinic_outbox_waiting" not in found
    assert "clinic_enquiries_waiting" in found
    assert "ValueError" in caplog.text
    assert "sam@" not in caplog.text


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.django_db
def test_requests_are_counted_by_class_of_status() -> None:
    make_clinic()
    before = [counted("clinic_requests_total", status=each) for each in ("2xx", "4xx")]
    timed = counted("clinic_request_seconds_count")
    Client().get("/livez")
    Client().get("/nothing-here/")
    after = [counted("clinic_requests_total", status=each) for each in ("2xx", "4xx")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1]
    assert counted("clinic_request_seconds_count") - timed == 2


def test_answers_from_the_kept_pages_are_handed_over_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers: list[Any] = []
    monkeypatch.setattr(counting, "register_writer", writers.append)
    pages = KeptPages(Board(tmp_path / "board"), 1_000_000)
    counting.watch(pages)
    answered = counted("clinic_kept_pages_answered_total")
    missed = counted("clinic_kept_pages_missed_total")
    page = Page("200 OK", [], b"x" * 100, until=timezone.now().timestamp() + 100)
    pages.get_or_render("/", lambda: page)
    for _ in range(3):
        assert pages.get("/") is page
    for _ in range(2):  # what was handed over is not counted twice
        writers[0]()
    assert counted("clinic_kept_pages_answered_total") - answered == 3
    assert counted("clinic_kept_pages_missed_total") - missed == 1
    assert counted("clinic_kept_pages_bytes") == page.size


_COUNT = """
import os, django
django.setup()
for _ in range(2):
    if os.fork() == 0:
        from operations import counting
        counting.note_request(200, 0.01)
        counting.kept_bytes.set(100)
        os._exit(0)
    os.wait()
"""


def test_what_processes_count_is_added_up_and_outlives_them(tmp_path: Path) -> None:
    variables = os.environ | counted_files.prepare(tmp_path)
    variables["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    subprocess.run([sys.executable, "-c", _COUNT], cwd=ROOT, env=variables, check=True)
    folder = counted_files.folder_in(tmp_path)
    # The place on the disk is taken when a process starts.
    assert {each.stat().st_blocks * 512 >= 65536 for each in folder.glob("*.db")} == {True}
    # What they took while they lived is theirs no more.
    counted_files.forget_ended(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))
    text = generate_latest(registry).decode()
    assert 'clinic_requests_total{status="2xx"} 2.0' in text
    assert "clinic_kept_pages_bytes" not in text
    # A new start begins at nothing.
    counted_files.prepare(tmp_path)
    assert list(folder.glob("*.db")) == []


def test_a_folder_that_cannot_be_made_keeps_no_site_from_starting(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("in the way")
    assert counted_files.prepare(tmp_path) == {}


@pytest.mark.django_db
def test_a_port_that_is_taken_is_said_in_words(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be listened on"):
            call_command("metrics", port=port)


@pytest.mark.django_db
def test_no_reader_is_given_the_figures() -> None:
    make_clinic()
    for address in ("/metrics", "/metrics/"):
        assert Client().get(address, follow=True).status_code == 404
