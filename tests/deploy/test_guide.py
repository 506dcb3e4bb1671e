"""The guide: its commands, in their order, in a scratch folder, as far as they can be run here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.environment import ROOT
from tests.prepared import migrated_file

pytestmark = [pytest.mark.whole, pytest.mark.any_database]

GUIDE = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
_NOT_RUN = "# not run in tests: "
_WHY = {"needs root", "needs the internet", "needs systemd", "needs a name of your own",
        "asks questions"}  # fmt: skip


def run_here() -> list[str]:
    return [block for block in BLOCKS if not block.startswith(_NOT_RUN)]


def let_in() -> list[str]:
    """Return what the site needs to run: the same as in the container."""
    text = (ROOT / ".dockerignore").read_text()
    return re.findall(r"^!(\S+)$", text, re.MULTILINE)


def make_release(folder: Path) -> None:
    """Put a release where git and pip would have put it."""
    for name in [*let_in(), "deploy", ".env.example"]:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    (folder / ".venv").symlink_to(sys.prefix)


def script(folder: Path) -> str:
    """Return the guide's commands, with folders of the test's own."""
    own = {
        "CODE": folder / "srv", "DATA": folder / "data", "CONF": folder / "conf", "AS": "",
        "NAME": "www.fernhill.example",
    }  # fmt: skip
    lines = ["set -eu"]
    for block in run_here():
        lines.append(block)
        if block.startswith("NAME="):
            lines += [f"{name}='{value}'" for name, value in own.items()]
            lines.append('mkdir -p "$CODE/releases" "$CONF" "$DATA/static" "$DATA/media"')
        elif block.startswith("NGINX="):
            lines.append(f"NGINX='{folder / 'nginx'}'\nmkdir -p $NGINX")
        elif "deploy/take-up" in block:
            lines.append("AS=:")  # the second time, in an upgrade, it would find nothing to do
    return "\n".join(lines)


def test_what_is_not_run_says_why() -> None:
    reasons = [
        block.splitlines()[0].removeprefix(_NOT_RUN)
        for block in BLOCKS
        if block.startswith(_NOT_RUN)
    ]
    assert set(reasons) == _WHY
    assert len(run_here()) == 7


def test_the_guides_commands_lead_to_a_release_that_is_ready(
    tmp_path: Path, shared_folder: Path
) -> None:
    make_release(tmp_path / "srv" / "releases" / "v1.0")
    (tmp_path / "data").mkdir()
    # It saves the migrations, which have tests of their own.
    shutil.copy(migrated_file(shared_folder), tmp_path / "data" / "db.sqlite3")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    done = subprocess.run(
        ["/bin/sh", "-c", script(tmp_path)], env=kept, cwd=tmp_path, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout
    current = tmp_path / "srv" / "current"
    assert current.resolve() == tmp_path / "srv" / "releases" / "v1.0"
    assert (tmp_path / "data" / "static" / "staticfiles.json").is_file()
    for name in ("secret_key", "enquiry_keys", "backup_key", "clinic-site.env"):
        assert (tmp_path / "conf" / name).stat().st_mode & 0o007 == 0, name
        secret = (tmp_path / "conf" / name).read_text().strip()
        assert name == "clinic-site.env" or secret not in done.stdout + done.stderr
    nginx = "".join(file.read_text() for file in (tmp_path / "nginx").iterdir())
    assert "example.org" not in nginx
    assert "server_name www.fernhill.example;" in nginx
