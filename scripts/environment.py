"""Makes the virtual environment and installs exactly the packages that are pinned."""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
# The others hold every pin of base.txt, so that installing one of them does for both.
HOLDS = {"base": ("base",), "s3": ("s3", "base"), "dev": ("dev", "base")}

_NO_VENV = """\
This Python cannot make virtual environments: its module {} is missing.
On Debian or Ubuntu: apt install python3-venv. Then run the same command again."""
_NO_DOWNLOAD = """\
Installing the packages failed. What usually helps:
  - Is this machine online? Then run the same command again; what was fetched is kept.
  - Behind a proxy, set HTTPS_PROXY to its address first.
  - "No matching distribution" means that a package is not ready-made for this Python or system:
    try another one of Python 3.11 to 3.14, for example: make run PYTHON=python3.12"""


class Problem(Exception):
    """Something that the person at the keyboard can mend. Its text says how."""


def say(text: str = "") -> None:
    """Print a line of progress at once."""
    print(text, flush=True)


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, failure: str
) -> None:
    """Run a command in silence. If it fails, raise a problem with its output and what to do."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        process_group=0,  # Ctrl+C is ours to handle; the command is ended without its traceback
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Problem(f"{done.stdout.strip()}\n\n{failure}")


def follow(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> int:
    """Run a command that speaks for itself and tidies up when interrupted; return its exit code."""
    # A command in a script's background would be born deaf to the interruption we pass on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env)
    former = signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the terminal has told the command too
    finally:
        signal.signal(signal.SIGTERM, former)


def install(name: str) -> None:
    """Bring `.venv` up to requirements/<name>.txt, if that file changed since the last time."""
    _make_venv()
    if is_installed(name):
        return
    say(f"  Installing the packages of requirements/{name}.txt. The first time takes a minute.")
    # Hashes and ready-made wheels only: nothing unpinned is fetched, not even to build a package.
    run(
        [
            PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input",
            "install", "--require-hashes", "--only-binary", ":all:",
            "--requirement", requirement_file(name),
        ],
        failure=_NO_DOWNLOAD,
    )  # fmt: skip
    for held in HOLDS[name]:
        _stamp(held).write_text(_digest(held))


def is_installed(name: str) -> bool:
    """Say whether `.venv` holds what requirements/<name>.txt asks for now."""
    try:
        return _stamp(name).read_text() == _digest(name)
    except OSError:
        return False


def requirement_file(name: str) -> Path:
    """Return the pinned requirement file of that name."""
    return ROOT / "requirements" / f"{name}.txt"


def _digest(name: str) -> str:
    return hashlib.sha256(requirement_file(name).read_bytes()).hexdigest()


def _stamp(name: str) -> Path:
    return VENV / f"installed-{name}"


def _make_venv() -> None:
    if _venv_works():
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Problem(_NO_VENV.format(module))
    say("  Making the virtual environment in .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    run(
        [sys.executable, "-m", "venv", VENV],
        failure="The virtual environment could not be made. The lines above say why.",
    )


def _venv_works() -> bool:
    """Say whether .venv has a Python that starts (it does not once its own one was removed)."""
    try:
        done = subprocess.run(
            [PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def main(names: list[str]) -> int:
    """Install requirement files by name, for the targets of the Makefile that need no more."""
    try:
        for name in names:
            install(name)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
