"""Installing: only when something changed, and with a way out when it fails."""

import importlib.util
import sys
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import Problem, install, is_installed, run


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with requirement files and a virtual environment that only exists."""
    (tmp_path / "requirements").mkdir()
    for name in ("base", "dev"):
        environment_file = tmp_path / "requirements" / f"{name}.txt"
        environment_file.write_text(f"{name}-package==1.0 --hash=sha256:0\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_venv_works", lambda: True)
    return tmp_path


def test_installs_once_and_again_after_a_change(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "run", lambda command, **kwargs: commands.append(command))
    install("base")
    install("base")
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]
    (checkout / "requirements" / "base.txt").write_text("other==2.0 --hash=sha256:1\n")
    install("base")
    assert len(commands) == 2


def test_developers_packages_hold_the_sites(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "run", lambda command, **kwargs: None)
    install("base")
    assert not is_installed("dev")
    install("dev")
    assert is_installed("dev")
    assert is_installed("base")


def test_failed_download_says_what_to_do_and_is_tried_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PYTHON", Path("/bin/false"))
    with pytest.raises(Problem, match="HTTPS_PROXY"):
        install("base")
    assert not is_installed("base")


def test_missing_venv_module_names_the_package(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_venv_works", lambda: False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="apt install python3-venv"):
        install("base")


def test_output_is_shown_only_on_failure(capfd: pytest.CaptureFixture[str]) -> None:
    run([sys.executable, "-c", "print('noise')"], failure="never shown")
    assert "noise" not in "".join(capfd.readouterr())
    with pytest.raises(Problem, match=r"reason(?s:.*)what to do"):
        run(
            [sys.executable, "-c", "import sys; sys.exit('reason')"],
            failure="what to do",
        )
