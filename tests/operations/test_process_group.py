"""The processes of the site: started again when they end, renewed without a gap, ended in order.

The processes are small ones of the tests' own; `test_running_site.py` has the real ones.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from operations import process_group
from operations.process_group import Part, ProcessGroup

_FEW_SECONDS = 20.0
# Writes its number to a file, says that it is ready, and works until it is told to end.
_SERVER = """
import os, sys, time
ready = int(sys.argv[sys.argv.index("--ready") + 1])
with open("servers", "a") as file:
    file.write(f"{os.getpid()}\\n")
if os.path.exists("broken"):
    sys.exit(3)
os.write(ready, b".")
time.sleep(60)
"""
_WORKER = """
import os, time
with open("workers", "a") as file:
    file.write(f"{os.getpid()}\\n")
if os.path.exists("fails"):
    os._exit(5)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The group runs in the test's own process; what it does with signals is undone."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    former = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the group writes to the log."""
    lines: list[str] = []
    monkeypatch.setattr(process_group, "tell", lambda message, level="": lines.append(message))
    monkeypatch.setattr(process_group, "_BETWEEN_LOOKS", 0.05)
    return lines


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def numbers(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(each) for each in file.read_text().split()] if file.exists() else []


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def soon(check: Callable[[], object]) -> None:
    """Return when it is so; give up when that takes too long."""
    deadline = time.monotonic() + _FEW_SECONDS
    while not check():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


def run(
    folder: Path,
    steps: Callable[[], None] | None,
    server: str = _SERVER,
    end: signal.Signals = signal.SIGTERM,
) -> int:
    """Run a group in the folder while the steps are taken beside it, then end it."""
    failed: list[BaseException] = []

    def take(steps: Callable[[], None]) -> None:
        try:
            steps()
        except BaseException as error:
            failed.append(error)
        finally:
            os.kill(os.getpid(), end)

    with (folder / "socket").open("w") as socket:
        web = Part("web", python(server), str(folder), [socket.fileno()])
        group = ProcessGroup(web, [Part("jobs", python(_WORKER), str(folder))])
        beside = threading.Thread(target=take, args=[steps]) if steps else None
        if beside:
            beside.start()
        code = group.run()
        if beside:
            beside.join()
    assert not failed, failed
    for name in ("servers", "workers"):
        assert [pid for pid in numbers(folder, name) if is_there(pid)] == []
    return code


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_all_is_ended_when_the_group_is_told_to(
    tmp_path: Path, told: list[str], end: signal.Signals
) -> None:
    def steps() -> None:
        soon(lambda: numbers(tmp_path, "servers") and numbers(tmp_path, "workers"))

    assert run(tmp_path, steps, end=end) == 0
    assert told == []


def test_what_ends_by_itself_is_started_again_after_longer_and_longer_waits(
    tmp_path: Path, told: list[str]
) -> None:
    def steps() -> None:
        soon(lambda: len(numbers(tmp_path, "workers")) == 3)

    (tmp_path / "fails").touch()
    run(tmp_path, steps)
    assert len(numbers(tmp_path, "servers")) == 1
    assert told[0].startswith("The process “jobs” ended by itself, with code 5")
    assert [line.rpartition(" in ")[2] for line in told[:2]] == ["1 s.", "2 s."]


def test_a_new_server_takes_over_once_it_is_ready(tmp_path: Path, told: list[str]) -> None:
    def steps() -> None:
        soon(lambda: numbers(tmp_path, "servers") and numbers(tmp_path, "workers"))
        old = numbers(tmp_path, "servers")[0]
        os.kill(os.getpid(), signal.SIGHUP)
        soon(lambda: len(numbers(tmp_path, "servers")) == 2)
        soon(lambda: len(numbers(tmp_path, "workers")) == 2)
        soon(lambda: not is_there(old))
        assert is_there(numbers(tmp_path, "servers")[1])

    assert run(tmp_path, steps) == 0
    assert [line.partition(".")[0] for line in told] == [
        "A new server starts beside the old one",
        "The new server is ready",
    ]


def test_a_new_server_that_does_not_start_leaves_the_old_one(
    tmp_path: Path, told: list[str]
) -> None:
    def steps() -> None:
        soon(lambda: numbers(tmp_path, "servers") and numbers(tmp_path, "workers"))
        (tmp_path / "broken").touch()
        os.kill(os.getpid(), signal.SIGHUP)
        soon(lambda: len(told) == 2)
        old, new = numbers(tmp_path, "servers")
        assert is_there(old)
        assert not is_there(new)
        assert len(numbers(tmp_path, "workers")) == 1

    assert run(tmp_path, steps) == 0
    assert told[1] == "The new server did not start. The old one goes on."


def test_a_site_whose_first_server_does_not_start_ends_and_says_so(
    tmp_path: Path, told: list[str]
) -> None:
    (tmp_path / "broken").touch()
    assert run(tmp_path, None) == 3


def test_what_does_not_end_when_told_to_is_killed(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_group, "_SECONDS_BEFORE_KILL", 0.3)
    obstinate = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + _SERVER
    assert run(tmp_path, lambda: soon(lambda: numbers(tmp_path, "servers")), obstinate) == 0
