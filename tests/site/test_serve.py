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
SECONDS_TO_END = 10.0


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


@pytest.fixture
def turned_into(
    collected: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[str, dict[str, str]]]:
    """Return a function that runs the command, and says what it turned into, and with what."""
    turned: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(
        os, "execve", lambda program, command, variables: turned.append((command, variables))
    )

    def run(**options: Any) -> tuple[str, dict[str, str]]:
        call_command("serve", **options)
        command, variables = turned[-1]
        return " ".join(command[1:]), variables

    return run


def test_the_command_turns_into_what_looks_after_the_processes(
    turned_into: Callable[..., tuple[str, dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    command, variables = turned_into(host="0.0.0.0", port=8123, workers=3)  # noqa: S104
    assert command.startswith("-m operations.serving --host 0.0.0.0 --port 8123 --workers 3")
    assert f"--folder {ROOT} --jobs clinic_site.wsgi:application" in command
    assert "with 3 worker process" in capsys.readouterr().out
    assert variables["CLINIC_LOG_FORMAT"] == "line"
    assert Path(variables["PROMETHEUS_MULTIPROC_DIR"]).is_dir()


def test_the_jobs_can_run_elsewhere_and_the_figures_here(
    turned_into: Callable[..., tuple[str, dict[str, str]]],
) -> None:
    command, _ = turned_into(without_jobs=True, metrics_port=9101)
    assert "--jobs" not in command
    assert "--metrics-port 9101" in command


def test_settings_from_a_file_are_left_for_the_processes_to_read(
    turned_into: Callable[..., tuple[str, dict[str, str]]],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # Else a new server would go on with the settings of the one whose place it takes.
    (tmp_path / ".env").write_text("SECRET_KEY=from-the-file\nLOG_LEVEL=DEBUG\n")
    monkeypatch.setattr(serve, "_ROOT", tmp_path)
    monkeypatch.setenv("SECRET_KEY", "from-the-file")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    _, variables = turned_into()
    assert "SECRET_KEY" not in variables
    assert variables["LOG_LEVEL"] == "ERROR"


@pytest.mark.parametrize(("processors", "workers", "threads"), [(1, 1, 3), (2, 2, 5), (16, 2, 8)])
def test_workers_and_threads_follow_the_machine(
    monkeypatch: pytest.MonkeyPatch, processors: int, workers: int, threads: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert serve.default_workers() == workers
    assert serve.threads() == threads


def answer(port: int, server: subprocess.Popen[str]) -> int:
    """Return the health check's status as soon as the server answers."""
    deadline = time.monotonic() + 60
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
def test_the_server_answers_sends_mail_and_stops_without_a_word(
    collected: Path, filled: Path
) -> None:
    shutil.copy(filled, collected / "db.sqlite3")
    port = free_port()
    with start(collected, port) as server:
        try:
            status = answer(port, server)
            # Nobody has visited the form, so the jobs alone can have sent it.
            has_mail = soon(lambda: list((collected / "mail").glob("*.log")))
            server.send_signal(signal.SIGTERM)
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
