"""Installs what tests need from Debian's own packages, where we may."""

import os
import platform
import shutil

from scripts.environment import run, say


def can_install() -> bool:
    """Say whether this is Debian and we are root."""
    try:
        system = platform.freedesktop_os_release().get("ID")
    except OSError:
        return False
    return system == "debian" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_package(name: str) -> None:
    """Install a package, or raise a problem."""
    say(f"  Installing {name} with apt")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    failure = f"apt could not install {name}. Is this machine online?"
    run(["apt-get", "update"], env=env, failure=failure)
    run(["apt-get", "install", "-y", name], env=env, failure=failure)
