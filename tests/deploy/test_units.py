"""The services of systemd: readable to it, shut in as far as they can be, all three alike."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from operations import process_group

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
_PYTHON = "/srv/clinic-site/current/.venv/bin/python"
_MOST_EXPOSED = 1.5  # of 10, as systemd-analyze counts

_ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(_ANALYZE is None, reason="systemd is not on this machine")
each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)


def settings_in(unit: Path) -> list[tuple[str, str]]:
    lines = re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE)
    return [(name, value) for name, value in lines]


def command(unit: Path) -> list[str]:
    return dict(settings_in(unit))["ExecStart"].split()


@needs_systemd
@each_unit
def test_systemd_understands_the_unit_and_finds_it_shut_in(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace(_PYTHON, sys.executable))
    verified = subprocess.run(
        [str(_ANALYZE), "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    ours = [line for line in verified.stderr.splitlines() if unit.name in line]
    assert ours == []
    judged = subprocess.run(
        [str(_ANALYZE), "security", "--offline=true", copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+ ([0-9.]+)", judged.stdout)
    assert found, judged.stderr
    assert float(found[1]) <= _MOST_EXPOSED


def test_all_three_are_shut_in_alike() -> None:
    own = {
        "Description", "ExecStart", "ExecReload", "KillMode", "TimeoutStopSec", "MemoryMax",
        "TasksMax",
    }  # fmt: skip
    assert len(UNITS) == 3
    first, *others = [[each for each in settings_in(unit) if each[0] not in own] for unit in UNITS]
    assert [first] * 2 == others


@each_unit
def test_the_command_is_one_of_ours(unit: Path) -> None:
    python, manage, name, *options = command(unit)
    assert (python, manage) == (_PYTHON, "/srv/clinic-site/current/manage.py")
    module = load_command_class(get_commands()[name], name)
    known = module.create_parser("manage.py", name).format_help()
    assert [each for each in options if each.startswith("--") and each not in known] == []


@each_unit
def test_systemd_waits_longer_than_the_site_takes_to_end(unit: Path) -> None:
    limit = int(dict(settings_in(unit))["TimeoutStopSec"])
    assert limit > (process_group._SECONDS_BEFORE_KILL if "jobs" not in unit.stem else 15)


_REFUSE_EXEC_GAIN, _SET_MDWE = 1, 65  # of linux/prctl.h, since 6.3


@pytest.mark.skipif(sys.platform != "linux", reason="is of Linux")
def test_the_site_runs_without_memory_that_is_written_and_executed() -> None:
    # What MemoryDenyWriteExecute does, done by the kernel itself: is there anything that minds?
    modules = (
        "django.http, granian._granian, cryptography.fernet, PIL._imaging, psycopg, brotli, nh3"
    )

    def refuse() -> None:
        if ctypes.CDLL(None).prctl(_SET_MDWE, _REFUSE_EXEC_GAIN, 0, 0, 0):
            os._exit(77)  # a kernel that does not know it

    code = (
        f"import {modules}\nfrom PIL import Image\nimport io\n"
        "Image.new('RGB', (8, 8)).save(io.BytesIO(), 'AVIF')\n"
        "cryptography.fernet.Fernet(cryptography.fernet.Fernet.generate_key()).encrypt(b'x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=refuse, capture_output=True, text=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("This kernel is older than 6.3.")
    assert done.returncode == 0, done.stderr
