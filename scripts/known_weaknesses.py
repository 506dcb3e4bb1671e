"""Part of `make lint`: says whether a weakness is known in a package that we pin.

pip-audit asks the public database OSV about each pinned package. A known weakness fails the check.
Where the database cannot be reached, that is said and nothing fails: a build must not hang on
another website. A weakness that does not touch us is left out here, by its number and with why.
"""

import json
import subprocess
import sys

from scripts.environment import ROOT, requirement_file, say

# The number of a weakness that does not touch us, and why.
NOT_OURS: dict[str, str] = {}
NOT_ASKED = "not asked: no connection"
_PATIENCE = 120  # seconds for all packages
# What pip-audit says when it reaches nobody, or is turned away on the way.
_NO_CONNECTION = ("connect", "timed out", "timeout", "proxy", "resolve", "unreachable")


def command() -> list[str]:
    """Return the command that asks about every package that we pin."""
    # Nothing is resolved or installed: the file names every package, with its hash.
    return [
        sys.executable, "-m", "pip_audit", "--requirement", str(requirement_file("dev")),
        "--require-hashes", "--disable-pip",
        "--vulnerability-service", "osv", "--timeout", "10", "--format", "json",
        "--progress-spinner", "off",
    ]  # fmt: skip


def verdict(answer: str, complaint: str) -> tuple[int, str]:
    """Return an exit code and what to tell, from what pip-audit answered and complained of."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        # A fault is named at the end; what led to it may speak of connections too.
        end = "\n".join(complaint.strip().splitlines()[-3:]).lower()
        if any(word in end for word in _NO_CONNECTION):
            return 0, NOT_ASKED
        return 1, f"pip-audit did not work:\n{complaint.strip()}"
    known = [
        f"{each['name']} {each.get('version', '')}: {found['id']}"
        f" (mended in {', '.join(found['fix_versions']) or 'no version yet'})"
        for each in packages
        for found in each.get("vulns", [])
        if found["id"] not in NOT_OURS
    ]
    if known:
        return 1, "\n".join([*known, "Take the mended version: make lock ARGS=--upgrade"])
    return 0, f"none in {len(packages)} packages"


def main() -> int:
    """Ask, tell and return an exit code."""
    try:
        done = subprocess.run(
            command(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        say(NOT_ASKED)
        return 0
    code, words = verdict(done.stdout, done.stderr)
    say(words)
    return code


if __name__ == "__main__":
    sys.exit(main())
