"""`manage.py serve`: refuses an unready site, serves a ready one, stops when it is told to."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pages.management.commands import serve
from scripts.address import free_port

ROOT = Path(__file__).resolve().parents[2]


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
    monkeypatch.setattr(os, "execv", lambda program, command: turned_into.append(command))
    call_command("serve", host="0.0.0.0", port=8123, workers=3)  # noqa: S104
    command = " ".join(turned_into[0])
    assert "--host 0.0.0.0 --port 8123 --workers 3" in command
    assert "--respawn-failed-workers" in command
    assert "--no-access-log" in command
    assert "with 3 worker process" in capsys.readouterr().out


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_stops_without_a_word(
    collected: Path, number: signal.Signals
) -> None:
    port = free_port()
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
        "DEBUG": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only-for-tests-" + "x" * 32,
        "DATA_DIR": str(collected),
        "DATABASE_URL": f"sqlite:///{collected}/db.sqlite3",
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            status = answer(port, server)
            server.send_signal(number)
            output, errors = server.communicate(timeout=20)
        finally:
            server.kill()
    assert status == 200, errors
    assert server.returncode == 0
    assert "Serving on 127.0.0.1" in output
    assert errors == ""
