"""Finds a Chromium for the browser tests, or installs one."""

import contextlib
import os
import shutil
import subprocess

from scripts import debian
from scripts.environment import PYTHON, Problem, run, say

# Chromium without windows takes little more than half the time of one that only hides them.
_WITHOUT_WINDOWS = "chromium-headless-shell"
NAMES = (_WITHOUT_WINDOWS, "chromium", "chromium-browser", "google-chrome")
_NONE = """\
The tests need Chromium, and none could be found or downloaded. Install Chromium or Chrome,
or name the program: CHROMIUM=/path/to/chromium make test"""


def find_browser() -> str:
    """Return the path of a browser, installed if need be; empty stands for Playwright's own."""
    wanted = os.environ.get("CHROMIUM", "")
    if wanted:
        if _works(wanted):
            return shutil.which(wanted) or wanted
        raise Problem(f"CHROMIUM names “{wanted}”, which does not start as a browser.")
    if not shutil.which(_WITHOUT_WINDOWS) and debian.can_install():
        for package in (_WITHOUT_WINDOWS, *(() if _installed() else ("chromium",))):
            with contextlib.suppress(Problem):  # an older Debian, or no connection
                debian.install_package(package)
                break
    found = _installed()
    if not found:
        say("  Fetching Playwright's own Chromium, unless it is there already")
        run([PYTHON, "-m", "playwright", "install", "chromium"], failure=_NONE)
    return found


def _installed() -> str:
    paths = (shutil.which(name) for name in NAMES)
    return next((path for path in paths if path and _works(path)), "")


def _works(program: str) -> bool:
    """Say whether it starts; some systems ship a stand-in that only asks to be installed."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
