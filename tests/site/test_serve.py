"""`manage.py serve`: refuses an unready site, serves a ready one, stops when it is told to."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.models import Clinic
from enquiries import outbox
from enquiries.models import Enquiry
from pages.management.commands import serve
from scripts.address import free_port
from tests.factories import make_clinic, make_enquiry

ROOT = Path(__file__).resolve().parents[2]


# A stopped server's jobs may take so long to end, on a machine that is busy.
SECONDS_TO_END = 3.0


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    """A site whose static files were collected."""
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "static").mkdir()
    manifest = {"version": "1.1", "paths": {}, "hash": ""}
    (tmp_path / "static" / "staticfiles.json").write_text(json.dumps(manifest))
    return tmp_path


def test_static_files_must_have_been_collected(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(CommandError, match=r"Run `python manage.py collectstatic --noinput` first"):
        call_command("serve")


def test_debug_must_be_off(collected: Path, settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="DEBUG is on"):
        call_command("serve")


def test_there_must_be_a_worker(collected: Path) -> None:
    with pytest.raises(CommandError, match="--workers must be 1 or more"):
        call_command("serve", workers=0)


def test_the_command_turns_into_the_server(
    collected: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    turned_into: list[list[str]] = []
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, command: turned_into.append(command))
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: started.append(command))
    call_command("serve", host="0.0.0.0", port=8123, workers=3)  # noqa: S104
    assert [command[1:] for command in started] == [
        ["manage.py", "run_jobs", "--parent", str(os.getpid())]
    ]
    command = " ".join(turned_into[0])
    assert "--host 0.0.0.0 --port 8123 --workers 3" in command
    assert "--respawn-failed-workers" in command
    assert "--no-access-log" in command
    assert "with 3 worker process" in capsys.readouterr().out


def test_the_jobs_can_run_elsewhere(collected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(os, "execv", lambda program, command: None)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: started.append(command))
    call_command("serve", without_jobs=True)
    assert started == []


@pytest.mark.parametrize(("processors", "workers", "threads"), [(1, 1, 3), (2, 2, 5), (16, 2, 8)])
def test_workers_and_threads_follow_the_machine(
    monkeypatch: pytest.MonkeyPatch, processors: int, workers: int, threads: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert serve.default_workers() == workers
    assert serve.threads() == threads


def answer(port: int, server: subprocess.Popen[str]) -> int:
    """Return the health check's status as soon as the server answers."""
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return 0


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A database file with a clinic and an enquiry whose news to the clinic waits."""
    copy = tmp_path_factory.mktemp("filled") / "db.sqlite3"
    with django_db_blocker.unblock():
        clinic, enquiry = make_clinic(), make_enquiry()
        try:
            outbox.add(enquiry, "notification")
            connection.cursor().execute("VACUUM INTO %s", [str(copy)])
        finally:
            Enquiry.objects.filter(pk=enquiry.pk).delete()
            Clinic.objects.filter(pk=clinic.pk).delete()
    return copy


def variables(folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
        "DEBUG": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only-for-tests-" + "x" * 32,
        "ENQUIRY_KEYS": ",".join(site_settings.ENQUIRY_KEYS),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }


def start(folder: Path, port: int, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"]
    return subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env=variables(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def soon(check: Callable[[], object], seconds: float = 30) -> bool:
    """Say whether it comes to be so within the time."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_sends_mail_and_stops_without_a_word(
    collected: Path, filled: Path, number: signal.Signals
) -> None:
    shutil.copy(filled, collected / "db.sqlite3")
    port = free_port()
    with start(collected, port) as server:
        try:
            status = answer(port, server)
            # Nobody has visited the form, so the jobs alone can have sent it.
            has_mail = soon(lambda: list((collected / "mail").glob("*.log")))
            server.send_signal(number)
            server.wait(timeout=20)
            stopped = time.monotonic()
            # The jobs hold the same output, so that it ends when they do.
            output, errors = server.communicate(timeout=20)
        finally:
            server.kill()
    assert time.monotonic() - stopped < SECONDS_TO_END
    assert status == 200, errors
    assert server.returncode == 0
    assert "Serving on 127.0.0.1" in output
    assert errors == ""
    assert has_mail
    assert "Subject: New enquiry E-" in next((collected / "mail").glob("*.log")).read_text()


@pytest.mark.any_database
@pytest.mark.django_db
def test_the_jobs_end_with_a_server_that_was_killed(collected: Path, filled: Path) -> None:
    shutil.copy(filled, collected / "db.sqlite3")
    command = f'"{sys.executable}" manage.py run_jobs --parent $$ & wait'
    with subprocess.Popen(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env=variables(collected, 1),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as parent:
        try:
            is_at_work = soon(lambda: list((collected / "mail").glob("*.log")))
        finally:
            parent.kill()
        killed = time.monotonic()
        output, _ = parent.communicate(timeout=20)
    assert output == ""
    assert is_at_work
    assert time.monotonic() - killed < SECONDS_TO_END


@pytest.mark.any_database
@pytest.mark.django_db
def test_the_jobs_are_not_left_over_from_a_parent_that_is_gone(
    collected: Path, filled: Path
) -> None:
    shutil.copy(filled, collected / "db.sqlite3")
    done = subprocess.run(
        [sys.executable, "manage.py", "run_jobs", "--parent", "1"],
        cwd=ROOT,
        env=variables(collected, 1),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (collected / "mail").exists()
