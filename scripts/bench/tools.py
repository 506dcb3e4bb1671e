"""Programs and packages that only the benchmarks need: found, or installed where we may."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import debian
from scripts.environment import ROOT, VENV, Problem, run, say

# Debian's package of each program.
_PACKAGES = {
    "wrk": ("wrk",),
    "nginx": ("nginx-light", "libnginx-mod-http-brotli-static"),
}
_NONE = """\
The benchmarks need {tool}. On Debian or Ubuntu: apt install {packages}.
To measure without it, name the parts you want: make bench ARGS="growth load"."""
# Where Debian keeps what is for administrators, which is not on everybody's path.
_FURTHER = "/usr/sbin"


def find_tool(name: str) -> str:
    """Return where a program is, after installing it if need be."""
    found = _on_path(name)
    if found is None and debian.can_install():
        for package in _PACKAGES[name]:
            debian.install_package(package)
        found = _on_path(name)
    if found is None:
        raise Problem(_NONE.format(tool=name, packages=" ".join(_PACKAGES[name])))
    return found


def _on_path(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_FURTHER)


def scratch_environment(name: str, *, with_site: bool = False) -> Path:
    """Return the Python of a virtual environment with the packages of benchmarks/<name>.txt.

    It is kept in var/benchmarks until that file changes. What nobody needs to run the
    site is not in its requirements. `with_site`: the site's own packages can be imported too.
    """
    wanted = ROOT / "benchmarks" / f"{name}.txt"
    home = ROOT / "var" / "benchmarks"
    folder, python = home / name, home / name / "bin" / "python"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == digest:
        return python
    say(f"  Installing what benchmarks/{name}.txt lists. The first time takes a minute.")
    shutil.rmtree(folder, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    (home / ".gitignore").write_text("*\n")
    run([sys.executable, "-m", "venv", folder], failure="No virtual environment could be made.")
    run(
        [
            python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input",
            "install", "--requirement", wanted,
        ],
        failure="Installing failed. The lines above say why.",
    )  # fmt: skip
    if with_site:
        (_packages_of(python) / "site.pth").write_text(f"{_packages_of(VENV / 'bin' / 'python')}\n")
    stamp.write_text(digest)
    return python


def _packages_of(python: Path) -> Path:
    """Return the folder into which a virtual environment installs packages."""
    done = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())
