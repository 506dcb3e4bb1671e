"""What goes into the container: every app, no secret, and nobody who may do anything."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = (ROOT / "deploy" / "Containerfile").read_text()
LET_IN = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)


def test_what_is_let_in_is_named_and_all_the_site_needs() -> None:
    assert (ROOT / ".dockerignore").read_text().splitlines()[2] == "*"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {*project["tool"]["importlinter"]["root_packages"], "templates", "static", "root",
              "demo", "manage.py", "pyproject.toml", "requirements/base.txt"}  # fmt: skip
    assert set(LET_IN) == needed
    assert [name for name in LET_IN if not (ROOT / name).exists()] == []


def test_nothing_secret_is_let_in_or_written_down() -> None:
    assert not {".env", "var", ".git", "tests", "."} & set(LET_IN)
    assert not re.search(r"(SECRET_KEY|PASSWORD|ENQUIRY_KEYS|BACKUP_KEY)\s*=", FILE)
    assert "ARG " not in FILE


def test_it_runs_as_nobody_in_particular_and_is_watched() -> None:
    stages = FILE.split("FROM ")[1:]
    assert len(stages) == 2
    assert "--require-hashes --only-binary :all:" in stages[0]
    last = stages[1]
    user = last.index("USER 10001:10001")
    assert user < last.index("CMD [")
    assert "RUN" not in last[user:]
    assert "HEALTHCHECK" in last
    assert "/livez" in last
    assert "exec python manage.py serve" in last
